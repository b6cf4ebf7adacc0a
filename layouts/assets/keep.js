/* What the reader had open or was at stays so when Dash builds a part of the page anew: opened tables, the focus, the height of a panel. */
(function () {
  "use strict";
  var open = new Set(), heights = new Map(), last = null;
  function named(details) {
    var panel = details.closest("[id]"), summary = details.querySelector("summary");
    return (panel ? panel.id : "") + "|" + (summary ? summary.textContent : "");
  }
  document.addEventListener("toggle", function (event) {
    if (event.target.tagName !== "DETAILS" || !event.target.isConnected) return;
    if (event.target.open) open.add(named(event.target)); else open.delete(named(event.target));
  }, true);
  document.addEventListener("focusin", function (event) {
    var at = event.target;
    if (at.closest(".ag-root")) { last = null; return; } /* a grid holds its own */
    last = { element: at, tag: at.tagName, id: at.id, href: at.getAttribute("href"), text: at.tagName === "SELECT" ? "" : at.textContent, act: at.closest(".act") !== null };
  });
  window.addEventListener("pointerdown", function () { last = null; }, true);
  function again() {
    document.querySelectorAll("details:not([open]):not(.views)").forEach(function (details) {
      if (!details.dataset.seen) { details.dataset.seen = "1"; if (open.has(named(details))) details.open = true; }
    });
    document.querySelectorAll(".panel-body[id]").forEach(function (body) {
      if (body.querySelector(":scope > .skeleton")) { if (heights.has(body.id)) body.style.minHeight = heights.get(body.id) + "px"; }
      else { if (body.style.minHeight && heights.has(body.id)) body.style.minHeight = ""; heights.set(body.id, body.offsetHeight); }
    });
    if (last && !last.element.isConnected && (document.activeElement === document.body || !document.activeElement)) {
      var found = last.id ? document.getElementById(last.id) : !last.href && !last.text ? null : Array.from(document.getElementsByTagName(last.tag)).find(function (element) {
        return element.getAttribute("href") === last.href && element.textContent === last.text;
      });
      /* An act is done and its form is gone: on with what is said of it, not from the top of the page. */
      if (!found && last.act) found = document.querySelector("main [role='status'][tabindex]");
      if (found) found.focus({ preventScroll: true });
    }
  }
  var waiting = 0;
  new MutationObserver(function () {
    if (!waiting) waiting = requestAnimationFrame(function () { waiting = 0; again(); });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
