// A page is printed by the browser itself: the button only asks for it.
document.addEventListener("click", (event) => {
  if (event.target.closest && event.target.closest("#handover-print")) window.print();
});
