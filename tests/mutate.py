"""Change the code a little, and see whether a test notices.

    python tests/mutate.py                     the functions that lessons show
    python tests/mutate.py rate newton         those of two lessons
    python tests/mutate.py --machinery run     the machinery: rooms, or run/cache
    python tests/mutate.py --scripts quiz      the scripts of the site
    python tests/mutate.py --pages descent     the numbers and checks of pages
    … --sample 40 --seed 1                     only so many, drawn by lot
    … --quick                                  without a run before any change
    … --record                                 keep the counts in mutants.json

What survives is listed. A survivor that no test can kill, because it computes the same,
stands in `mutants.toml` with the reason; one that is listed there and killed, or gone,
is an error, too. A changed page that no test notices is the same where its HTML is: an
answer may be wrong by another number. Each mutant is tried in a copy of the repository,
by a process that is forked from one in which the libraries are loaded.
"""

import argparse
import ast
import gc
import hashlib
import importlib
import inspect
import json
import multiprocessing
import os
import random
import re
import shlex
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from mutants import page_mutants, python_mutants, script_mutants

ROOT = Path(__file__).parent.parent
FORMULAS = ROOT / "tests/test_formulas.py"
LISTED = ROOT / "tests/mutants.toml"  # by hand
RECORD = ROOT / "tests/mutants.json"  # by --record
COPIED = (
    *("docs", "snippets", "tests", "mkdocs.yml", "requirements.txt", ".pytest.ini"),
    *("README.md", "LICENSE", "CITATION.cff", ".github"),
    *(".requirements.in", ".requirements-tests.in"),
)
# Loaded once, before any mutant is tried; nothing of the project is among them.
LIBRARIES = (
    *("doctest", "numpy", "matplotlib.pyplot", "matplotlib.backends"),
    *("scipy.optimize", "scipy.stats", "scipy.linalg", "scipy.special", "sympy"),
    *("scipy.integrate", "scipy.signal", "markdown", "yaml", "lark", "py_mini_racer"),
    *("mkdocs.commands.build", "pymdownx.superfences", "pymdownx.highlight"),
)

# Behind a room's own tests: those of the whole machinery that take no build.
ROOMS = {
    "browser": "test_small_libraries.py test_small_numpy.py weave/test_exercise.py",
    "draw": "weave/test_draw.py test_translate.py test_explore.py weave/test_figure.py",
    "forms": "weave/test_value.py weave/test_check.py weave/test_fence.py "
    "weave/test_figure.py weave/test_table.py weave/test_read.py weave/test_run.py "
    "weave/test_labs.py weave/test_typed.py weave/test_faults.py",
    "markdown": "weave/test_markdown.py weave/test_quiz.py weave/test_maths.py "
    "weave/test_places.py weave/test_terms.py weave/test_bank.py "
    "weave/test_captions.py weave/test_names.py weave/test_stations.py "
    "weave/test_check.py weave/test_figure.py weave/test_fence.py weave/test_run.py",
    "model": "weave/test_cache.py weave/test_run.py weave/test_read.py "
    "weave/test_figure.py",
    "read": "weave/test_facts.py weave/test_read.py weave/test_value.py "
    "weave/test_fence.py weave/test_table.py weave/test_figure.py "
    "weave/test_places.py weave/test_check.py weave/test_typed.py "
    "weave/test_lessons.py weave/test_faults.py test_pages.py",
    "run": "weave/test_run.py weave/test_server.py weave/test_session.py "
    "weave/test_cache.py weave/test_depends.py weave/test_fence.py "
    "weave/test_value.py weave/test_reach.py weave/test_faults.py "
    "weave/test_figure.py weave/test_names.py",
    "site": "weave/test_alone.py weave/test_labs.py weave/test_build.py "
    "weave/test_kept.py weave/test_templates.py weave/test_preview.py "
    "test_publish.py test_site.py",
}
EXERCISES = "weave/test_exercise.py weave/test_faults.py -k exercise"
# Files with tests of their own, which say enough of them.
FILES = {
    "browser/dataclasses": "test_small_libraries.py",
    "browser/functools": "test_small_libraries.py",
    "browser/itertools": "test_small_libraries.py",
    "browser/judge": "weave/test_exercise.py",
    "browser/numpy": "test_small_numpy.py",
    "browser/typing": "test_small_libraries.py",
    "draw/code": "test_translate.py",
    "draw/flow": "test_translate.py",
    "draw/kinds": "test_translate.py",
    "draw/library": "test_translate.py",
    "draw/light": "weave/test_draw.py",
    "draw/svg": "weave/test_draw.py weave/test_figure.py",
    "draw/translate": "test_translate.py",
    "forms/exercise": EXERCISES,
    "markdown/bank": "weave/test_bank.py",
    "markdown/captions": "weave/test_captions.py",
    "markdown/exercise": EXERCISES,
    "markdown/explore": "test_explore.py -k 'block or formula or sentence or knob'",
    "markdown/maths": "weave/test_maths.py",
    "markdown/names": "weave/test_names.py",
    "markdown/places": "weave/test_places.py weave/test_quiz.py weave/test_maths.py",
    "markdown/raw": "weave/test_faults.py -k 'markup or round or typed or page'",
    "markdown/quiz": "weave/test_quiz.py weave/test_places.py weave/test_bank.py",
    "markdown/runs": EXERCISES,
    "markdown/stations": "weave/test_stations.py",
    "markdown/terms": "weave/test_terms.py",
    "read/facts": "weave/test_facts.py",
    "read/lessons": "weave/test_lessons.py",
    "read/transcripts": EXERCISES,
    "read/typed": "weave/test_typed.py",
    "run/cache": "weave/test_cache.py",
    "run/carried": "weave/test_exercise.py",
    "run/depends": "weave/test_depends.py weave/test_reach.py",
    "run/module": "weave/test_depends.py weave/test_reach.py",
    "run/reach": "weave/test_reach.py",
    "site/assets": "weave/test_alone.py test_assets.py "
    "-k 'functions or palette or python_for or without_its_comments'",
    "site/build": "weave/test_hooks.py",
    "site/bundle": "weave/test_alone.py -k 'download or quotation or escaped'",
    "site/comments": "weave/test_alone.py -k comments",
    "site/dates": "weave/test_alone.py -k day",
    "site/downloads": "weave/test_alone.py -k 'under_a_page or checked'",
    "site/kept": "weave/test_keeper.py weave/test_alone.py -k 'keeper or navigation'",
    "site/labs": "weave/test_labs.py -k 'finished or download or once or head_of or "
    "each_cell or to_nothing_is or keeps or fails_is or notebook'",
    "site/lean": "weave/test_lean.py",
    "site/policy": "weave/test_alone.py -k policy",
    "site/preview": "weave/test_bell.py weave/test_alone.py "
    "-k 'bell or preview or quotes'",
    "site/progress": "weave/test_alone.py -k line",
    "site/styled": "weave/test_styled.py",
    "site/templates": "weave/test_templates.py",
    "site/written": "weave/test_written.py",
}
SCRIPTS = {  # of another, all that is opened in a browser
    "code": "browser/test_exercise_browser.py",
    "content": "browser/test_content_browser.py",
    "discuss": "browser/test_labs_browser.py",
    "exercise": "browser/test_exercise_browser.py browser/test_transcripts_browser.py",
    "explore": "test_explore.py browser/test_explore_browser.py",
    "keyboard": "browser/test_access_browser.py",
    "map": "browser/test_explore_browser.py -k painted",
    "marks": "browser/test_lessons_browser.py",
    "near": "browser/test_lessons_browser.py browser/test_practice_browser.py "
    "browser/test_explore_browser.py -k 'come or comes or wait or near or named or "
    "focus or solved_in or serve'",
    "practice": "browser/test_practice_browser.py",
    "quiz": "browser/test_quiz_browser.py",
    "search": "browser/test_lessons_browser.py browser/test_access_browser.py "
    "browser/test_search_browser.py browser/test_offline_browser.py",
}


class Target(NamedTuple):
    """A file whose mutants are tried, and the tests that should kill them."""

    path: str
    tests: tuple[str, ...]
    names: frozenset[str] | None = None

    def text(self):
        return (ROOT / self.path).read_text("utf-8")

    def mutants(self):
        if self.path.endswith(".js"):
            return script_mutants(self.path, self.text())
        if self.path.endswith(".md"):
            return page_mutants(self.path, self.text())
        return python_mutants(self.path, self.text(), self.names)

    def digest(self):
        """Return what tells whether the code that is changed is what it was."""
        lines = [mutant.lines(self.text()) for mutant in self.mutants()]
        return hashlib.sha256(repr(lines).encode()).hexdigest()[:12]


# What is tried


@cache
def shown():
    """Return what pages show of each module: {"rate.py": {"backtrack": "rate", …}}."""
    found = {}
    for file in sorted((ROOT / "docs").rglob("*.md")):
        pattern = r'--8<--\s+"([\w/]+\.py):(\w+)"'
        for module, name in re.findall(pattern, file.read_text("utf-8")):
            found.setdefault(module, {})[name] = file.stem
    return found


def lessons(stems=()):
    """Return the modules with the functions that pages show, or those of some stems.

    What a lesson shows is killed by its own tests, the examples of its module, and the
    proofs of the formulas.
    """
    targets = []
    for module, names in sorted(shown().items()):
        stem = Path(module).stem
        if stems and stem not in stems:
            continue
        own = [stem] if Path(module).parent == Path() else [stem, *names.values()]
        tests = [f"tests/test_{one}.py" for one in dict.fromkeys(own)]
        tests = [test for test in tests if (ROOT / test).exists()]
        tests.append(f"snippets/{module}")
        if re.search(rf"^import {stem}$", FORMULAS.read_text("utf-8"), re.MULTILINE):
            tests.append("tests/test_formulas.py")
        path = f"snippets/{module}"
        targets.append(Target(path, tuple(tests), frozenset(names)))
    return targets


def machinery(rooms=()):
    """Return the machinery's modules, of all rooms or of some, such as "run/cache"."""
    targets = []
    for file in sorted((ROOT / "snippets/_weave").rglob("*.py")):
        path = file.relative_to(ROOT / "snippets/_weave").with_suffix("").as_posix()
        room = path.split("/")[0]
        if room in ROOMS and (not rooms or {path, room} & {*rooms}):
            tests = _arguments(FILES.get(path, ROOMS[room]))
            own = f"snippets/_weave/{path}.py"
            text = file.read_text("utf-8")
            # What runs in MicroPython has examples, too, but only there.
            examples = [own] if ">>> " in text and room != "browser" else []
            targets.append(Target(own, (*tests, *examples)))
    return targets


def _arguments(tests):
    """Return what pytest is told: files and folders of tests, and which of them."""
    words = shlex.split(tests)
    return [f"tests/{w}" if w.startswith("browser") or ".py" in w else w for w in words]


def scripts(names=()):
    """Return the site's scripts, all or some."""
    targets = []
    for file in sorted((ROOT / "docs/assets/js").glob("*.js")):
        tests = _arguments(SCRIPTS.get(file.stem, "browser"))
        path = f"docs/assets/js/{file.name}"
        if not names or file.stem in names:
            targets.append(Target(path, tuple(tests)))
    return targets


def pages(stems=()):
    """Return the lessons' pages; the rules of pages, and the build, are their tests."""
    stems = stems or [target.path[9:-3] for target in lessons()]
    return [
        Target(f"docs/{stem}.md", ("tests/test_pages.py", "-k", f"{stem} or a_link_to"))
        for stem in stems
        if (ROOT / f"docs/{stem}.md").exists()
    ]


# One trial


class Copy:
    """A throw-away copy of the repository, in which mutants are tried one by one."""

    def __init__(self, folder, patience):
        self.patience = patience
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        self.written = Path(tempfile.mkdtemp(dir=folder))  # of tests that copy all, too
        for name in filter(lambda name: (ROOT / name).exists(), COPIED):
            source, to = ROOT / name, self.folder / name
            if source.is_dir():
                shutil.copytree(
                    source, to, ignore=shutil.ignore_patterns("__pyc*", "node_*")
                )
            else:
                shutil.copy(source, to)

    def usual(self, target):
        """Run a target's tests as they are; return how long each takes."""
        file = self.folder / "seconds.json"
        file.unlink(missing_ok=True)
        outcome = self.run(target, 1800, Watch(file))
        seconds = json.loads(file.read_text("utf-8")) if file.exists() else {}
        if outcome != "survived":
            last = next(reversed(seconds), "before the first test")
            raise SystemExit(
                f"{target.path}: {outcome} says no before any change: {last}"
            )
        return seconds

    def trial(self, target, mutant, seconds):
        """Return what became of a mutant: what killed it, or "survived"."""
        file = self.folder / target.path
        text = file.read_text("utf-8")
        known = callers(text, mutant.place) if target.path.endswith(".py") else []
        plugin = First(known, seconds, self.patience)
        file.write_text(mutant.applied(text), "utf-8")
        try:
            usual = sum(seconds.values(), 0 if seconds else 160)
            return self.run(target, 120 + 3 * usual, plugin)
        finally:
            file.write_text(text, "utf-8")

    def run(self, target, limit, plugin):
        """Run what tests a target, in a process of its own, for `limit` seconds."""
        pid = os.fork()
        if pid:
            return OUTCOMES.get(waited(pid, limit), "a test")
        code = 1
        with suppress(BaseException):  # nothing may go on below in this process
            os.setsid()
            os.chdir(self.folder)
            os.environ["TMPDIR"] = tempfile.tempdir = str(self.written)
            silent = os.open(os.devnull, os.O_RDWR)
            for stream in 0, 1, 2:
                os.dup2(silent, stream)
            sys.path[:] = [path for path in sys.path if path not in OWN]
            code = self.tests(target, plugin)
            if target.path.endswith(".md") and not code:  # a build takes longer
                signal.setitimer(signal.ITIMER_PROF, 0)
                html, usual = self.page(target), self.usually(target)
                if isinstance(plugin, Watch):
                    usual.write_text(html, "utf-8")
                elif html is None:
                    code = 2
                elif usual.exists():
                    code = SAME * (usual.read_text("utf-8") == html)
        os._exit(code)

    def tests(self, target, plugin):
        """Run the tests; return 0 if all passed."""
        options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:unraisableexception"]
        options += ["-o", "addopts=", "--doctest-modules", "--assert=plain"]
        options += [f"--rootdir={self.folder}", f"--basetemp={self.written}/t"]
        return int(pytest.main([*options, *target.tests], [plugin]))

    def usually(self, target):
        """Return the file with what a page becomes before any change."""
        return self.folder.with_name(Path(target.path).name)

    def page(self, target):
        """Return what a page becomes in a build, or None if it has a fault."""
        sys.path.insert(0, str(self.folder / "snippets"))
        import markdown
        from _weave.markdown.extension import WeaveExtension
        from _weave.model import WeaveError
        from _weave.run.weaver import Weaver

        weaver = Weaver(self.folder, workers=1)
        uri = target.path.removeprefix("docs/")
        extension = WeaveExtension(weaver, lambda: uri)
        names = weaver.site.configuration()["markdown_extensions"]
        names = [next(iter(name)) if isinstance(name, dict) else name for name in names]
        try:
            body = weaver.site.source(uri).body
            return markdown.markdown(body, extensions=[*names, extension])
        except WeaveError:
            return None
        finally:
            weaver.close()


class Watch:
    """Notes how long each test computes: on a busy machine it only takes longer."""

    def __init__(self, file):
        self.file, self.seconds = file, {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        begun = computed()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = computed() - begun

    def pytest_sessionfinish(self):
        self.file.write_text(json.dumps(self.seconds), "utf-8")


def computed():
    """Return the seconds that this process and its children have computed so far."""
    return sum(os.times()[:4])


class First:
    """Runs the tests first that name a function or its callers, and short ones before.

    A test that computes for longer than all do usually ends the process: what several
    need is computed in the first of them. On a busy machine no test is cut short, since
    only the processor's time counts; what waits for ever is ended by `Copy.run`.
    """

    def __init__(self, callers, seconds, patience):
        self.callers, self.seconds = callers, seconds
        self.limit = patience + 2 * sum(
            seconds.values(), 0 if seconds else 3 * patience
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        signal.setitimer(signal.ITIMER_PROF, self.limit)
        return (yield)

    def pytest_collection_modifyitems(self, items):
        items.sort(key=lambda item: (self.rank(item), self.seconds.get(item.nodeid, 0)))

    def rank(self, item):
        if not hasattr(item, "function"):  # an example in a docstring
            return 0
        words = {*re.findall(r"\w+", inspect.getsource(item.function))}
        return next((i for i, names in enumerate(self.callers) if names & words), 9)


def callers(text, name):
    """Return the name as a set, then the names of what calls it, then of their callers.

    >>> callers("def f(): 1\\ndef g(): f()\\ndef h(): g()\\ndef k(): 2", "f")
    [{'f'}, {'g'}, {'h'}]
    """
    named = {
        node.name: {*re.findall(r"\w+", ast.get_source_segment(text, node))}
        - {node.name}
        for node in ast.parse(text).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    }
    ranks, known = [{name}], {name}
    while ranks[-1]:
        ranks.append({one for one in named if named[one] & ranks[-1]} - known)
        known |= ranks[-1]
    return ranks[:-1]


SAME = 77
OUTCOMES = {0: "survived", 2: "the build", -signal.SIGPROF: "the limit"}
OUTCOMES[SAME] = "the same"
OWN = {str(ROOT / "tests"), str(ROOT / "snippets"), str(ROOT), ""}


def waited(pid, limit):
    """Return how a process ended, as if it computed for too long where it hung.

    Of the time on a machine that has more to do than it has cores, only a share
    counts. Its children end with it.
    """
    spent, pause = 0.0, 0.002
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        late = spent > limit
        if ended or late:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            if ended:
                return os.waitstatus_to_exitcode(status)
            os.waitpid(pid, 0)
            return -signal.SIGPROF
        begun = time.monotonic()
        time.sleep(pause)
        cores = os.cpu_count() or 1
        spent += (time.monotonic() - begun) * min(1, cores / (os.getloadavg()[0] + 1))
        pause = min(0.05, 1.5 * pause)


# All trials


def load():
    """Import the libraries, so that no trial has to."""
    os.environ.setdefault("MPLBACKEND", "svg")
    sys.dont_write_bytecode = True
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in LIBRARIES:
        importlib.import_module(name)
    gc.freeze()  # what is there stays there


def begin(*how):
    """Make a worker's copy."""
    global copy
    copy = Copy(*how)


def usual(target):
    return copy.usual(target)


def trial(target, mutant, seconds):
    return copy.trial(target, mutant, seconds)


def tried(work, jobs, patience, measured=True):
    """Yield (target, mutant, outcome) for each (target, mutant).

    All tests run once before: they must pass, and it is known how long each takes.
    """
    load()
    context = multiprocessing.get_context("fork")
    with (
        tempfile.TemporaryDirectory(prefix="mutants-", ignore_cleanup_errors=True) as f,
        ProcessPoolExecutor(jobs, context, begin, (f, patience)) as pool,
    ):
        first = {target.tests: target for target, _ in work} if measured else {}
        known = dict(zip(first, pool.map(usual, first.values()), strict=True))
        pending = [
            (
                target,
                mutant,
                pool.submit(trial, target, mutant, known.get(target.tests, {})),
            )
            for target, mutant in work
        ]
        for target, mutant, future in pending:
            yield target, mutant, future.result()


# What was found


class Survivor(NamedTuple):
    """A mutant by the function and the lines it changes, as `Mutant.lines` has them."""

    path: str
    function: str
    was: str
    now: str

    def __str__(self):
        return f"{self.path}: {self.function}\n    - {self.was}\n    + {self.now}"


def named(target, mutant):
    return Survivor(target.path, mutant.place, *mutant.lines(target.text()))


def equivalents():
    """Return what is listed as equivalent: {Survivor: why}."""
    rows = tomllib.loads(LISTED.read_text("utf-8"))["equivalent"]
    return {Survivor(f["file"], f["in"], f["was"], f["now"]): f["why"] for f in rows}


def complaints(targets, results, listed, whole=True):
    """Return what is wrong: unlisted survivors, and what is listed and none."""
    names = [named(target, mutant) for target, mutant, _ in results]
    outcomes = [outcome for *_, outcome in results]
    survived = {one for one, o in zip(names, outcomes, strict=True) if o == "survived"}
    found = [f"no test notices {one}" for one in sorted(survived - listed.keys())]
    paths = {target.path for target in targets}
    for one in sorted(listed):
        if one in {*names} - survived:
            found.append(f"tests/mutants.toml: a test kills {one}")
        elif whole and one.path in paths and one not in names:
            found.append(f"tests/mutants.toml: there is no {one}")
    return found


def counted(kind, targets, results, listed):
    """Return {group: counts}: a lesson, a room, a script, or what a number stands in.

    `of` is how many mutants there are, `mutants` how many were tried.
    """
    counts = {}
    for target in targets:
        for mutant in target.mutants():
            empty = {"of": 0, "mutants": 0, "killed": 0, "equivalent": 0}
            counts.setdefault(_group(kind, target, mutant), empty)["of"] += 1
    for target, mutant, outcome in results:
        count = counts[_group(kind, target, mutant)]
        count["mutants"] += 1
        if outcome not in ("survived", "the same"):
            count["killed"] += 1
        elif outcome == "the same" or named(target, mutant) in listed:
            count["equivalent"] += 1
    return counts


def _group(kind, target, mutant):
    if kind == "pages":
        return mutant.place
    name = re.sub(r"^snippets/(_weave/)?|\.\w+$", "", target.path)
    if kind == "machinery":
        return name.split("/")[0]
    return name.removeprefix("docs/assets/js/")


def recorded():
    """Return the counts of earlier runs: {kind: {group: counts}}."""
    return json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}


def record(kind, counts):
    """Keep the counts, and digests of lessons; what stands for other groups stays."""
    record = recorded()
    record[kind] = dict(sorted((record.get(kind, {}) | counts).items()))
    parts = []
    for one, groups in sorted(record.items()):
        rows = [f"  {json.dumps(g)}: {json.dumps(groups[g])}" for g in groups]
        parts.append(f"{json.dumps(one)}: {{\n" + ",\n".join(rows) + "\n}")
    RECORD.write_text("{" + ",\n".join(parts) + "}\n", "utf-8")


def main(words=None):
    given = _options().parse_args(words)
    kind = given.kind or "lessons"
    targets, least = KINDS[kind][0](given.names), KINDS[kind][1]
    if given.record and any("/" in name for name in given.names):
        raise SystemExit("a room is recorded as a whole: its files have no counts")
    if not targets:
        raise SystemExit(f"there is none of {given.names} among the {kind}")
    every = [(target, mutant) for target in targets for mutant in target.mutants()]
    work, whole = every, given.sample is None
    if not whole:
        size = min(given.sample, len(every))
        drawn = random.Random(given.seed).sample(range(len(every)), size)
        work = [every[i] for i in sorted(drawn)]
    listed, results, begun = equivalents(), [], time.monotonic()
    for result in tried(work, given.jobs, given.patience, not given.quick):
        results.append(result)
        target, mutant, outcome = result
        if given.all or (outcome == "survived" and named(target, mutant) not in listed):
            print(f"{outcome}: {named(target, mutant)}", flush=True)
    counts = counted(kind, targets, results, listed)
    for group, count in counts.items():
        print(f"{group}: " + ", ".join(f"{n} {what}" for what, n in count.items()))
    by = Counter(outcome for *_, outcome in results)
    print(f"{dict(by)} in {time.monotonic() - begun:.0f} s")
    if given.record:
        kept = {group: count for group, count in counts.items() if count["mutants"]}
        for target in targets if kind == "lessons" else ():
            if (name := _group(kind, target, None)) in kept:
                kept[name]["code"] = target.digest()
        record(kind, kept)
    wrong = complaints(targets, results, listed, whole)
    if least == 1:
        print(*wrong, sep="\n")
        return 1 if wrong else 0
    total = sum(map(Counter, counts.values()), Counter())
    share = (total["killed"] + total["equivalent"]) / total["mutants"]
    print(f"{share:.1%} are killed or equivalent, at least {least:.0%} should be")
    return 0 if share >= least else 1


# What can be asked for, and how much of it must be killed.
KINDS = {
    "lessons": (lessons, 1),
    "machinery": (machinery, 0.95),
    "scripts": (scripts, 0.8),
    "pages": (pages, 0.7),
}


def _options():
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("names", nargs="*", help="some of them")
    for kind in KINDS:
        asked.add_argument(f"--{kind}", dest="kind", action="store_const", const=kind)
    asked.add_argument("--sample", type=int, help="so many, drawn by lot")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--jobs", type=int, default=os.cpu_count())
    asked.add_argument("--patience", type=float, default=5, help="seconds for a test")
    asked.add_argument("--quick", action="store_true", help="trust the tests to pass")
    asked.add_argument("--record", action="store_true", help="keep the counts")
    asked.add_argument("--all", action="store_true", help="say what killed each")
    return asked


if __name__ == "__main__":
    raise SystemExit(main())
