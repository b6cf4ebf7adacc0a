/* Cells of the queue's grid, and how high its rows are: where a sentence needs two lines it has them. */
(function () {
  "use strict";
  var make = function () { return window.React.createElement.apply(null, arguments); };
  var cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  var functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});

  cells.QueueLevel = function (props) {
    var row = props.data;
    return make("span", { className: "mark mark-" + row.level }, make("span", { className: "mark-shape", "aria-hidden": "true" }), make("span", { className: "mark-word" }, row.level_said));
  };
  /* A link, so that it can be opened elsewhere; the keyboard opens the row by Enter, so Tab need not stop at each. */
  cells.QueueWhat = function (props) {
    return make("a", { href: props.data.href, className: "alert-link", tabIndex: -1, "data-queue-link": "1" }, props.value);
  };
  cells.QueueTime = function (props) {
    var name = props.colDef.field, row = props.data;
    return row[name + "_v"] ? make("time", { dateTime: row[name + "_v"], title: row[name + "_full"] }, props.value) : "–";
  };
  cells.QueueStanding = function (props) {
    return props.data.doubt ? make("span", { className: "tag tag-cannot_see" }, props.value) : props.value;
  };
  /* With the mark of a time to answer that is half or all used up. */
  cells.QueueWork = function (props) {
    var row = props.data;
    if (!row.clock) return props.value;
    return make("span", null, props.value + " ", make("span", { className: "tag tag-" + (row.clock === "full" ? "act_now" : "today"), title: row.clock_full }, row.clock_said));
  };
  functions.rowHeight = function () { return window.innerWidth < 1024 ? 64 : window.innerWidth < 1700 ? 46 : 34; };
})();
