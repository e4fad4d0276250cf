/* What a page's drawings are made of comes when the first of those that lack it is near
   the screen, for all of them at once: a reader who goes on has them, also without a
   line. What serves figures to move comes when one of these is near, or when the
   address names a state of one: what the figures of this page are made of, and the
   scripts. The published page names them in their order; where it does not, as in a
   preview, all is there already. */
(() => {
  "use strict";

  /** @type {SVGElement[]} */
  let lacking = [...document.querySelectorAll("svg")].filter((svg) => svg.dataset.src);
  const [image] = lacking.map((svg) => svg.dataset.src ?? "");
  /** @type {HTMLElement | null} */
  const first = document.querySelector("weave-explore[data-scripts]");
  let waiting = first?.dataset.scripts?.split(" ") ?? [];
  let [asked, moves] = [false, false];

  /* Of the image with all drawings, each goes to its place; a paper waits for them. */
  function draw({ later = true } = {}) {
    if (!lacking.length || (asked && later)) return;
    asked = true;
    const request = new XMLHttpRequest();
    request.open("GET", image, later);
    request.onload = () => request.status < 400 && put(request.responseText);
    request.onerror = () => {
      // No script may read a file on a disk, but a page shows it.
      if (location.protocol === "file:") for (const svg of lacking) show(svg);
    };
    request.onloadend = () => {
      asked = false; // without a line, the next that is near asks again
    };
    request.send();
  }

  /* What a reader without scripts sees. */
  function show(/** @type {SVGElement} */ { firstElementChild: place }) {
    if (place) place.innerHTML = place.textContent ?? "";
  }

  function put(/** @type {string} */ drawings) {
    const all = document.createElement("template"); // whose style is nobody's
    all.innerHTML = drawings;
    for (const svg of lacking) {
      const drawing = all.content.getElementById(svg.dataset.src?.split("#")[1] ?? "");
      svg.replaceChildren(...(drawing?.childNodes ?? []));
    }
    lacking = [];
    if (moves) move();
  }

  /* What moves is laid over its drawing. */
  function move() {
    moves = true;
    if (lacking.length) return draw();
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
      const there = seen.filter(({ isIntersecting }) => isIntersecting);
      if (there.some(({ target }) => target.matches("weave-explore"))) move();
      else if (there.length) draw();
    },
    { rootMargin: "100%" },
  );
  for (const figure of document.querySelectorAll("weave-explore")) near.observe(figure);
  for (const svg of lacking) near.observe(svg.closest("figure") ?? svg);
  addEventListener("beforeprint", () => draw({ later: false }));
  addEventListener("hashchange", move);
  document.addEventListener("focusin", ({ target }) => {
    // What is written in an exercise may be drawn on a figure.
    if (/** @type {Element} */ (target).closest("weave-exercise")) move();
  });
  if (location.hash) move();
})();
