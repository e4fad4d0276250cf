/* Questions a reader can answer, and the reader's own record of them.

   <weave-question> comes whole from the build (snippets/_weave/markdown/quiz.py);
   this shows its inputs and judges what they say. <weave-progress> counts what is
   answered: the questions of its page or, where that has fewer than total="87", all
   in the record. The questions of a <weave-drill> are practice and leave no record.
   The record stays in this browser and can be exported, imported and erased; what was
   written for an exercise is kept in it, too (exercise.js). What is read from there or
   from a file is checked, and never put into a page as HTML. */
(() => {
  "use strict";
  if (customElements.get("weave-question")) return;

  const KEY = "weave-progress";
  const VERSION = 1;
  const CHANGED = "weave-progress-changed";
  const LARGEST_FILE = 1e6;
  const LONGEST_CODE = 10000;
  const TASK = /^[A-Za-z][\w-]{0,79} .{1,79}$/; // a figure's id, and a target of it
  const ID = /^[A-Za-z][\w-]{0,79}$/;

  /* What the build has written is there, and of the kind that it has written. */
  /** @type {(parent: ParentNode, selector: string) => any} */
  const one = (parent, selector) => parent.querySelector(selector);
  /** @type {(parent: ParentNode, selector: string) => any[]} */
  const all = (parent, selector) => [...parent.querySelectorAll(selector)];

  /**
   * The record, by the ids of questions, and of exercises, which have code; and the
   * tasks of figures to move that were found, of which explore.js speaks.
   * @typedef {{ right: boolean, tries: number, code?: string }} Entry
   * @typedef {Map<string, Entry> & { found?: Found }} Kept
   * @typedef {Record<string, string>} Found
   */

  /** @type {Kept | null} */
  let unsaved = null; // holds the record where the browser keeps nothing

  /** @param {string | null} text @returns {Kept} */
  function parse(text) {
    const data = JSON.parse(text ?? "null");
    if (data?.version !== VERSION || typeof data.questions !== "object") {
      throw new TypeError("not a record of progress");
    }
    /** @type {Kept} */
    const record = new Map();
    const found = Object.entries(data.found ?? {}).filter(
      ([task, state]) =>
        TASK.test(task) && typeof state === "string" && state.length < 500,
    );
    if (found.length) record.found = Object.fromEntries(found);
    for (const [id, entry] of Object.entries(data.questions ?? {})) {
      const { right, tries, code } = entry ?? {};
      if (ID.test(id) && typeof right === "boolean" && tries >= 0 && tries <= 1e6) {
        const known = { right, tries: Math.floor(tries) };
        const written = typeof code === "string" && code.length <= LONGEST_CODE;
        record.set(id, written ? { ...known, code } : known);
      }
    }
    return record;
  }

  function written(/** @type {Kept} */ record) {
    const questions = Object.fromEntries(record);
    return JSON.stringify({ version: VERSION, questions, found: record.found });
  }

  /** @returns {Kept} */
  function load() {
    if (unsaved) return unsaved;
    try {
      return parse(localStorage.getItem(KEY));
    } catch {
      return new Map(); // nothing kept, nothing readable, or no leave to read
    }
  }

  function save(/** @type {Kept} */ record) {
    try {
      localStorage.setItem(KEY, written(record));
    } catch {
      unsaved = record;
    }
    document.dispatchEvent(new Event(CHANGED));
  }

  window.addEventListener("storage", (event) => {
    if (event.key !== KEY && event.key !== null) return;
    document.dispatchEvent(new Event(CHANGED));
  });

  /* Numbers as readers write them. */

  const DIGITS = String.raw`(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?`;
  const POWER = String.raw`${DIGITS}(?:\^[+-]?\d+)?`;
  const PRODUCT = String.raw`${POWER}(?:\*${POWER})?`;
  const NUMBER = new RegExp(`^([+-]?)(${PRODUCT})(?:/(${PRODUCT}))?(%?)$`);

  /**
   * A number, and its last place: 0.01 for 1.62, 0 for what is exact, such as 3/2.
   * @typedef {{ value: number, place: number }} Reading
   */

  /* In one way of writing: * and ^, no blanks, no name before the number. */
  function plain(/** @type {string} */ text) {
    return text
      .trim()
      .toLowerCase()
      .replace(/[−–]/g, "-")
      .replace(/^(?:\p{L}[\p{L}\p{N}_]*\s*)?[=≈]\s*/u, "")
      .replace(/[×·]/g, "*")
      .replace(/\*\*/g, "^")
      .replace(/\s*per\s?cent$/, "%")
      .replace(/^([+-]?[1-9]\d{0,2})((?:[\s_'’]\d{3})+)(?!\d)/, (_, first, rest) =>
        first.concat(rest.replace(/\D/g, "")),
      )
      .replace(/^([+-])\s+/, "$1")
      .replace(/\s*([*/^%])\s*/g, "$1");
  }

  /** @type {(product: string) => number} */
  const worth = (product) =>
    product
      .split("*")
      .map((power) => power.split("^").map(Number))
      .reduce((value, [base, exponent = 1]) => value * base ** exponent, 1);

  /* A whole number that ends in zeros may be rounded, if two digits are left. */
  function placeOf(/** @type {string} */ written) {
    const match = /^[+-]?(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?%?$/.exec(written);
    if (!match) return 0;
    const [, whole, decimals, exponent = 0] = match;
    const zeros = /^\d\d+?(0*)$/.exec(whole)?.[1].length ?? 0;
    return (
      10 ** (Number(exponent) + (decimals === undefined ? zeros : -decimals.length))
    );
  }

  /**
   * All that a text may mean: 1,625 is 1.625 to one reader and 1625 to another. Where
   * the question asks in percent, 16.8%, 16.8 and 0.168 are the same.
   * @param {string} text
   * @returns {Reading[]}
   */
  function readings(text, inPercent = false) {
    const given = plain(text);
    const meant = [given.replaceAll(",", ".")];
    if (/^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?%?$/.test(given)) {
      meant.push(given.replaceAll(",", ""));
    }
    return meant.flatMap((written) => {
      const [, sign, over, under = "1", percent] = NUMBER.exec(written) ?? [];
      if (!over) return [];
      const value = Number(`${sign}1`) * (worth(over) / worth(under));
      if (!Number.isFinite(value)) return [];
      const units = percent ? [inPercent ? 1 : 0.01] : inPercent ? [1, 100] : [1];
      const place = placeOf(written);
      return units.map((unit) => ({ value: value * unit, place: place * unit }));
    });
  }

  /* Whether the digits of a number are the target's, rounded or cut, and too few. A
     count is not rounded. */
  /** @type {(target: number, reading: Reading, within: number) => boolean} */
  function isCoarse(target, { value, place }, within) {
    const missing = Math.abs(target) - Math.abs(value);
    return (
      (within > 0 || !Number.isInteger(target)) &&
      target * value > 0 &&
      missing < place &&
      missing >= -place / 2 &&
      Math.abs(missing) <= Math.abs(target) / 10
    );
  }

  /* How many digits the tolerance asks for; without one, how many there are. */
  /** @type {(target: number, within: number) => string} */
  function digitsFor(target, within) {
    const size = Math.abs(target);
    const digits = within
      ? Math.ceil(-Math.log10(2 * within)) + Math.floor(Math.log10(size)) + 1
      : String(size).replace(/^0?\.0*|\.|e.*/g, "").length;
    const words = "one two three four five six seven eight".split(" ");
    const word = words[digits - 1];
    return word ? `give ${word} digits` : "write it exactly, as a fraction";
  }

  /* As _equal in quiz.py: the last digits of a float do not decide at the edge. */
  /** @type {(target: number, value: number, within: number) => boolean} */
  function equal(target, value, within) {
    const rounding = 1e-9 * Math.max(Math.abs(target), within);
    return Math.abs(target - value) <= within + rounding;
  }

  /**
   * @template {keyof HTMLElementTagNameMap} Tag
   * @param {HTMLElement} parent
   * @param {Tag} tag
   */
  function add(parent, tag, text = "") {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    parent.append(element);
    return element;
  }

  /** @type {(number: number, noun: string) => string} */
  const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  /** @type {(letters: string[]) => string} */
  const spoken = (letters) => letters.join(", ").replace(/, ([^,]*)$/, " and $1");

  /**
   * What a judge answers. Without `right` there was nothing to judge.
   * @typedef {object} Judged
   * @property {boolean} [right]
   * @property {string} [text]
   * @property {HTMLTemplateElement[]} [feedback]
   */

  class Question extends HTMLElement {
    /** @type {HTMLFormElement} */ form;
    /** @type {HTMLOutputElement} */ output;

    connectedCallback() {
      if (this.getAttribute("kind") === "open") return; // nothing to judge or to keep
      this.showRecord = this.showRecord.bind(this);
      document.addEventListener(CHANGED, this.showRecord);
      this.showRecord();
      if (this.form) return; // moved, not new
      this.form = one(this, "form");
      this.output = one(this, "output");
      for (const control of all(this, ".weave-control")) control.hidden = false;
      for (const item of this.items) this.nameByFigure(item);
      this.form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.check();
      });
      this.form.addEventListener("click", ({ target }) => {
        /** @type {HTMLElement | null} */
        const button = /** @type {Element} */ (target).closest("button[data-move]");
        if (button) this.move(button);
      });
    }

    disconnectedCallback() {
      document.removeEventListener(CHANGED, this.showRecord);
    }

    /* A label's text ends before a figure, so the figure's alt text is said here. */
    nameByFigure(/** @type {HTMLElement} */ item) {
      const input = item.querySelector("input");
      const figures = all(item, ":scope > div [role=img]");
      if (!input || !figures.length) return;
      const alts = figures.map((figure) => figure.getAttribute("aria-label"));
      input.setAttribute("aria-label", [this.letter(item), ...alts].join(" "));
      input.removeAttribute("aria-labelledby");
    }

    get solved() {
      return load().get(this.id)?.right ?? false;
    }

    /** @returns {HTMLElement[]} */
    get items() {
      return all(this, ".weave-options > li");
    }

    /** @returns {Judged} */
    judge() {
      const kind = this.getAttribute("kind");
      if (kind === "number") return this.number();
      return kind === "order" ? this.order() : this.choice(kind === "one");
    }

    /* What was not judged does not count as a try. */
    check() {
      const judged = this.judge();
      if (judged.right === undefined) return this.say("", judged);
      if (!this.closest("weave-drill")) {
        const record = load();
        const { right = false, tries = 0 } = record.get(this.id) ?? {};
        record.set(this.id, {
          right: right || judged.right,
          tries: right ? tries : tries + 1,
        });
        save(record);
      }
      this.say(judged.right ? "right" : "wrong", judged);
    }

    /** @param {"right" | "wrong" | ""} verdict @param {Judged} judged */
    say(verdict, { text, feedback = [] }) {
      this.output.replaceChildren();
      this.output.className = verdict;
      const mark = { right: "✓ Right. ", wrong: "✗ Not right. ", "": "" }[verdict];
      const shown = feedback.filter((template) => template.content.childElementCount);
      if (verdict === "right") {
        text = "Compare your way with the worked solution.";
      } else if (verdict && !shown.length) {
        text = `${text ?? ""} Try again, or open the worked solution.`;
      }
      const line = add(this.output, "p");
      if (mark) add(line, "strong", mark);
      line.append(text ?? "");
      for (const template of shown) {
        this.output.append(document.importNode(template.content, true));
      }
    }

    /** @returns {Judged} */
    number() {
      /** @type {HTMLInputElement} */
      const input = one(this, "input");
      const values = readings(input.value, this.hasAttribute("percent"));
      input.setAttribute("aria-invalid", String(!values.length));
      if (!input.value.trim()) {
        return { text: "There is no number yet. Write one, as 2.25, 2,25 or 9/4." };
      }
      if (!values.length) {
        return {
          text:
            "This cannot be read as a number, so it does not count as a try. " +
            "Write it as 2.25, 2,25, 9/4 or 2.25e0.",
        };
      }
      const within = Number(this.getAttribute("within"));
      /** @type {HTMLTemplateElement[]} */
      const known = all(this.form, ":scope > template");
      const near = known.filter(({ dataset }) =>
        values.some(({ value }) => equal(Number(dataset.value), value, within)),
      );
      const isKey = (/** @type {HTMLElement} */ { dataset }) => "right" in dataset;
      const right = near.find(isKey);
      const target = Number(known.find(isKey)?.dataset.value);
      if (!near.length && values.some((given) => isCoarse(target, given, within))) {
        return {
          text:
            `Right so far: ${digitsFor(target, within)}. ` +
            "This does not count as a try.",
        };
      }
      return { right: Boolean(right), feedback: right ? [right] : near.slice(0, 1) };
    }

    /** @returns {Judged} */
    choice(/** @type {boolean} */ isOne) {
      const chosen = this.items.filter((item) => one(item, "input").checked);
      if (!chosen.length) return { text: "Nothing is chosen yet." };
      const isRight = (/** @type {HTMLElement} */ item) => "right" in item.dataset;
      const wrong = chosen.filter((item) => !isRight(item));
      const missing = this.items.filter(isRight).length > chosen.length;
      const feedback = (wrong.length ? wrong : missing ? [] : chosen).map((item) =>
        one(item, ":scope > template"),
      );
      if (isOne) return { right: !wrong.length, feedback };
      if (wrong.length) {
        const letters = spoken(wrong.map((item) => this.letter(item)));
        const verb = wrong.length === 1 ? "does" : "do";
        return { right: false, text: `${letters} ${verb} not belong.`, feedback };
      }
      const text = "What you chose belongs, and there is more.";
      return { right: !missing, text, feedback };
    }

    /** @returns {Judged} */
    order() {
      const items = this.items;
      const first = items.findIndex(
        (item, place) => Number(item.dataset.place) !== place,
      );
      if (first < 0) return { right: true };
      return {
        right: false,
        text: `${this.letter(items[first])} does not stand in place ${first + 1}.`,
        feedback: [one(items[first], ":scope > template")],
      };
    }

    /** @returns {string} */
    letter(/** @type {HTMLElement} */ item) {
      return one(item, ".weave-letter").textContent;
    }

    /* The neighbour moves, so that the pressed button keeps the focus. */
    move(/** @type {HTMLElement} */ button) {
      const item = /** @type {HTMLElement} */ (button.closest("li"));
      const up = button.dataset.move === "-1";
      const neighbour = up ? item.previousElementSibling : item.nextElementSibling;
      if (neighbour) up ? item.after(neighbour) : item.before(neighbour);
      const place = this.items.indexOf(item) + 1;
      const moved = neighbour ? "is now in place" : "stays in place";
      this.say("", {
        text: `${this.letter(item)} ${moved} ${place} of ${this.items.length}.`,
      });
    }

    showRecord() {
      const { right = false, tries = 0 } = load().get(this.id) ?? {};
      one(this, ".weave-answered").textContent = right
        ? `✓ Answered, ${tries === 1 ? "1 try" : `${tries} tries`}`
        : "";
    }
  }

  class Progress extends HTMLElement {
    /** @type {HTMLElement} */ counted;
    /** @type {HTMLOutputElement} */ output;

    connectedCallback() {
      this.show = this.show.bind(this);
      document.addEventListener(CHANGED, this.show);
      if (!this.counted) this.build();
      this.show();
    }

    disconnectedCallback() {
      document.removeEventListener(CHANGED, this.show);
    }

    build() {
      this.replaceChildren();
      this.counted = add(this, "p");
      const row = add(this, "p");
      /** @type {(text: string, action: () => void) => void} */
      const button = (text, action) => {
        const element = add(row, "button", text);
        element.type = "button";
        element.addEventListener("click", action);
      };
      const file = add(row, "input");
      Object.assign(file, {
        type: "file",
        accept: ".json,application/json",
        hidden: true,
      });
      file.addEventListener("change", () => this.take(file));
      button("Export", () => this.give());
      button("Import", () => file.click());
      button("Erase", () => this.erase());
      this.output = add(this, "output");
      this.output.setAttribute("aria-live", "polite");
    }

    show() {
      const record = load();
      const here = all(document, 'weave-question:not([kind="open"])')
        .filter((question) => !question.closest("weave-drill"))
        .map(({ id }) => id);
      const total = Number(this.getAttribute("total")) || here.length;
      const solved = [...record].filter(([, { right }]) => right);
      const answered = solved.filter(([, { code }]) => code === undefined);
      const known = here.length < total ? null : new Set(here);
      const right = answered.filter(([id]) => known?.has(id) ?? true).length;
      const written = solved.length - answered.length;
      this.counted.textContent =
        `${Math.min(right, total)} of ${count(total, "question")} answered` +
        (written ? `, ${count(written, "exercise")} solved` : "");
    }

    give() {
      const link = document.createElement("a");
      const file = new Blob([written(load())], { type: "application/json" });
      link.href = URL.createObjectURL(file);
      link.download = "progress.json";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }

    async take(/** @type {HTMLInputElement} */ input) {
      const [file] = input.files ?? [];
      if (!file) return;
      try {
        if (file.size > LARGEST_FILE) throw new RangeError("too large");
        const given = parse(await file.text());
        const record = load();
        for (const [id, { right, tries, ...code }] of given) {
          const known = record.get(id) ?? { right: false, tries: 0 };
          record.set(id, {
            ...code,
            ...known,
            right: right || known.right,
            tries: Math.max(tries, known.tries),
          });
        }
        if (given.found) record.found = { ...given.found, ...record.found };
        save(record);
        this.output.textContent = `Imported: ${count(given.size, "question")}.`;
      } catch {
        this.output.textContent =
          "This file holds no progress of these questions. Nothing was changed.";
      }
      input.value = "";
    }

    erase() {
      if (!confirm("Erase your progress in this browser? It cannot be brought back."))
        return;
      unsaved = null;
      save(new Map());
      this.output.textContent = "Your progress is erased.";
    }
  }

  Object.assign(globalThis, { weaveRecord: { load, save, CHANGED, LONGEST_CODE } });
  customElements.define("weave-question", Question);
  customElements.define("weave-progress", Progress);
})();
