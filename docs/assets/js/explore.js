/* Figures a reader can move.

   <weave-explore> comes whole from the build (snippets/_weave/markdown/explore.py), in
   its first state. This shows the controls and draws other states over the same axes,
   with functions translated from Python, in a script of their own, to which this gives
   what Python does and JavaScript does otherwise. The first state is
   never drawn again: it is the build's own. The address may hold a state, as
   #id?rate=0.5; what stands there is read as numbers within the range of their knob,
   as one of the names of a choice, or as several numbers where the reader has asked at
   several places, and as nothing else. Where the reader rests, the
   targets of the tasks are tried. Those that were found are kept in the record of
   quiz.js, as such a state, which is tried again when it is read. */
(() => {
  "use strict";
  if (customElements.get("weave-explore")) return;

  const SVG = "http://www.w3.org/2000/svg";
  const PAUSE = 400; // until a state is spoken of, in milliseconds
  const FAR = 5000; // beyond every drawing, and small enough to be drawn
  const KEY = "weave-progress";
  const CHANGED = "weave-progress-changed";
  /** @type {Record<string, [coordinate: number, steps: number]>} */
  const ARROWS = {
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    ArrowDown: [1, -1],
    ArrowUp: [1, 1],
  };
  const NUMBER = /^-?\d{1,9}(\.\d{1,20})?(e-?\d{1,2})?$/;

  /**
   * What the figure says of itself, as MovableData in snippets/_weave/model.py.
   * @typedef {[place: number, knobs: string[]]} Call
   * @typedef {Record<string, string | number>} Style
   * @typedef {number | string | number[]} Value
   * @typedef {{ name: string, low: number, high: number, value: Value,
   *   names?: string[], of?: string, most?: number,
   *   marks?: { names: string[], run: Call, waits: boolean } }} KnobData
   * @typedef {{ box: number[], limits: number[] }} Axes
   * @typedef {{ run: Call, role?: string, many?: boolean, line?: Style, dot?: Style,
   *   } & Partial<Axes>} Layer
   * @typedef {Axes & { functions: string, knobs: KnobData[],
   *   layers: Layer[], says: { run: Call, sentences: Record<string, string[]> },
   *   table: Call, click: string[], targets: Record<string, Call>,
   *   adds?: { run: Call, sentences: Record<string, string> },
   *   again?: Call, formula?: Call, field?: object }} Data
   * @typedef {KnobData & { input: HTMLInputElement, output: HTMLOutputElement | null,
   *   buttons: HTMLButtonElement[], ticks: HTMLElement[], label: string }} Knob
   * @typedef {Record<string, Value>} State
   */

  /* What the build has written is there, and of the kind that it has written. */
  /** @type {(parent: ParentNode, selector: string) => any} */
  const one = (parent, selector) => parent.querySelector(selector);
  /** @type {(parent: ParentNode, selector: string) => any[]} */
  const all = (parent, selector) => [...parent.querySelectorAll(selector)];

  /* Whether two values of a knob are equal, lists of numbers, too. */
  /** @type {(one: Value, other: Value) => boolean} */
  const same = (one, other) => String(one) === String(other);

  /* Of two roundings that are equally near, the even one, as Python has it: JavaScript
     takes the larger. `exact` is the number with all of its digits. */
  /** @type {(rounded: string, exact: string) => string} */
  function even(rounded, exact) {
    const last = Number(rounded.at(-1));
    const isTie = /^\.?50*$/.test(exact.slice(rounded.length));
    return last % 2 && isTie ? rounded.slice(0, -1) + (last - 1) : rounded;
  }

  /** @type {(size: number, digits: number) => string} */
  const fixed = (size, digits) => even(size.toFixed(digits), size.toFixed(100));

  /* The reader's record, as quiz.js has it; here only what was found is read. */
  /** @type {any} */
  let unsaved = null; // holds it where the browser keeps nothing

  function record() {
    try {
      return unsaved ?? JSON.parse(localStorage.getItem(KEY) ?? "null");
    } catch {
      return null;
    }
  }

  /** @type {(task: string, state: string) => void} */
  function keep(task, state) {
    const { version = 1, questions = {}, found = {} } = record() ?? {};
    const data = { version, questions, found: { ...found, [task]: state } };
    try {
      localStorage.setItem(KEY, JSON.stringify(data));
    } catch {
      unsaved = data;
    }
  }

  /** @type {(parent: Element, tag: string, attributes: Style) => SVGElement} */
  function drawn(parent, tag, attributes) {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) {
      element.setAttribute(name, String(value));
    }
    parent.append(element);
    return element;
  }

  /** @type {(what: string) => never} */
  const fail = (what) => {
    throw new RangeError(what);
  };

  /** @type {(n: number) => number} */
  const whole = (n) => (Number.isSafeInteger(n) ? n : fail("an integer beyond 2**53"));

  /* A function that raises where it has no value, or one that is too large. */
  /** @type {(f: (x: number) => number) => (x: number) => number} */
  const raising = (f) => (x) => {
    const y = f(x);
    const isNew = Number.isNaN(y) ? !Number.isNaN(x) : Number.isFinite(x);
    return Number.isFinite(y) || !isNew ? y : fail("math domain or range");
  };

  /* The numbers from 0 to before n, for each n: loops ask for them, and alter none. */
  /** @type {Record<number, number[]>} */
  const counted = {};

  /* What translated functions call, as `shared` in snippets/_weave/draw/link.py. */
  const python = {
    $abs: Math.abs,
    $ceil: (/** @type {number} */ x) => whole(Math.ceil(x)),
    $floor: (/** @type {number} */ x) => whole(Math.floor(x)),
    $whole: whole,
    $square: raising((x) => x * x),
    /** @type {(a: number, b: number) => number} */
    $div: (a, b) => (b === 0 ? fail("division by zero") : a / b),
    /** @type {(list: any[], i: number) => any} */
    $at: (list, i) => {
      const item = list[i < 0 ? i + list.length : i]; // which never is undefined
      return item === undefined ? fail("index out of range") : item;
    },
    /** @type {(table: Record<string, any>, key: string) => any} */
    $of: (table, key) => (Object.hasOwn(table, key) ? table[key] : fail("no such key")),
    /** @type {(list: any[], n: number) => any[]} */
    $exactly: (list, n) => (list.length === n ? list : fail("cannot unpack")),
    /** @type {(...given: number[]) => number} */
    $least: (...given) => given.reduce((least, x) => (x < least ? x : least)),
    /** @type {(...given: number[]) => number} */
    $most: (...given) => given.reduce((most, x) => (x > most ? x : most)),
    /** @type {(low: number, high?: number, step?: number) => number[]} */
    $range: (low, high, step = 1) => {
      if (high === undefined) {
        counted[low] ??= python.$range(0, low);
        return counted[low];
      }
      if (step === 0) fail("a step of zero");
      const numbers = [];
      for (let i = low; step > 0 ? i < high : i > high; i += step) numbers.push(i);
      return numbers;
    },
    /* With the last result, as functools keeps it. */
    /** @type {(f: (...given: any[]) => any) => (...given: any[]) => any} */
    $kept: (f) => {
      /** @type {any[]} */
      let given = [];
      /** @type {any} */
      let result;
      return (...now) => {
        const isSame = now.length === given.length;
        if (!isSame || now.some((x, i) => !Object.is(x, given[i]))) {
          result = f(...now);
          given = now;
        }
        return result;
      };
    },
    $sqrt: raising(Math.sqrt),
    $cbrt: raising(Math.cbrt),
    $exp: raising(Math.exp),
    $log: raising(Math.log),
    $sin: raising(Math.sin),
    $cos: raising(Math.cos),
    $tan: raising(Math.tan),
    $sinh: raising(Math.sinh),
    $cosh: raising(Math.cosh),
    $tanh: raising(Math.tanh),
  };

  class Explore extends HTMLElement {
    static python = python;
    /* The functions of the page, by the names of their sets, which may call those in
       scripts that several pages have. */
    static {
      const { weaveCommon = [] } = /** @type {any} */ (globalThis);
      for (const made of weaveCommon) Object.assign(python, made(python));
    }
    /** @type {Record<string, ((...state: Value[]) => any)[]>} */
    static functions = /** @type {any} */ (globalThis).weaveFunctions?.(python) ?? {};

    /** @type {Data} */ data;
    /** @type {((...state: Value[]) => any)[]} */ functions;
    /** @type {HTMLFormElement} */ form;
    /** @type {SVGSVGElement} */ svg;
    /** @type {HTMLElement} */ said;
    /** @type {SVGElement[]} */ built;
    /** @type {{ show(state: State): void } | undefined} */ map;
    /** @type {string} */ label;
    /** @type {Knob[]} */ knobs;
    /** @type {HTMLElement[]} */ tasks;
    /** @type {HTMLElement[]} */ formulas;
    /** @type {State} */ state;
    /** @type {State} */ told;
    /** @type {HTMLAnchorElement} */ link;
    /** @type {HTMLButtonElement | null} */ again;
    /** @type {HTMLButtonElement | null} */ theory;
    /** @type {HTMLElement[]} */ waiting;
    /** @type {SVGGElement} */ layer;
    /** @type {number} */ pause;

    /* As `written` in snippets/shared/numbers.py, to the last digit. */
    /** @type {(x: number, digits: number) => string} */
    static written(x, digits) {
      if (Number.isNaN(x)) return "not a number";
      const size = Math.abs(x);
      let text = "∞";
      if (x === 0 || (size >= 1e-3 && size < 1e6)) text = fixed(size, digits);
      else if (size < Infinity) {
        const [rounded, power] = size.toExponential(1).split("e");
        const [exact] = size.toExponential(100).split("e");
        text = `${even(rounded, exact)}e${power.replace("+", "")}`;
      }
      return (x < 0 ? "−" : "") + text;
    }

    /* As `short` there. */
    /** @type {(x: number) => string} */
    static short(x) {
      if (!(Math.abs(x) < 1e15)) return Explore.written(x, 4);
      const text = fixed(Math.abs(x), 4).replace(/\.?0+$/, "");
      return (x < 0 && text !== "0" ? "−" : "") + text;
    }

    /* As `filled` in snippets/_weave/draw/live.py. */
    /** @type {(text: string, said: any[]) => string} */
    static filled(text, said) {
      return text.replace(/\{(\d):(\d)\}/g, (_, i, digits) =>
        Explore.written(said[i], Number(digits)),
      );
    }

    /* As `signed` in snippets/_weave/markdown/explore.py; the sign is written here. */
    /** @type {(place: HTMLElement, text: string) => string} */
    static signed(place, text) {
      const sign = place.dataset.sign ?? "";
      const [plus, minus] = ["+", "−"];
      place.textContent = sign;
      if (!text.startsWith(minus)) return text;
      if (sign !== plus && sign !== minus) return `(${text})`;
      place.textContent = sign === plus ? minus : plus;
      return text.slice(1);
    }

    connectedCallback() {
      this.follow = this.follow.bind(this);
      this.recall = this.recall.bind(this);
      window.addEventListener("hashchange", this.follow);
      window.addEventListener("storage", this.recall);
      document.addEventListener(CHANGED, this.recall);
      if (this.form) return; // moved, not new
      this.data = JSON.parse(this.dataset.explore ?? "");
      this.functions = Explore.functions[this.data.functions];
      if (!this.functions) return; // its script did not load
      this.form = one(this, "form");
      this.svg = one(this, "figure svg");
      this.said = one(this, ".weave-says");
      this.built = all(this.svg, ".live");
      this.map =
        this.data.field && /** @type {any} */ (window).weaveMap?.(this, Explore);
      this.label = this.svg.getAttribute("aria-label") ?? "";
      this.link = one(this.form, "a");
      this.knobs = this.data.knobs.map((knob) => this.prepare(knob));
      this.tasks = all(this, "[data-target]");
      this.theory = one(this.form, ".weave-theory");
      this.waiting = all(this.form, "[data-waits]");
      this.formulas = all(this, ".weave-formula");
      this.state = this.start();
      this.told = { ...this.state };
      this.listen();
      this.recall();
      this.form.hidden = false;
      this.follow();
      this.show();
    }

    disconnectedCallback() {
      window.removeEventListener("hashchange", this.follow);
      window.removeEventListener("storage", this.recall);
      document.removeEventListener(CHANGED, this.recall);
    }

    /** @type {(knob: KnobData) => Knob} */
    prepare(knob) {
      const row = one(this.form, `[data-knob="${knob.name}"]`);
      return {
        ...knob,
        input: one(row, "input, select, output"), // the first of them
        output: one(row, "output"),
        buttons: all(row, "button"),
        ticks: all(row, ".weave-tick"),
        label: one(row, "label").textContent,
      };
    }

    listen() {
      for (const knob of this.knobs) {
        const { name, input, of } = knob;
        if (of) {
          const [ask, back] = knob.buttons;
          const asked = () => /** @type {number[]} */ (this.state[name]);
          ask.addEventListener("click", () => {
            this.turn({ [name]: [...asked(), Number(this.state[of])] });
          });
          back.addEventListener("click", () => {
            this.turn({ [name]: asked().slice(0, -1) });
          });
          continue;
        }
        input.addEventListener("input", () => {
          const isSwitch = input.type === "checkbox";
          const value = isSwitch ? input.checked : input.value;
          this.turn({ [name]: knob.names ? input.value : Number(value) });
        });
        const { marks } = knob;
        if (!marks) continue;
        knob.buttons.forEach((button, i) => {
          button.addEventListener("click", () => {
            this.turn({ [knob.name]: this.run(marks.run)[i] });
          });
        });
      }
      // A finger that comes down on a slider or the figure may be there to scroll.
      let before = this.state;
      this.addEventListener("pointerdown", () => {
        before = { ...this.state };
      });
      this.addEventListener("pointercancel", () => this.turn(before));
      this.form.addEventListener("submit", (event) => event.preventDefault());
      this.form.addEventListener("reset", (event) => {
        event.preventDefault();
        this.turn(this.start());
      });
      this.theory?.addEventListener("click", () =>
        this.reveal(Boolean(this.waiting[0].hidden)),
      );
      this.again = one(this.form, ".weave-again");
      const { again } = this.data;
      if (again) {
        this.again?.addEventListener("click", () => {
          this.turn(this.clicks(this.run(again)));
        });
      }
      if (this.data.click.length) {
        this.svg.classList.add("weave-click");
        this.svg.tabIndex = 0;
        this.svg.setAttribute("aria-describedby", `${this.id}-hint`);
        this.svg.addEventListener("click", (event) => this.clicked(event));
        this.svg.addEventListener("pointermove", (event) => {
          if (event.buttons === 1) this.clicked(event);
        });
        this.svg.addEventListener("keydown", (event) => this.pressed(event));
      }
    }

    /* Marks that answer a task wait until all tasks are done, or the reader asks. */
    /** @type {(isShown: boolean) => void} */
    reveal(isShown) {
      for (const marks of this.waiting) marks.hidden = !isShown;
      this.theory?.setAttribute("aria-expanded", String(isShown));
    }

    /** @returns {State} */
    start() {
      return Object.fromEntries(
        this.data.knobs.map(({ name, value }) => [name, value]),
      );
    }

    /** @type {(knob: string) => Knob} */
    knob(name) {
      return /** @type {Knob} */ (this.knobs.find((knob) => knob.name === name));
    }

    /** @type {(call: Call, state?: State) => any} */
    run([place, knobs], state = this.state) {
      return this.functions[place](...knobs.map((knob) => state[knob]));
    }

    /* Set some knobs, each within its range. */
    /** @type {(given: State) => void} */
    turn(given) {
      Object.assign(this.state, this.within(given));
      this.show();
    }

    /** @type {(given: State) => State} */
    within(given) {
      /** @type {State} */
      const state = {};
      for (const { name, names, low, high, of, most } of this.knobs) {
        const value = given[name];
        if (of && Array.isArray(value)) {
          const places = value.map((x) => Number(this.within({ [of]: x })[of]));
          if (places.length) state[name] = places.slice(0, most);
        } else if (typeof value === "number") {
          state[name] = Math.min(high, Math.max(low, value));
        } else if (names?.includes(String(value))) state[name] = value;
      }
      return state;
    }

    /* A click sets one knob to its x, or two to its x and y, on the sliders' grid. */
    /** @type {(event: MouseEvent) => void} */
    clicked(event) {
      const [left, top, width, height] = this.data.box;
      const [x0, x1, y0, y1] = this.data.limits;
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(
        this.svg.getScreenCTM()?.inverse(),
      );
      const isElsewhere = this.data.layers.some(
        ({ box }) => box && Explore.in(box, at),
      );
      if (isElsewhere) return;
      const place = [
        x0 + ((at.x - left) / width) * (x1 - x0),
        y1 - ((at.y - top) / height) * (y1 - y0),
      ];
      const onTheGrid = this.data.click.map((name, i) => {
        const { input } = this.knob(name);
        input.value = String(place[i]);
        return Number(input.value);
      });
      this.turn(this.clicks(onTheGrid));
    }

    /** @type {(box: number[], at: DOMPoint) => boolean} */
    static in([left, top, width, height], { x, y }) {
      return x >= left && x <= left + width && y >= top && y <= top + height;
    }

    /* An arrow key moves what a click sets, by one step of its slider. */
    /** @type {(event: KeyboardEvent) => void} */
    pressed(event) {
      const [coordinate, steps] = ARROWS[event.key] ?? [];
      const name = this.data.click[coordinate ?? -1];
      if (!name || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault(); // the page does not scroll
      const { input } = this.knob(name);
      input.stepUp(steps);
      this.turn({ [name]: Number(input.value) });
    }

    /* The knobs that a click sets, with these values. */
    /** @type {(values: number[]) => State} */
    clicks(values) {
      return Object.fromEntries(this.data.click.map((name, i) => [name, values[i]]));
    }

    /* Take the state from the address, if it is one of ours. */
    follow() {
      const [id, query] = location.hash.slice(1).split("?", 2);
      if (!this.form || id !== this.id || query === undefined) return;
      this.turn(this.read(query));
      this.scrollIntoView();
    }

    /* The state that a query means. */
    /** @type {(query: string) => State} */
    read(query) {
      const asked = new URLSearchParams(query);
      const given = this.start();
      for (const { name, names, of } of this.knobs) {
        const text = asked.get(name) ?? "";
        const parts = text.split(",");
        if (names?.includes(text)) given[name] = text;
        else if (of && parts.every((part) => NUMBER.test(part))) {
          given[name] = parts.map(Number);
        } else if (of) continue;
        else if (!names && NUMBER.test(text)) given[name] = Number(text);
      }
      return this.within(given);
    }

    /** @type {(state: State) => string} */
    static query(state) {
      const pairs = Object.entries(state).map(([name, x]) => [name, String(x)]);
      return new URLSearchParams(pairs).toString();
    }

    /* What the page says of a knob's value. */
    /** @type {(knob: Knob, state: State) => string} */
    static value({ name, names, most, output }, state) {
      const value = state[name];
      if (Array.isArray(value)) return `${value.length} of ${most}`;
      if (output) return Explore.short(Number(value));
      return names ? String(value) : Number(value) > 0.5 ? "on" : "off";
    }

    show() {
      const { says, adds, again } = this.data;
      const said = this.run(says.run);
      const [role, text] = says.sentences[said[0]];
      let sentence = Explore.filled(text, said);
      if (adds) {
        const added = this.run(adds.run);
        sentence += ` ${Explore.filled(adds.sentences[added[0]], added)}`;
      }
      for (const knob of this.knobs) this.showKnob(knob);
      this.showFormula();
      if (again && this.again) {
        const next = Object.entries(this.clicks(this.run(again)));
        this.again.disabled = !next.every(([name, x]) => {
          const { low, high } = this.knob(name);
          return Number(x) >= low && Number(x) <= high;
        });
      }
      this.draw(role, sentence);
      this.map?.show(this.state);
      this.tell(sentence);
      this.link.href = `#${this.id}?${Explore.query(this.state)}`;
    }

    /* Of several formulas that which the function names, with its values. */
    showFormula() {
      const { formula } = this.data;
      const given = formula ? this.run(formula) : [];
      const values = typeof given[0] === "string" ? given : ["", ...given];
      for (const part of this.formulas) {
        part.hidden = part.dataset.name !== values[0];
        let before = null; // the sign of what comes next
        for (const place of part.hidden ? [] : all(part, "[data-sign], [data-value]")) {
          const { sign, value } = place.dataset;
          if (!sign) {
            const text = Explore.filled(`{${value}}`, values);
            place.textContent = before ? Explore.signed(before, text) : text;
          }
          before = sign ? place : null;
        }
      }
    }

    /** @type {(knob: Knob) => void} */
    showKnob(knob) {
      const { name, low, high, input, output, marks, buttons, ticks } = knob;
      const value = this.state[name];
      if (output && Array.isArray(value)) {
        output.textContent = Explore.value(knob, this.state);
        buttons[0].disabled = value.length === knob.most;
        buttons[1].disabled = value.length === 1;
        return;
      }
      if (typeof value !== "number") input.value = String(value);
      else input.checked = value > 0.5; // if it is a switch
      if (!output || typeof value !== "number") return;
      const text = Explore.short(value);
      input.value = String(value);
      input.setAttribute("aria-valuetext", text);
      output.textContent = text;
      if (!marks) return;
      /** @type {(number | undefined)[]} */
      const values = this.run(marks.run);
      buttons.forEach((button, i) => {
        const mark = values[i] ?? Number.NaN;
        button.hidden = Number.isNaN(mark); // there is none
        button.textContent = `${marks.names[i]} ${Explore.short(mark)}`;
        button.setAttribute("aria-pressed", String(mark === value));
        button.disabled = !(mark >= low && mark <= high);
        ticks[i].hidden = button.disabled;
        const at = String((mark - low) / (high - low));
        for (const part of [ticks[i], button]) part.style.setProperty("--weave-at", at);
      });
    }

    /* Once the reader pauses: the sentence, which is read aloud after what was moved,
       the table, and what has been found. */
    /** @type {(sentence: string) => void} */
    tell(sentence) {
      clearTimeout(this.pause);
      const tell = () => {
        this.say(sentence);
        /** @type {number[][]} */
        const rows = this.run(this.data.table);
        const lines = rows.map((row, k) => {
          const line = document.createElement("tr");
          for (const text of [String(k), ...row.map((x) => Explore.written(x, 4))]) {
            line.insertCell().textContent = text;
          }
          return line;
        });
        one(this, "tbody").replaceChildren(...lines);
        for (const task of this.tasks) {
          const { target = "", found } = task.dataset;
          if (found || !this.run(this.data.targets[target])) continue;
          keep(`${this.id} ${target}`, Explore.query(this.state));
          this.found(task, this.state);
        }
      };
      this.pause = setTimeout(tell, PAUSE);
    }

    /* Before the sentence stands, for those who do not see it, what has changed. */
    /** @type {(sentence: string) => void} */
    say(sentence) {
      const [from, to] = [this.told, this.state];
      const changes = this.knobs
        .filter(({ name }) => !same(from[name], to[name]))
        .map((knob) => [knob.label, ...[from, to].map((x) => Explore.value(knob, x))])
        .map(([label, old, now]) => `${label} from ${old} to ${now}`);
      if (!changes.length) return;
      const moved = document.createElement("span");
      moved.className = "weave-moved";
      moved.textContent = `${changes.join(", ")}: `;
      this.said.replaceChildren(moved, sentence);
      this.told = { ...to };
    }

    /* What was found before, if the state still reaches the target; and nothing else. */
    recall() {
      if (!this.form) return;
      for (const task of this.tasks) {
        const { target = "" } = task.dataset;
        const state = this.read(String(record()?.found?.[`${this.id} ${target}`]));
        if (this.run(this.data.targets[target], state)) this.found(task, state);
        else this.forget(task);
      }
    }

    /* A task stays done, with the first state that was found, and a link to it. */
    /** @type {(task: HTMLElement, state: State) => void} */
    found(task, state) {
      if (task.dataset.found) return;
      task.dataset.found = "yes";
      const link = document.createElement("a");
      link.href = `#${this.id}?${Explore.query(state)}`;
      link.textContent = this.knobs
        .filter(({ input }) => !input.closest(".weave-knob[hidden]"))
        .map((knob) => [knob.label, Explore.value(knob, state)])
        .map(([label, value]) => `${label} = ${value}`)
        .join(", ");
      one(task, ".weave-found").append("Found: ", link);
      if (this.tasks.every(({ dataset }) => dataset.found)) this.reveal(true);
    }

    /** @type {(task: HTMLElement) => void} */
    forget(task) {
      delete task.dataset.found;
      one(task, ".weave-found").replaceChildren();
    }

    /** @type {(role: string, sentence: string) => void} */
    draw(role, sentence) {
      const isBuilt = this.knobs.every(({ name, value }) =>
        same(this.state[name], value),
      );
      this.layer?.remove();
      for (const part of this.built) {
        if (isBuilt) part.removeAttribute("display");
        else part.setAttribute("display", "none");
      }
      this.svg.setAttribute("aria-label", isBuilt ? this.label : sentence);
      if (isBuilt) return;
      const group = document.createElementNS(SVG, "g");
      /** @type {Record<string, SVGElement>} */
      const windows = {};
      for (const layer of this.data.layers) {
        const points = this.run(layer.run);
        const stroke = `var(--fig-${layer.role ?? role})`;
        const { box = this.data.box, limits = this.data.limits } = layer;
        windows[String(box)] ??= Explore.window(group, box);
        const lines = layer.many ? points : [points];
        const places = lines.map((/** @type {number[][]} */ line) =>
          line.map((point) => Explore.place(point, box, limits)),
        );
        this.drawLines(windows[String(box)], layer, places, stroke);
      }
      this.layer = group;
      this.built.at(-1)?.after(group);
    }

    static drawn = drawn;

    /* What is drawn over axes is cut off at their edges. */
    /** @type {(group: Element, box: number[]) => SVGElement} */
    static window(group, [x, y, width, height]) {
      const viewBox = `${x} ${y} ${width} ${height}`;
      return drawn(group, "svg", { x, y, width, height, viewBox });
    }

    /* Lines are one path, and dots are those of one line. */
    /** @type {(to: Element, how: Layer, places: string[][][], colour: string) => void} */
    drawLines(group, { line, dot }, places, stroke) {
      if (!places[0]?.length) return;
      const d = places.map((line) => `M${line.map((at) => at.join(" ")).join("L")}`);
      if (line) drawn(group, "path", { ...line, d: d.join(""), fill: "none", stroke });
      if (!dot) return;
      const dots = places[0].map(([cx, cy]) => {
        return { ...dot, cx, cy, fill: stroke, stroke };
      });
      const [start, ...others] = dots; // which is open, and lies over them
      for (const one of others) drawn(group, "circle", one);
      drawn(group, "circle", { ...start, fill: "var(--fig-paper)" });
    }

    /** @type {(point: number[], box: number[], limits: number[]) => string[]} */
    static place([x, y], [left, top, width, height], [x0, x1, y0, y1]) {
      const at = [
        left + ((x - x0) / (x1 - x0)) * width,
        top + ((y1 - y) / (y1 - y0)) * height,
      ];
      return at.map((length) => Math.min(FAR, Math.max(-FAR, length)).toFixed(2));
    }
  }

  customElements.define("weave-explore", Explore);
})();
