/* What serves figures to move comes when the first of them is near the screen, or when
   the address names a state of one: what the figures of this page are made of, and the
   scripts. The published page names them in their order; where it does not, as in a
   preview, they are there already. */
(() => {
  "use strict";

  /** @type {HTMLElement | null} */
  const first = document.querySelector("weave-explore[data-scripts]");
  let waiting = first?.dataset.scripts?.split(" ") ?? [];

  function load() {
    for (const src of waiting) {
      const script = document.createElement("script");
      script.async = false; // one runs after the other
      script.src = src;
      document.head.append(script);
    }
    waiting = [];
    near.disconnect();
  }

  const near = new IntersectionObserver(
    (seen) => {
      if (seen.some(({ isIntersecting }) => isIntersecting)) load();
    },
    { rootMargin: "100%" },
  );
  for (const figure of document.querySelectorAll("weave-explore")) near.observe(figure);
  addEventListener("hashchange", load);
  document.addEventListener("focusin", ({ target }) => {
    // What is written in an exercise may be drawn on a figure.
    if (/** @type {Element} */ (target).closest("weave-exercise")) load();
  });
  if (location.hash) load();
})();
