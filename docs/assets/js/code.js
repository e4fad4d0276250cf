/* Code that a reader may write: shows the editors and the buttons for it, and loads what
   serves them when one is touched, or when something was written before: what the code of
   this page needs, where that is a script of its own, and then exercise.js. */
(() => {
  "use strict";
  const PARTS = ":is(weave-exercise, weave-run)";
  const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;

  /** @type {Promise<unknown> | null} */
  let loading = null;
  let isLoaded = false;

  function load() {
    const own = document.querySelector("weave-python")?.getAttribute("data-src");
    const sources = [...(own ? [own] : []), new URL("exercise.js", here).href];
    loading ??= Promise.all(sources.map(script)).then(() => {
      isLoaded = true;
    });
    return loading;
  }

  /** @param {string} src */
  function script(src) {
    const element = document.createElement("script");
    element.async = false; // one runs after the other
    element.src = src;
    return new Promise((resolve) => {
      element.onload = resolve;
      document.head.append(element);
    });
  }

  /** @type {(event: Event, selector: string) => HTMLElement | null} */
  const around = ({ target }, selector) =>
    /** @type {Element} */ (target).closest(selector);

  document.addEventListener("focusin", (event) => {
    if (around(event, PARTS)) load();
  });
  // What is pressed before that waits for it.
  document.addEventListener("click", (event) => {
    const button = around(event, `${PARTS} button`);
    if (isLoaded || !button) return;
    event.preventDefault();
    load().then(() => button.click());
  });
  /** @type {NodeListOf<HTMLElement>} */
  const controls = document.querySelectorAll(`${PARTS} .weave-control`);
  for (const control of controls) control.hidden = false;
  try {
    const kept = localStorage.getItem("weave-progress") ?? "";
    if (kept.includes('"code"') && document.querySelector("weave-exercise")) load();
  } catch {} // no leave to read: nothing is kept
})();
