// An address that ends in #line-N leads to that line of a table, which comes after the page: once it is there it is brought into view and marked.
(() => {
  let aimed = '';
  function aim() {
    if (!location.hash.startsWith('#line-')) aimed = '';
    else if (aimed !== location.href && document.getElementById(location.hash.slice(1))) {
      aimed = location.href;
      location.replace(location.hash);
    }
  }
  new MutationObserver(aim).observe(document.documentElement, { childList: true, subtree: true });
})();
