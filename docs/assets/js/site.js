/* What the theme leaves undone. It runs before the theme's own script, which is why
   snippets/_weave/theme/main.html places it there. */
(() => {
  "use strict";

  /* The index and the worker of the search are more bytes than a whole lesson, so they
     wait until somebody opens the search. */
  const toggle = document.getElementById("__search");
  const opened = new Promise((resolve) => {
    toggle?.addEventListener("change", resolve, { once: true });
  });

  window.XMLHttpRequest = class extends XMLHttpRequest {
    open(method, url, ...rest) {
      this.late = new URL(url, location).pathname.endsWith("/search_index.json");
      super.open(method, url, ...rest);
    }

    send(body) {
      if (this.late) opened.then(() => super.send(body));
      else super.send(body);
    }
  };

  const Direct = window.Worker;

  window.Worker = class extends EventTarget {
    constructor(url, options) {
      super();
      if (!String(url).includes("/workers/search.")) return new Direct(url, options);
      this.url = url;
    }

    postMessage(data) {
      this.begun ??= opened.then(() =>
        location.protocol === "file:" ? this.inFrame() : this.inWorker(),
      );
      this.begun.then((send) => send(data));
    }

    say(data) {
      this.dispatchEvent(new MessageEvent("message", { data }));
    }

    inWorker() {
      const worker = new Direct(this.url);
      worker.addEventListener("message", ({ data }) => this.say(data));
      return (data) => worker.postMessage(data);
    }

    /* A page that was opened from a file may start no worker: a hidden frame does. */
    async inFrame() {
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      const inside = frame.contentWindow;
      inside.postMessage = (data) => this.say(data);
      const script = inside.document.createElement("script");
      script.src = new URL(this.url, location);
      await new Promise((resolve) => {
        script.addEventListener("load", resolve);
        inside.document.body.append(script);
      });
      return (data) => inside.dispatchEvent(new MessageEvent("message", { data }));
    }
  };

  /* The theme's switches for menu and search are labels of hidden boxes, which neither
     the keyboard nor a screen reader meets: buttons take their place. */
  for (const label of document.querySelectorAll(".md-header label[for^=__][title]")) {
    const box = document.getElementById(label.htmlFor);
    if (box.type !== "checkbox") continue;
    const button = document.createElement("button");
    for (const { name, value } of label.attributes) button.setAttribute(name, value);
    button.type = "button";
    button.append(...label.childNodes);
    const tell = () => button.setAttribute("aria-expanded", String(box.checked));
    button.addEventListener("click", () => box.click());
    box.addEventListener("change", tell);
    tell();
    label.replaceWith(button);
  }

  addEventListener("keydown", ({ key }) => {
    const drawer = document.getElementById("__drawer");
    if (key !== "Escape" || !drawer.checked) return;
    drawer.click();
    document.querySelector("[for=__drawer]").focus();
  });

  /* What scrolls sideways can be reached and moved with the keyboard. */
  const watched = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth <= target.clientWidth) {
        target.removeAttribute("tabindex");
        target.removeAttribute("role");
        target.removeAttribute("aria-label");
        continue;
      }
      target.tabIndex = 0;
      target.setAttribute("role", "group");
      target.setAttribute("aria-label", "Table");
    }
  });

  addEventListener("load", () => {
    for (const table of document.querySelectorAll(".md-typeset__scrollwrap")) {
      watched.observe(table);
    }
    /* One button is no landmark. */
    for (const nav of document.querySelectorAll("nav.md-code__nav")) {
      nav.setAttribute("role", "none");
    }
    /* Browsers leave formulas out of the names of headers and links. */
    for (const named of document.querySelectorAll(".md-typeset :is(th, a):has(math)")) {
      named.setAttribute("aria-label", named.textContent.trim());
    }
  });
})();
