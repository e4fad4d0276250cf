/* What the code and the tables of a page need once a reader is near. The theme's script
   would do it for all of them at its start (see main.html). */
(() => {
  "use strict";

  /** @type {(selector: string) => NodeListOf<HTMLElement>} */
  const all = (selector) => document.querySelectorAll(selector);

  /* What scrolls sideways can be reached and moved with the keyboard. A browser tells
     the size of what it has laid out, and lays out what is near; of a table also that of
     its inside, which comes later. */
  const BOXES = ".md-typeset__scrollwrap, .md-typeset pre > code";
  const sizes = new ResizeObserver((entries) => {
    for (const entry of entries) {
      const target = /** @type {Element} */ (entry.target.closest(BOXES));
      const isCode = target.matches("code");
      const names = isCode ? {} : { role: "group", "aria-label": "Table" };
      const scrolls = target.scrollWidth > target.clientWidth;
      for (const [name, value] of Object.entries({ tabindex: "0", ...names })) {
        if (scrolls) target.setAttribute(name, value);
        else target.removeAttribute(name);
      }
      if (isCode && !target.previousElementSibling) target.before(copier(target));
    }
  });

  /* The button that copies code, with what the theme's script and style know it by. */
  function copier(/** @type {Element} */ code) {
    const pre = /** @type {Element} */ (code.parentElement);
    pre.id ||= `code-${all("pre[id]").length}`;
    const place = document.createElement("div");
    place.className = "md-code__nav";
    const button = document.createElement("button");
    button.className = "md-code__button";
    button.type = "button"; // some code stands in a form
    button.title = "Copy to clipboard";
    button.dataset.mdType = "copy";
    button.dataset.clipboardTarget = `#${pre.id} > code`;
    place.append(button);
    return place;
  }

  for (const box of all(`${BOXES}, .md-typeset__table`)) sizes.observe(box);

  /* Browsers leave formulas out of the names of headers and links. */
  for (const named of all(".md-typeset :is(th, a):has(math)")) {
    named.setAttribute("aria-label", (named.textContent ?? "").trim());
  }
})();
