/* Figures a reader can move.

   <weave-explore> comes whole from the build (snippets/_weave/explore.py): a figure in
   its default state, a sentence on it, its numbers in a table. This shows the controls
   and draws other states over the same axes, with functions that were translated from
   Python (assets/js/explore-functions.js). The default state is never drawn again: it
   is the build's own. The address may hold a state, as #id?rate=0.5; what stands there
   is read as numbers within the range of their knob, and as nothing else. */
(() => {
  "use strict";
  if (customElements.get("weave-explore")) return;

  const SVG = "http://www.w3.org/2000/svg";
  const PAUSE = 400; // until a state is spoken of, in milliseconds
  const FAR = 5000; // beyond every drawing, and small enough to be drawn
  const NUMBER = /^-?\d{1,9}(\.\d{1,20})?(e-?\d{1,2})?$/;
  const SIZES = { line: 1.8, path: 1, level: 0.6 };

  /* As `written` and `short` in live.py. */
  function written(x, digits) {
    if (Number.isNaN(x)) return "not a number";
    const size = Math.abs(x);
    let text = "∞";
    if (x === 0 || (size >= 1e-3 && size < 1e6)) text = size.toFixed(digits);
    else if (size < Infinity) text = size.toExponential(1).replace("+", "");
    return (x < 0 ? "−" : "") + text;
  }

  const short = (x) => String(Number(x.toFixed(4))).replace("-", "−");

  function drawn(parent, tag, attributes) {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) {
      element.setAttribute(name, value);
    }
    parent.append(element);
    return element;
  }

  class Explore extends HTMLElement {
    connectedCallback() {
      this.follow = this.follow.bind(this);
      window.addEventListener("hashchange", this.follow);
      if (this.form) return; // moved, not new
      this.data = JSON.parse(this.dataset.explore);
      this.functions = globalThis.weaveFunctions;
      if (!this.functions?.[this.data.says[0][0]]) return;
      this.form = this.querySelector("form");
      this.svg = this.querySelector("figure svg");
      this.said = this.querySelector(".weave-says");
      this.built = [...this.svg.querySelectorAll(".live")];
      this.label = this.svg.getAttribute("aria-label");
      this.knobs = this.data.knobs.map((knob) => this.prepare(knob));
      this.state = this.start();
      this.listen();
      this.form.hidden = false;
      this.follow();
      this.show();
    }

    disconnectedCallback() {
      window.removeEventListener("hashchange", this.follow);
    }

    prepare(knob) {
      const row = this.form.querySelector(`[data-knob="${knob.name}"]`);
      const buttons = [...row.querySelectorAll("button")];
      const ticks = [...row.querySelectorAll(".weave-tick")];
      return {
        ...knob,
        slider: row.querySelector("input"),
        output: row.querySelector("output"),
        buttons,
        ticks,
      };
    }

    listen() {
      for (const knob of this.knobs) {
        knob.slider.addEventListener("input", () => {
          this.turn({ [knob.name]: Number(knob.slider.value) });
        });
        knob.buttons.forEach((button, i) => {
          button.addEventListener("click", () => {
            this.turn({ [knob.name]: this.run(knob.marks.values)[i] });
          });
        });
      }
      this.form.addEventListener("submit", (event) => event.preventDefault());
      this.form.addEventListener("reset", (event) => {
        event.preventDefault();
        this.turn(this.start());
      });
      this.again = this.form.querySelector(".weave-again");
      this.again?.addEventListener("click", () => {
        this.turn({ [this.data.again[1]]: this.run(this.data.again[0]) });
      });
      if (this.data.click.length) {
        this.svg.classList.add("weave-click");
        this.svg.addEventListener("click", (event) => this.click(event));
      }
    }

    start() {
      return Object.fromEntries(
        this.data.knobs.map(({ name, value }) => [name, value]),
      );
    }

    run([name, names]) {
      return this.functions[name](...names.map((given) => this.state[given]));
    }

    /* Set some knobs, each within its range. */
    turn(given) {
      for (const { name, low, high } of this.knobs) {
        if (name in given) {
          this.state[name] = Math.min(high, Math.max(low, given[name]));
        }
      }
      this.show();
    }

    /* A click sets one knob to its x, or two to its x and y, on the sliders' grid. */
    click(event) {
      const [left, top, width, height] = this.data.box;
      const [x0, x1, y0, y1] = this.data.limits;
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(
        this.svg.getScreenCTM().inverse(),
      );
      const place = [
        x0 + ((at.x - left) / width) * (x1 - x0),
        y1 - ((at.y - top) / height) * (y1 - y0),
      ];
      const given = {};
      this.data.click.forEach((name, i) => {
        const { slider } = this.knobs.find((knob) => knob.name === name);
        slider.value = place[i];
        given[name] = Number(slider.value);
      });
      this.turn(given);
    }

    /* Take the state from the address, if it is one of ours. */
    follow() {
      const [id, query] = location.hash.slice(1).split("?", 2);
      if (!this.form || id !== this.id || query === undefined) return;
      const asked = new URLSearchParams(query);
      const given = this.start();
      for (const name of Object.keys(given)) {
        const text = asked.get(name) ?? "";
        if (NUMBER.test(text)) given[name] = Number(text);
      }
      this.turn(given);
      this.scrollIntoView();
    }

    show() {
      const { state } = this;
      const said = this.run(this.data.says[0]);
      const [role, text] = this.data.says[1][said[0]];
      const sentence = text.replace(/\{(\d):(\d)\}/g, (_, i, digits) =>
        written(said[i], Number(digits)),
      );
      for (const knob of this.knobs) this.showKnob(knob);
      if (this.again) {
        const [run, name] = this.data.again;
        const { low, high } = this.knobs.find((knob) => knob.name === name);
        const next = this.run(run);
        this.again.disabled = !(next >= low && next <= high);
      }
      this.draw(role, sentence);
      this.tell(sentence);
      const query = new URLSearchParams(state).toString();
      this.form.querySelector("a").setAttribute("href", `#${this.id}?${query}`);
    }

    showKnob({ name, low, high, slider, output, marks, buttons, ticks }) {
      const value = this.state[name];
      slider.value = value;
      slider.setAttribute("aria-valuetext", short(value));
      output.textContent = short(value);
      if (!marks) return;
      this.run(marks.values).forEach((mark, i) => {
        buttons[i].textContent = `${marks.names[i]} ${short(mark)}`;
        buttons[i].setAttribute("aria-pressed", String(mark === value));
        ticks[i].style.setProperty("--weave-at", (mark - low) / (high - low));
      });
    }

    /* Once the reader pauses: the sentence, which is read aloud, and the table. */
    tell(sentence) {
      clearTimeout(this.pause);
      const tell = () => {
        if (this.said.textContent !== sentence) this.said.textContent = sentence;
        const rows = this.run(this.data.table[0]).map((row, k) => {
          const line = document.createElement("tr");
          for (const text of [k, ...row.map((x) => written(x, 4))]) {
            line.insertCell().textContent = text;
          }
          return line;
        });
        this.querySelector("tbody").replaceChildren(...rows);
      };
      this.pause = setTimeout(tell, PAUSE);
    }

    draw(role, sentence) {
      const isBuilt = this.knobs.every(({ name, value }) => this.state[name] === value);
      this.layer?.remove();
      for (const part of this.built) {
        if (isBuilt) part.removeAttribute("display");
        else part.setAttribute("display", "none");
      }
      this.svg.setAttribute("aria-label", isBuilt ? this.label : sentence);
      if (isBuilt) return;
      const group = document.createElementNS(SVG, "g");
      const clip = this.svg
        .querySelector(".live [clip-path]")
        ?.getAttribute("clip-path");
      if (clip) group.setAttribute("clip-path", clip);
      for (const [run, kind, own] of this.data.layers) {
        const points = this.run(run);
        const colour = this.colour(own ?? role);
        for (const line of kind === "level" ? points : [points]) {
          this.drawLine(group, kind, line, colour);
        }
      }
      this.layer = group;
      this.built.at(-1).after(group);
    }

    drawLine(group, kind, line, colour) {
      const places = line.map((point) => this.place(point));
      if (kind in SIZES) {
        const points = places.map((place) => place.join(" ")).join(" ");
        const size = {
          points,
          fill: "none",
          stroke: colour,
          "stroke-width": SIZES[kind],
        };
        const style =
          kind === "line" ? { ...size, "stroke-dasharray": "6.66 2.88" } : size;
        drawn(group, "polyline", style);
      }
      if (kind === "line" || kind === "level") return;
      const dots = places.map(([cx, cy], i) => ({ cx, cy, r: 2.5, first: i === 0 }));
      for (const { first, ...dot } of [...dots.slice(1), ...dots.slice(0, 1)]) {
        const fill = first ? this.colour("paper") : colour;
        drawn(group, "circle", { ...dot, fill, stroke: colour });
      }
    }

    place([x, y]) {
      const [left, top, width, height] = this.data.box;
      const [x0, x1, y0, y1] = this.data.limits;
      const at = [
        left + ((x - x0) / (x1 - x0)) * width,
        top + ((y1 - y) / (y1 - y0)) * height,
      ];
      return at.map((length) => Math.min(FAR, Math.max(-FAR, length)).toFixed(2));
    }

    colour(role) {
      return `var(--fig-${role}, ${this.data.colours[role]})`;
    }
  }

  customElements.define("weave-explore", Explore);
})();
