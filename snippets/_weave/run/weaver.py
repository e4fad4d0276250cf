"""From a page's text to the same text with every result in its place."""

from __future__ import annotations

import contextlib
import functools
import importlib.machinery
import math
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from ..forms import FORMS
from ..memory import MEMORY
from ..model import Facts, Fault, Job, Outcome, WeaveError, from_json, to_json
from ..read.facts import PAGES, facts
from ..read.page import Page, PlaceFigure, PlaceMarkup, Stretch, Woven
from ..read.site import Site, Source, held
from .cache import (
    MACHINERY,
    Cache,
    digest_of,
    key,
    needs,
    outside,
    reached,
    state_of,
)
from .depends import Sources, listable

if TYPE_CHECKING:
    from .server import Server

LIMIT = 60.0
_MEMORY = digest_of("memory", MACHINERY)


class Weaver:
    """Weaves the pages of one project.

    `prepare` starts the runs of all pages and returns at once; `weave` waits for one.
    What has been run before comes from the cache. `when_done` is called, from another
    thread, whenever a run has ended.
    """

    def __init__(
        self, root: Path, docs: str = "docs", workers: int | None = None
    ) -> None:
        self.site = Site(root, docs)
        self.cache = Cache(self.site.root / ".cache" / "weave")
        self.workers = workers
        self.when_done: Callable[[], None] = lambda: None
        self._runs: dict[str, PageRun] = {}
        self._all: dict[str, Run] = {}
        self._earlier: dict[str, Run] = {}
        self._apart: dict[str, tuple[Source, Page]] = {}
        self._facts: tuple[Facts, ...] | None = None
        self._files: dict[Path, bytes] = {}
        self._saved: set[Path] | None = None
        self._prepared = False
        self.sources = Sources(self.site.snippets)

    @functools.cached_property
    def server(self) -> Server:
        """Where pages run; imported when the first of them has to."""
        from .server import Server

        return Server(self.site.snippets, self.workers)

    def prepare(self, order: Sequence[str] = ()) -> None:
        """Start to run what the pages below the docs folder name.

        Those in `order` come first. What is under way, and is still wanted, goes on.
        Raises WeaveError for pages that cannot be read.
        """
        if not self._all:
            known = self.cache.get(_MEMORY)
            MEMORY.take(known)
            if known is None and not _shadows(self.site.snippets):
                self.server.begin()  # nothing was kept: it will be needed
        else:
            self.cache.turn()
        self._runs = {}
        self._earlier, self._all = self._all, {}
        before, self._files = self._files, self.site.contents()
        self._saved = _changed(before, self._files)
        self._prepared = True
        if self._saved is None:
            self.sources = Sources(self.site.snippets, self._files)
        elif self._saved:
            self.sources = self.sources.after(self._saved, self._files)
        if self._saved is None or self._saved:
            self._apart = {
                path: (source, page)
                for path, (source, page) in self._apart.items()
                if self._is_unchanged(page)
            }
        self._facts = None
        faults: list[Fault] = []
        pages = self.site.pages()
        for uri in sorted(pages, key=[*order, *pages].index):
            try:
                self._runs[uri] = self._start(self.site.source(uri))
            except WeaveError as error:
                faults += error.faults
        if faults:
            raise WeaveError(faults)

    def is_ready(self, uri: str) -> bool:
        """Whether a page or a lab can be shown without waiting for its run."""
        run = self._all.get(self.site.path(uri))
        return run is None or run.is_ready()

    def progress(self) -> tuple[int, int]:
        """How many of the runs that had to be started are done, and of how many."""
        # A copy, since other threads ask while a build begins new ones.
        started = [run for run in [*self._all.values()] if run.was_started()]
        return sum(run.is_ready() for run in started), len(started)

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
        return self._run(uri, body).woven(place_figure, place_markup)

    def key(self, uri: str, body: str | None = None) -> str:
        """What the Markdown that `weave` gives depends on."""
        return self._run(uri, body).key

    def run_key(self, uri: str) -> str:
        """What the results of a page's run depend on."""
        return self._run(uri).run.key

    def other(self, uri: str, place_figure: PlaceFigure) -> Woven | None:
        """The Markdown of a page that another one quotes, with its results.

        None if the page has faults, which `weave` raises.
        """
        try:
            return self._run(uri).woven(place_figure)
        except WeaveError:
            return None

    def page(self, uri: str) -> Page | None:
        """A page as it was taken apart, after `prepare`."""
        run = self._runs.get(uri)
        return run.page if run else None

    def around(self, uri: str) -> list[Path]:
        """All modules that the code of a page can speak of."""
        run = self._runs[uri]
        names = [Path(file).with_suffix("").parts for file, _ in run.page.sources]
        start = [run.page.stem, *(".".join(parts) for parts in names)]
        return sorted({*self.sources.found(start)[0], *run.run.files()})

    def state_around(self, uri: str) -> str:
        """A digest of what they say, of what the page shows, and of what else is there.

        The bodies of functions are not among what a module says, but where it is shown.
        """
        said = map(self.sources.said, self.around(uri))
        return digest_of(sorted(self._files), *said, *self._runs[uri].shown)

    def read(self) -> set[Path]:
        """All files that the code of pages reads or may import."""
        return {file for run in self._all.values() for file in run.read()}

    def facts(self) -> tuple[Facts, ...]:
        """What all pages that the navigation names say of themselves."""
        if self._facts is None:
            found = []
            for uri in self.site.navigation():
                # A page that cannot be read says so itself.
                with contextlib.suppress(WeaveError, OSError):
                    if uri.endswith(".md"):
                        source = self.site.source(uri)
                        found.append(facts(uri, source, self._page(source)))
            self._facts = tuple(found)
        return self._facts

    def start(self, job: Job, limit: float = LIMIT) -> Run:
        """A run of any job, from the cache or under way.

        What was started for an earlier state of the same page, and gives nothing for
        this one, is called off.
        """
        earlier = self._earlier.get(job.path)
        if earlier and earlier.is_still(job, limit, self._saved):
            run = earlier
        else:
            run = Run(self, job, limit, earlier)
            if earlier:
                earlier.cancel(run)
        self._all[job.path] = run
        return run

    def remember(self) -> None:
        """Keep what this process had to work out, for the next one."""
        learnt = MEMORY.given()
        if learnt:
            self.cache.put(_MEMORY, learnt)

    def held(self, files: Iterable[Path]) -> dict[Path, bytes]:
        """What files held before anybody read them."""
        return {file: self._files.get(file) or held(file) for file in files}

    def close(self) -> None:
        self.remember()
        if "server" in vars(self):
            self.server.close()
        self.cache.prune()

    def _run(self, uri: str, body: str | None = None) -> PageRun:
        """The run of a page's file, or of another body that is given for it."""
        run = self._runs.get(uri)
        if run and (body is None or _normalised(run.page.text) == _normalised(body)):
            return run
        if run is None:  # nobody has prepared anything: files may have changed
            if not self._prepared:  # else it is what the next save is compared with
                self._files = self.site.contents()
            self.sources = Sources(self.site.snippets, self._files)
            self._facts = None
            self._apart.clear()
        source = self.site.source(uri)
        return self._start(source if body is None else _given(source, body))

    def _page(self, source: Source) -> Page:
        """A page taken apart, once for each state of it and of the code it shows."""
        known = self._apart.get(source.path)
        if known and known[0] == source:
            return known[1]
        snippets = self.site.snippets
        page = Page(source.path, source.body, snippets, source.first_line)
        self._apart[source.path] = source, page
        return page

    def _is_unchanged(self, page: Page) -> bool:
        """Whether a page taken apart before is right after what was saved since."""
        files = {file for file, _ in page.sources} | page.reads
        shown = {self.site.snippets / file for file in files}
        return not (page.faults or self._saved is None or self._saved & shown)

    def _start(self, source: Source) -> PageRun:
        page = self._page(source)
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
    """What a job gave, or will give: kept in the cache, or under way."""

    def __init__(
        self, weaver: Weaver, job: Job, limit: float, earlier: Run | None = None
    ) -> None:
        self._weaver, self._limit = weaver, limit
        self._files: dict[Path, bytes] = {}
        self._asked = self._job = job
        self.key, self._reads, self._read = "", list[str](), ""
        self._functions: dict[Path, set[str]] = {}
        self._known: Outcome | None = None
        self._future: Future[Outcome] | None = None
        # Nothing can run beside a module that hides another.
        shadows = _shadows(weaver.site.snippets)
        if shadows or not job.items:
            self._known = Outcome([], shadows)
            return
        given = needs(job, weaver.sources)
        self._files = weaver.held(given.files)
        self._reads = given.reads
        if PAGES in given.reads:
            job = job._replace(facts=weaver.facts())
        self._read = self._reading()  # before the key: what changes between is seen
        reach = reached(job, weaver.sources, given)
        self.key = key(job, limit, weaver.site.root, given, reach)
        # Of files that are read as data every byte counts.
        self._functions = {
            file: names
            for file, names in reach.functions().items()
            if file not in given.data
        }
        allowed = *map(str, given.files), *listable(given.reads, weaver.site.root)
        self._job = job._replace(needs=allowed)
        if earlier and earlier.key == self.key and not earlier.has_failed():
            self._known, self._future = earlier._known, earlier._future
        elif not weaver.cache.has(self.key):
            self._submit()

    def files(self) -> Iterable[Path]:
        """What the run may read, the project's own modules above all."""
        return self._files

    def read(self) -> set[Path]:
        """These, and what they say they read."""
        return {*self._files, *outside(self._reads, self._weaver.site.root)}

    def is_still(self, job: Job, limit: float, saved: set[Path] | None) -> bool:
        """Whether it is the run of that job, after some files were saved; None: any.

        What has failed is tried again when code was saved, but not else: a build comes
        whenever a page can be shown at last, and would find it under way once more.
        """
        same = self._asked == job and self._limit == limit
        if not same or saved is None or any(map(self._feels, saved)):
            return False
        if saved and self.has_failed():
            return False
        if self._read != self._reading():
            return False
        self._files |= self._weaver.held(saved & self._files.keys())
        return True

    def _feels(self, file: Path) -> bool:
        """Whether the run may give something else since a file was saved."""
        if file not in self._files:
            return False
        functions = self._functions.get(file)
        changed = self._weaver.sources.changed(file)
        if functions is None or changed is None or not self.is_ready():
            return True
        return not functions.isdisjoint(changed)

    def _reading(self) -> str:
        """A digest of what modules say they read, as it is now; "" if it is nothing."""
        if not self._reads:
            return ""
        root, job = self._weaver.site.root, self._asked
        if PAGES in self._reads:
            job = job._replace(facts=self._weaver.facts())
        return state_of(outside(self._reads, root), self._reads, root, job)

    def _read_what_it_was_to(self) -> bool:
        """Whether no file was saved between the key and the end of the run."""
        now = {file: held(file) for file in self._files}
        return now == self._files and self._read == self._reading()

    def is_ready(self) -> bool:
        """Whether the outcome is there, or is kept."""
        return self._future is None or self._future.done()

    def was_started(self) -> bool:
        return self._future is not None

    def has_failed(self) -> bool:
        """Whether it has ended with faults, which are never kept."""
        known = self._known
        if known is None and self._future and self._future.done():
            known = self._future.result()
        return bool(known and known.faults)

    def cancel(self, successor: Run) -> None:
        """End what is under way, unless its successor waits for it, too."""
        future = self._future
        if future and not future.done() and successor._future is not future:
            self._weaver.server.cancel(future)

    def outcome(self) -> Outcome:
        """Results and faults; what has faults is not kept, it may pass next time."""
        if self._known is None:
            self._known = self._kept()
        if self._known is None:
            self._known = (self._future or self._submit()).result()
            if not self._known.faults and self._read_what_it_was_to():
                self._weaver.cache.put(self.key, to_json(self._known))
        return self._known

    def _kept(self) -> Outcome | None:
        """What the cache has, if that can be this job's; damage is nothing."""
        if self._future is None:
            with contextlib.suppress(ValueError):  # an entry of another kind is none
                return _sound(from_json(self._weaver.cache.get(self.key)), self._job)
        return None

    def _submit(self) -> Future[Outcome]:
        self._future = self._weaver.server.submit(self._job, self._limit)
        self._future.add_done_callback(lambda _: self._weaver.when_done())
        return self._future


def _sound(outcome: Outcome, job: Job) -> Outcome:
    """The outcome, if it can be this job's: what has faults is never kept."""
    kinds = [FORMS[item.form].gives for item in job.items]
    if outcome.faults or [type(result) for result in outcome.results] != kinds:
        raise ValueError("this is the outcome of another job")
    return outcome


class PageRun:
    """A page and its run."""

    def __init__(self, page: Page, run: Run) -> None:
        self.page, self.run = page, run

    @property
    def key(self) -> str:
        """A digest of the page's text, of the code it shows, and of its run's key."""
        return digest_of(self.run.key, self.page.text, *self.shown)

    @property
    def shown(self) -> list[str]:
        """The text of the page with the code that it shows."""
        return [part.text for part in self.page.parts if isinstance(part, Stretch)]

    def woven(
        self, place_figure: PlaceFigure, place_markup: PlaceMarkup | None = None
    ) -> Woven:
        outcome = self.run.outcome()
        if outcome.faults or self.page.faults:
            raise WeaveError(sorted({*self.page.faults, *outcome.faults}))
        return self.page.woven(outcome.results, place_figure, place_markup)


def _changed(before: dict[Path, bytes], now: dict[Path, bytes]) -> set[Path] | None:
    """The files with other contents; None where there are other files."""
    if before.keys() != now.keys():
        return None
    return {file for file in now if before[file] != now[file]}


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
