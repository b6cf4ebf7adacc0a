/* Filters live in the address: a control with data-filter (or the id filter-NAME) rewrites it, and Dash lays the page out anew.
   Same steps as dcc.Link: pushState, then the event that dcc.Location listens to. Back and forward work by themselves. */
(function () {
  "use strict";
  function name(target) {
    if (target.dataset && target.dataset.filter) return target.dataset.filter;
    var holder = target.closest && target.closest("input[id^='filter-'], select[id^='filter-']");
    return holder ? holder.id.slice(7) : "";
  }
  function go(query) {
    var wanted = location.pathname + (query ? "?" + query : "");
    if (wanted === location.pathname + location.search) return;
    window.history.pushState({}, "", wanted);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }
  document.addEventListener("change", function (event) {
    var key = name(event.target);
    if (!key) return;
    if (/^date/.test(event.target.type) && event.target.value && !/^[12]\d{3}-/.test(event.target.value)) return; /* half typed */
    var query = new URLSearchParams(location.search);
    if (event.target.value) query.set(key, event.target.value); else query.delete(key);
    if (key === "place") query.delete("terminal"); /* a terminal is of one place */
    go(query.toString());
  });
  /* Back and forward: the page is laid out anew from the address; a select keeps what the reader had chosen, so it is told. */
  function settle() {
    document.querySelectorAll("select[data-chosen]").forEach(function (select) {
      if (document.activeElement !== select && select.value !== select.dataset.chosen) select.value = select.dataset.chosen;
    });
  }
  new MutationObserver(settle).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-chosen"] });
})();
