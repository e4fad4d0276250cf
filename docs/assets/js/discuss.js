// Comments: nothing is loaded from giscus.app before the reader asks for it.
/** @type {NodeListOf<HTMLElement>} */
const boxes = document.querySelectorAll(".weave-discuss");
for (const box of boxes) {
  const button = /** @type {HTMLButtonElement} */ (box.querySelector("button"));

  const load = () => {
    const script = document.createElement("script");
    const dark = document.body.dataset.mdColorScheme === "slate";
    const settings = {
      mapping: "pathname",
      strict: "1",
      reactionsEnabled: "0",
      emitMetadata: "0",
      inputPosition: "top",
      theme: dark ? "dark" : "light",
      lang: "en",
    };
    Object.assign(script.dataset, box.dataset, settings);
    script.src = "https://giscus.app/client.js";
    script.crossOrigin = "anonymous";
    button.replaceWith(script);
  };

  button.hidden = false;
  button.addEventListener("click", load);
  // Back from signing in: the reader has asked already.
  if (new URLSearchParams(location.search).has("giscus")) load();
}
