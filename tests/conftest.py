"""What all tests share: where things are, and small projects to break."""

import atexit
import gc
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SNIPPETS = ROOT / "snippets"

sys.path.insert(0, str(SNIPPETS))
os.environ.setdefault("MPLBACKEND", "svg")
# As in the process that runs lessons. More processes test than there are cores, so that
# the threads of each would wait for one another, and take twice the processor's time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def absent():
    """The packages that the tests ask for and that are not installed here."""
    asked = (ROOT / ".requirements-tests.in").read_text("utf-8")
    for name in re.findall(r"^\w[\w-]*", asked, re.MULTILINE):
        try:
            version(name)
        except PackageNotFoundError:
            yield name


if missing := ", ".join(absent()):
    install = "-m pip install -r requirements.txt -r .requirements-tests.txt"
    sys.exit(f"The tests need {missing}: run {sys.executable} {install}")

from project import Project  # noqa: E402  (which finds the machinery by that path)

# What is asked of a lesson besides its own tests.
RULES = (
    "tests/test_pages.py",
    "tests/test_names.py",
    "tests/test_questions.py",
    "tests/test_style.py::test_the_code_is_linted_and_formatted",
    "tests/test_glossary.py::test_the_terms_of_the_glossary_are_in_order_and_once",
)


# The rule for one lesson that the build of the whole site keeps otherwise.
ALONE = "test_a_page_is_published"

# How many processes test beside one for each core: what waits for a browser, or for a
# process of its own, leaves a core to another.
MORE = 2
# What takes longest: begun first, so that no process is left alone with one of them at
# the end. The first few begin together; one of them builds the site. What needs that,
# or the runs of lessons that it keeps, stands behind what does not.
DEAR = (
    "tests/browser/test_pages_browser.py",
    "tests/browser/test_explore_browser.py",
    "tests/test_publish.py",
    "tests/test_explore.py",
    "tests/browser/test_quiz_browser.py",
    "tests/weave/test_saves.py",
    "tests/browser/test_exercise_browser.py",
    "tests/test_guide.py",
    "tests/browser/test_access_browser.py",
    "tests/browser/test_transcripts_browser.py",
    "tests/browser/test_labs_browser.py",
    "tests/browser/test_lessons_browser.py",
    "tests/weave/test_build.py",
    "tests/browser/test_practice_browser.py",
    "tests/test_zensical.py",
    "tests/browser/test_offline_browser.py",
    "tests/test_mutation.py",
    "tests/weave/test_kept.py",
    "tests/test_batches.py",
    "tests/test_compare.py",
)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Where only tests of lessons are asked for, add the rules for these lessons.

    `pytest tests/test_rate.py` says all that is wrong with one lesson, in seconds.
    Whoever drops the options of .pytest.ini, as mutate.py does, gets what is asked for.
    """
    stems = [lesson_of(name) for name in config.args]
    if all(stems) and config.option.numprocesses is not None:
        config.option.lessons = stems
        config.option.numprocesses = 0  # sooner done than other processes are there
        config.option.tbstyle = "short"
        modules = [ROOT / f"snippets/{stem}.py" for stem in stems]  # for doctests
        config.args += [str(file) for file in modules if file.exists()]
        config.args += [str(ROOT / name) for name in RULES]


def lesson_of(argument):
    """The stem of the lesson whose tests are asked for, or None.

    Raises UsageError for tests that nobody has written.
    """
    file = Path(argument).absolute()
    stem = file.stem.removeprefix("test_")
    if file != ROOT / f"tests/test_{stem}.py":
        return None
    parts = f"docs/{stem}.md", f"snippets/{stem}.py"
    there = [part for part in parts if (ROOT / part).exists()]
    if not file.exists() and there:
        raise pytest.UsageError(
            f"there is no tests/test_{stem}.py for {' and '.join(there)}: write what "
            "must be true there, and a comparison with an independent implementation"
        )
    if not file.exists():
        raise pytest.UsageError(
            f"there is no tests/test_{stem}.py, and no lesson of that name. This "
            f'begins one:\n    python tests/new.py {stem} "Its title"'
        )
    return stem if there else None


@pytest.hookimpl(wrapper=True)
def pytest_collection(session):
    """Look for no garbage among what is imported: it takes a quarter of the time.

    Later, look less often than Python does: it took a seventh.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(100_000)
        gc.enable()


def pytest_collection_modifyitems(config, items):
    """Keep the rules for the lessons that are asked for; begin with the dear files.

    What was imported until now, Python keeps translated for the next run. What a test
    writes and imports it must not: that changes within a second.
    """
    sys.dont_write_bytecode = True
    if hasattr(config, "workerinput"):  # one of several processes
        rank = {name: number for number, name in enumerate(DEAR)}
        items.sort(key=lambda item: rank.get(item.nodeid.split("::")[0], len(DEAR)))
    stems = getattr(config.option, "lessons", None)
    if stems:
        others = {item for item in items if not {*about(item)} <= {*stems}}
    else:
        others = {item for item in items if item.name.startswith(ALONE)}
    config.hook.pytest_deselected(items=[*others])
    items[:] = [item for item in items if item not in others]


def about(item):
    """The lesson that a rule is run for, if it is run for one at a time."""
    given = item.callspec.params if hasattr(item, "callspec") else {}
    if item.path.name in {name.split("/")[1].split("::")[0] for name in RULES}:
        yield from (Path(given[n]).stem for n in ("file", "stem", "uri") if n in given)


def pytest_configure(config):
    """Keep what tests, builds and browsers leave behind in one folder, for one run.

    It goes with the run; `--basetemp=folder` keeps what the tests wrote.
    """
    # Which who begins the run in the background has turned off, for all that it begins.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if config.option.basetemp is None:  # neither given, nor the run's own worker
        folder = tempfile.TemporaryDirectory(
            prefix="tests-", ignore_cleanup_errors=True
        )
        # At the very end: what multiprocessing keeps there goes after the run, too.
        atexit.register(folder.cleanup)
        # Who is told to end does so as on Ctrl-C: workers, browsers, servers first.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        config.option.basetemp = f"{folder.name}/pytest"
        os.environ["TMPDIR"] = tempfile.tempdir = folder.name


def pytest_terminal_summary(terminalreporter):
    """Say why tests were left out, each reason once."""
    reasons = [
        report.longrepr[2] for report in terminalreporter.stats.get("skipped", ())
    ]
    for reason, count in Counter(reasons).items():
        terminalreporter.line(f"{count} × {reason}", yellow=True)


@pytest.hookimpl(optionalhook=True)  # none asks where xdist is not loaded
def pytest_xdist_auto_num_workers(config):
    """One file is tested here: another process would take longer to begin."""
    files = {argument.split("::")[0] for argument in config.args}
    if len(files) == 1 and files.pop().endswith(".py"):
        return 0
    return (os.cpu_count() or 1) + MORE


@pytest.fixture
def project(tmp_path):
    """An empty project; write pages and snippets into it, then build."""
    project = Project(tmp_path)
    yield project
    project.close()


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory):
    """The real site, built strictly, once for all workers of a run.

    Or, if SITE names a folder, what somebody has built there: what will be published.
    """
    if "SITE" in os.environ:
        return Path(os.environ["SITE"]).resolve(strict=True)
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, begun, ended = base / "site", base / "site.begun", base / "site.ended"
    try:
        begun.touch(exist_ok=False)
    except FileExistsError:
        for _ in range(3000):
            if ended.exists():
                break
            time.sleep(0.1)
    else:
        done = subprocess.run(
            # Not quiet: strict counts the warnings that are logged.
            [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", folder],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        said = "" if done.returncode == 0 else done.stdout
        (base / "site.said").write_text(said, "utf-8")
        (base / "site.said").rename(ended)
    said = ended.read_text("utf-8") if ended.exists() else "it took too long"
    assert not said, said
    return folder


def cells(table):
    """The rows of a Markdown table below its header, with typed minus signs."""
    rows = table.replace("−", "-").splitlines()[2:]
    return [row.removeprefix("| ").removesuffix(" |").split(" | ") for row in rows]
