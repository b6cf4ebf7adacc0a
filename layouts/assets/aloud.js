/* What newly needs action is said once, politely, to whoever listens to a screen reader; and sounded once, unless it is muted.
   What has been said is known by its alert, so that one that goes and comes, or another that goes meanwhile, confuses nothing. */
(function () {
  "use strict";
  var NAMED = 3, known = null, before = 0, audio = null;

  function told() { return document.getElementById("told"); }
  function words(name, values) {
    return (told().getAttribute("data-word-" + name) || "").replace(/\{(\w+)\}/g, function (all, key) { return key in values ? values[key] : all; });
  }
  function begin() {
    known = new Set((told().dataset.latest || "").split(" "));
    before = Number(told().dataset.actNow) || 0;
  }
  function heard(answer) {
    if (!told()) return;
    if (known === null) begin();
    var fresh = (answer.latest || []).filter(function (one) { return !known.has(one[0]); });
    var n = Math.max(fresh.length, answer.act_now - before);
    fresh.forEach(function (one) { known.add(one[0]); });
    before = answer.act_now;
    if (n <= 0) return;
    var named = fresh.length === n && n <= NAMED;
    document.getElementById("aloud").textContent = named ? fresh.map(function (one) { return words("new-alert", { what: one[1] }); }).join(" ") : words("new-alerts", { n: n });
    if (fresh.length && first(fresh)) sound();
  }
  /* Several windows of one browser are open, and one of them sounds. */
  function first(fresh) {
    var key = "zw-sounded", ids = fresh.map(function (one) { return one[0]; }), done = [];
    try {
      done = JSON.parse(localStorage.getItem(key) || "[]");
      localStorage.setItem(key, JSON.stringify(done.concat(ids).slice(-200)));
    } catch (error) { /* no storage: each window by itself */ }
    return ids.some(function (id) { return done.indexOf(id) < 0; });
  }
  function muted() { return /(?:^|; )zw_sound=off/.test(document.cookie); }

  /* A browser lets nothing sound before the reader has pressed something. */
  function ready() {
    if (muted() || !window.AudioContext) return;
    if (!audio) audio = new window.AudioContext();
    if (audio.state === "suspended") audio.resume();
  }
  function sound() {
    if (muted() || !audio) return;
    [[880, 0], [660, 0.18]].forEach(function (tone) {
      var from = audio.currentTime + tone[1], voice = audio.createOscillator(), loud = audio.createGain();
      voice.frequency.value = tone[0];
      loud.gain.setValueAtTime(0.0001, from);
      loud.gain.exponentialRampToValueAtTime(0.12, from + 0.02);
      loud.gain.exponentialRampToValueAtTime(0.0001, from + 0.17);
      voice.connect(loud).connect(audio.destination);
      voice.start(from);
      voice.stop(from + 0.18);
    });
  }
  ["pointerdown", "keydown"].forEach(function (kind) { window.addEventListener(kind, ready, true); });
  document.addEventListener("zonewatch:heard", function (event) { heard(event.detail); });
})();
