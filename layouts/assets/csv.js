/* The CSV of a table is what the table shows: the rows in their present order, each cell as the machine value it stands for (data-v).
   Lines beginning with # say what it is, how old, by which filters, for whom. What a spreadsheet would take for a formula gets a '. */
(function () {
  "use strict";
  function safe(text) {
    if (/^[=+\-@\t\r＝＋－＠]/.test(text) && !/^[+-]?\d+([.,]\d+)?$/.test(text)) text = "'" + text;
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
  function lines(table) {
    var heads = Array.from(table.tHead.rows[0].cells).map(function (cell) { return safe(cell.innerText.trim()); });
    var rows = Array.from(table.tBodies[0].rows).map(function (row) {
      return Array.from(row.cells).map(function (cell) { return safe(cell.dataset.v !== undefined ? cell.dataset.v : cell.innerText.trim()); }).join(",");
    });
    return [heads.join(",")].concat(rows);
  }
  /* Of a grid: the rows that are in it, column by column. */
  function gridLines(frame) {
    var api = window.dash_ag_grid.getApi(frame.querySelector(".grid").id);
    var columns = api.getAllDisplayedColumns().filter(function (column) { return column.getColDef().field; });
    var rows = [columns.map(function (column) { return safe(column.getColDef().headerName); }).join(",")];
    api.forEachNode(function (node) {
      rows.push(columns.map(function (column) {
        var name = column.getColDef().field, plain = node.data[name + "_v"];
        return safe(String(plain !== undefined ? plain : node.data[name] !== undefined ? node.data[name] : ""));
      }).join(","));
    });
    return rows;
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button[data-csv]");
    if (!button) return;
    var holder = button.closest(".csv-of") || button.closest(".panel"), frame = holder.querySelector(".grid-frame"), stamp = holder.querySelector(".stamp");
    var table = frame ? null : holder.querySelector("table.table") || window.zonewatchTwin(holder);
    if (!stamp) { var panel = holder.closest(".panel"); stamp = panel && panel.querySelector(".stamp"); }
    var chips = Array.from(document.querySelectorAll(".chips .chip")).map(function (chip) { return chip.innerText.replace(/\s+/g, " ").replace(/×$/, "").trim(); });
    var head = [button.dataset.csvTitle, stamp ? stamp.innerText : "", chips.join("; "), location.pathname + location.search, button.dataset.csvBy, new Date().toISOString(), table ? table.dataset.zone : ""];
    var text = head.filter(Boolean).map(function (line) { return "# " + line.replace(/\s+/g, " "); }).concat(frame ? gridLines(frame) : lines(table)).join("\r\n") + "\r\n";
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv;charset=utf-8" }));
    link.download = button.dataset.csv.replace(/[^\w.-]+/g, "-") + ".csv";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  });
})();
