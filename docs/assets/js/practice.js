/* The page of practice: a filter for the bank of questions, and drills.

   The markup comes whole from the build (snippets/_weave/markdown/bank.py); in what is
   published, near.js puts the questions into the bank, and then loads this. A drill
   shows one of its variants; which, the fragment of the address says by the
   variant's id. What stands there is compared with the ids of the page and used for
   nothing else. */
(() => {
  "use strict";
  const CHANGED = "weave-progress-changed"; // as in quiz.js

  /** @typedef {HTMLElement & { solved?: boolean }} Question as in quiz.js */

  /* What the build has written is there, and of the kind that it has written. */
  /** @type {(parent: ParentNode, selector: string) => any} */
  const one = (parent, selector) => parent.querySelector(selector);
  /** @type {(parent: ParentNode, selector: string) => any[]} */
  const all = (parent, selector) => [...parent.querySelectorAll(selector)];

  class Bank extends HTMLElement {
    /** @type {HTMLFormElement} */ form;
    /** @type {HTMLOutputElement} */ output;
    /** @type {HTMLButtonElement} */ fold;
    /** @type {HTMLDetailsElement[]} */ lessons;
    /** @type {Map<HTMLDetailsElement, Question[]>} */ questions;

    connectedCallback() {
      document.addEventListener(CHANGED, () => this.count());
      this.form = one(this, ".weave-filter");
      this.output = one(this.form, "output");
      this.lessons = all(this, "details.weave-lesson");
      this.questions = new Map();
      for (const part of this.lessons) {
        this.questions.set(part, all(part, "weave-question"));
      }
      this.fold = one(this.form, "button");
      this.form.addEventListener("change", () => this.filter());
      this.form.addEventListener("submit", (event) => event.preventDefault());
      this.fold.addEventListener("click", () => this.unfold());
      this.addEventListener("toggle", () => this.nameFold(), true);
      this.form.hidden = false;
      this.filter();
      this.follow();
    }

    /* Go to the question that the address names, as the browser would. */
    follow() {
      for (const [part, questions] of this.questions) {
        const asked = questions.find(({ id }) => location.hash === `#${id}`);
        if (!asked) continue;
        part.open = true;
        asked.scrollIntoView();
      }
    }

    /* A question that is solved while only open ones are shown stays where it is until
       the filter is set again: the reader still wants to see what is said to it. */
    filter() {
      /** @type {Record<string, any>} */
      const { lesson, kind, level, state } = this.form.elements;
      for (const part of this.lessons) {
        const chosen = !lesson.value || part.dataset.lesson === lesson.value;
        const questions = this.questions.get(part) ?? [];
        for (const question of questions) {
          const isKind = !kind.value || question.getAttribute("kind") === kind.value;
          const given = question.getAttribute("level") ?? "core"; // as in quiz.py
          const isLevel = !level.value || given === level.value;
          const isState =
            !state.value || question.solved === (state.value === "solved");
          question.hidden = !(chosen && isKind && isLevel && isState);
        }
        part.hidden = questions.every((question) => question.hidden);
        if (lesson.value) part.open = !part.hidden;
      }
      this.count();
      this.nameFold();
    }

    count() {
      let [asked, total] = [0, 0];
      for (const [part, questions] of this.questions) {
        const shown = questions.filter((question) => !question.hidden);
        const solved = shown.filter((question) => question.solved).length;
        const words = [`${shown.length} question${shown.length === 1 ? "" : "s"}`];
        if (shown.length < questions.length)
          words[0] = `${shown.length} of ${questions.length}`;
        if (solved) words.push(`${solved} solved`);
        one(part, ".weave-count").textContent = words.join(", ");
        asked += shown.length;
        total += questions.length;
      }
      const text = asked
        ? `${asked} of ${total} questions`
        : "No question is like that.";
      if (this.output.textContent !== text) this.output.textContent = text;
    }

    get shown() {
      return this.lessons.filter((part) => !part.hidden);
    }

    nameFold() {
      const isOpen = this.shown.some((part) => part.open);
      this.fold.textContent = isOpen ? "Fold all" : "Unfold all";
      this.fold.disabled = !this.shown.length;
    }

    unfold() {
      const open = !this.shown.some((part) => part.open);
      for (const part of this.shown) part.open = open;
    }
  }

  class Drill extends HTMLElement {
    /** @type {HTMLElement} */ row;
    place = 0;

    connectedCallback() {
      window.addEventListener("hashchange", () => this.follow());
      this.row = one(this, ".weave-control");
      one(this.row, "button").addEventListener("click", () => this.next());
      this.row.hidden = false;
      if (this.follow()) this.scrollIntoView();
    }

    /* The other variants are a text in <noscript>, from the build, until the first of
       them is asked for. */
    get variants() {
      const others = this.querySelector(":scope > noscript");
      if (others) {
        const text = others.textContent ?? "";
        const read = new DOMParser().parseFromString(text, "text/html");
        /** @type {Question[]} */
        const variants = all(read, "weave-question");
        for (const variant of variants) variant.hidden = true;
        others.replaceWith(...variants);
      }
      return /** @type {Question[]} */ (all(this, "weave-question"));
    }

    /* Show the variant that the address names, if it names one of these. */
    follow() {
      if (!location.hash.startsWith(`#${this.id}-`)) return false;
      const place = this.variants.findIndex(({ id }) => location.hash === `#${id}`);
      if (place >= 0) this.show(place);
      return place >= 0;
    }

    next() {
      const { state } = history;
      const { variants, place } = this;
      const next = (place + 1) % variants.length;
      // Going back from the next one leads to this one.
      history.replaceState(state, "", `#${variants[place].id}`);
      history.pushState(state, "", `#${variants[next].id}`);
      this.show(next);
    }

    show(/** @type {number} */ place) {
      const { variants } = this;
      this.place = place;
      variants.forEach((variant, i) => {
        variant.hidden = i !== place;
      });
      const { id } = variants[place];
      one(this.row, "span").textContent = `${place + 1} of ${variants.length}`;
      one(this.row, "a").setAttribute("href", `#${id}`);
    }
  }

  // Which questions are solved they say themselves, as soon as quiz.js has come.
  customElements.whenDefined("weave-question").then(() => {
    customElements.define("weave-bank", Bank);
    customElements.define("weave-drill", Drill);
  });
})();
