"""What all tests share: where things are, and small projects to break."""

import atexit
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SNIPPETS = ROOT / "snippets"

sys.path.insert(0, str(SNIPPETS))
sys.dont_write_bytecode = True
os.environ.setdefault("MPLBACKEND", "svg")

from project import Project  # noqa: E402  (which finds the machinery by that path)


def pytest_configure(config):
    """Keep what tests, builds and browsers leave behind in one folder, for one run.

    It goes with the run; `--basetemp=folder` keeps what the tests wrote.
    """
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


# What takes longest, by the processor: begun first, so that no process is left alone
# with one of them at the end. The first two begin together; one builds the site.
DEAR = (
    "tests/browser/test_pages_browser.py",
    "tests/test_mutation.py",
    "tests/browser/test_explore_browser.py",
    "tests/test_publish.py",
    "tests/test_zensical.py",
)


def pytest_collection_modifyitems(config, items):
    """Where several processes share the tests, they begin with the dear files."""
    if hasattr(config, "workerinput"):
        rank = {name: number for number, name in enumerate(DEAR)}
        items.sort(key=lambda item: rank.get(item.nodeid.split("::")[0], len(DEAR)))


@pytest.hookimpl(optionalhook=True)  # none asks where xdist is not loaded
def pytest_xdist_auto_num_workers(config):
    """One file is tested here: another process would take longer to begin."""
    files = {argument.split("::")[0] for argument in config.args}
    return 0 if len(files) == 1 and files.pop().endswith(".py") else None


@pytest.fixture
def project(tmp_path):
    """An empty project; write pages and snippets into it, then build."""
    project = Project(tmp_path)
    yield project
    project.close()


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory):
    """The real site, built strictly, once for all workers of a run."""
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
