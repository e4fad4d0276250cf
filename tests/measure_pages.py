"""Measure what a reader waits for and may stumble over, page by page; on demand.

    python tests/measure_pages.py [folder of a built site] [page …]

Bytes over the wire by kind on a first visit, in all, once the page was read to its end,
and after another lesson; elements before and after that reading; layout shift and the
time until the first formula is on the screen (a line of 1.6 Mbit/s with 150 ms, the
processor slowed four times), the time from the first click on "Check" to an answer (as
fast as the machine is, and with the processor slowed four times), and what axe-core
finds in four settings, light and dark × 1280 and 360 px. Where $LIGHTHOUSE names its
program (`npm install lighthouse`), its four scores for a phone follow. Nothing is
asserted here: tests/test_site.py holds the budget, and
tests/browser/test_pages_browser.py the rest.
"""

import functools
import gzip
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from browser.conftest import QUIET, chromium
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
SLOW = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
KINDS = "document", "stylesheet", "script", "font", "other"
BEFORE = "rate/", "descent/"  # lessons, one of which was read before any other page
SETTINGS = [(scheme, width) for width in (1280, 360) for scheme in ("light", "dark")]
# To axe-core a formula is nothing, and a header with nothing else is empty.
FORMULAS_AS_TEXT = """() => {
  for (const formula of document.querySelectorAll("math")) {
    formula.replaceWith(formula.textContent);
  }
}"""
WATCH = """
window.shift = 0;
window.maths = null; // when there was a frame with a formula, and when the next began
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
(function look() {
  const formula = document.querySelector("math");
  if (formula && formula.getBoundingClientRect().width) {
    const seen = performance.now();
    window.maths = [seen, seen];
    requestAnimationFrame(() => (window.maths[1] = performance.now()));
  } else requestAnimationFrame(look);
})();
"""

# Shift of the layout, the time until a formula was painted, and elements.
SEEN = """() => {
  const [painted] = performance.getEntriesByName("first-contentful-paint");
  const [seen, next] = window.maths ?? [0, null];
  const maths = seen <= painted.startTime && next ? painted.startTime : next;
  return [window.shift, maths, document.querySelectorAll("*").length];
}"""

# The milliseconds from a click on "Check" to what is said, with all that it loads.
ANSWERED = """async () => {
  const exercise = document.querySelector("weave-exercise");
  if (!exercise) return null;
  const output = exercise.querySelector("output");
  const begun = performance.now();
  exercise.querySelector("button").click();
  while (!output.className) await new Promise(requestAnimationFrame);
  return performance.now() - begun;
}"""


class Zipped(http.server.SimpleHTTPRequestHandler):
    """Serves text as every real server does, compressed."""

    def do_GET(self):
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            return self.send_error(404)
        body = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(file))
        if file.suffix not in (".woff2", ".png"):
            self.send_header("Content-Encoding", "gzip")
            body = gzip.compress(body, 9, mtime=0)
        self.send_header("Cache-Control", "max-age=600")  # as GitHub's pages
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def weighed(wire):
    """Bytes over the wire by kind, which are counted from now on."""
    bytes_by_kind, kinds = Counter(), {}

    def named(event):
        kind = event["type"].lower()
        kinds[event["requestId"]] = kind if kind in KINDS else "other"

    wire.on("Network.responseReceived", named)
    wire.on(
        "Network.loadingFinished",
        lambda event: bytes_by_kind.update(
            {kinds.get(event["requestId"], "other"): event["encodedDataLength"]}
        ),
    )
    return bytes_by_kind


def first_visit(browser, url):
    """Bytes by kind, and in all when read; layout shift, seconds, and elements.

    The seconds are those to the first formula; elements are those before and after it
    was read.
    """
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.add_init_script(WATCH)
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", SLOW)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    bytes_by_kind = weighed(wire)
    page.goto(url, wait_until="load")
    page.wait_for_timeout(1500)
    shift, maths, elements = page.evaluate(SEEN)
    unread = Counter(bytes_by_kind)
    for screen in range(200):  # screens, of which the longest page has fewer
        page.evaluate(f"scrollTo(0, {screen} * innerHeight)")
        page.wait_for_timeout(20)
    page.wait_for_timeout(1500)
    in_all = page.evaluate(SEEN)[-1]
    context.close()
    seconds = maths and maths / 1000
    return unread, bytes_by_kind.total(), shift, seconds, (elements, in_all)


def next_visit(browser, url, before):
    """The bytes of a page when another one was read before."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(before, wait_until="networkidle")
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    bytes_by_kind = weighed(wire)
    page.goto(url, wait_until="networkidle")
    context.close()
    return bytes_by_kind.total()


def first_answer(browser, url, slowed):
    """Seconds from the first click on "Check", Python's loading included, or None."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    wire = context.new_cdp_session(page)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    took = page.evaluate(ANSWERED)
    context.close()
    return took and took / 1000


def findings(browser, url, scheme, width):
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    page.goto(url)
    page.evaluate(FORMULAS_AS_TEXT)
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "axe.run({resultTypes: ['violations']}).then((r) => r.violations)"
    )
    context.close()
    return Counter({rule["id"]: len(rule["nodes"]) for rule in found})


def lighthouse(url):
    """The scores for performance, accessibility, best practices and SEO."""
    options = "--output=json", "--quiet", f"--chrome-flags=--headless {' '.join(QUIET)}"
    done = subprocess.run(
        [os.environ["LIGHTHOUSE"], url, *options],
        env=os.environ | {"CHROME_PATH": chromium()},
        capture_output=True,
        check=True,
        text=True,
    )
    scores = json.loads(done.stdout)["categories"].values()
    return [round(100 * category["score"]) for category in scores]


def main(folder, wanted):
    handler = functools.partial(Zipped, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pages = sorted(
        file.relative_to(folder).as_posix().removesuffix("index.html")
        for file in folder.rglob("*.html")
        if "asked" not in file.parts
    )
    head = [f"{kind[:6]:>7}" for kind in KINDS]
    print(
        f"{'page, bytes gz':22}",
        *head,
        "  total    read    next  nodes   read   shift  maths    run slowed  axe",
    )
    rules = Counter()
    for page in pages:
        if wanted and page.strip("/") not in wanted:
            continue
        url = f"http://127.0.0.1:{server.server_port}/{page}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
            weight, read, shift, maths, elements = first_visit(browser, url)
            before = url.removesuffix(page) + BEFORE[page == BEFORE[0]]
            later = next_visit(browser, url, before)
            answers = [first_answer(browser, url, slowed) for slowed in (1, 4)]
            seen = [findings(browser, url, *setting) for setting in SETTINGS]
            browser.close()
        rules.update(sum(seen, Counter()))
        print(
            f"{page or 'home':22}",
            *(f"{weight[kind]:7}" for kind in KINDS),
            f"{weight.total():7}",
            f"{read:7} {later:7}",
            *(f"{number:6}" for number in elements),
            f"{shift:7.3f}",
            *(f"{took:5.2f}s" if took else "     –" for took in (maths, *answers)),
            *(sum(found.values()) for found in seen),
            *(lighthouse(url) if "LIGHTHOUSE" in os.environ else ()),
            flush=True,
        )
    print("axe rules:", dict(rules) or "none")


if __name__ == "__main__":
    folder, *wanted = sys.argv[1:] or [None]
    if folder:
        main(Path(folder), wanted)
    else:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "mkdocs", "build", "-q", "-d", folder]
            subprocess.run(command, cwd=ROOT, check=True)
            main(Path(folder), wanted)
