/* The queue by keyboard: j k Enter a s x X / z ?, none of them while somebody types, composes (Vietnamese, Chinese) or has switched them off.
   The grid knows rows by their number; what has the focus here is an alert: it keeps the focus, and its place on the screen, whatever
   arrives above it. Acts go one after the other through Store "queue-ask"; what came of them comes back in #queue-answer. */
(function () {
  "use strict";
  var GRID = "queue-grid", KEPT = "zw-queue";
  var wired = null, at = "", index = 0, offset = 0, from = "", asking = [], busy = 0, number = 0, asked = null;
  var picked = {}; /* what is chosen, whatever list is shown: a grid knows only of the rows that it has */

  function by(id) { return document.getElementById(id); }
  function api() {
    if (!by(GRID) || !window.dash_ag_grid) return null;
    var found = window.dash_ag_grid.getApi(GRID);
    return found && !found.isDestroyed() ? found : null;
  }
  function on() { return !/(?:^|; )zw_keys=off/.test(document.cookie); }
  function open() { return document.querySelector("dialog[open]"); }
  function typing(element) {
    if (!element) return false;
    if (element.isContentEditable || /^(TEXTAREA|SELECT)$/.test(element.tagName)) return true;
    return element.tagName === "INPUT" && !(element.type === "checkbox" && element.closest("#" + GRID));
  }
  function go(address) {
    window.history.pushState({}, "", address);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  }
  function kept() { try { return JSON.parse(sessionStorage.getItem(KEPT)) || {}; } catch (error) { return {}; } }
  function keep(values) { try { sessionStorage.setItem(KEPT, JSON.stringify(Object.assign(kept(), values))); } catch (error) { /* none */ } }

  /* ---- the row that has the focus */

  function view() { return by(GRID).querySelector(".ag-body-viewport"); }
  function node(grid) { return at ? grid.getRowNode(at) : null; }
  function within() { var active = document.activeElement; return !active || active === document.body || active.id === "main" || !!active.closest("#" + GRID); }
  function note(grid) {
    var here = node(grid), pane = view();
    if (here && pane) { index = here.rowIndex; offset = here.rowTop - pane.scrollTop; }
  }
  function stand(grid, where) {
    var row = grid.getDisplayedRowAtIndex(where);
    if (!row) return;
    at = row.id;
    grid.ensureIndexVisible(where);
    grid.setFocusedCell(where, "what");
    note(grid);
    keep({ at: at });
  }
  function move(grid, step) {
    var here = node(grid), last = grid.getDisplayedRowCount() - 1;
    if (last < 0) return;
    stand(grid, here ? Math.min(Math.max(here.rowIndex + step, 0), last) : 0);
  }
  function ids(grid) {
    var found = [];
    grid.forEachNode(function (row) { if (!row.data.n) found.push([row.id, row.data.href]); });
    return found;
  }
  /* Rows came, went or moved: the same alert has the focus, at the same height; where it went, the one that took its place. */
  function hold(grid) {
    keep({ rows: ids(grid), back: location.pathname + location.search });
    var cell = grid.getFocusedCell(), here = node(grid), pane = view();
    if (!at) return;
    if (!here) {
      var next = grid.getDisplayedRowAtIndex(Math.min(index, grid.getDisplayedRowCount() - 1));
      at = next ? next.id : "";
      if (next && within()) stand(grid, next.rowIndex);
      return;
    }
    if (pane && here.rowIndex !== index) pane.scrollTop = here.rowTop - offset;
    index = here.rowIndex;
    if (cell && within() && (cell.rowIndex !== index || document.activeElement === document.body)) grid.setFocusedCell(index, cell.column);
  }
  function wire(grid) {
    if (!grid || wired === grid) return;
    wired = grid; at = ""; from = ""; asking = []; busy = 0;
    grid.addEventListener("cellFocused", function (event) {
      var row = event.rowIndex === null || event.rowIndex === undefined ? null : grid.getDisplayedRowAtIndex(event.rowIndex);
      if (row && row.id !== at) { at = row.id; note(grid); keep({ at: at }); } /* the same once more is the grid's own, after a refresh */
    });
    grid.addEventListener("bodyScroll", function () { note(grid); });
    grid.addEventListener("selectionChanged", function (event) { if (/^(ui|check|space|rowClicked)/.test(event.source)) remember(grid); else agree(grid); chosen(grid); });
    grid.addEventListener("rowDataUpdated", function () { hold(grid); back(grid); agree(grid); chosen(grid); });
    fit(grid);
    agree(grid);
    chosen(grid);
    back(grid);
  }
  /* On a tablet the sentence keeps the room that it needs. */
  function fit(grid) {
    var narrow = window.innerWidth < 1024, wide = { level: 128, place: 150, since: 136, standing: 140, work: 170 };
    var tight = { level: 56, place: 108, since: 88, standing: 118, work: 100 };
    var widths = Object.keys(wide).filter(function (name) { return grid.getColumn(name); });
    grid.setColumnWidths(widths.map(function (name) { return { key: name, newWidth: (narrow ? tight : wide)[name] }; }));
    by(GRID).classList.toggle("is-narrow", narrow);
  }
  /* Back from an alert: on with the one that was left. */
  function back(grid) {
    var was = kept();
    if (at || !was.left || !grid.getDisplayedRowCount()) return;
    keep({ left: "" });
    var row = grid.getRowNode(was.left);
    if (row && within()) stand(grid, row.rowIndex);
  }

  /* ---- choosing */

  /* What is chosen stays so in another list; what is not in it is kept for the list that it is in, and is acted on in no other. */
  function remember(grid) {
    grid.forEachNode(function (row) { if (!row.isSelected()) delete picked[row.id]; else picked[row.id] = true; });
  }
  /* The grid as it was chosen: a new one knows of no choice, an old one brings back what was chosen once when its row comes again. */
  function agree(grid) {
    grid.forEachNode(function (row) { if (row.selectable && !!picked[row.id] !== row.isSelected()) row.setSelected(!!picked[row.id]); });
  }
  function forget(grid) { picked = {}; grid.deselectAll(); chosen(grid); }
  function chosen(grid) {
    var bar = by("queue-bar"), said = by("queue-chosen"), n = grid.getSelectedNodes().length;
    if (!bar || !said) return;
    var away = Object.keys(picked).filter(function (id) { return !grid.getRowNode(id); }).length;
    bar.hidden = !n && !away;
    bar.classList.toggle("is-away", !n);
    var text = said.dataset.word.replace("%n", n) + (away ? said.dataset.away.replace("%n", away) : "");
    if (said.textContent !== text) said.textContent = text;
  }
  function choose(grid, row, wanted) {
    if (!row || !row.selectable) return;
    if (wanted) picked[row.id] = true; else delete picked[row.id];
    row.setSelected(wanted);
  }
  function extend(grid) {
    var here = node(grid), start = from && grid.getRowNode(from);
    if (!here) return;
    if (!start) { choose(grid, here, true); from = at; return; }
    var low = Math.min(here.rowIndex, start.rowIndex), high = Math.max(here.rowIndex, start.rowIndex);
    for (var each = low; each <= high; each++) choose(grid, grid.getDisplayedRowAtIndex(each), true);
  }
  function wanted(grid) {
    var rows = grid.getSelectedNodes();
    if (!rows.length && node(grid)) rows = [node(grid)];
    var seen = {};
    rows.forEach(function (row) { if (!row.data.n) seen[row.id] = row.data.version; });
    return seen;
  }

  /* ---- acts, one after the other */

  function ask(what) { asking.push(what); next(); }
  function next() {
    if (busy && Date.now() - busy < 15000) return;
    var what = asking.shift();
    if (!what) { busy = 0; return; }
    busy = Date.now();
    what.n = ++number;
    window.dash_clientside.set_props("queue-ask", { data: what });
  }
  function act(grid, name, how) {
    var seen = wanted(grid), many = Object.keys(seen).length;
    if (!by("queue-bar-" + name)) return;
    if (!many && !node(grid)) return;
    if (how === "now" && many === 1) ask({ how: "now", act: name, seen: seen });
    else ask({ how: "ask", act: name, seen: seen });
  }
  function typed() {
    var found = {}, text = by("queue-text");
    by("queue-form").querySelectorAll("[data-typed]").forEach(function (field) { found[field.dataset.typed] = field.value; });
    if (text) found.text = text.value;
    return found;
  }
  function answered() {
    var holder = by("queue-answer"), said;
    if (!holder || !holder.dataset.answer) return;
    try { said = JSON.parse(holder.dataset.answer); } catch (error) { return; }
    if (said.n !== number) return;
    var grid = api(), dialog = by("queue-dialog");
    if (said.rows && grid) apply(grid, said.rows);
    if (said.seen) {
      asked = { act: said.act, seen: said.seen };
      by("queue-do").disabled = !said.possible;
    }
    if (said.open && !dialog.open) { dialog.showModal(); (dialog.querySelector("#queue-form :is(select, textarea)") || by("queue-do")).focus(); }
    if (said.close && dialog.open) dialog.close();
    busy = 0;
    next();
  }
  function apply(grid, rows) {
    var there = function (row) { return grid.getRowNode(row.id); };
    var gone = rows.remove.map(function (id) { return { id: id }; }).filter(there);
    grid.applyTransaction({ update: rows.update.filter(there), remove: gone });
    rows.remove.forEach(function (id) { delete picked[id]; });
    gone.concat(rows.update).forEach(function (row) { choose(grid, grid.getRowNode(row.id), false); });
    hold(grid);
    chosen(grid);
  }

  /* ---- keys */

  function queue(event, grid) {
    var active = document.activeElement, here = node(grid), inside = within() && (!active.closest("#" + GRID) || active.closest(".ag-row"));
    switch (event.key) {
      case "j": move(grid, 1); return true;
      case "k": move(grid, -1); return true;
      case "Enter":
        if (!inside || !here) return false;
        keep({ left: here.data.n ? "" : here.id });
        go(here.data.href);
        return true;
      case "a": act(grid, "acknowledge", "now"); return true;
      case "s": act(grid, "shelve", "ask"); return true;
      case "x": if (here) { choose(grid, here, !here.isSelected()); from = here.isSelected() ? here.id : ""; } return true;
      case "X": extend(grid); return true;
      case "z": ask({ how: "undo" }); return true;
      case "/": var field = by("filter-q"); if (field) { field.focus(); field.select(); } return true;
      case "Escape": if (!Object.keys(picked).length) return false; forget(grid); return true;
      default: return false;
    }
  }
  function shown(element) { return element && element.getClientRects().length ? element : null; }
  function button(name) { return shown(by(JSON.stringify({ act: name, type: "alert-do" }))); }
  function press(name) { var found = button(name); if (found) found.click(); return true; }
  function neighbour(step) {
    var rows = kept().rows || [], here = rows.findIndex(function (row) { return location.pathname === row[1]; });
    var row = here < 0 ? null : rows[here + step];
    if (row) { keep({ left: row[0] }); go(row[1]); }
    return true;
  }
  function one(event) {
    switch (event.key) {
      case "a": return press("acknowledge");
      case "z": return press("unshelve");
      case "s":
        var block = by(JSON.stringify({ block: "shelve", type: "alert-form" })), fold = shown(block) && block.querySelector("details");
        if (fold) { fold.open = true; fold.querySelector("input, textarea").focus(); }
        return true;
      case "j": return neighbour(1);
      case "k": return neighbour(-1);
      default: return false;
    }
  }
  window.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.id === "filter-q" && (event.key === "Enter" || event.key === "Escape")) { by("main").focus(); return; }
    if (!on() || open() || typing(event.target)) return;
    var grid = api(), done = false;
    if (event.key === "?" && (grid || document.querySelector(".page-alert"))) { by("triage-help").showModal(); done = true; }
    else if (grid) { wire(grid); done = queue(event, grid); }
    else if (document.querySelector(".page-alert")) done = one(event);
    if (done) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);

  document.addEventListener("click", function (event) {
    if (!event.target.closest) return;
    var link = event.target.closest("a[data-queue-link]"), grid = api();
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      keep({ left: at });
      go(link.getAttribute("href"));
      return;
    }
    var bulk = event.target.closest("[data-bulk]");
    if (bulk && grid) { if (bulk.dataset.bulk === "clear") forget(grid); else act(grid, bulk.dataset.bulk, "ask"); }
    if (event.target.closest("[data-do]") && asked) ask({ how: "do", act: asked.act, seen: asked.seen, typed: typed() });
    var help = event.target.closest("[data-dialog]");
    if (help && by(help.dataset.dialog)) by(help.dataset.dialog).showModal();
    if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  });
  document.addEventListener("change", function (event) {
    if (event.target.dataset && event.target.dataset.typed && asked) ask({ how: "again", act: asked.act, seen: asked.seen, typed: typed() });
  });
  /* After a dialog the keys go on where they were. */
  document.addEventListener("close", function (event) {
    var grid = api(), here = grid && event.target.id === "queue-dialog" ? node(grid) : null;
    if (here) stand(grid, here.rowIndex);
  }, true);
  window.addEventListener("resize", function () { var grid = api(); if (grid) { fit(grid); grid.resetRowHeights(); } });
  new MutationObserver(answered).observe(document.documentElement, { subtree: true, attributes: true, attributeFilter: ["data-answer"] });
  setInterval(function () { wire(api()); }, 300);
})();
