/* Sets the theme before the first paint, so that a dark screen never flashes white. A file of its own, since the
   content security policy allows no inline scripts. Kept in step with src/lib/theme.ts. */
(function () {
  var choice = null;
  var contrast = null;
  try {
    choice = localStorage.getItem("rollcall.theme");
    contrast = localStorage.getItem("rollcall.contrast");
  } catch {
    /* Storage may be blocked: the system's preference is used. */
  }
  var dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme =
    choice === "dark" || choice === "light" ? choice : dark ? "dark" : "light";
  document.documentElement.dataset.contrast =
    contrast === "more" || matchMedia("(prefers-contrast: more)").matches ? "more" : "usual";
})();
