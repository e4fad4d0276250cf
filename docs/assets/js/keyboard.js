/* What the theme leaves out of the keyboard's reach. It runs before the theme's script,
   which then finds the buttons in the places of the labels. */
(() => {
  "use strict";

  const box = (/** @type {string} */ id) =>
    /** @type {HTMLInputElement} */ (document.getElementById(id));

  /* The theme's switches for menu and search are labels of hidden boxes, which neither
     the keyboard nor a screen reader meets: buttons take their place. */
  /** @type {NodeListOf<HTMLLabelElement>} */
  const labels = document.querySelectorAll(".md-header label[for^=__][title]");
  for (const label of labels) {
    const switched = box(label.htmlFor);
    if (switched.type !== "checkbox") continue;
    const button = document.createElement("button");
    for (const { name, value } of label.attributes) button.setAttribute(name, value);
    button.type = "button";
    button.append(...label.childNodes);
    const tell = () => button.setAttribute("aria-expanded", String(switched.checked));
    button.addEventListener("click", () => switched.click());
    switched.addEventListener("change", tell);
    tell();
    label.replaceWith(button);
  }

  addEventListener("keydown", ({ key }) => {
    const drawer = box("__drawer");
    if (key !== "Escape" || !drawer.checked) return;
    drawer.click();
    /** @type {HTMLElement} */ (document.querySelector("[for=__drawer]")).focus();
  });
})();
