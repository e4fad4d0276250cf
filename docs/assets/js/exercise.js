/* Code that a reader writes, run in this browser: exercises, and transcripts to try out.

   <weave-exercise> comes whole from the build (snippets/_weave/markdown/exercise.py),
   <weave-run> as a button under a transcript (runs.py). Python is loaded when it is
   first needed and lives in a worker, which is ended when it takes too long; what it
   says of an exercise, judge.py decides there. What was written for an exercise is kept
   with the reader's progress (quiz.js). */
(() => {
  "use strict";
  if (customElements.get("weave-exercise")) return;

  const LIMIT = 5; // seconds for one run
  const LONG = 20; // for a transcript, which its lesson may have made long
  const INDENT = "    ";
  const KEYS =
    "Tab indents a line. To leave the editor, press Escape, then Tab. " +
    "Ctrl and Enter run the code.";
  const PYTHON = new URL(
    "python.js",
    /** @type {HTMLScriptElement} */ (document.currentScript).src,
  ).href;

  /** @type {any} */
  const { weaveRecord } = globalThis;

  /* What the build has written is there, and of the kind that it has written. */
  /** @type {(parent: ParentNode, selector: string) => any} */
  const one = (parent, selector) => parent.querySelector(selector);
  /** @type {(parent: ParentNode, selector: string) => any[]} */
  const all = (parent, selector) => [...parent.querySelectorAll(selector)];

  /** @type {(text: string) => Promise<ArrayBuffer>} */
  function unpacked(text) {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    const packed = new Blob([bytes]).stream();
    return new Response(
      packed.pipeThrough(new DecompressionStream("gzip")),
    ).arrayBuffer();
  }

  /**
   * What a worker is made of: its address, MicroPython's program, and Python's files.
   * @type {Promise<{ address: string, program: ArrayBuffer, files: object }> | null}
   */
  let parts = null;

  function loaded() {
    parts ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = PYTHON;
      script.onload = resolve;
      script.onerror = () => {
        parts = null;
        reject(new Error("Python could not be loaded"));
      };
      document.head.append(script);
    }).then(async () => {
      /** @type {any} */
      const { weavePython } = globalThis;
      const { script, program, worker, files } = weavePython;
      const code = new Blob([await unpacked(script), worker], {
        type: "text/javascript",
      });
      return {
        address: URL.createObjectURL(code),
        program: await unpacked(program),
        files,
      };
    });
    return parts;
  }

  /* The Python of a page: a worker that does one job at a time. */
  class Python {
    /** @type {Worker | null} */ worker = null;
    /** @type {((answer: any) => void) | null} */ answer = null;
    /** @type {(line: string) => void} */ print = () => {};

    async start() {
      const { address, program, files } = await loaded();
      const worker = new Worker(address);
      const own = JSON.parse(one(document, "weave-python").dataset.modules);
      const modules = Object.entries(own).map(([name, code]) => {
        const isPackage = Object.keys(own).some((other) =>
          other.startsWith(`${name}.`),
        );
        const path = name.replaceAll(".", "/");
        return [isPackage ? `${path}/__init__.py` : `${path}.py`, code];
      });
      const ready = new Promise((resolve, reject) => {
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.onmessage = ({ data }) => {
          if (data.ready) resolve(undefined);
          if ("print" in data) this.print(data.print);
          if (data.answer) this.finish(data.answer);
        };
      });
      worker.postMessage({
        program,
        files: { ...files, ...Object.fromEntries(modules) },
      });
      await ready;
      this.worker = worker;
    }

    /**
     * Run a job; what it prints comes line by line.
     * @param {object} job
     * @param {(line: string) => void} print
     * @param {number} limit in seconds
     * @returns {Promise<any>}
     */
    async run(job, print, limit) {
      this.finish({ verdict: "stopped" });
      this.print = print;
      /** @type {Promise<any>} */
      const answer = new Promise((resolve) => {
        this.answer = resolve;
      });
      const mine = this.answer;
      try {
        if (!this.worker) await this.start();
      } catch (error) {
        this.finish({
          verdict: "error",
          error: /** @type {Error} */ (error).message,
        });
      }
      if (this.answer !== mine) return answer; // stopped while it started
      const timer = setTimeout(() => this.stop("slow"), 1000 * limit);
      this.worker?.postMessage({ job });
      return answer.finally(() => clearTimeout(timer));
    }

    /** @param {any} answer */
    finish(answer) {
      this.answer?.(answer);
      this.answer = null;
    }

    stop(verdict = "stopped") {
      this.worker?.terminate();
      this.worker = null;
      this.finish({ verdict });
    }
  }

  const python = new Python();

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

  function code(/** @type {string} */ text) {
    const element = document.createElement("code");
    element.textContent = text;
    return element;
  }

  /* A number as Python shows it, with four digits. */
  const short = (/** @type {number} */ x) =>
    String(Number(x.toPrecision(4))).replace("-", "−");

  /**
   * Draw points on a figure that readers can move (explore.js), in its first state and
   * until it is moved; whether that can be done.
   * @param {HTMLElement | null} figure
   * @param {number[][]} points
   */
  function drawOn(figure, points) {
    /** @type {any} */
    const explore = customElements.get("weave-explore");
    if (!figure || !explore) return false;
    const { box, limits, layers } = JSON.parse(figure.dataset.explore ?? "");
    const { line = { "stroke-width": 1 }, dot } = layers.find(
      (/** @type {any} */ layer) => layer.dot && !layer.box,
    );
    one(figure, "form").reset();
    const group = explore.window(one(figure, "figure svg"), box);
    group.setAttribute("class", "weave-given");
    const places = points.map((point) => explore.place(point, box, limits));
    const colour = "var(--fig-third)";
    const shape = (/** @type {string} */ tag, /** @type {object} */ attributes) => {
      const element = document.createElementNS(group.namespaceURI, tag);
      for (const [name, value] of Object.entries(attributes)) {
        element.setAttribute(name, String(value));
      }
      group.append(element);
    };
    shape("polyline", {
      ...line,
      points: places.join(" "),
      fill: "none",
      stroke: colour,
    });
    for (const [cx, cy] of places) shape("circle", { ...dot, cx, cy, fill: colour });
    for (const moved of ["input", "reset", "click", "keydown"]) {
      figure.addEventListener(moved, () => group.remove(), { once: true });
    }
    return true;
  }

  /* The editor: a text area whose lines are counted, and in which Tab indents. */

  /** @param {HTMLTextAreaElement} area */
  function lineAt(area) {
    const { value, selectionStart, selectionEnd } = area;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const found = value.indexOf("\n", selectionEnd);
    return { start, end: found < 0 ? value.length : found };
  }

  /* Typed for the reader, so that it can be undone. */
  /** @param {HTMLTextAreaElement} area */
  function type(area, text = "", start = area.selectionStart, end = area.selectionEnd) {
    area.setSelectionRange(start, end);
    const done = text
      ? document.execCommand("insertText", false, text)
      : start === end || document.execCommand("delete");
    if (!done) area.setRangeText(text, start, end, "end");
  }

  /** @param {HTMLTextAreaElement} area */
  function indent(area, back = false) {
    const { selectionStart, selectionEnd, value } = area;
    if (selectionStart === selectionEnd && !back) return type(area, INDENT);
    const { start, end } = lineAt(area);
    const lines = value.slice(start, end).split("\n");
    const moved = lines.map((line) =>
      back ? line.replace(/^ {1,4}/, "") : INDENT + line,
    );
    type(area, moved.join("\n"), start, end);
    area.setSelectionRange(start, start + moved.join("\n").length);
  }

  /** @param {HTMLTextAreaElement} area */
  function newLine(area) {
    const before = area.value.slice(lineAt(area).start, area.selectionStart);
    const blank = /^ */.exec(before)?.[0] ?? "";
    type(area, `\n${blank}${/:\s*$/.test(before) ? INDENT : ""}`);
  }

  /** @param {HTMLTextAreaElement} area */
  function moveLine(area, down = false) {
    const { value } = area;
    const { start, end } = lineAt(area);
    const line = value.slice(start, end);
    if (down ? end === value.length : start === 0) return;
    const from = down ? start : value.lastIndexOf("\n", start - 2) + 1;
    const next = value.indexOf("\n", end + 1);
    const to = down ? (next < 0 ? value.length : next) : end;
    const other = down ? value.slice(end + 1, to) : value.slice(from, start - 1);
    type(area, down ? `${other}\n${line}` : `${line}\n${other}`, from, to);
    const at = down ? from + other.length + 1 : from;
    area.setSelectionRange(at, at + line.length);
  }

  /* An editor, and what is done with the code in it. */
  class Written extends HTMLElement {
    static limit = LIMIT;
    /** @type {HTMLFormElement} */ form;
    /** @type {HTMLTextAreaElement} */ area;
    /** @type {HTMLOutputElement} */ output;
    begin = ""; // the code to start again with
    leaves = false; // whether the next Tab leaves the editor

    /** @returns {HTMLButtonElement} */
    get stop() {
      return one(this, ".weave-stop");
    }

    /* What is done when the code is to be run, and when it was changed. */
    async check() {}
    changed() {}

    prepare() {
      this.form = one(this, "form");
      this.area = one(this, "textarea");
      this.output = one(this, "output");
      this.form.hidden = false;
      this.number();
      this.form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.check();
      });
      this.form.addEventListener("reset", (event) => {
        event.preventDefault();
        this.area.focus();
        type(this.area, this.begin, 0, this.area.value.length);
        this.say("", "This is what you began with.");
      });
      this.stop.addEventListener("click", () => python.stop());
      for (const button of this.form.querySelectorAll("[data-line]")) {
        const down = /** @type {HTMLElement} */ (button).dataset.line === "down";
        button.addEventListener("click", () => {
          this.area.focus();
          moveLine(this.area, down);
        });
      }
      this.area.addEventListener("keydown", (event) => this.key(event));
      this.area.addEventListener("blur", () => {
        this.leaves = false;
      });
      this.area.addEventListener("input", () => {
        this.number();
        this.changed();
      });
    }

    number() {
      const rows = this.area.value.split("\n").length;
      const numbers = Array.from({ length: rows }, (_, k) => k + 1).join("\n");
      this.area.rows = rows;
      one(this, ".weave-code > pre").textContent = numbers;
    }

    /** @param {KeyboardEvent} event */
    key(event) {
      const { key, shiftKey, altKey } = event;
      const plain = !event.ctrlKey && !event.metaKey;
      const at = this.area.selectionStart;
      const before = this.area.value.slice(lineAt(this.area).start, at);
      const isCaret = at === this.area.selectionEnd;
      if (key === "Tab" && plain && !altKey && !this.leaves) {
        indent(this.area, shiftKey);
      } else if (key === "Enter" && !plain) {
        this.form.requestSubmit();
      } else if (key === "Enter" && !shiftKey && !altKey) {
        newLine(this.area);
      } else if (
        key === "Backspace" &&
        plain &&
        isCaret &&
        /^(?: {4})+$/.test(before)
      ) {
        type(this.area, "", at - INDENT.length, at);
      } else if (altKey && (key === "ArrowUp" || key === "ArrowDown")) {
        moveLine(this.area, key === "ArrowDown");
      } else {
        if (key !== "Shift") this.leaves = key === "Escape";
        return;
      }
      event.preventDefault();
    }

    /**
     * Run a job; what it prints comes line by line.
     * @param {object} job
     * @param {(line: string) => void} print
     * @returns {Promise<any>}
     */
    async run(job, print) {
      const { setup } = one(document, "weave-python").dataset;
      this.say("", python.worker ? "Running …" : "Python is being loaded …");
      this.stop.disabled = false;
      const { limit } = /** @type {typeof Written} */ (this.constructor);
      const answer = await python.run({ setup, ...job }, print, limit);
      this.stop.disabled = true;
      return answer;
    }

    /** @param {"right" | "wrong" | ""} verdict @param {string} text */
    say(verdict, text) {
      this.output.replaceChildren();
      this.output.className = verdict;
      const line = add(this.output, "p");
      const mark = { right: "✓ Right. ", wrong: "✗ Not yet. ", "": "" }[verdict];
      if (mark) add(line, "strong", mark);
      line.append(text);
      return line;
    }

    /* Why code has ended: an error with its line, or somebody's patience. */
    /** @param {any} answer @returns {(string | Node)[]} */
    ended({ verdict, error, line, help }) {
      if (verdict === "slow") {
        const { limit } = /** @type {typeof Written} */ (this.constructor);
        return [`Stopped after ${limit} seconds. Is there a loop that does not end?`];
      }
      if (verdict !== "error") return ["Stopped."];
      return [code(error), line ? `, in line ${line}. ` : ". ", help];
    }
  }

  class Exercise extends Written {
    static python = python;
    saving = 0;

    connectedCallback() {
      this.showRecord = this.showRecord.bind(this);
      document.addEventListener(weaveRecord.CHANGED, this.showRecord);
      if (!this.form) this.build();
      this.showRecord();
    }

    disconnectedCallback() {
      document.removeEventListener(weaveRecord.CHANGED, this.showRecord);
    }

    build() {
      this.exercise = JSON.parse(/** @type {string} */ (this.dataset.exercise));
      this.begin = this.exercise.starter;
      const area = one(this, "textarea");
      // Somebody may have begun to write before this was loaded.
      if (area.value === this.begin) area.value = this.entry.code ?? this.begin;
      else this.changed();
      this.prepare();
    }

    changed() {
      clearTimeout(this.saving);
      this.saving = setTimeout(() => this.keep(), 300);
    }

    get entry() {
      return weaveRecord.load().get(this.id) ?? { right: false, tries: 0 };
    }

    /** @param {object} [more] */
    keep(more) {
      clearTimeout(this.saving);
      const code = this.area.value.slice(0, weaveRecord.LONGEST_CODE);
      const record = weaveRecord.load();
      record.set(this.id, { ...this.entry, code, ...more });
      weaveRecord.save(record);
    }

    async check() {
      const code = this.area.value;
      const { name, cases, gives, slips, within, draws } = this.exercise;
      /** @type {string[]} */
      const printed = [];
      const job = { code, name, cases, gives, slips, within, points: draws?.points };
      const answer = await this.run(job, (line) => printed.push(line));
      const right = answer.verdict === "right";
      if (answer.verdict !== "stopped") {
        const { right: before, tries } = this.entry;
        this.keep({ right: before || right, tries: before ? tries : tries + 1 });
      }
      const line = this.say(right ? "right" : "wrong", "");
      // Which mistake it is, nobody is told who has not yet tried to repair it.
      if (code.trim() === this.begin.trim() && !right) {
        line.append("This is still what you began with. ");
        if (answer.verdict === "slip") answer.verdict = "some";
      }
      line.append(...this.told(answer));
      if (answer.verdict === "slip") {
        const told = this.querySelectorAll("fieldset > template")[answer.slip];
        const { content } = /** @type {HTMLTemplateElement} */ (told);
        this.output.append(document.importNode(content, true));
      }
      if (printed.length) {
        add(this.output, "p", "Your code printed:");
        add(add(this.output, "pre"), "code", printed.join("\n"));
      }
      if (draws) this.draw(draws.figure, answer.points ?? []);
    }

    /** @type {(figure: string, points: number[][]) => void} */
    draw(figure, points) {
      document.querySelector(`#${figure} .weave-given`)?.remove();
      if (!points.length || !drawOn(one(document, `#${figure}`), points)) return;
      const link = add(add(this.output, "p", "Drawn on "), "a", "the figure");
      link.setAttribute("href", `#${figure}`);
      const [from, to] = [points[0], points[points.length - 1]].map(
        (point) => `(${point.map((x) => short(x)).join(", ")})`,
      );
      const many = points.length === 1 ? "1 point" : `${points.length} points`;
      link.after(` in violet: ${many}, from ${from} to ${to}.`);
    }

    /** @param {any} answer @returns {(string | Node)[]} */
    told(answer) {
      const { case: at, right, expected, got } = answer;
      const { name, cases } = this.exercise;
      const all = cases.length === 1 ? "the case" : `all ${cases.length} cases`;
      switch (answer.verdict) {
        case "right":
          return [`On ${all}. Compare your way with the solution.`];
        case "slip":
          return [`On ${all} this is what a known mistake gives:`];
        case "some": {
          const part = right ? `Right on ${right} of ${cases.length} cases. ` : "";
          const first = part ? "The first that differs: " : "";
          const gives = [" gives ", code(expected), ", and yours ", code(got), ". "];
          gives.push(answer.help);
          return [part, first, code(cases[at]), ...gives];
        }
        case "missing":
          return ["There is no function ", code(name), " in your code."];
        default:
          if (at === undefined) return this.ended(answer);
          return [...this.ended(answer), " It was asked for ", code(cases[at]), "."];
      }
    }

    showRecord() {
      const { right, tries } = this.entry;
      one(this, ".weave-answered").textContent = right
        ? `✓ Solved, ${tries === 1 ? "1 try" : `${tries} tries`}`
        : "";
    }
  }

  /* A transcript or a lab's cell to be tried out: its code in an editor, which comes
     when it is asked for, and what this prints. */
  class Run extends Written {
    static limit = LONG;

    connectedCallback() {
      const button = this.form ? null : one(this, "button");
      button?.addEventListener("click", () => {
        button.remove();
        this.build();
        this.area.focus();
        this.check();
      });
    }

    /* The lines behind prompts, as they are shown above; where there are none, all. */
    get shown() {
      let block = this.previousElementSibling;
      while (block && !block.matches(".highlight"))
        block = block.previousElementSibling;
      const text = block?.textContent?.trimEnd() ?? "";
      const typed = text
        .split("\n")
        .filter((line) => /^(?:>>>|\.\.\.)(?: |$)/.test(line));
      return typed.map((line) => line.slice(4)).join("\n") || text;
    }

    get code() {
      return this.form ? this.area.value : this.shown;
    }

    /* What may run before it, as it stands in the editors: first what it needs as it
       was written and what the reader has changed. Where that lacks a name, which the
       reader's own code may ask for, it is all cells above. */
    get above() {
      const { before, above } = this.dataset;
      if (above === undefined) return [before ? [before] : []];
      /** @type {Run[]} */
      const cells = all(document, "weave-run");
      const those = cells.slice(0, cells.indexOf(this));
      const needed = above.split(" ");
      return [
        those.filter(
          (cell, at) => needed.includes(`${at}`) || cell.code !== cell.shown,
        ),
        those,
      ].map((some) => some.map((cell) => cell.code));
    }

    build() {
      this.begin = this.shown;
      const id = `run-${all(document, "weave-run").indexOf(this)}`;
      const form = add(this, "form");
      const label = add(form, "label", "Your code");
      label.htmlFor = id;
      const frame = add(form, "div");
      frame.className = "weave-code";
      add(frame, "pre").ariaHidden = "true";
      const area = add(frame, "textarea");
      Object.assign(area, { id, value: this.begin, wrap: "off", spellcheck: false });
      area.setAttribute("autocapitalize", "off");
      area.setAttribute("aria-describedby", `${id}-keys`);
      const keys = add(form, "p", KEYS);
      Object.assign(keys, { id: `${id}-keys`, className: "weave-keys" });
      const row = add(form, "p");
      add(row, "button", "Run").type = "submit";
      const stop = add(row, "button", "Stop");
      Object.assign(stop, { type: "button", className: "weave-stop", disabled: true });
      add(row, "button", "Start again").type = "reset";
      add(form, "output").ariaLive = "polite";
      this.prepare();
    }

    async check() {
      /** @type {string[]} */
      const printed = [];
      let answer = { verdict: "", error: "", above: "" };
      for (const above of this.above) {
        const job = { run: this.area.value, above };
        printed.length = 0;
        answer = await this.run(job, (line) => printed.push(line));
        if (!answer.error?.startsWith("NameError")) break;
      }
      const quiet = answer.verdict === "ran" ? "It ran, and printed nothing." : "";
      this.say("", printed.length ? "It printed:" : quiet);
      if (printed.length) add(add(this.output, "pre"), "code", printed.join("\n"));
      if (answer.verdict !== "ran") add(this.output, "p").append(...this.ended(answer));
      if (answer.above) {
        add(this.output, "p", "A cell above has failed, too: ").append(
          code(answer.above),
        );
      }
    }
  }

  customElements.define("weave-exercise", Exercise);
  customElements.define("weave-run", Run);
})();
