/* Tables sorted by their headers: once up, again down, a third time as they came. Cells are ordered by data-v: numbers as numbers, the rest
   by the page's language (Đ after D, 汉字 by its own order). After a refresh the order is made again; React keeps its own order elsewhere. */
(function () {
  "use strict";
  var busy = false, chosen = new WeakMap(); // table -> {column, down}
  function value(row, column) {
    var cell = row.children[column];
    return cell ? (cell.dataset.v !== undefined ? cell.dataset.v : cell.textContent) : "";
  }
  function order(table) {
    var how = chosen.get(table), body = table.tBodies[0];
    if (!body) return;
    var rows = Array.from(body.rows);
    rows.forEach(function (row, index) { if (row.dataset.at === undefined) row.dataset.at = index; });
    var compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
    var wanted = rows.slice().sort(function (a, b) {
      if (!how) return a.dataset.at - b.dataset.at;
      var x = value(a, how.column), y = value(b, how.column);
      if (x === "" || y === "") return x === y ? 0 : x === "" ? 1 : -1; // what is not known comes last either way
      var both = x !== "" && y !== "" && !isNaN(x) && !isNaN(y);
      return (both ? x - y : compare(x, y)) * (how.down ? -1 : 1);
    });
    if (wanted.every(function (row, index) { return row === rows[index]; })) return;
    busy = true;
    wanted.forEach(function (row) { body.appendChild(row); });
    Promise.resolve().then(function () { busy = false; });
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("th button.sort");
    if (!button) return;
    var head = button.closest("th"), table = head.closest("table"), column = head.cellIndex, how = chosen.get(table);
    if (!how || how.column !== column) chosen.set(table, { column: column, down: false });
    else if (!how.down) chosen.set(table, { column: column, down: true });
    else chosen.delete(table);
    how = chosen.get(table);
    Array.from(head.parentNode.cells).forEach(function (cell) {
      if (how && cell.cellIndex === how.column) cell.setAttribute("aria-sort", how.down ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
    order(table);
  });
  new MutationObserver(function (changes) {
    if (busy) return;
    var seen = new Set();
    changes.forEach(function (change) {
      var node = change.target.nodeType === 1 ? change.target : change.target.parentElement;
      var table = node && node.closest && node.closest("table.table");
      if (table && chosen.has(table) && !seen.has(table)) { seen.add(table); order(table); }
    });
  }).observe(document.documentElement, { childList: true, characterData: true, subtree: true });
})();
