"""A real browser, a server for a built site, and small courses to open there.

The browser is the system's own, or named by $CHROMIUM; `CHROMIUM=` says that there is
none. Without one the tests here are left out, and the run says so; where CI is set,
that is a failure.
"""

import functools
import http.server
import os
import shutil
import threading
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from conftest import ROOT, Project
from playwright.sync_api import sync_playwright

# First those without windows: the others draw windows that nobody sees, and take half
# as much again.
NAMES = "chromium-headless-shell", "chrome-headless-shell"
NAMES += "chromium", "chromium-browser", "chrome", "google-chrome"
PLACES = (  # where macOS and Windows have it, which is not on the PATH
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "$HOME/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "$PROGRAMFILES/Google/Chrome/Application/chrome.exe",
    "$LOCALAPPDATA/Google/Chrome/Application/chrome.exe",
)
QUIET = [  # no sandbox inside a container, and no calls to its maker
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--font-render-hinting=none",  # letters as wide as on a phone, not whole pixels
    # Behind the address bar are pages of its own: half of the work, in each tab.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
]

# Runs jobs in the page's Python: of each the answer, and what it printed.
RUN = """async ([modules, setup, jobs, limit]) => {
  const here = document.querySelector("weave-python");
  document.querySelector("weave-exercise textarea").focus();
  await customElements.whenDefined("weave-exercise");
  here.dataset.modules = modules;
  const { python } = customElements.get("weave-exercise");
  python.stop();
  const answers = [];
  for (const job of jobs) {
    const printed = [];
    const print = (line) => printed.push(line);
    const answer = await python.run({ setup, ...job }, print, limit);
    answers.push([answer, printed.join("\\n")]);
  }
  python.stop();
  return answers;
}"""


def chromium():
    """The path of the browser, or None."""
    if "CHROMIUM" in os.environ:
        return os.environ["CHROMIUM"] or None
    tried = *NAMES, *map(os.path.expandvars, PLACES)
    return next(filter(None, map(shutil.which, tried)), None)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """The system's Chromium, started once; what it writes goes with the run."""
    found = chromium()
    if not found:
        said = f"there is none of {', '.join(NAMES)}; set CHROMIUM to its path"
        said = f"the browser tests were LEFT OUT: {said}"
        if os.environ.get("CI"):
            pytest.fail(said, pytrace=False)
        pytest.skip(said)
    home = str(tmp_path_factory.mktemp("home"))
    own = os.environ | {"XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET, env=own)
        yield browser
        browser.close()


SIZE = {"width": 1280, "height": 720}


@pytest.fixture(scope="session")
def contexts(browser):
    """Contexts by their options: new ones would take half of the tests' time.

    Where `clock` is true, nobody waits: `page.clock` can say that time has passed.
    """
    kept = {}

    def given(*, clock=False, **options):
        key = repr((clock, sorted(options.items())))
        if key not in kept:
            kept[key] = browser.new_context(**options)
            kept[key].idle = []  # pages that no test uses now
            if clock:
                kept[key].clock.install()
        return kept[key]

    yield given
    for context in kept.values():
        context.close()


@pytest.fixture
def tab(contexts):
    """Opens pages; none may meet an error, nor leave anything behind.

    Options are a page's size and what it emulates, and those of `contexts`. A page's
    `complaints` are its uncaught errors and what the console calls an error; the test
    may clear them. Pages go from test to test, because a new one takes as long as the
    loading of a lesson; one of its `own` is for a test that puts routes, listeners or
    scripts there.
    """
    used = []

    def opened(url, *, own=False, viewport=SIZE, **options):
        media = {"color_scheme": "light", "reduced_motion": "no-preference"}
        media |= {name: options.pop(name) for name in media if name in options}
        context = contexts(**options)
        page = context.idle.pop() if context.idle and not own else new(context)
        page.own = own
        used.append(page)
        page.set_viewport_size(viewport)
        page.emulate_media(media="null", **media)
        page.goto(url)
        return page

    yield opened
    complaints = [complaint for page in used for complaint in page.complaints]
    for context in {page.context for page in used}:
        for page in context.pages:
            if page.url.startswith(("http", "file")):
                page.evaluate("try { localStorage.clear() } catch {}")
                page.evaluate("try { sessionStorage.clear() } catch {}")
                page.goto("about:blank")
            if page not in [*used, *context.idle] or page.own:
                page.close()
            page.complaints = []
        context.idle[:] = context.pages
    assert complaints == []


def new(context):
    """A new page, which hears complaints."""
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))

    def heard(message):
        if message.type == "error":
            page.complaints.append(message.text)

    page.on("console", heard)
    return page


# What axe-core says nothing of takes most of its time: the lines of drawings that hold
# nothing else, and the rows of long tables that are like four others.
LIGHTEN = """() => {
  for (const drawing of document.querySelectorAll("svg[role=img]")) {
    const more = "a, foreignObject, [role], [tabindex], [aria-label], [aria-hidden]";
    if (!drawing.querySelector(more)) drawing.replaceChildren();
  }
  const seen = {};
  for (const row of document.querySelectorAll("tbody tr")) {
    const kind = [row, ...row.children].map((part) => {
      const { color, backgroundColor, fontSize } = getComputedStyle(part);
      const { tagName, className, childElementCount } = part;
      return [tagName, className, childElementCount, color, backgroundColor, fontSize];
    });
    seen[kind] = (seen[kind] ?? 0) + 1;
    if (seen[kind] > 4) row.remove();
  }
}"""
# No other rule reads a colour.
COLOURS = "color-contrast", "link-in-text-block"


@pytest.fixture
def findings():
    """Gives what axe-core finds in a part of a page, from which it takes much.

    In another scheme of colours, only these need be looked at again: `rules`.
    """

    def found(page, part="html", rules=None):
        if not page.evaluate("!!window.axe"):
            page.evaluate(AXE_SCRIPT)
        page.evaluate(LIGHTEN)
        options = {"resultTypes": ["violations"]} | (
            {"runOnly": rules} if rules else {}
        )
        run = "([part, options]) => axe.run(part, options).then((r) => r.violations)"
        said = page.evaluate(run, [part, options])
        return [(rule["id"], node["html"]) for rule in said for node in rule["nodes"]]

    return found


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def serve(browser):
    """Serves the browser a folder, which may still be empty, and gives its address."""
    servers = []

    def served(folder):
        handler = functools.partial(_Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield served
    for server in servers:
        server.shutdown()
        server.server_close()


class Course(Project):
    """A small course with the settings, the style and the scripts of the real one.

    `settings` are lines of YAML that differ.
    """

    def __init__(self, folder, settings=""):
        super().__init__(folder)
        (self.folder / "docs/assets").symlink_to(ROOT / "docs/assets")
        inherited = f"INHERIT: {(ROOT / 'mkdocs.yml').as_posix()}\nnav:\n"
        self.write("mkdocs.yml", inherited + settings)


@pytest.fixture(scope="session")
def published(serve):
    """Builds a course strictly and gives the address it is served at.

    The build knows this address as SITE_URL: instant navigation works at no other.
    """

    def built(course, **environment):
        folder = course.folder / "site"
        folder.mkdir(exist_ok=True)
        address = serve(folder)
        with pytest.MonkeyPatch.context() as patch:
            for name, value in {"SITE_URL": address, **environment}.items():
                patch.setenv(name, value)
            done = course.build("--strict")
        course.close()
        assert done.returncode == 0, done.stdout
        return address

    return built


@pytest.fixture(scope="session")
def site(serve, site_folder, tmp_path_factory):
    """The address of the real site, served below the path that SITE_URL has."""
    path = urlsplit(os.environ.get("SITE_URL", "")).path.strip("/")
    if not path:
        return serve(site_folder)
    root = tmp_path_factory.mktemp("server")
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).symlink_to(site_folder)
    return f"{serve(root)}{path}/"
