/* Plotly's own few words and dates in Vietnamese and Chinese. It loads later than this and takes what stands in PlotlyLocales. */
(function () {
  "use strict";
  window.PlotlyLocales = window.PlotlyLocales || [];
  window.PlotlyLocales.push({
    moduleType: "locale", name: "vi",
    dictionary: {
      "Autoscale": "Tự căn thang", "Reset axes": "Đặt lại trục", "Zoom": "Phóng to vùng", "Zoom in": "Phóng to", "Zoom out": "Thu nhỏ", "Pan": "Kéo",
      "Reset view": "Đặt lại khung nhìn", "Reset": "Đặt lại", "Download plot as a PNG": "Tải ảnh PNG", "Download plot": "Tải ảnh", "Double-click to zoom back out": "Nhấp đúp để thu về",
      "Double-click on legend to isolate one trace": "Nhấp đúp vào chú giải để chỉ xem một chuỗi", "Taking snapshot - this may take a few seconds": "Đang chụp ảnh, chờ vài giây",
      "Snapshot succeeded": "Đã chụp", "Sorry, there was a problem downloading your snapshot!": "Không tải được ảnh"
    },
    format: {
      days: ["Chủ Nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"], shortDays: ["CN", "T2", "T3", "T4", "T5", "T6", "T7"],
      months: ["Tháng 1", "Tháng 2", "Tháng 3", "Tháng 4", "Tháng 5", "Tháng 6", "Tháng 7", "Tháng 8", "Tháng 9", "Tháng 10", "Tháng 11", "Tháng 12"],
      shortMonths: ["Thg 1", "Thg 2", "Thg 3", "Thg 4", "Thg 5", "Thg 6", "Thg 7", "Thg 8", "Thg 9", "Thg 10", "Thg 11", "Thg 12"], date: "%d/%m/%Y",
      decimal: ",", thousands: "."
    }
  });
  window.PlotlyLocales.push({
    moduleType: "locale", name: "zh-CN",
    dictionary: {
      "Autoscale": "自动缩放", "Reset axes": "重置坐标轴", "Zoom": "框选放大", "Zoom in": "放大", "Zoom out": "缩小", "Pan": "平移",
      "Reset view": "重置视图", "Reset": "重置", "Download plot as a PNG": "下载为PNG图片", "Download plot": "下载图片", "Double-click to zoom back out": "双击还原",
      "Double-click on legend to isolate one trace": "双击图例仅显示一条", "Taking snapshot - this may take a few seconds": "正在生成图片,请稍候",
      "Snapshot succeeded": "图片已生成", "Sorry, there was a problem downloading your snapshot!": "图片下载失败"
    },
    format: {
      days: ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"], shortDays: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
      months: ["一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"],
      shortMonths: ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"], date: "%Y年%-m月%-d日"
    }
  });
})();
