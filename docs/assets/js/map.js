/* Maps of starts, below figures a reader can move.

   For each point of a grid a function says where it belongs; explore.js, which loads
   after this, has one painted and counted for each state that is not the build's. */
(() => {
  "use strict";

  const SLICE = 8; // at a stretch, in milliseconds

  /**
   * What FieldData in snippets/_weave/model.py says, and how far a map has come.
   * @typedef {Record<string, string | number>} State
   * @typedef {{ run: [number, string[]], size: number, reach: number[],
   *   shades: [role: string, opacity: number, kind: string][] }} Field
   * @typedef {{ cell: number, last: number, since: number, paths: string[],
   *   counts: Record<string, number> }} Painting
   */

  class StartMap {
    /* The element, whose class has a `window` over axes and a `place` in them. */
    /**
     * @param {any} element
     * @param {any} drawing
     */
    constructor(element, drawing) {
      this.element = element;
      this.drawing = drawing;
      this.box = element.data.box;
      this.limits = element.data.limits;
      /** @type {Field} */
      this.field = element.data.field;
      this.across = element.data.click[0];
      this.up = element.data.click[1];
      /** @type {SVGElement[]} */
      this.built = [...element.querySelectorAll("figure .field")];
      this.counts = element.querySelector(".weave-counts");
      this.counted = this.counts.textContent;
      this.wanted = "";
      /** @type {SVGElement | null} */
      this.painted = null;
      /** @type {Record<string, Painting>} */
      this.paintings = {};
    }

    /* Paint the map of a state, unless it is that of the build or painted already. */
    /** @type {(state: State) => void} */
    show(state) {
      const { knobs, click } = this.element.data;
      const others = knobs.filter(
        (/** @type {any} */ { name }) => !click.includes(name),
      );
      const isBuilt = others.every(
        (/** @type {any} */ { name, value }) => state[name] === value,
      );
      const values = others.map((/** @type {any} */ { name }) => state[name]);
      const wanted = isBuilt ? "" : values.join();
      if (wanted === this.wanted) return;
      this.wanted = wanted;
      for (const part of this.built) {
        part.setAttribute("display", isBuilt ? "inline" : "none");
      }
      this.painted?.remove();
      if (isBuilt) {
        this.counts.textContent = this.counted;
        return;
      }
      this.painted = this.canvas();
      const { shades } = this.field;
      this.paintings[wanted] ??= {
        cell: 0,
        last: -1,
        since: 0,
        paths: shades.map(() => ""),
        counts: Object.fromEntries(shades.map(([, , kind]) => [kind, 0])),
      };
      this.paint({ ...state }, wanted);
    }

    /* Cells are painted as long as a slice lasts; then others have their turn. */
    /** @type {(state: State, wanted: string) => void} */
    paint(state, wanted) {
      if (wanted !== this.wanted || !this.painted) return; // by now it is another
      const painting = this.paintings[wanted];
      const size = this.field.size * this.field.size;
      const end = performance.now() + SLICE;
      while (painting.cell < size && performance.now() < end) {
        this.paintCell(state, painting);
      }
      this.painted.querySelectorAll("path").forEach((path, i) => {
        path.setAttribute("d", painting.paths[i]);
      });
      const isDone = painting.cell === size;
      this.counts.setAttribute("aria-busy", String(!isDone)); // what is not is not read
      this.counts.textContent = Object.entries(painting.counts)
        .map(([kind, number]) => `${kind} ${number.toLocaleString("en-US")}`)
        .join(" · ");
      if (!isDone) setTimeout(() => this.paint(state, wanted));
    }

    /* Neighbours in a row that belong together are one rectangle. */
    /** @type {(state: State, painting: Painting) => void} */
    paintCell(state, painting) {
      const { run, size, reach, shades } = this.field;
      const [row, i] = [Math.floor(painting.cell / size), painting.cell % size];
      const at = (/** @type {number} */ k) =>
        reach[0] + (k * (reach[1] - reach[0])) / (size - 1);
      const given = { ...state, [this.up]: at(row), [this.across]: at(i) };
      const index = this.element.run(run, given);
      if (index >= 0) painting.counts[shades[index][2]] += 1;
      if (index !== painting.last) {
        this.close(painting, row, i);
        painting.since = i;
        painting.last = index;
      }
      if (i === size - 1) this.close(painting, row, size);
      painting.cell += 1;
    }

    /* A rectangle ends, and the next cell has no neighbour before it. */
    /** @type {(painting: Painting, row: number, end: number) => void} */
    close(painting, row, end) {
      const { paths, last, since } = painting;
      if (last >= 0) paths[last] += `M${since} ${row}H${end}v1H${since}z`;
      painting.last = -1;
    }

    /* A path for each shade; the unit is a point of the map, which is a square. */
    /** @returns {SVGElement} */
    canvas() {
      const { size, reach, shades } = this.field;
      const step = (reach[1] - reach[0]) / (size - 1);
      const [[x0, y0], [x1, y1]] = [reach[0], reach[0] + step].map((x) =>
        this.drawing
          .place([x - step / 2, x - step / 2], this.box, this.limits)
          .map(Number),
      );
      const holder = document.createElementNS("http://www.w3.org/2000/svg", "g");
      this.built.at(-1)?.after(holder);
      const window = this.drawing.window(holder, this.box);
      const transform = `translate(${x0} ${y0}) scale(${x1 - x0} ${y1 - y0})`;
      const style = { transform, "shape-rendering": "crispEdges" };
      const group = this.drawing.drawn(window, "g", style);
      for (const [role, opacity] of shades) {
        const fill = { fill: `var(--fig-${role})`, "fill-opacity": opacity };
        this.drawing.drawn(group, "path", fill);
      }
      return holder;
    }
  }

  /** @type {any} */ (window).weaveMap = (
    /** @type {any} */ element,
    /** @type {any} */ drawing,
  ) => new StartMap(element, drawing);
})();
