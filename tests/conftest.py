"""What all tests share: where things are, and small projects to break."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SNIPPETS = ROOT / "snippets"

sys.path.insert(0, str(SNIPPETS))
sys.dont_write_bytecode = True
os.environ.setdefault("MPLBACKEND", "svg")


def pytest_configure(config):
    config.addinivalue_line("filterwarnings", "error")


class Project:
    """A small course in a folder of its own, with the real machinery."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "docs").mkdir()
        (folder / "snippets").mkdir()
        for name in "_weave", "shared":
            (folder / "snippets" / name).symlink_to(SNIPPETS / name)
        self.write("docs/index.md", "# Home\n")
        self.write(
            "mkdocs.yml",
            "site_name: small\n"
            "hooks: [snippets/_weave/hook.py]\n"
            "watch: [snippets]\n"
            "theme: {name: material, font: false}\n"
            "markdown_extensions: [pymdownx.superfences, pymdownx.highlight]\n",
        )

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def build(self, *options):
        """Run `mkdocs build`; returns the finished process, output in `.stdout`."""
        # Quiet hides warnings from strict, which counts what is logged.
        quiet = () if "--strict" in options else ("-q",)
        return subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", *quiet, *options],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )

    def page(self, name="lesson"):
        """The published HTML of a page."""
        return (self.folder / "site" / name / "index.html").read_text("utf-8")


@pytest.fixture
def project(tmp_path):
    """An empty project; write pages and snippets into it, then build."""
    return Project(tmp_path)


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
    """The rows of a Markdown table, below its header, as lists of texts."""
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()]
    return rows[2:]
