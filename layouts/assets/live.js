/* What must go on working when the server does not answer: the clock, the ages, and the banner that says since when nothing came.
   Asks /live every few seconds with a time limit; what is new goes into Store "live", which the panels listen to. */
(function () {
  "use strict";
  var told = null, state = { token: null, count: null, answered: 0, offset: 0, rate: 1, at: 0, stale: false, out: false, timer: 0, checked: 0 };

  function words(name, values) {
    var text = told.getAttribute("data-word-" + name) || "";
    return text.replace(/\{(\w+)\}/g, function (all, key) { return values && key in values ? values[key] : all; });
  }
  function every() { return Number(told.dataset.every) * 1000; }
  function houseNow() { return state.at ? state.offset + (Date.now() - state.at) * state.rate : Date.now(); }

  function ask() {
    if (!told) return;
    var stop = new AbortController(), limit = setTimeout(function () { stop.abort(); }, Math.max(every() - 500, 2000));
    fetch(told.dataset.base + "live", { signal: stop.signal, headers: { Accept: "application/json" }, cache: "no-store", redirect: "manual" })
      .then(function (answer) {
        if (answer.status === 401) { signedOut(); throw new Error("signed out"); }
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      })
      .then(heard)
      .catch(function () { /* the banner tells; trying goes on */ })
      .finally(function () { clearTimeout(limit); state.timer = setTimeout(ask, every()); });
  }

  function heard(answer) {
    state.answered = Date.now();
    state.offset = Date.parse(answer.now); state.at = Date.now(); state.rate = answer.rate || 1;
    if (state.out) { state.out = false; hide("banner"); }
    if (answer.token !== state.token) {
      state.token = answer.token;
      window.dash_clientside.set_props("live", { data: answer.token });
    }
    count(answer.act_now);
    document.dispatchEvent(new CustomEvent("zonewatch:heard", { detail: answer }));
    looking(answer);
    check();
  }

  function count(n) {
    var badge = document.getElementById("nav-count");
    if (badge) { badge.textContent = n || ""; badge.hidden = !n; }
    state.count = n;
    title();
  }
  /* The count in the title: of the list that is looked at, in the queue; elsewhere of what needs action now. */
  function title() {
    var bare = document.title.replace(/^\(\d+\) /, ""), own = document.getElementById("queue-count");
    var n = own && own.dataset.n ? Number(own.dataset.n) : state.count;
    var wanted = n ? "(" + n + ") " + bare : bare;
    if (document.title !== wanted) document.title = wanted;
  }

  function looking(answer) {
    var element = document.getElementById("not-looking");
    var text = answer.never_looked ? words("not-looking-ever") : answer.not_looking ? words("not-looking", { at: clock(Date.parse(answer.not_looking)) }) : "";
    if (element.textContent !== text) element.textContent = text;
    element.hidden = !text;
  }

  function signedOut() {
    state.out = true;
    if (document.getElementById("banner").dataset.why === "out") return;
    var link = document.createElement("a");
    link.href = told.dataset.base + "login?next=" + encodeURIComponent(location.pathname + location.search);
    link.textContent = words("sign-in-again");
    show("banner", "out", words("signed-out") + " ", link);
  }

  function check() {
    // A page that was itself held up (drawing, a tab put to sleep) hears the answer that already came before it may cry wolf.
    var heldUp = Date.now() - state.checked > 3000;
    state.checked = Date.now();
    if (!state.answered || state.out || heldUp) return;
    var late = Date.now() - state.answered > 2 * every();
    if (late && !state.stale) {
      state.stale = true;
      document.documentElement.classList.add("is-stale");
      show("banner", "stale", words("stale", { at: clock(houseAt(state.answered)) }) + " ", strong(words("stale-hint")));
    } else if (!late && state.stale) {
      state.stale = false;
      document.documentElement.classList.remove("is-stale");
      hide("banner");
      document.getElementById("aloud").textContent = words("back-again");
    }
  }
  function houseAt(real) { return state.at ? state.offset + (real - state.at) * state.rate : real; }

  function show(id, why, text, more) {
    var element = document.getElementById(id);
    element.replaceChildren(text, more || "");
    element.dataset.why = why;
    element.hidden = false;
  }
  function hide(id) { var element = document.getElementById(id); element.hidden = true; element.dataset.why = ""; element.replaceChildren(); }
  function strong(text) { var element = document.createElement("span"); element.className = "banner-more"; element.textContent = text; return element; }

  function local(options) {
    var language = { vi: "vi-VN", zh: "zh-CN" }[told.dataset.language] || "en-GB";
    return new Intl.DateTimeFormat(language, Object.assign({ timeZone: told.dataset.zone, hourCycle: "h23" }, options));
  }
  function clock(instant) {
    var day = { year: "numeric", month: "short", day: "numeric" }, time = { hour: "2-digit", minute: "2-digit" };
    var today = local(day).format(instant) === local(day).format(houseNow());
    return (today ? "" : local(day).format(instant) + " ") + local(time).format(instant);
  }

  function age(instant) {
    var minutes = Math.max(Math.floor((houseNow() - instant) / 60000), 0), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
    if (days) return words("age-d", { d: days, h: hours % 24 });
    if (hours) return words("age-h", { h: hours, m: minutes % 60 });
    return minutes ? words("age-m", { m: minutes }) : words("age-now");
  }

  function tick() {
    told = document.getElementById("told");
    if (!told) return;
    if (!state.timer) {
      state.timer = 1; state.token = told.dataset.token; state.answered = Date.now();
      state.offset = Date.parse(told.dataset.now); state.at = Date.now(); state.rate = Number(told.dataset.rate) || 1;
      ask();
    }
    document.querySelectorAll("[data-ago]").forEach(function (element) {
      if (!state.at) return;
      var said = age(Date.parse(element.dataset.ago));
      if (element.textContent !== said) element.textContent = said;
    });
    var demo = document.getElementById("demo-time");
    if (demo && state.at) {
      var now = houseNow(), long = local({ year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
      demo.textContent = long.format(now) + " (" + told.dataset.zone + ")";
      demo.dateTime = new Date(now).toISOString();
    }
    title();
    check();
  }

  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", function () { if (!document.hidden && told) { clearTimeout(state.timer); ask(); } });
  new MutationObserver(title).observe(document.head, { childList: true, subtree: true, characterData: true });
})();
