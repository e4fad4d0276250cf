"""A real browser, a server for a built site, and small courses to open there.

The browser is the system's own, or named by $CHROMIUM; `CHROMIUM=` says that there is
none. Without one the tests here are left out, and the run says so; where CI is set,
that is a failure.
"""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from conftest import ROOT, Project
from playwright.sync_api import sync_playwright

NAMES = "chromium", "chromium-browser", "chrome", "google-chrome"
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
    # Behind the address bar are pages of its own: half of the work, in each tab.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
]


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


@pytest.fixture(scope="session")
def contexts(browser):
    """Contexts by their options: new ones would take half of the tests' time."""
    kept = {}

    def given(**options):
        key = repr(sorted(options.items()))
        if key not in kept:
            kept[key] = browser.new_context(**options)
        return kept[key]

    yield given
    for context in kept.values():
        context.close()


@pytest.fixture
def tab(contexts):
    """Opens pages; none may meet an error, nor leave anything behind.

    Options are those of Playwright's `new_context`. A page's `complaints` are its
    uncaught errors and what the console calls an error; the test may clear them.
    """
    used, pages = [], []

    def opened(url, **options):
        used.append(contexts(**options))
        page = used[-1].new_page()
        page.complaints = []
        pages.append(page)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))

        def heard(message):
            if message.type == "error":
                page.complaints.append(message.text)

        page.on("console", heard)
        page.goto(url)
        return page

    yield opened
    complaints = [complaint for page in pages for complaint in page.complaints]
    for context in used:
        for page in context.pages:
            if page.url.startswith(("http", "file")):
                page.evaluate("try { localStorage.clear() } catch {}")
            page.close()
    assert complaints == []


@pytest.fixture
def findings():
    """Gives what axe-core finds in a part of a page."""
    options = "{resultTypes: ['violations']}"

    def found(page, part="html"):
        page.evaluate(AXE_SCRIPT)
        run = f"part => axe.run(part, {options}).then((r) => r.violations)"
        rules = page.evaluate(run, part)
        return [(rule["id"], node["html"]) for rule in rules for node in rule["nodes"]]

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
    """Builds a course strictly into a folder and gives the address it is served at.

    The build knows this address as SITE_URL: instant navigation works at no other.
    """

    def built(course, folder, **environment):
        folder.mkdir(exist_ok=True)
        address = serve(folder)
        done = subprocess.run(
            # Not quiet: strict counts the warnings that are logged.
            [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", folder],
            cwd=course,
            env=os.environ | {"SITE_URL": address} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return address

    return built


@pytest.fixture(scope="session")
def site(serve, site_folder):
    """The address of the real site."""
    return serve(site_folder)
