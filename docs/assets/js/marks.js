/* What the reader has begun and done, beside the names of the lessons. A lesson's
   questions are named after it; which there are, this browser knows from a visit. */
(() => {
  "use strict";

  const SEEN = "weave-lessons";

  /** @param {string} key @returns {any} */
  function kept(key) {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "{}") ?? {};
    } catch {
      return {};
    }
  }

  const stem = (/** @type {string} */ path) =>
    path.replace(/(\/index)?(\.html)?\/?$/, "").replace(/.*\//, "");

  function mark() {
    const here = stem(location.pathname);
    const seen = kept(SEEN);
    const record = kept("weave-progress").questions ?? {};
    const own = [
      ...document.querySelectorAll(
        `weave-question[id^="${here}-"]:not([kind="open"])`, // which leave no record
      ),
    ];
    if (here && own.length) {
      seen[here] = own.map((question) => question.id);
      try {
        localStorage.setItem(SEEN, JSON.stringify(seen));
      } catch {} // it marks what it can
    }
    const right = Object.keys(record).filter((id) => record[id]?.right === true);
    /** @type {NodeListOf<HTMLAnchorElement>} */
    const links = document.querySelectorAll(
      ".md-nav--primary .md-nav__link[href], .home-path a",
    );
    for (const link of links) {
      const name = stem(new URL(link.href).pathname);
      const solved = right.filter((id) => id.startsWith(`${name}-`));
      link.querySelector(".weave-mark")?.remove();
      if (link.hash || !name || !solved.length) continue;
      const all = Array.isArray(seen[name]) ? seen[name] : [];
      const done = all.length > 0 && all.every((id) => solved.includes(id));
      const sign = document.createElement("span");
      sign.className = "weave-mark";
      sign.textContent = done ? "✓" : "…";
      sign.setAttribute("role", "img");
      sign.setAttribute("aria-label", done ? "done" : "begun");
      link.append(sign);
    }
    const foot = document.querySelector(".weave-here");
    if (foot && own.length) {
      const solved = own.filter((question) => right.includes(question.id)).length;
      foot.textContent = `Here you have answered ${solved} of ${own.length} questions.`;
    }
  }

  document.addEventListener("weave-progress-changed", mark);
  mark();
})();
