/* How the browser wants it: the light it is in, whether it can draw MapLibre maps. Kept in cookies, since the server draws the figures.
   No data, no identity. Also the two pickers and the switch of the search key in the header, and the language buttons of the sign-in page. */
(function () {
  "use strict";
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function keep(name, value) {
    document.cookie = name + "=" + value + "; path=/; max-age=31536000; SameSite=Lax" + (location.protocol === "https:" ? "; Secure" : "");
  }
  function kept(name) {
    var found = document.cookie.match("(?:^|; )" + name + "=([^;]*)");
    return found ? found[1] : "";
  }
  function scheme() { return dark.matches ? "dark" : "light"; }
  var before = kept("zw_scheme");
  keep("zw_scheme", scheme());
  var webgl2 = false;
  try { webgl2 = !!document.createElement("canvas").getContext("webgl2"); } catch (e) { webgl2 = false; }
  keep("zw_webgl2", webgl2 ? "1" : "0");
  dark.addEventListener("change", function () {
    keep("zw_scheme", scheme());
    if (document.documentElement.dataset.theme === "auto" && before !== scheme()) location.reload();
  });
  document.addEventListener("change", function (event) {
    if (event.target.id === "language") { keep("zw_lang", event.target.value); location.reload(); }
    if (event.target.id === "light") { keep("zw_theme", event.target.value); location.reload(); }
  });
  document.addEventListener("click", function (event) {
    if (!event.target.closest) return;
    var button = event.target.closest("button[data-language]"), key = event.target.closest("#search-key");
    var own = event.target.closest("button[data-switch]");
    if (own) {
      var wanted = own.getAttribute("aria-pressed") !== "true";
      keep(own.dataset.switch, wanted ? "on" : "off");
      own.setAttribute("aria-pressed", wanted);
    }
    if (button) { keep("zw_lang", button.dataset.language); location.reload(); }
    if (key) {
      var on = key.getAttribute("aria-pressed") !== "true";
      keep("zw_key", on ? "on" : "off");
      key.setAttribute("aria-pressed", on);
    }
  });
})();
