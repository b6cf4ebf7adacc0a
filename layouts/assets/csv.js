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
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button[data-csv]");
    if (!button) return;
    var holder = button.closest(".csv-of"), table = holder.querySelector("table.table") || window.zonewatchTwin(holder), stamp = holder.querySelector(".stamp");
    if (!stamp) { var panel = holder.closest(".panel"); stamp = panel && panel.querySelector(".stamp"); }
    var chips = Array.from(document.querySelectorAll(".chips .chip")).map(function (chip) { return chip.innerText.replace(/\s+/g, " ").replace(/×$/, "").trim(); });
    var head = [button.dataset.csvTitle, stamp ? stamp.innerText : "", chips.join("; "), location.pathname + location.search, button.dataset.csvBy, new Date().toISOString(), table.dataset.zone];
    var text = head.filter(Boolean).map(function (line) { return "# " + line.replace(/\s+/g, " "); }).concat(lines(table)).join("\r\n") + "\r\n";
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv;charset=utf-8" }));
    link.download = button.dataset.csv.replace(/[^\w.-]+/g, "-") + ".csv";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  });
})();
