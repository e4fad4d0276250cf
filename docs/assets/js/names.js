/* Names and roles that a screen reader would miss, or would hear too many of. They wait
   for the theme's script, which makes some of these elements. */
addEventListener("load", () => {
  /* One button is no landmark. */
  for (const nav of document.querySelectorAll("nav.md-code__nav")) {
    nav.setAttribute("role", "none");
  }
  /* Browsers leave formulas out of the names of headers and links. */
  for (const named of document.querySelectorAll(".md-typeset :is(th, a):has(math)")) {
    named.setAttribute("aria-label", named.textContent.trim());
  }
});
