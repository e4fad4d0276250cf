"""From a page's text to the same text with every result in its place."""

from __future__ import annotations

import contextlib
import functools
import importlib.machinery
import math
import re
import sys
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from ..forms import FORMS
from ..model import Fault, Job, Outcome, WeaveError, from_json, to_json
from ..read.page import Page, PlaceFigure, PlaceMarkup, Woven
from ..read.site import Site, Source
from .cache import Cache, dependencies, key_of
from .depends import listable

if TYPE_CHECKING:
    from .server import Server

LIMIT = 60.0


class Weaver:
    """Weaves the pages of one project.

    `prepare` starts the runs of all pages and returns at once; `weave` waits for one.
    What has been run before comes from the cache.
    """

    def __init__(
        self, root: Path, docs: str = "docs", workers: int | None = None
    ) -> None:
        self.site = Site(root, docs)
        self.cache = Cache(self.site.root / ".cache" / "weave")
        self.workers = workers
        self._prepared: dict[str, PageRun] = {}
        self._woven: dict[str, PageRun] = {}

    @functools.cached_property
    def server(self) -> Server:
        """Where pages run; imported when the first of them has to."""
        from .server import Server

        return Server(self.site.snippets, self.workers)

    def prepare(self) -> None:
        """Start to run what the pages below the docs folder name.

        Raises WeaveError for pages that cannot be read.
        """
        self._woven.clear()
        faults: list[Fault] = []
        for uri in self.site.pages():
            try:
                self._prepared[uri] = self._start(self.site.source(uri))
            except WeaveError as error:
                faults += error.faults
        if faults:
            raise WeaveError(faults)

    def weave(
        self,
        uri: str,
        body: str,
        place_figure: PlaceFigure,
        place_markup: PlaceMarkup | None = None,
    ) -> Woven:
        """The Markdown of the page whose body a builder gives, with its results.

        What `place_figure` and `place_markup` are, `Page.woven` says. Raises
        WeaveError with all that is wrong with the page.
        """
        run = self._prepared.pop(uri, None)
        if run is not None:
            self._woven[uri] = run
        if run is None or _normalised(run.page.text) != _normalised(body):
            run = self._start(_given(self.site.source(uri), body))
        return run.woven(place_figure, place_markup)

    def other(self, uri: str, place_figure: PlaceFigure) -> Woven | None:
        """The Markdown of a page that another one quotes, with its results.

        None if the page has faults, which `weave` raises.
        """
        run = self._prepared.get(uri) or self._woven.get(uri)
        try:
            run = run or self._start(self.site.source(uri))
            return run.woven(place_figure)
        except WeaveError:
            return None

    def page(self, uri: str) -> Page | None:
        """A page as it was taken apart, after `prepare`."""
        run = self._woven.get(uri) or self._prepared.get(uri)
        return run.page if run else None

    def start(self, job: Job, limit: float = LIMIT) -> Run:
        """A run of any job, from the cache or under way."""
        return Run(self, job, limit)

    def close(self) -> None:
        if "server" in vars(self):
            self.server.close()
        self.cache.prune()

    def _start(self, source: Source) -> PageRun:
        snippets = self.site.snippets
        page = Page(source.path, source.body, snippets, source.first_line)
        limit = LIMIT
        given = source.head.get("limit", LIMIT)
        if type(given) in (int, float) and 0 < given < math.inf:  # True is an int
            limit = float(given)
        else:
            message = f"limit: {given} is no number of seconds"
            page.faults.append(Fault(source.path, source.lines["limit"], message))
        job = Job(page.path, page.stem, page.items)
        return PageRun(page, self.start(job, limit))


class Run:
    """What a job gave, or will give: found in the cache, or under way."""

    def __init__(self, weaver: Weaver, job: Job, limit: float) -> None:
        self._cache = weaver.cache
        self._key = ""
        self._known: Outcome | None = None
        self._future: Future[Outcome] | None = None
        # Nothing can run beside a module that hides another.
        shadows = _shadows(weaver.site.snippets)
        if shadows or not job.items:
            self._known = Outcome([], shadows)
            return
        files = dependencies(job, weaver.site.snippets)
        self._key = key_of(job, limit, weaver.site.snippets, files)
        kept = self._cache.get(self._key)
        with contextlib.suppress(ValueError):  # an entry of another kind is none
            self._known = _sound(from_json(kept), job) if kept is not None else None
        if self._known is None:
            needs = (*map(str, files), *listable(files, weaver.site.root))
            self._future = weaver.server.submit(job._replace(needs=needs), limit)

    def outcome(self) -> Outcome:
        """Results and faults; what has faults is not kept, it may pass next time."""
        if self._known is None:
            assert self._future is not None  # one of the two is there
            self._known = self._future.result()
            if not self._known.faults:
                self._cache.put(self._key, to_json(self._known))
        return self._known


def _sound(outcome: Outcome, job: Job) -> Outcome:
    """The outcome, if it can be this job's: what has faults is never kept."""
    kinds = [FORMS[item.form].gives for item in job.items]
    if outcome.faults or [type(result) for result in outcome.results] != kinds:
        raise ValueError("this is the outcome of another job")
    return outcome


class PageRun:
    """A page and its run."""

    def __init__(self, page: Page, run: Run) -> None:
        self.page, self._run = page, run

    def woven(
        self, place_figure: PlaceFigure, place_markup: PlaceMarkup | None = None
    ) -> Woven:
        outcome = self._run.outcome()
        if outcome.faults or self.page.faults:
            raise WeaveError(sorted({*self.page.faults, *outcome.faults}))
        return self.page.woven(outcome.results, place_figure, place_markup)


def _given(source: Source, body: str) -> Source:
    """A page's file with the body that a builder gives, which may have cut its end."""
    end = source.first_line + source.body.rstrip().count("\n")
    return source._replace(body=body, first_line=end - body.rstrip().count("\n"))


def _normalised(text: str) -> str:
    """A text as Python-Markdown's normalize_whitespace leaves it."""
    return re.sub(r"(?<=\n) +\n", "\n", text.expandtabs(4)).strip()


def _shadows(snippets: Path) -> list[Fault]:
    """Modules with the name of another that the machinery or a library imports."""
    faults = []
    packages = (file.parent for file in snippets.glob("*/__init__.py"))
    for file in sorted([*snippets.glob("*.py"), *packages]):
        if file.stem in sys.stdlib_module_names:
            kind = "a standard module"
        elif _installed(file.stem):
            kind = "an installed package"
        else:
            continue
        message = f"{file.stem} is the name of {kind}: choose another"
        faults.append(Fault(f"snippets/{file.name}", 1, message))
    return faults


@functools.cache
def _installed(name: str) -> bool:
    """Whether a module of that name is found where packages are installed."""
    folders = [path for path in sys.path if path.endswith("-packages")]
    return importlib.machinery.PathFinder.find_spec(name, folders) is not None
