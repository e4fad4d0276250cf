/* Two brakes on the theme's script.

   The search's index and its worker are more bytes than a whole lesson, so they wait
   until somebody opens the search. And the theme says anew whether a page is light or
   dark, which the page has said: for that a browser would style each element again.

   Material for MkDocs has no setting for this. So two globals and what puts an element
   into the head are replaced before its script runs, and pass on all else. Written for
   Material for MkDocs 9.8.1; with another version, see whether the search still waits,
   and finds. */
(() => {
  "use strict";

  const { head } = document;
  head.appendChild = (node) => {
    const isScheme = node instanceof HTMLMetaElement && node.name === "color-scheme";
    if (!isScheme) Node.prototype.appendChild.call(head, node);
    return node;
  };

  const toggle = document.getElementById("__search");
  const opened = new Promise((resolve) => {
    toggle?.addEventListener("change", resolve, { once: true });
  });

  window.XMLHttpRequest = class extends XMLHttpRequest {
    late = false;

    /**
     * @param {string} method
     * @param {string | URL} url
     * @param {boolean} async
     * @param {string} [user]
     * @param {string} [password]
     */
    open(method, url, async = true, user, password) {
      this.late = new URL(url, location.href).pathname.endsWith("/search_index.json");
      super.open(method, url, async, user, password);
    }

    /** @param {XMLHttpRequestBodyInit} [body] */
    send(body) {
      if (this.late) opened.then(() => super.send(body));
      else super.send(body);
    }
  };

  const Direct = window.Worker;

  /* What the theme gets in the place of the search's worker. */
  class Late extends EventTarget {
    /** @type {Promise<(data: unknown) => void> | undefined} */
    begun;

    /** @param {string | URL} url */
    constructor(url) {
      super();
      this.url = new URL(url, location.href);
    }

    /** @param {unknown} data */
    postMessage(data) {
      this.begun ??= opened.then(() =>
        location.protocol === "file:" ? this.inFrame() : this.inWorker(),
      );
      this.begun.then((send) => send(data));
    }

    /** @param {unknown} data */
    say(data) {
      this.dispatchEvent(new MessageEvent("message", { data }));
    }

    inWorker() {
      const worker = new Direct(this.url);
      worker.addEventListener("message", ({ data }) => this.say(data));
      return (/** @type {unknown} */ data) => worker.postMessage(data);
    }

    /* A page that was opened from a file may start no worker: a hidden frame does. */
    async inFrame() {
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      const inside = /** @type {Window} */ (frame.contentWindow);
      inside.postMessage = (/** @type {unknown} */ data) => this.say(data);
      const script = inside.document.createElement("script");
      script.src = this.url.href;
      await new Promise((resolve) => {
        script.addEventListener("load", resolve);
        inside.document.body.append(script);
      });
      return (/** @type {unknown} */ data) =>
        inside.dispatchEvent(new MessageEvent("message", { data }));
    }
  }

  window.Worker = new Proxy(Direct, {
    construct: (_, [url, options]) =>
      String(url).includes("/workers/search.")
        ? new Late(url)
        : new Direct(url, options),
  });
})();
