"""Measure how long figures to move take to be drawn anew; on demand.

    python tests/measure_figures.py folder-of-a-built-site [page …]

For each page the bytes of its figures' functions, zipped; first of those in a script
that other pages load, too. For each figure the milliseconds of its slowest state among
the corners of its knobs, the least of five: what the script does, and the layout. For a
map the longest slice while the maps of all choices are painted, and how long the
slowest took. Nothing is asserted here.
"""

import functools
import gzip
import http.server
import sys
import threading
from pathlib import Path

from browser.conftest import QUIET, chromium
from measure_pages import Zipped
from playwright.sync_api import sync_playwright

MEASURE = """async (element) => {
  const ends = element.data.knobs.map(({ names, of, value, most, low, high }) =>
    names ?? (of ? [value, Array(most).fill(value[0])] : [low, high]));
  const states = ends.reduce(
    (all, end) => all.flatMap((one) => end.map((x) => [...one, x])), [[]]);
  let [worst, at] = [0, ""];
  for (const values of states) {
    const state = Object.fromEntries(
      element.data.knobs.map(({ name }, i) => [name, values[i]]));
    const times = [0, 0, 0, 0, 0].map(() => {
      element.turn(element.start());
      const begun = performance.now();
      element.turn(state);
      element.getBoundingClientRect();
      return performance.now() - begun;
    });
    const took = Math.min(...times);
    if (took > worst) [worst, at] = [took, values.join(" ")];
  }
  element.turn(element.start());
  if (!element.map) return { worst, at, slice: 0, whole: 0 };
  let [slice, whole] = [0, 0];
  const { map } = element;
  const paint = map.paint;
  map.paint = (...given) => {
    const begun = performance.now();
    paint.apply(map, given);
    slice = Math.max(slice, performance.now() - begun);
  };
  map.paintings = {};
  const [choice] = element.data.knobs.filter(({ names }) => names);
  for (const name of choice.names) {
    const begun = performance.now();
    element.turn({ ...element.start(), [choice.name]: name });
    while (map.counts.ariaBusy === "true" && map.wanted) {
      await new Promise((done) => setTimeout(done, 20));
    }
    whole = Math.max(whole, performance.now() - begun);
  }
  return { worst, at, slice, whole };
}"""


def main(folder, wanted):
    handler = functools.partial(Zipped, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(
        "page, its functions         figure, ms of a redraw, where; map: slice, whole"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        for file in sorted(folder.rglob("index.html")):
            name = file.parent.relative_to(folder).as_posix()
            is_asked = not wanted or name in wanted
            if not is_asked or "<weave-explore" not in file.read_text("utf-8"):
                continue
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/{name}/")
            named = page.locator("[data-scripts]").get_attribute("data-scripts")
            scripts = [one for one in named.split() if "/explore-" in one]
            codes = [(file.parent / one).resolve().read_bytes() for one in scripts]
            sizes = [str(len(gzip.compress(code, 9))) for code in codes]
            print(f"{name:16} {' + '.join(sizes):>12} bytes gz")
            for element in page.locator("weave-explore").all():
                element.scroll_into_view_if_needed()
                element.locator("form:not([hidden])").wait_for(state="attached")
                told = element.evaluate(MEASURE)
                line = f"    {element.get_attribute('id'):20} {told['worst']:6.1f} ms"
                line += f" at {told['at'][:40]}"
                if told["slice"]:
                    line += f"; slices to {told['slice']:.1f} ms"
                    line += f", {told['whole'] / 1000:.1f} s in all"
                print(line, flush=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
