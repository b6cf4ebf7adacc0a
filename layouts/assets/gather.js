/* A form's native selects: whatever is chosen there goes into one Store, named by data-gather, as {data-name: value}. */
(function () {
  "use strict";
  document.addEventListener("change", function (event) {
    var store = event.target.dataset && event.target.dataset.gather, chosen = {};
    if (!store) return;
    event.target.dataset.chosen = event.target.value; /* filter.js puts a select back to what it is told was chosen */
    document.querySelectorAll("select[data-gather]").forEach(function (select) {
      if (select.dataset.gather === store) chosen[select.dataset.name] = select.value;
    });
    window.dash_clientside.set_props(store, { data: chosen });
  });
})();
