// Runs before the first paint so that a kept theme never flashes. A file of its own, because the
// content security policy allows no inline script.
(function () {
  var kept = null;
  try { kept = localStorage.getItem("cuework.theme"); } catch { /* storage may be off */ }
  var dark = kept === "dark" || (kept !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
