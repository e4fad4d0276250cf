/* Code that a reader may write: shows the editors and the buttons for it, and loads what
   serves them (exercise.js) when one is touched, or when something was written before. */
(() => {
  "use strict";
  const PARTS = "weave-exercise, weave-run";
  const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;

  /** @type {Promise<unknown> | null} */
  let loading = null;
  let isLoaded = false;

  function load() {
    loading ??= new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = new URL("exercise.js", here).href;
      script.onload = resolve;
      document.head.append(script);
    }).then(() => {
      isLoaded = true;
    });
    return loading;
  }

  /** @param {Event} event @returns {Element | null} */
  const part = ({ target }) => /** @type {Element} */ (target).closest(PARTS);

  document.addEventListener("focusin", (event) => {
    if (part(event)) load();
  });
  // What is pressed before that waits for it.
  document.addEventListener(
    "click",
    (event) => {
      /** @type {HTMLElement | null} */
      const button = /** @type {Element} */ (event.target).closest("button");
      if (isLoaded || !button || !part(event)) return;
      event.preventDefault();
      event.stopPropagation();
      load().then(() => button.click());
    },
    true,
  );
  for (const found of document.querySelectorAll(PARTS)) {
    /** @type {HTMLElement | null} */
    const control = found.querySelector(".weave-control");
    if (control) control.hidden = false;
  }
  try {
    const kept = localStorage.getItem("weave-progress") ?? "";
    if (kept.includes('"code"') && document.querySelector("weave-exercise")) load();
  } catch {} // no leave to read: nothing is kept
})();
