/* Radio buttons as Dash draws them say that they are options of a list box with buttons in them, which no screen reader can make sense
   of (axe: nested-interactive). Without those roles they are what they are: radio buttons with labels; the group is named around them. */
(function () {
  "use strict";
  function plain() {
    document.querySelectorAll(".dash-radioitems[role], .dash-radioitems [role='option'], .dash-radioitems [aria-selected]").forEach(function (part) {
      part.removeAttribute("role");
      part.removeAttribute("aria-selected");
    });
  }
  new MutationObserver(plain).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["role", "aria-selected"],
  });
})();
