/* A part of a page that is drawn anew tells Dash's store of each of its components, once each, and at each telling every component that stands
   on the page asks whether it concerns it: a page of 3,000 components asked 8 million times, for ten seconds, in which it heard nobody.
   What is told ("forget the changes that this path knows", RESET_COMPONENT_STATE) changes nothing where nothing is known below the path,
   which is so for nearly all: such a telling goes no further. See docs/decisions/0048. */
(function () {
  "use strict";
  var stores = [];
  function attend(store) {
    var dispatch = store.dispatch;
    store.dispatch = function (action) {
      if (action && action.type === "RESET_COMPONENT_STATE" && idle(store.getState().layoutHashes, action.payload.itempath)) return action;
      return dispatch.apply(store, arguments);
    };
  }
  function idle(hashes, path) {
    if (!hashes || !path) return false;
    var own = path.join(",");
    return !Object.keys(hashes).some(function (known) { return known.startsWith(own); });
  }
  stores.push = function (store) { attend(store); return Array.prototype.push.call(stores, store); };
  window.dash_stores = stores; /* Dash puts its store here when it makes it */
})();
