/* Try a file: whatever is chosen there goes into one Store, which Dash listens to; and a button that copies a text.
   A choice is a native select with data-try; data-name and data-text say of which column and which of its words. */
(function () {
  "use strict";
  function gathered(changed) {
    var asked = { changed: changed, columns: [], codes: [] };
    document.querySelectorAll("select[data-try]").forEach(function (select) {
      var what = select.dataset.try;
      if (what === "column") asked.columns.push({ name: select.dataset.name, field: select.value });
      else if (what === "code") asked.codes.push({ name: select.dataset.name, text: select.dataset.text, ours: select.value });
      else asked[what] = select.value;
    });
    return asked;
  }
  document.addEventListener("change", function (event) {
    var what = event.target.dataset && event.target.dataset.try;
    if (!what) return;
    event.target.dataset.chosen = event.target.value; /* filter.js puts a select back to what it is told was chosen */
    window.dash_clientside.set_props("try-asked", { data: gathered(what) });
  });
  /* Dash's upload hides a file input that has no name of its own; the button before it is what the keyboard goes to. */
  function name() {
    document.querySelectorAll("[data-upload] input[type='file']:not([aria-label])").forEach(function (input) {
      input.setAttribute("aria-label", input.closest("[data-upload]").dataset.upload);
      input.tabIndex = -1;
    });
  }
  new MutationObserver(name).observe(document.documentElement, { childList: true, subtree: true });
  function copy(text, done) {
    if (navigator.clipboard && window.isSecureContext) { navigator.clipboard.writeText(text).then(done); return; }
    var area = document.createElement("textarea"); /* without https a browser has no clipboard to write to */
    area.value = text;
    document.body.appendChild(area);
    area.select();
    if (document.execCommand("copy")) done();
    area.remove();
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button[data-copy]");
    if (!button) return;
    var said = button.textContent;
    copy(document.getElementById(button.dataset.copy).textContent, function () {
      button.textContent = button.dataset.copied;
      setTimeout(function () { button.textContent = said; }, 2000);
      button.focus();
    });
  });
})();
