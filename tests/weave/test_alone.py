"""What the parts of a build do that need no build.

Dates, policy, comments, progress, a preview's bell, downloads, bundles, notebooks, and
what other builders are given.
"""

import ast
import base64
import gzip
import hashlib
import io
import json
import logging
import os
import re
import subprocess
import sys
import threading
import time
from itertools import accumulate
from pathlib import Path
from types import SimpleNamespace

import pytest
from _weave.model import Item, WeaveError
from _weave.run.depends import Sources
from _weave.site import (
    assets,
    bundle,
    comments,
    dates,
    downloads,
    kept,
    policy,
    preview,
    progress,
)
from _weave.site.build import Build
from _weave.site.labs import NOTHING, Lab
from conftest import SNIPPETS
from mkdocs.exceptions import PluginError

from .waiting import until

# The days of changes


def git(folder, *words, day="2026-01-02"):
    when = f"{day}T12:00:00+0000"
    subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words],
        cwd=folder,
        env=os.environ | {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when},
        check=True,
        capture_output=True,
    )


@pytest.fixture
def repository(tmp_path):
    """A repository with two commits, of which the later changes one file."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    for day, names in ("2026-01-02", "aéb"), ("2026-03-04", "b"):
        for name in names:
            (folder / f"{name}.md").write_text(day)
        git(folder, "add", ".")
        git(folder, "commit", "-q", "-m", day, day=day)
    return folder


def test_each_file_has_the_day_of_its_last_change(repository, capfd):
    known = {"a.md": "2026-01-02", "é.md": "2026-01-02", "b.md": "2026-03-04"}
    assert dates.last_changed(repository) == known
    assert capfd.readouterr() == ("", "")


def test_what_git_does_not_know_has_no_day_and_git_is_not_heard(
    repository, tmp_path, capfd, monkeypatch
):
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", repository.as_uri(), "shallow")
    assert dates.last_changed(shallow) == {}
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    bare = tmp_path / "bare"
    bare.mkdir()
    assert dates.last_changed(bare) == {}
    monkeypatch.setenv("PATH", str(bare))
    assert dates.last_changed(repository) == {}
    assert capfd.readouterr() == ("", "")


# The policy


def test_the_policy_stands_once_at_the_top():
    page = "<head><title>A</title></head><body><!-- <head> --></body>"
    html = policy.guarded(page, {}, preview=False)
    assert html.count("Content-Security-Policy") == 1
    assert html.startswith('<head><meta http-equiv="Content-Security-Policy"')


RULES = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
DIGEST = base64.b64encode(hashlib.sha256(b"\nlet x = 1\n").digest()).decode()
OWN = f"'self' 'sha256-{DIGEST}'"
GISCUS = {"script-src": ["https://a.org"], "frame-src": ["https://a.org"]}


@pytest.mark.parametrize(
    ("inside", "also", "preview", "rules"),
    [
        ("", {}, False, {}),
        (2 * "<script>\nlet x = 1\n</script>", {}, False, {"script-src": OWN}),
        (
            "<weave-python>",
            {},
            False,
            {
                "script-src": "'self' 'wasm-unsafe-eval'",
                "worker-src": "'self' blob:",
            },
        ),
        (
            "",
            GISCUS,
            False,
            {"script-src": "'self' https://a.org", "frame-src": "https://a.org"},
        ),
        ("<script>1</script>", {}, True, {"script-src": "'self' 'unsafe-inline'"}),
    ],
    ids=["nothing", "scripts of its own", "Python", "comments", "preview"],
)
def test_the_policy_lets_a_page_load_what_it_needs(inside, also, preview, rules):
    html = policy.guarded(f"<head></head>{inside}", also, preview=preview)
    said = html.split('"')[3].split("; ")
    assert dict(one.split(" ", 1) for one in said) == RULES | rules


# Comments


def test_comments_are_asked_for_with_what_is_configured():
    html = comments.button("repo=a/b; repo-id=R=1;category=Q&A;category-id=C1;")
    data = 'data-repo="a/b" data-repo-id="R=1" data-category="Q&amp;A" data-category-id'
    assert f' {data}="C1"><button' in html


def test_comments_that_are_half_configured_are_an_error():
    said = (
        "GISCUS lacks repo-id, category-id: "
        "write it as repo=…;repo-id=…;category=…;category-id=…"
    )
    with pytest.raises(PluginError, match=f"^{said}$"):
        comments.button("repo=a/b;repo-id=;category=Talk")


# The line that moves


class Terminal(io.StringIO):
    """Remembers what is shown: a line that does not end may wait for more."""

    def __init__(self):
        super().__init__()
        self.shown = []

    def isatty(self):
        return True

    def flush(self):
        self.shown.append(self.getvalue())


class Weaver:
    """Of two lessons, so many have run, a second later so many, and so on."""

    def __init__(self, *numbers):
        self.numbers, self.slept, self.goes_on = numbers, 0, threading.Event()

    def progress(self):
        return self.numbers[self.slept], 2

    def monotonic(self):
        return 100 + self.slept

    def sleep(self, _):
        assert self.goes_on.wait(20)
        self.slept += 1


ONE_LINE = "\r1 of 2 lessons have run, {} s\033[K\r"
SHOWN = [*map(ONE_LINE.format, (0, 3)), "\033[K"]


def heard(caplog, thread):
    """What a line has said; that of a build before may speak, too."""
    return [one.getMessage() for one in caplog.records if one.thread == thread.ident]


@pytest.mark.parametrize(
    ("stream", "level", "shown", "said"),
    [
        (Terminal, logging.INFO, SHOWN, ["2 lessons have run, 6 s"]),
        (Terminal, logging.WARNING, [], []),  # mkdocs build -q
        (io.StringIO, logging.INFO, [], ["2 lessons have run, 6 s"]),
    ],
)
def test_a_line_moves_in_a_terminal_that_is_not_to_be_quiet(
    monkeypatch, caplog, stream, level, shown, said
):
    """It goes on with the next build, if that begins soon."""
    caplog.set_level(level, "mkdocs.weave")
    weaver = Weaver(1, 2, 2, 1, 2, 2, 2)
    monkeypatch.setattr(sys, "stderr", stream())
    monkeypatch.setattr(progress, "time", weaver)
    line = progress.Progress(weaver)
    line.begin()
    first = line._thread
    line.begin()
    assert line._thread is first, "two lines would move"
    assert first.daemon, "a build that fails would wait for it"
    weaver.goes_on.set()
    first.join(20)
    assert sys.stderr.getvalue() == "".join(shown)
    if shown:
        assert sys.stderr.shown == [*accumulate(shown)]
    assert heard(caplog, first) == said


def test_a_line_that_comes_too_late_still_says_what_has_run(monkeypatch, caplog):
    caplog.set_level(logging.INFO, "mkdocs.weave")
    weaver, looks = Weaver(), iter([1, 2, 2, 2])
    monkeypatch.setattr(weaver, "progress", lambda: (next(looks), 2))
    monkeypatch.setattr(progress, "time", weaver)
    weaver.goes_on.set()
    line = progress.Progress(weaver)
    line.begin()
    line._thread.join(20)
    assert heard(caplog, line._thread) == ["2 lessons have run, 2 s"]


def test_where_nothing_runs_no_line_is_begun():
    line = progress.Progress(Weaver(2))
    line.begin()
    assert not line._thread.is_alive()


# The preview

LAB = """\
# %% [markdown]
# # A

# %%
print("one")
"""
NAV = "nav: [first.md, labs/lab.py, second.md, third.md]\n"


@pytest.fixture
def shown(course):
    """A preview of three pages and a lab, which asks for builds once it follows."""
    course.write("mkdocs.yml", f"site_name: small\n{NAV}")
    for name in "first", "second", "third":
        course.write(f"docs/{name}.md", f"# {name}\n")
        course.write(f"snippets/{name}.py", "x = 1\n")
    course.write("docs/labs/lab.py", LAB)
    config = SimpleNamespace(dev_addr=("127.0.0.1", 0))
    yield preview.Preview(course.weaver, config)
    course.weaver.when_done = lambda: None


def test_a_preview_runs_first_what_somebody_waits_for(course, shown):
    """At first that is the first page, later what was saved last, page or module."""
    assert shown.order() == ["first.md", "second.md", "third.md"]
    shown.wait()
    for seconds, path in (10, "docs/second.md"), (20, "snippets/third.py"):
        at = time.time() + seconds
        os.utime(course.folder / path, (at, at))
        assert shown.order()[0] == f"{Path(path).stem}.md"
    last = sorted(path.removesuffix(".md") for path in shown.order()[:2])
    assert last == ["second", "third"]


class Server:
    """Knows what MkDocs' server is told to watch."""

    def __init__(self):
        self.watched = ["docs", "mkdocs.yml", "theme"]
        self.builder = None

    def watch(self, path):
        self.watched.append(path)

    def unwatch(self, path):
        if path == "theme":
            raise KeyError(path)
        self.watched.remove(path)


def test_what_quotes_others_and_is_to_be_converted_comes_in_a_build_of_its_own(
    course, shown, monkeypatch
):
    """Unless it was saved itself; a build that the bell began makes all there is."""
    monkeypatch.setattr(course.weaver, "is_ready", lambda uri: True)
    others = ["first.md", "third.md"]
    at = time.time() + 10
    os.utime(course.folder / "docs/third.md", (at, at))
    for _ in range(2):  # the first build waits for the first page, whatever was saved
        shown.wait()
    assert shown.lacks("second.md", others)
    assert shown.lacking == {"second.md"}
    assert "still being made. It will" in shown.said()
    assert not shown.lacks("second.md", others, is_kept=True)
    assert not shown.lacks("second.md")
    assert not shown.lacks("third.md", others)
    shown._heard = False  # it has rung
    shown.wait()
    assert not shown.lacks("second.md", others)
    shown.wait()
    assert shown.lacks("second.md", others)


def test_the_bell_rings_until_a_build_begins(course, shown, monkeypatch):
    """Whoever looks at the files may begin to do so after it has rung."""
    monkeypatch.setattr(preview, "_AGAIN", 0.02)
    config = SimpleNamespace(
        docs_dir="docs",
        config_file_path="mkdocs.yml",
        theme=SimpleNamespace(dirs=["theme"]),
        watch=["snippets"],
    )
    server = Server()
    shown.lacking.add("second.md")
    shown.follow(server, config)
    rung = Path(server.watched[3], "rung")
    for _ in range(2):
        rung.unlink()
        assert until(rung.exists)
    shown.wait()
    timers = [one for one in threading.enumerate() if hasattr(one, "cancel")]
    assert all(timer.daemon for timer in timers), "who ends a preview need not wait"
    assert until(lambda: not any(timer.is_alive() for timer in timers))
    rung.unlink()
    time.sleep(0.1)
    assert not rung.exists(), "a build has begun"


@pytest.mark.parametrize("then", ["", "import shutil; shutil.rmtree(bell)"])
def test_where_the_cache_cannot_be_written_what_lay_beside_it_goes_at_the_end(
    tmp_path, then
):
    """Or before it, where somebody empties the folder of what is temporary."""
    cache = tmp_path / "cache"
    cache.touch()
    code = "import sys; from pathlib import Path\n"
    code += "from _weave.run.cache import folder_beside\n"
    code += "bell = folder_beside(Path(sys.argv[1]), 'bell')\n"
    code += "print(bell, bell.is_dir())\n" + then
    done = subprocess.run(
        [sys.executable, "-c", code, str(cache / "weave")],
        env=os.environ | {"PYTHONPATH": str(SNIPPETS)},
        capture_output=True,
        text=True,
        check=True,
    )
    bell, was_there = done.stdout.split()
    assert was_there == "True"
    assert not Path(bell).exists()
    assert done.stderr == ""


def test_a_preview_does_not_wait_for_a_lab_and_a_build_does(course):
    slow = "import time\n\ntime.sleep(0.5)\n"
    builder = Build()
    builder._weaver = course.weaver

    def given(serving, cell):
        """The notebook in the place of a lab that has just been started."""
        course.write("docs/labs/lab.py", LAB.replace('print("one")', cell))
        lab = Lab(course.weaver, "labs/lab.py")
        assert not course.weaver.is_ready(lab.uri)
        builder.serving, builder.labs = serving, {lab.uri: lab}
        return finished(lab)

    def finished(lab):
        page = SimpleNamespace(file=SimpleNamespace(src_uri=lab.uri, abs_src_path=""))
        builder.on_pre_page(page, config=None, files=None)
        return Path(page.file.abs_src_path).read_text("utf-8")

    assert given(True, f"{slow}print('one')") == NOTHING
    assert until(lambda: course.weaver.is_ready("labs/lab.py"))
    assert "one\\n" in finished(builder.labs["labs/lab.py"])
    assert "two\\n" in given(False, f"{slow}print('two')")


# Files that run alone


def page_with(*items):
    """A page with some items: the form of each, and what it shows of which module."""
    return SimpleNamespace(
        items=[Item(form, 1, *more) for form, *more in map(str.split, items)]
    )


def test_the_line_under_a_page_names_its_files_and_what_each_draws():
    begin = '\n<div class="md-source-file weave-source" id="code" data-search-exclude>'
    address = "../downloads/{}.py".format
    one = downloads.line("rate", None, address)
    assert one == (
        f"{begin}The code of this page, as one file that runs alone: "
        '<a href="../downloads/rate.py" download>rate.py</a>.</div>'
    )
    page = page_with(
        "figure bowl loss",
        "value x",
        "figure path rate low=1",
        "figure path rate low=2",
        "figure curve rate",
    )
    two = downloads.line("rate", page, address, "All was checked.")
    assert two == (
        f"{begin}The code of this page, as files that run alone: "
        '<a href="../downloads/rate.py" download>rate.py</a> draws '
        '<a href="#figure-rate-path-1"><code>figure_path</code></a>, '
        '<a href="#figure-rate-curve"><code>figure_curve</code></a>; '
        '<a href="../downloads/loss.py" download>loss.py</a> draws '
        '<a href="#figure-loss-bowl"><code>figure_bowl</code></a>.'
        "<br>All was checked.</div>"
    )


def test_a_page_says_how_much_of_it_was_checked_and_where_all_of_that_stands(tmp_path):
    tests = tmp_path / "test_rate.py"
    page = page_with("value a", "table b", "value c", "transcript d", "check e")
    said = "Checked by the build: 3 values, 1 transcript, 1 claim"
    assert downloads.checked(page, tests, None) == f"{said}."
    tests.write_text("def test_a():\n    def test_b(): pass\n")
    more = ' <a href="there/">All that was checked</a>.'
    assert downloads.checked(page, tests, "there/") == f"{said}; and by 1 test.{more}"
    tests.write_text("def test_a(): pass\ndef test_b(): pass\n")
    assert downloads.checked(page, tests, None) == f"{said}; and by 2 tests."
    assert downloads.checked(page_with("reason f"), tests, "there/") == ""


@pytest.mark.parametrize(
    "text",
    ["x = 1\n", "'''\n", "ends in '", "ends in \\", r"C:\new", "\r\n", "r'''\\'''"],
)
def test_whatever_a_file_holds_its_quotation_is_the_same(text):
    assert ast.literal_eval(bundle._quoted(_File(text))) == text


class _File:
    def __init__(self, text):
        self.text = text

    def read_text(self, _):
        return self.text


def test_a_file_that_needs_nothing_to_be_escaped_can_be_read():
    assert bundle._quoted(_File("a\nb = 'c'\n")) == "r'''a\nb = 'c'\n'''"


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ('"""A title.\n\nMore.\n"""\n', "# A title.\n"),
        ("x = 1\n", "# lesson\n"),
        ("x = (\n", "# lesson\n"),
    ],
)
def test_a_download_begins_with_the_title_of_its_module(tmp_path, code, title):
    module = tmp_path / "lesson.py"
    module.write_text(code)
    text = bundle.alone(module, Sources(tmp_path))
    assert text.startswith(title)
    assert "python -i lesson.py" in text


def test_a_download_draws_each_figure_once_into_a_file_with_its_values(tmp_path):
    module = tmp_path / "lesson.py"
    module.write_text("x = 1\n")
    given = "name=quad1&high=2.5"
    pairs = ("line", ""), ("curve", given), ("line", "")
    figures = [Item("figure", 1, text, "lesson", asked) for text, asked in pairs]
    text = bundle.alone(module, Sources(tmp_path), figures)
    assert "\n#     python lesson.py\n" in text
    assert text.count(", figure_") == 2
    assert "('line.svg', figure_line, {})," in text
    assert (
        "('curve-quad1-2_5.svg', figure_curve, {'name': 'quad1', 'high': 2.5})" in text
    )


HALVES = '''\
"""Halves.

And their figure.
"""

import numpy.linalg
from kit.half import half


class Figure(str):
    def savefig(self, target):
        with open(target, "w", encoding="utf-8") as file:
            file.write(self)


def figure_line(rate=1.0):
    return Figure(half(rate))


'''
HALF = """\
from pathlib import Path

import scipy.optimize


def half(x):
    text = Path(__file__).with_name("unit.txt").read_text("utf-8")
    return f"{x / 2}{text}"
"""
HEAD = """\
# Halves.
#
# This file runs alone. It needs Python 3.11 or newer, and
#     python -m pip install numpy scipy
# Run it, and it draws its figures into the folder where you are:
#     python lesson.py
# First come, as text, the files that it imports; its own code begins in line """
# Packages that take no time to import, and a run of the file without another import.
RUN = """\
import runpy, sys
for name in "numpy", "numpy.linalg", "scipy", "scipy.optimize":
    sys.modules[name] = sys
runpy.run_path("lesson.py", run_name="__main__")
"""


def test_a_download_brings_all_it_needs_and_draws_where_it_is_run(tmp_path):
    files = {
        "lesson.py": HALVES,
        "kit/half.py": HALF,
        "kit/unit.txt": " \u00b5m",
        "kit/other.py": "no = 'part of it'",
    }
    (tmp_path / "kit").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    figures = [Item("figure", 1, "line", "lesson", f"rate={x}") for x in (4, 2)]
    text = bundle.alone(tmp_path / "lesson.py", Sources(tmp_path), figures)
    assert text.startswith(HEAD)
    line = int(text.removeprefix(HEAD).partition(".\n")[0])
    own = "\n".join(text.split("\n")[line - 1 :])
    assert own.startswith(HALVES.rstrip() + "\n\nif __name__")
    assert "part of it" not in text
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "lesson.py").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-c", RUN],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["line-2.svg", "line-4.svg"], done.stdout
    assert (folder / "line-4.svg").read_text("utf-8") == "2.0 \u00b5m"


# The style and the functions for other builders


PALETTE = """\
LIGHT, DARK = {{"curve": "{}"}}, {{"curve": "#86aaff"}}
PAGE_LIGHT, PAGE_DARK = {{"link": "#0b5cad"}}, {{"link": "#8ab4ff"}}
"""
STYLE = """\
/* Written by the build from snippets/shared/palette.py. */
:root {{
  --fig-curve: {};
  --page-link: #0b5cad;
}}

@media screen {{
[data-md-color-scheme="slate"] {{
  --fig-curve: #86aaff;
  --page-link: #8ab4ff;
}}
}}
"""


def test_the_palette_is_read_anew_and_its_dark_colours_are_for_the_screen(tmp_path):
    file = tmp_path / "shared/palette.py"
    file.parent.mkdir()
    for colour in "#2b59c3", "#123456":
        file.write_text(PALETTE.format(colour))
        assert assets.palette_css(tmp_path) == STYLE.format(colour)


def test_the_python_for_the_reader_is_all_there_and_as_small_as_it_can_be():
    """And the same on any day: no time stands in what is packed.

    A worker made of a text is no module, whose words it cannot read.
    """
    folder = SNIPPETS / "_weave/browser"
    licence, _, bound = assets.python_js().partition(" */\nglobalThis.weavePython = ")
    assert licence == f"/*! {(folder / 'micropython-LICENSE.txt').read_text().strip()}"
    assert bound.endswith(";\n")
    parts = json.loads(bound[:-2])
    program, script = (base64.b64decode(parts[name]) for name in ("program", "script"))
    assert program[4:8] == script[4:8] == bytes(4)
    assert gzip.decompress(program) == (folder / "micropython.wasm").read_bytes()
    plain = gzip.decompress(script).decode()
    assert "async function _createMicroPythonModule(" in plain
    assert not re.findall(r"import\.meta|export (?:async|default)", plain)
    worker = (folder / "worker.js").read_text("utf-8")
    assert parts["worker"] == assets.without_comments(worker) != worker
    assert sorted(parts["files"]) == sorted(file.name for file in folder.glob("*.py"))
    for name, code in parts["files"].items():
        assert defined(code) == defined((folder / name).read_text("utf-8"))
        assert '"""' not in code
    code = '"""Halves."""\n\n# Why.\ndef f(x: int):\n    "Half."\n    return x / 2\n'
    assert assets._bare(code) == "def f(x):\n    return x / 2"


def defined(code):
    """The names of all functions and classes in some code."""
    nodes = (getattr(node, "name", None) for node in ast.walk(ast.parse(code)))
    return sorted(filter(None, nodes))


MOVES = """\
from shared import draw
from shared.explorable import Knob, Layer, Target, movable


def path(rate):
    return [[rate, 1.0], [rate / {0}, 0.0]]


def figure_moved():
    figure, ax = draw.axes("x", "y")
    return movable(
        figure,
        ax,
        knobs=[Knob("rate", "rate", 0, 1, 0.25, 0.5)],
        layers=[Layer(path, "path")],
        says=(lambda rate: ["is", rate], {{"is": ("path", "It is {{1:2}}.")}}),
        table=(path, ["k", "x", "y"]),
        targets={{"one": Target(lambda rate: rate == 1, {{"rate": 1.0}})}},
    )


def figure_line():
    figure, ax = draw.axes("x", "y")
    ax.plot(path(1.0))
    return figure
"""
MOVING = """\
# A

![It stays where it is.](figures/{0}/line.svg)

/// explore | What moves?
![It moves with the rate.](figures/{0}/moved.svg)

- [one] Move it to 1.
///
"""


def test_the_functions_of_all_figures_that_move_are_one_script(course):
    """With nothing of those that stay, nor of a page that has a fault."""
    for number, name in (2, "first"), (4, "second"), (8, "wrong"):
        course.write(f"snippets/{name}.py", MOVES.format(number))
        course.write(f"docs/{name}.md", MOVING.format(name))
    course.write("docs/wrong.md", MOVING.format("wrong") + "\n`{python} 1 / 0`\n")
    with course.mkdocs():  # whose process runs these lessons, too
        script = assets.functions_js(course.folder)
    assert script.startswith('"use strict";globalThis.weaveFunctions=')
    assert re.findall(r"a/\d", script) == ["a/2", "a/4"]


def test_of_a_page_that_cannot_be_read_no_functions_are_written(course):
    course.write("docs/lesson.md", "# A\n\n`{python} 1 + 1`\n")
    with course.mkdocs():
        assert assets.functions_js(course.folder) == ""
    course.write("docs/lesson.md", "# A\n\ncaf\xe9\n".encode("latin-1"))
    with pytest.raises(WeaveError, match=r"lesson\.md:3: this is not UTF-8"):
        assets.functions_js(course.folder)


# The navigation


def test_titles_of_the_navigation_are_found_at_any_depth():
    nav = [{"A": "a.md"}, "b.md", {"Part": [{"C": "c.md"}, "d.md", {"E": ["e.md"]}]}]
    assert dict(kept._titles(nav)) == {"a.md": "A", "c.md": "C"}
    assert dict(kept._titles(None)) == {}
