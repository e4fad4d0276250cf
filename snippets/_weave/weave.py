"""From a page's text to the same text with every result in its place."""

import functools
import re
import sys
from pathlib import Path

from .cache import Cache, key
from .faults import Fault, WeaveError
from .page import Page

LIMIT = 60
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(---|\.\.\.)[ \t]*\n", re.S | re.M)
_LIMIT = re.compile(r"^limit:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_SECONDS = re.compile(r"\d+(\.\d+)?")


class Weaver:
    """Weaves the pages of one project.

    `prepare` starts the runs of all pages and returns at once; `weave` waits for one.
    What has been run before comes from the cache.
    """

    def __init__(self, root, docs="docs", workers=None):
        self.root = Path(root)
        self.docs, self.snippets = self.root / docs, self.root / "snippets"
        self.cache = Cache(self.root / ".cache" / "weave")
        self.workers = workers
        self._prepared, self._read = {}, {}

    @functools.cached_property
    def server(self):
        """Where lessons run; imported when the first of them has to."""
        from .run import Server

        return Server(self.snippets, self.workers)

    def prepare(self):
        """Start to run what the pages below the docs folder name."""
        self._read.clear()
        for file in sorted(self.docs.rglob("*.md")):
            uri = file.relative_to(self.docs).as_posix()
            self._prepared[uri] = self._start(uri, _body(self.text(uri)))

    def weave(self, uri, body, place_figure):
        """The page whose Markdown is `body`, and that Markdown with its results.

        `place_figure(item, svg, alt)` returns the text that stands for a figure.
        Raises WeaveError with all that is wrong with the page.
        """
        run = self._prepared.pop(uri, None)
        if run is not None:
            self._read[uri] = run
        if run is None or _plain(run.page.text) != _plain(body):
            run = self._start(uri, body)
        results, faults = run.outcome()
        if faults or run.page.faults:
            raise WeaveError(sorted({*run.page.faults, *map(Fault._make, faults)}))
        return run.page, run.page.woven(results, place_figure)

    def other(self, uri, place_figure):
        """The Markdown of a page that another one quotes, with its results.

        Empty if the page has faults, which `weave` raises.
        """
        run = self._prepared.get(uri) or self._read.get(uri)
        run = run or self._start(uri, _body(self.text(uri)))
        results, faults = run.outcome()
        if faults or run.page.faults:
            return ""
        return run.page.woven(results, place_figure)

    def text(self, uri):
        """What stands in a page's file."""
        file = self.docs / uri
        try:
            return file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            path = file.relative_to(self.root).as_posix()
            line = 1 + error.object.count(b"\n", 0, error.start)
            raise WeaveError([Fault(path, line, "this is not UTF-8")]) from None

    def close(self):
        if "server" in vars(self):
            self.server.close()
        self.cache.prune()

    def _start(self, uri, body):
        text = self.text(uri)
        path = (self.docs / uri).relative_to(self.root).as_posix()
        first_line = 1 + text.rstrip().count("\n") - body.rstrip().count("\n")
        head = _FRONT_MATTER.match(text)
        given = _LIMIT.search(head[1]) if head else None
        page = Page(path, body, self.snippets, first_line)
        limit = LIMIT
        if given and _SECONDS.fullmatch(given[1]):
            limit = float(given[1])
        elif given:
            line = 1 + text.count("\n", 0, head.start(1) + given.start())
            message = f"limit: {given[1]} is no number of seconds"
            page.faults.append(Fault(path, line, message))
        taken = {file.stem for file in self.snippets.glob("*.py")}
        for stem in sorted(taken & sys.stdlib_module_names):
            message = f"{stem} is the name of a standard module: choose another"
            page.faults.append(Fault(f"snippets/{stem}.py", 1, message))
            page.items.clear()  # nothing can run beside it
        return _Run(self, page, limit)


def _body(text):
    head = _FRONT_MATTER.match(text)
    return text[head.end() :] if head else text


def _plain(text):
    """A text as Python-Markdown's normalize_whitespace leaves it."""
    return re.sub(r"(?<=\n) +\n", "\n", text.expandtabs(4)).strip()


class _Run:
    """A page's run: found in the cache, or under way."""

    def __init__(self, weaver, page, limit):
        self.page, self.cache = page, weaver.cache
        self._kept = self._future = None
        if not page.items:
            self._kept = [], []
            return
        self.key = key(page, limit)
        self._kept = self.cache.get(self.key)
        if self._kept is None:
            self._future = weaver.server.submit(page.path, page.stem, page.items, limit)

    def outcome(self):
        """Results and faults; what has faults is not kept, it may pass next time."""
        if self._kept is None:
            self._kept = self._future.result()
            if not self._kept[1]:
                self.cache.put(self.key, self._kept)
        return self._kept
