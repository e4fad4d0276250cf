/* What a page lacks comes when the first of what lacks it is near the screen, for all of
   one file at once: a reader who goes on has it, also without a line. So do drawings,
   the numbers of figures, and what is said to answers; and how a sentence was checked
   comes at the latest when a reader asks. What serves figures to move, or the bank of
   questions, comes when one of these is near, or when the address names a place: what
   the figures of this page are made of, and the scripts. The published page names all
   of it, the scripts in their order; where it does not, as in a preview, all is there
   already. */
(() => {
  "use strict";

  const MOVED = "weave-explore, weave-bank, weave-drill";
  const AROUND = `figure, weave-question, weave-exercise, ${MOVED}`;

  /** @type {(parent: ParentNode, selector: string) => HTMLElement[]} */
  const all = (parent, selector) => [
    .../** @type {NodeListOf<HTMLElement>} */ (parent.querySelectorAll(selector)),
  ];

  /* What lacks its inside, by the file that has it, which has it in the same order. */
  /** @type {Map<string, HTMLElement[]>} */
  const lacking = new Map();
  for (const element of all(document, "[data-from]")) {
    const { from = "" } = element.dataset;
    lacking.set(from, [...(lacking.get(from) ?? []), element]);
  }
  const [first] = all(document, "[data-scripts]");
  let waiting = first?.dataset.scripts?.split(" ") ?? [];
  const asked = new Set();
  let moves = false;

  /* Out of a file, each goes to its place; a paper waits for them. */
  function bring(file = "", { later = true } = {}) {
    if (!lacking.has(file) || (asked.has(file) && later)) return;
    asked.add(file);
    const request = new XMLHttpRequest();
    request.open("GET", file, later);
    request.onload = () => request.status === 200 && put(file, request.responseText);
    request.onerror = () => {
      // No script may read a file on a disk, but a page shows an image.
      if (location.protocol === "file:") lacking.get(file)?.forEach(show);
    };
    request.onloadend = () => {
      asked.delete(file); // without a line, the next that is near asks again
    };
    request.send();
  }

  /* What a reader without scripts sees. */
  function show(/** @type {HTMLElement} */ drawing) {
    const [place] = all(drawing, "foreignObject");
    if (place) place.innerHTML = place.textContent ?? "";
  }

  /** @type {(file: string, text: string) => void} */
  function put(file, text) {
    const read = document.createElement("template"); // whose style is nobody's
    read.innerHTML = text;
    const held = all(read.content, '[id^="asked-"], [id^="drawn-"]');
    lacking.get(file)?.forEach((element, i) => {
      const place = element instanceof HTMLTemplateElement ? element.content : element;
      place.replaceChildren(...held[i].childNodes);
    });
    lacking.delete(file);
    if (moves) move();
  }

  /* All that lacks something but for what shows when it is pressed. */
  /** @type {(parent: ParentNode) => HTMLElement[]} */
  const seenIn = (parent) => all(parent, "[data-from]:not([popover])");

  /* What moves is laid over its drawing. */
  function move() {
    moves = true;
    const within = all(document, MOVED).flatMap((one) => seenIn(one));
    const files = within.map(({ dataset }) => dataset.from ?? "");
    for (const file of files) bring(file);
    if (files.some((file) => lacking.has(file))) return;
    for (const src of waiting) {
      const script = document.createElement("script");
      script.async = false; // one runs after the other
      script.src = src;
      document.head.append(script);
    }
    waiting = [];
  }

  const near = new IntersectionObserver(
    (seen) => {
      for (const { target, isIntersecting } of seen) {
        if (!isIntersecting) continue;
        if (target.matches(MOVED)) move();
        else for (const { dataset } of seenIn(target)) bring(dataset.from);
      }
    },
    { rootMargin: "100%" },
  );
  for (const element of [...all(document, MOVED), ...seenIn(document)]) {
    near.observe(element.closest(AROUND) ?? element.parentElement ?? element);
  }
  document.addEventListener(
    "beforetoggle",
    ({ target }) => bring(/** @type {HTMLElement} */ (target).dataset.from),
    true,
  );
  addEventListener("beforeprint", () => {
    for (const file of lacking.keys()) bring(file, { later: false });
  });
  addEventListener("hashchange", move);
  document.addEventListener("focusin", ({ target }) => {
    // What is written in an exercise may be drawn on a figure.
    if (/** @type {Element} */ (target).closest("weave-exercise")) move();
  });
  if (location.hash) move();
})();
