"""Labs run, their solutions are right, and a lab is a page like the others."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import jupytext
import matplotlib.pyplot as plt
import pytest
from _weave.labs import run
from _weave.publish import _comments
from conftest import ROOT, SNIPPETS, Project
from mkdocs.exceptions import PluginError
from mkdocs.utils.yaml import yaml_load
from shared import tasks

LABS = sorted((ROOT / "docs" / "labs").glob("*.py"))
each_lab = pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.stem)

SETTINGS = (
    "site_name: small\n"
    "site_url: http://localhost/\n"
    "edit_uri: edit/main/docs/\n"
    "hooks: [snippets/_weave/hook.py, snippets/_weave/publish.py]\n"
    "theme: {name: material, font: false, features: [content.action.edit]}\n"
    "plugins:\n"
    "  - search\n"
    '  - mkdocs-jupyter: {include: ["labs/*.py"], cache: false}\n'
    "markdown_extensions: [pymdownx.superfences, pymdownx.highlight]\n"
    "extra: {giscus: !ENV [GISCUS, '']}\n"
)
LESSON = (
    '"""Halves."""\n\n'
    "from shared import draw\n\n\n"
    "def step(x):\n    return x / 2\n\n\n"
    "def figure_line():\n"
    "    figure, ax = draw.axes('x', 'y')\n"
    "    ax.plot([1, step(1)])\n"
    "    return figure\n"
)
PAGE = "# Half\n\n![From 1 to a half.](figures/lesson/line.svg)\n"
LAB = (
    "# ---\n# title: A lab\n# description: Half of it.\n# ---\n\n"
    "# %% [markdown]\n# # Half\n#\n# See [the lesson](../lesson.md).\n\n"
    "# %%\nfrom shared import draw\nfrom lesson import step\n\n"
    "# %%\nprint(step(1.0) < 1)\nstep(1.0)\n\n"
    "# %%\nfigure, ax = draw.axes('x', 'y')\nax.plot([1, step(1)])\n"
    "figure.set_label('From 1 to a half.')\n"
)


def cells(lab):
    return jupytext.read(lab).cells


def words(lab):
    return "\n".join(c.source for c in cells(lab) if c.cell_type == "markdown")


def code(lab):
    return "\n".join(c.source for c in cells(lab) if c.cell_type == "code")


def solution(cell):
    """The code of the solution that a cell of text holds, or None."""
    found = re.search(r"<details>.*?```python\n(.*?)```.*?</details>", cell, re.DOTALL)
    return found and found[1]


def said(source, names):
    """What a cell prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, "a cell", "exec"), names)
    plt.close("all")
    return printed.getvalue()


# The labs themselves.


def test_every_lab_runs_as_a_plain_script(tmp_path):
    def ran(lab):
        return subprocess.run(
            [sys.executable, "-W", "error", lab],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(SNIPPETS), "MPLBACKEND": "svg"},
            capture_output=True,
            text=True,
            check=False,
        )

    with ThreadPoolExecutor(2) as pool:
        for lab, done in zip(LABS, pool.map(ran, LABS), strict=True):
            assert done.returncode == 0, f"{lab.name}: {done.stderr}"
            assert "expected" in done.stdout, lab.name


@each_lab
def test_each_task_is_open_at_first_and_done_with_its_solution(lab):
    names, tasks_seen = {}, 0
    before = ""
    for cell in cells(lab):
        if cell.cell_type == "code":
            printed, before = said(cell.source, names), cell.source
            continue
        answer = cell.cell_type == "markdown" and solution(cell.source)
        if answer:
            assert "not yet" in printed, f"the task before {answer!r} is done already"
            kept = dict(names)
            said(answer, names)
            after = said(before, names)
            assert "correct" in after
            assert "not yet" not in after, after
            names = kept  # the cells below must run with the task open
            tasks_seen += 1
    assert tasks_seen == len(re.findall(r"^## Task \d", words(lab), re.MULTILINE))
    assert tasks_seen >= 3


def test_the_first_lab_says_of_a_run_that_never_moves_that_it_stays():
    [lab] = [lab for lab in LABS if lab.stem == "descent_by_hand"]
    names = {}
    said(code(lab), names)
    for choice, (_, start) in names["MENU"].items():
        printed = said(f"show({choice!r})", names)
        assert ("stays where it is" in printed) == (start == 0), printed


@each_lab
def test_a_lab_types_no_result(lab):
    prose = re.sub(r"```.*?```", "", words(lab), flags=re.DOTALL)
    solutions = "".join(filter(None, map(solution, (c.source for c in cells(lab)))))
    typed = set(re.findall(r"(?<![\w.])\d+\.\d+", prose))
    given = set(re.findall(r"\d+\.\d+", code(lab) + solutions))
    assert typed <= given


@each_lab
def test_no_sentence_of_a_lab_turns_into_a_list(lab):
    begun = re.findall(r"\S\n(?:\d+[.)]|[-+*#]) .*", words(lab))
    assert not begun, f"{lab.name}: Markdown takes these for lists: {begun}"


@each_lab
def test_the_code_of_a_lab_is_narrow(lab):
    wide = [line for line in code(lab).splitlines() if len(line) > 72]
    assert not wide, f"{lab.name}: wider than 72 columns: {wide}"


@each_lab
def test_a_lab_says_what_it_is(lab):
    head = yaml_load(cells(lab)[0].source.strip("-\n"))
    assert words(lab).startswith(f"# {head['title']}\n")
    assert 50 <= len(head["description"]) <= 200


def test_a_lab_shadows_no_module_when_it_runs_as_a_script():
    modules = {file.stem for file in SNIPPETS.glob("*.py")} | sys.stdlib_module_names
    assert not modules & {lab.stem for lab in LABS}


def test_the_index_names_every_lab():
    index = (ROOT / "docs" / "labs" / "index.md").read_text("utf-8")
    assert [f"({lab.name})" in index for lab in LABS] == [True] * len(LABS)


def test_a_comparison_says_what_differs(capsys):
    tasks.compare("it", 1, 2)
    tasks.compare("it", 0.1 + 0.2, 0.3)
    assert capsys.readouterr().out == (
        "not yet: it\n    yours     1\n    expected  2\n"
        "correct: it\n    yours     0.3\n    expected  0.3\n"
    )


@pytest.mark.parametrize(
    ("yours", "expected"),
    [
        (None, 1.0),
        ([1, 2], [1, 2, 3]),
        (1.0, [1.0]),
        ("left", "right"),
        (2.0, 2.1),
        ([None], [1.0]),
        ([[1], [1, 2]], 1.0),
        (len, 1.0),
    ],
)
def test_whatever_a_learner_hands_in_is_compared(yours, expected, capsys):
    tasks.compare("it", yours, expected)
    assert capsys.readouterr().out.startswith("not yet: it\n    yours ")


# How a lab is run.


def outcome(*sources):
    cells = [(1 + 10 * number, source) for number, source in enumerate(sources)]
    given = json.loads(run("docs/labs/lab.py", cells))
    return given["outputs"], given["faults"]


def test_a_cell_gives_what_it_prints_and_its_last_value():
    outputs, faults = outcome("x = 2\nprint(x)\nx + 1", "x = 3", "None")
    assert outputs == [[["text", "2\n"], ["text", "3"]], [], []]
    assert faults == []


def test_a_figure_follows_the_palette_and_has_its_words():
    draws = "from shared import draw\nf, ax = draw.axes('x', 'y')\nax.plot([1, 2])"
    outputs, faults = outcome(draws + "\nf.set_label('Up.')\nf")
    [[kind, svg, words]] = outputs[0]
    assert (kind, words, faults) == ("figure", "Up.", [])
    assert "var(--fig-curve, #2b59c3)" in svg
    _, [[path, line, message]] = outcome("1", draws)
    assert (path, line) == ("docs/labs/lab.py", 11)
    assert "figure.set_label(" in message


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("x = 1\n1 / 0", 12, "the lab raised ZeroDivisionError: division by zero"),
        ("def f():\n    raise KeyError(1)\n\n\nf()", 12, "KeyError: 1"),
        ("x = (", 11, "SyntaxError"),
        ("exit(3)", 11, "SystemExit: 3"),
        (
            "from descent import step\nstep(1, None, 1)",
            12,
            "TypeError: 'NoneType' object is not callable\n    in snippets/descent.py:",
        ),
    ],
)
def test_a_lab_that_raises_is_named_with_its_line(source, line, message):
    outputs, [[path, number, text]] = outcome("1", source)
    assert (outputs, path, number) == ([], "docs/labs/lab.py", line)
    assert message in text


# What is published.


class Course(Project):
    """A lesson and a lab that imports it."""

    def __init__(self, folder):
        super().__init__(folder)
        self.write("mkdocs.yml", SETTINGS)
        self.write("snippets/lesson.py", LESSON)
        self.write("docs/lesson.md", PAGE)
        self.write("docs/labs/halves.py", LAB)

    def lab(self):
        done = self.build()
        assert done.returncode == 0, done.stdout
        return self.page("labs/halves")

    def notebook(self):
        return (self.folder / "site/labs/halves.ipynb").read_text("utf-8")


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The course as it is published where nothing is configured."""
    course = Course(tmp_path_factory.mktemp("course"))
    course.lab()
    return course


class _Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def loaded(html):
    """What a page loads by itself."""
    names = {"script": "src", "link": "href", "img": "src", "iframe": "src"}
    given = [(attrs, attrs.get(names.get(tag))) for tag, attrs in _Tags(html).tags]
    return [a for attrs, a in given if a and attrs.get("rel") != "canonical"]


def test_a_lab_is_a_page_like_the_others(published):
    html = published.page("labs/halves")
    assert "<title>A lab - small</title>" in html
    assert '<meta name="description" content="Half of it."' in html
    assert '<a href="../../lesson/">the lesson</a>' in html
    assert '<pre class="lab-output"><samp>True</samp></pre>' in html
    assert '<pre class="lab-output"><samp>0.5</samp></pre>' in html
    assert 'role="img" aria-label="From 1 to a half."' in html
    assert "var(--fig-curve, #2b59c3)" in html
    assert "<style" not in html.partition("<article")[2]
    assert not [attrs for _, attrs in _Tags(html).tags if "style" in attrs]
    assert not [address for address in loaded(html) if "//" in address]
    assert len(html) < 60_000
    assert "requirejs" not in html.lower()
    assert "mathjax" not in html.lower()


def test_a_lab_is_run_again_when_its_lesson_changes_and_only_then(course):
    assert "<samp>0.5</samp>" in course.lab()
    kept = set((course.folder / ".cache/weave").iterdir())
    assert "<samp>0.5</samp>" in course.lab()
    assert set((course.folder / ".cache/weave").iterdir()) == kept
    course.write("snippets/lesson.py", LESSON.replace("x / 2", "x / 4"))
    assert "<samp>0.25</samp>" in course.lab()
    assert "x / 4" in json.loads(course.notebook())["cells"][1]["source"]


def test_a_lab_that_fails_or_links_to_nothing_stops_the_build(course):
    faulty = LAB.replace("step(1.0)\n\n", "1 / 0\n\n")
    course.write("docs/labs/halves.py", faulty.replace("../lesson.md", "../lost.md"))
    done = course.build()
    assert done.returncode != 0
    assert "docs/labs/halves.py:17: the lab raised ZeroDivisionError" in done.stdout
    assert "docs/labs/halves.py:9: there is no page ../lost.md" in done.stdout
    assert not (course.folder / "site/labs/halves").exists()


def test_without_a_repository_no_page_leads_to_one(published):
    html = published.page("labs/halves")
    assert "colab" not in html
    assert 'rel="edit"' not in html
    assert "giscus" not in html


def test_comments_load_when_the_reader_asks_for_them(course, monkeypatch):
    monkeypatch.setenv("GISCUS", "repo=a/b;repo-id=R1;category=Talk;category-id=C1")
    html = course.lab()
    assert 'data-repo="a/b" data-repo-id="R1"' in html
    assert not [address for address in loaded(html) if "giscus" in address]
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    assert "frame-src https://giscus.app;" in policy
    assert policy.count("https://giscus.app") == 3
    assert policy.startswith("default-src 'self'; script-src 'self' https://giscus.app")


def test_comments_that_are_half_configured_are_an_error():
    with pytest.raises(
        PluginError, match="GISCUS lacks repo-id, category, category-id"
    ):
        _comments("repo=a/b")
