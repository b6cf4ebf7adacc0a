/* The frame: `/` goes to the search (unless switched off), Enter there to the container or the list of what fits; the navigation says where we are; toasts go away. */
(function () {
  "use strict";
  var NUMBER = /^[A-Z]{4}\d{7}$/;
  function base() { var told = document.getElementById("told"); return told ? told.dataset.base : "/"; }
  function go(address) {
    window.history.pushState({}, "", address);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  }
  function typing(element) {
    return element && (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) || element.isContentEditable);
  }
  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    var search = document.getElementById("search"), key = document.getElementById("search-key");
    var on = search && key && key.getAttribute("aria-pressed") === "true"; // who does not want it switches it off
    if (event.key === "/" && on && !typing(document.activeElement)) { event.preventDefault(); search.focus(); search.select(); }
    if (event.key === "Escape" && search && document.activeElement === search) search.blur();
  });
  document.addEventListener("submit", function (event) {
    if (event.target.id !== "search-form") return;
    event.preventDefault();
    var said = document.getElementById("search").value.trim();
    if (!said) return;
    var number = said.toUpperCase().replace(/[^A-Z0-9]/g, "");
    go(base() + (NUMBER.test(number) ? "container/" + number : "container?q=" + encodeURIComponent(said)));
    document.getElementById("search").blur();
  });
  document.addEventListener("click", function (event) {
    if (!event.target.closest) return;
    if (event.target.closest(".toast-close")) event.target.closest(".toast").hidden = true;
    var skip = event.target.closest("a.skip");
    if (skip) { event.preventDefault(); document.getElementById("main").focus(); }
  });
  function where() {
    var here = location.pathname;
    document.querySelectorAll(".nav-link").forEach(function (link) {
      var there = new URL(link.href).pathname;
      var on = there === base() ? here === there : here === there || here.startsWith(there + "/");
      if (on) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
    });
  }
  ["popstate", "_dashprivate_pushstate"].forEach(function (kind) { window.addEventListener(kind, where); });
  new MutationObserver(where).observe(document.documentElement, { childList: true, subtree: true });
})();
