/* The table beneath a figure is built when somebody opens it, or saves it as CSV: what it holds lies in data-twin until then, and is
   brought up to date where the table stands. Addresses in it are pages of ours: they are gone to without loading everything anew. */
(function () {
  "use strict";
  function make(name, text, cls) {
    var node = document.createElement(name);
    if (text !== undefined) node.textContent = text;
    if (cls) node.className = cls;
    return node;
  }
  function body(said) {
    var rows = document.createElement("tbody");
    said.rows.forEach(function (cells) {
      var row = rows.insertRow();
      cells.forEach(function (cell, index) {
        var td = make("td", cell[2] ? undefined : cell[0], said.heads[index][1] ? "td-number" : "");
        td.dataset.v = cell[1];
        if (cell[2]) { var link = make("a", cell[0]); link.href = cell[2]; td.appendChild(link); }
        row.appendChild(td);
      });
    });
    return rows;
  }
  function build(holder) {
    var said = JSON.parse(holder.dataset.twin), table = holder.querySelector("table");
    if (table) { table.replaceChild(body(said), table.tBodies[0]); return table; }
    table = make("table", undefined, "table");
    table.dataset.sortable = "1";
    table.dataset.title = said.caption;
    table.dataset.zone = said.zone;
    table.appendChild(make("caption", said.caption, "hidden"));
    var heads = table.createTHead().insertRow();
    said.heads.forEach(function (head) {
      var th = make("th", undefined, head[1]), press = make("button", head[0], "sort"), sign = make("span", "", "sort-sign");
      th.scope = "col";
      press.type = "button";
      press.title = head[2];
      sign.setAttribute("aria-hidden", "true");
      press.appendChild(sign);
      th.appendChild(press);
      heads.appendChild(th);
    });
    table.appendChild(body(said));
    var scroll = make("div", undefined, "table-scroll");
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", said.caption);
    scroll.style.maxHeight = "360px";
    scroll.appendChild(table);
    holder.appendChild(scroll);
    return table;
  }
  function within(node) {
    var holder = node && node.querySelector && node.querySelector(".twin-table");
    return holder ? build(holder) : null;
  }
  document.addEventListener("toggle", function (event) { if (event.target.open) within(event.target); }, true);
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest(".twin-table a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    window.history.pushState({}, "", link.getAttribute("href"));
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  });
  new MutationObserver(function (changes) {
    changes.forEach(function (change) { if (change.target.querySelector("table")) build(change.target); });
  }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-twin"], subtree: true });
  window.zonewatchTwin = within;
})();
