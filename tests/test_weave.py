"""What the machinery promises: each test is one promise, kept on a small course."""

import ast
import errno
import http.client
import json
import os
import py_compile
import re
import signal
import socket
import subprocess
import sys
import time
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import markdown
import pytest
from _weave.cache import Cache
from _weave.faults import WeaveError
from _weave.markdown import WeaveExtension, _Code
from _weave.weave import Weaver
from conftest import SNIPPETS, Project
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

LINE = """\
from shared import draw


def figure_line():
    figure, ax = draw.axes("x", "loss of x")
    ax.plot([0, 1], [0, 2])
    return figure
"""
ON_PAGE = "![A line](figures/lesson/line.svg)\n"


class Course:
    """One project whose page is woven again and again by the same weaver."""

    def __init__(self, folder):
        self.project = Project(folder)
        self.folder, self.snippets = folder, folder / "snippets"
        self.submitted = 0
        self.restart()

    def restart(self):
        """Begin a new build of the same project, with its server not yet started."""
        self.weaver = Weaver(self.folder, workers=2)
        self._submit, self.weaver.server.submit = self.weaver.server.submit, self._count

    def _count(self, *job):
        self.submitted += 1
        return self._submit(*job)

    def empty(self):
        for file in [*self.snippets.glob("*.py"), *self.folder.glob("docs/*.md")]:
            if file.name != "draw.py":
                file.unlink()

    def write(self, lesson=None, **modules):
        modules |= {} if lesson is None else {"lesson": lesson}
        for stem, code in modules.items():
            self.project.write(f"snippets/{stem}.py", code)

    def html(self, page, lesson=None, **modules):
        """The HTML of a page that must be right, without MkDocs."""
        self.write(lesson, **modules)
        self.project.write("docs/lesson.md", page)
        extension = WeaveExtension(weaver=self.weaver)
        extension.page = "lesson.md"
        self.weaver.prepare()
        kinds = [extension, "pymdownx.superfences", "tables", "admonition"]
        body = re.sub(r"\A---\n.*?^---\n", "", page, flags=re.DOTALL | re.MULTILINE)
        return markdown.markdown(body, extensions=kinds)

    def said(self, page, lesson=None, **modules):
        """All that is said about a page that must not be published."""
        with pytest.raises(WeaveError) as caught:
            self.html(page, lesson, **modules)
        return str(caught.value)

    def runs(self, page, lesson=None, **modules):
        """How many runs it takes to weave the page; 0 when the cache has it."""
        before = self.submitted
        self.html(page, lesson, **modules)
        return self.submitted - before


@pytest.fixture(scope="module")
def _course(tmp_path_factory):
    course = Course(tmp_path_factory.mktemp("course"))
    yield course
    course.weaver.close()


@pytest.fixture
def course(_course):
    """An empty course; the process that runs its lessons is shared by all tests."""
    _course.empty()
    return _course


def text_of(html):
    """What a reader reads, without the markup."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def fence(*lines, language="python", indent=""):
    rows = [f"```{language}", *lines, "```"]
    return "".join(f"{indent}{row}\n" for row in rows)


def transcript(*lines):
    return fence(*lines, language="pycon")


# Code by name


SOURCE = '''\
"""A module."""

import math
from functools import (
    lru_cache,
)

RATE = {
    "small": 0.5,
}
low, high = 1, 2


@lru_cache(
    maxsize=None
)
def step(x):
    """Half."""

    return x * RATE["small"]


class Trail:
    start = math.pi
'''


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("step", 14, 20),
        ("Trail", 23, 24),
        ("RATE", 8, 10),
        ("high", 11, 11),
        ("imports", 3, 6),
        (None, 1, 24),
    ],
)
def test_code_by_name_is_the_very_source(course, name, first, last):
    shown = f"lesson.py:{name}" if name else "lesson.py"
    html = course.html(fence(f'--8<-- "{shown}"'), SOURCE)
    assert text_of(html).strip("\n") == "\n".join(SOURCE.splitlines()[first - 1 : last])


def test_imports_are_all_of_them(course):
    html = course.html(
        fence('--8<-- "lesson.py:imports"'), "import ast\n\nX = 1\n\nimport re\n"
    )
    assert text_of(html).strip() == "import ast\nimport re"


def test_a_page_break_in_a_snippet_moves_no_line(course):
    html = course.html(
        fence('--8<-- "lesson.py:f"'), "A = 1\n\f\ndef f():\n    return 1\n"
    )
    assert text_of(html).strip() == "def f():\n    return 1"


def test_braces_in_named_code_stay_as_they_are(course):
    code = 'def f(reading):\n    return f"{reading}"'
    html = course.html(fence('--8<-- "lesson.py:f"'), code + "\n")
    assert text_of(html).strip() == code


def test_an_unknown_file_is_named_with_the_nearest(course):
    said = course.said("# A\n\n" + fence('--8<-- "lessen.py:step"'), SOURCE)
    assert said == (
        "docs/lesson.md:4: there is no file snippets/lessen.py; did you mean lesson.py?"
    )


def test_an_unknown_name_is_named_with_the_nearest(course):
    said = course.said(fence('--8<-- "lesson.py:setp"'), SOURCE)
    assert said == (
        "docs/lesson.md:2: there is no setp in snippets/lesson.py; did you mean step?"
    )


def test_a_syntax_error_in_a_named_snippet_has_its_place(course):
    said = course.said(fence('--8<-- "lesson.py:step"'), "x = 1\ndef step(:\n")
    assert said.startswith("docs/lesson.md:2: snippets/lesson.py:2: ")


def test_a_snippet_that_is_not_utf8_is_a_fault(course):
    (course.snippets / "lesson.py").write_bytes(b"A = 1  # caf\xe9\n")
    said = course.said(fence('--8<-- "lesson.py:A"'))
    assert said.startswith("docs/lesson.md:2: snippets/lesson.py")
    assert "UTF-8" in said


@pytest.mark.parametrize("language", ["python", "py", "{.python title='a'}", "py3"])
def test_typed_python_is_refused(course, language):
    said = course.said("Text\n\n" + fence("x = 1", language=language))
    assert said.startswith("docs/lesson.md:3: typed Python is never run")


def test_typed_python_beside_named_code_is_refused(course):
    said = course.said(fence('--8<-- "lesson.py:RATE"', "RATE == 7"), SOURCE)
    assert "typed Python is never run" in said


def test_typed_python_in_a_quotation_is_refused(course):
    said = course.said("> ```python\n> x = 1\n> ```\n")
    assert said.startswith("docs/lesson.md:1: ")


def test_code_by_name_outside_a_fence_is_refused(course):
    said = course.said('Text\n\n--8<-- "lesson.py:step"\n', SOURCE)
    assert said == "docs/lesson.md:3: code by name stands inside a fenced block"


def test_a_malformed_name_is_refused(course):
    said = course.said(fence("--8<-- lesson.py:step"), SOURCE)
    assert said.startswith("docs/lesson.md:2: write --8<-- lesson.py:step as ")


@pytest.mark.parametrize("opening", ["- item\n\n", "!!! note\n\n"])
def test_a_fence_in_a_list_or_an_admonition_keeps_its_indentation(course, opening):
    page = opening + fence('--8<-- "lesson.py:step"', indent="    ") + "\n    After.\n"
    html = course.html(page, SOURCE)
    source = "\n".join(SOURCE.splitlines()[13:20])
    assert source in text_of(html)
    assert html.index("<code>") < html.index("After.") < html.rindex("</")
    assert html.rstrip().endswith(("</ul>", "</div>"))


# Figures by name


def test_a_figure_is_inline_svg_with_its_name_and_real_text(course):
    html = course.html(ON_PAGE, LINE)
    svg = ElementTree.fromstring(re.search(r"<svg.*</svg>", html)[0])
    assert (svg.get("role"), svg.get("aria-label")) == ("img", "A line")
    assert "loss of x" in [text.text for text in svg.iter("text")]
    assert "<img" not in html


def test_every_colour_of_a_figure_follows_the_palette(course):
    html = course.html(ON_PAGE, LINE)
    colours = re.findall(r'(?:fill|stroke|stop-color)="([^"]*)"', html)
    assert set(colours) - {"none"}
    assert all(
        colour == "none" or re.fullmatch(r"var\(--fig-\w+(, #[0-9a-f]{6})?\)", colour)
        for colour in colours
    )
    assert "--fig-curve" in html


def test_a_figure_carries_no_style_and_no_date(course):
    html = course.html(ON_PAGE, LINE)
    assert "style" not in html
    assert "metadata" not in html
    assert not re.search(r"20\d\d-\d\d-\d\d|Matplotlib", html)


def test_no_two_ids_of_a_page_are_equal(course):
    lesson = LINE + LINE.replace("line", "curve")
    other = "![A curve](figures/lesson/curve.svg)\n"
    html = course.html("\n".join([ON_PAGE, other, ON_PAGE]), lesson)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert html.count("<svg") == 3
    assert len(ids) > 6
    assert sorted(ids) == sorted(set(ids))


def test_every_reference_in_a_figure_has_its_target(course):
    drawn = 'ax.bar([0, 1], [1, 2], color="none", edgecolor="ink", hatch="//")'
    html = course.html(ON_PAGE, LINE.replace("ax.plot([0, 1], [0, 2])", drawn))
    references = re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', html)
    targets = {first or second for first, second in references}
    assert targets
    assert targets <= set(re.findall(r'\bid="([^"]+)"', html))


def test_two_runs_draw_the_same_bytes(course):
    lesson = LINE + "# Drawn in two runs.\n"
    first = course.html(ON_PAGE, lesson)
    for entry in course.weaver.cache.folder.glob("*"):
        entry.unlink()
    before = course.submitted
    assert course.html(ON_PAGE, lesson) == first
    assert course.submitted == before + 1


def test_settings_of_the_machine_change_no_figure(course, tmp_path, monkeypatch):
    settings = tmp_path / "matplotlibrc"
    settings.write_text("xtick.direction: in\naxes.xmargin: 0.3\n")
    before = course.html(ON_PAGE, LINE)
    shared = course.weaver
    monkeypatch.setenv("MATPLOTLIBRC", str(settings))
    for entry in shared.cache.folder.glob("*"):
        entry.unlink()
    try:
        course.restart()
        assert course.html(ON_PAGE, LINE) == before
        course.weaver.close()
    finally:
        course.weaver = shared


def test_a_colour_outside_the_palette_is_a_fault(course):
    said = course.said(
        "\n" + ON_PAGE, LINE.replace("[0, 2])", '[0, 2], color="#ff0000")')
    )
    assert said.startswith("docs/lesson.md:2: figures/lesson/line.svg could not be")
    assert "#ff0000 is in no palette" in said
    assert "curve" in said


def test_a_picture_of_pixels_is_refused_in_words(course):
    drawn = "ax.imshow([[0, 1], [1, 0]])"
    said = course.said(ON_PAGE, LINE.replace("ax.plot([0, 1], [0, 2])", drawn))
    assert said.startswith("docs/lesson.md:1: figures/lesson/line.svg could not be")
    assert "base64" not in said


def test_alt_text_carries_values(course):
    page = (
        "![Up to `{python} f'{2 * 3.14159:.2f}'`,\n"
        'a "line"](figures/lesson/line.svg)\n'
    )
    assert 'aria-label="Up to 6.28, a &quot;line&quot;"' in course.html(page, LINE)


def test_alt_text_may_have_brackets(course):
    html = course.html("![On [0, 1], a line](figures/lesson/line.svg)\n", LINE)
    assert 'aria-label="On [0, 1], a line"' in html


def test_a_figure_without_alt_text_is_refused(course):
    assert course.said("\n![ ](figures/lesson/line.svg)\n", LINE) == (
        "docs/lesson.md:2: figures/lesson/line.svg needs alt text that says what is "
        "seen"
    )


def test_an_unknown_figure_is_named_with_the_nearest(course):
    said = course.said("![A](figures/lesson/lines.svg)\n", LINE)
    assert said == (
        "docs/lesson.md:1: figures/lesson/lines.svg: there is no figure_lines in "
        "snippets/lesson.py; did you mean figure_line?"
    )


def test_a_figure_of_an_unknown_module_is_named_with_the_nearest(course):
    said = course.said("![A](figures/lessen/line.svg)\n", LINE)
    assert said == (
        "docs/lesson.md:1: there is no snippets/lessen.py; did you mean lesson?"
    )


@pytest.mark.parametrize(
    ("returned", "kind"), [("return None", "NoneType"), ("return ax", "Axes")]
)
def test_a_figure_function_must_return_its_figure(course, returned, kind):
    said = course.said(ON_PAGE, LINE.replace("return figure", returned))
    assert said == (
        f"snippets/lesson.py:4: figure_line returned {kind}; it must return its Figure"
    )


def test_a_figure_that_raises_shows_the_authors_own_frames(course):
    lesson = LINE.replace("[0, 2]", "helper.twice(None)").replace(
        "from shared import draw", "from shared import draw\nimport helper"
    )
    helper = "import json\n\n\ndef twice(x):\n    return json.loads(x)\n"
    said = course.said("\n\n" + ON_PAGE, lesson, helper=helper)
    assert said.startswith("snippets/helper.py:5: figures/lesson/line.svg could not")
    assert "TypeError" in said
    assert "called from snippets/lesson.py:7 in figure_line" in said
    assert "for docs/lesson.md:3" in said
    assert "json/" not in said


@pytest.mark.parametrize(
    "link",
    [
        "figures/line.svg",
        "figures/lesson/line.png",
        "figures/a/b/line.svg",
        "../figures/lesson/line.svg",
    ],
)
def test_a_malformed_figure_link_is_refused(course, link):
    said = course.said(f"\n![A]({link})\n", LINE)
    assert said.startswith(f"docs/lesson.md:2: {link}: write a figure as figures/")


def test_a_link_to_a_figure_is_refused(course):
    said = course.said("[A](figures/lesson/line.svg)\n", LINE)
    assert said.startswith("docs/lesson.md:1: write a figure as ![what is seen]")


# Values


def test_values_stand_in_text_headings_cells_and_maths(course):
    page = """\
# To `{python} 6 * 7`

Text `{python} f"{2 / 3:.3f}"`, code `x = 1`, maths $x = `{python} 3 * 3`$.

| a | b |
|---|---|
| 1 | `{python} 10 ** 3` |
"""
    html = course.html(page)
    assert "<h1>To 42</h1>" in html
    assert "Text 0.667, code <code>x = 1</code>, maths" in html
    assert re.search(r"maths .*\b9\b", text_of(html))
    assert "<td>1000</td>" in html


def test_a_value_of_many_lines_keeps_its_place(course):
    html = course.html("- item\n\n    `{python} 'first\\n\\nlast'`\n\nAfter\n")
    assert "<p>last</p>" in html[html.index("<li>") : html.index("</li>")]


def test_a_value_is_evaluated_in_the_lessons_namespace(course):
    html = course.html(
        "`{python} twice(N)`", "N = 21\n\n\ndef twice(x): return 2 * x\n"
    )
    assert html == "<p>42</p>"


def test_an_expression_that_raises_is_a_fault(course):
    assert course.said("Text\n\n`{python} 1 / 0`\n") == (
        "docs/lesson.md:3: `{python} 1 / 0` raised ZeroDivisionError: division by zero"
    )


@pytest.mark.parametrize("text", ["x = 1", "import os", "1 +", ""])
def test_what_is_no_expression_is_a_fault(course, text):
    (said,) = course.said(f"\n`{{python}} {text}`\n").splitlines()
    assert said.startswith("docs/lesson.md:2: not a Python expression: ")


def test_an_expression_out_of_its_ticks_is_a_fault(course):
    said = course.said("\n{python} 1 + 1\n")
    assert said.startswith("docs/lesson.md:2: write the expression as `{python} 1 + 1`")


def test_values_know_what_a_transcript_has_bound(course):
    page = transcript(">>> x = 2", ">>> x += 1") + "\nIt is `{python} x`.\n"
    assert "It is 3." in course.html(page)
    assert "NameError" in course.said("It is `{python} x`.\n\n" + transcript(">>> x=1"))


def test_modules_are_known_by_name_on_a_page_without_its_own(course):
    html = course.html("`{python} other.f(2)`", other="def f(x):\n    return 2 * x\n")
    assert html == "<p>4</p>"


def test_inline_code_and_comments_are_left_alone(course):
    html = course.html("``x `y` z`` and <!-- `{python} 1 / 0` --> `--8<--`\n")
    assert "<code>x `y` z</code>" in html
    assert "<code>--8&lt;--</code>" in html


# Transcripts


def test_a_true_transcript_stands_as_it_was_typed(course):
    page = transcript(">>> print(1, 2)", "1 2", ">>> [3]", "[3]")
    assert ">>> print(1, 2)\n1 2\n>>> [3]\n[3]\n" in text_of(course.html(page))


def test_a_false_transcript_names_its_line(course):
    page = "# A\n\n" + transcript(">>> 1 + 1", "2", ">>> 6 * 7", "41")
    assert course.said(page) == (
        "docs/lesson.md:6: the transcript is false: 6 * 7\n"
        "    the page says 41\n"
        "    the code says 42"
    )


def test_a_transcript_must_show_what_is_printed(course):
    said = course.said(transcript(">>> 1 + 1"))
    assert "the page says nothing" in said
    assert "the code says 2" in said


def test_a_transcript_may_show_an_exception(course):
    raised = ">>> 1 / 0", "Traceback (most recent call last):", "  ..."
    course.html(transcript(*raised, "ZeroDivisionError: division by zero"))
    said = course.said(transcript(*raised, "ZeroDivisionError: no"))
    assert "the page says" in said
    assert "ZeroDivisionError: division by zero" in said


def test_a_transcript_that_raises_names_its_line_and_the_snippets(course):
    page = transcript(">>> 1", "1", ">>> half('x')")
    said = course.said(page, "def half(x):\n    return x / 2\n")
    assert said.startswith("snippets/lesson.py:2: the transcript's half('x') raised ")
    assert said.endswith("for docs/lesson.md:4")
    said = course.said(transcript(">>> 1", "1", ">>> nothing"))
    assert said.startswith("docs/lesson.md:4: the transcript's nothing raised NameErr")


def test_a_transcript_without_a_prompt_is_a_fault(course):
    assert course.said("\n" + transcript("1 + 1", "2")) == (
        "docs/lesson.md:3: the transcript has no line that starts with >>>"
    )


def test_a_transcript_in_a_list_is_run_too(course):
    page = "- item\n\n" + fence(">>> 1 + 1", "{}", language="pycon", indent="    ")
    assert "<li>" in course.html(page.format(2))
    said = course.said(page.format(3))
    assert said.startswith("docs/lesson.md:4: the transcript is false: 1 + 1")


def test_a_transcript_in_a_quotation_is_not_published_unchecked(course):
    said = course.said("> ```pycon\n> >>> 1 + 1\n> 3\n> ```\n")
    assert said.startswith("docs/lesson.md:")


def test_a_stray_backtick_does_not_hide_a_transcript(course):
    said = course.said("A ` tick.\n\n" + transcript(">>> 1 + 1", "3") + "\nThe `x`.\n")
    assert said.startswith("docs/lesson.md:4: the transcript is false: 1 + 1")


def test_a_transcript_that_is_not_closed_is_a_fault(course):
    said = course.said("```pycon\n>>> 1 + 1\n3\n\nText\n")
    assert said.startswith("docs/lesson.md:1: ")


def test_one_is_not_true(course):
    assert "the code says True" in course.said(transcript(">>> 1 == 1", "1"))


def test_nothing_in_a_transcript_goes_uncompared(course):
    said = course.said(transcript(">>> print('a')", "a", "", "b"))
    assert said.startswith("docs/lesson.md:")


@pytest.mark.parametrize("language", ["python-console", "text", "python"])
def test_a_prompt_in_a_block_that_is_never_run_is_a_fault(course, language):
    said = course.said(fence(">>> 1 + 1", "3", language=language))
    assert said.startswith("docs/lesson.md:")


# Bad snippets


def test_a_snippet_that_raises_at_import_has_its_place_once(course):
    page = "\n`{python} f()`\n\n`{python} g()`\n\n" + ON_PAGE + transcript(">>> f()")
    said = course.said(page, "x = 1\n1 / 0\n")
    assert said == (
        "snippets/lesson.py:2: the import raised ZeroDivisionError: division by zero\n"
        "    for docs/lesson.md:2"
    )


def test_a_broken_module_is_one_fault_for_who_asks_for_it(course):
    said = course.said("`{python} other.f()`\n", other="1 / 0\n")
    assert said.startswith("snippets/other.py:1: the import raised ZeroDivisionError")
    assert "NameError" not in said


def test_a_snippet_with_a_syntax_error_has_its_place(course):
    said = course.said(ON_PAGE, "x = 1\n\nx = = 2\n")
    assert said.startswith("snippets/lesson.py:3: ")
    assert "SyntaxError" in said


def test_a_missing_import_is_named(course):
    said = course.said(ON_PAGE, "\nimport nunpy\n")
    assert said.startswith("snippets/lesson.py:2: ")
    assert "No module named 'nunpy'" in said


def test_a_snippet_with_the_name_of_a_standard_module_is_a_fault(course):
    said = course.said("`{python} abc.f()`", abc="def f():\n    return 1\n")
    assert said.startswith("snippets/abc.py:1: ")
    assert "standard" in said


def test_exit_in_a_snippet_is_a_fault(course):
    said = course.said("`{python} 1`", "import sys\n\nsys.exit()\n")
    assert said.startswith("snippets/lesson.py:3: ")
    assert "the lesson called exit()" in said


def test_a_warning_of_the_arithmetic_is_a_fault(course):
    lesson = "import numpy as np\n\n\ndef f(x):\n    return np.log(np.float64(x))\n"
    said = course.said("`{python} f(0)`", lesson)
    assert said.startswith("snippets/lesson.py:5: `{python} f(0)` raised RuntimeWarn")


def test_endless_recursion_is_a_short_fault(course):
    said = course.said("`{python} f(0)`", "def f(x):\n    return f(x + 1)\n")
    assert said.startswith("snippets/lesson.py:2: ")
    assert "RecursionError" in said
    assert len(said.splitlines()) < 20


def test_a_limit_that_is_no_number_is_a_fault(course):
    said = course.said("---\ntitle: A\nlimit: 1 min\n---\n\n`{python} 1`\n")
    assert said.startswith("docs/lesson.md:3: ")
    assert "1 min" in said


def test_all_faults_of_a_page_are_told_at_once_from_the_top(course):
    page = (
        "`{python} 1 / 0`\n\n"
        + fence("typed")
        + "![](figures/lesson/line.svg)\n\n"
        + transcript(">>> 2", "3")
    )
    lines = [
        line.split(": ")[0]
        for line in course.said(page, LINE).splitlines()
        if not line.startswith(" ")
    ]
    assert lines == [f"docs/lesson.md:{number}" for number in (1, 3, 6, 9)]


# The cache


STEP = "import helper\n\n\ndef f(x):\n    return helper.g(x) + 7\n"
HELPER = "import deep\n\n\ndef g(x):\n    return deep.h(x)\n"
DEEP = "def h(x):\n    return +x\n"
PAGE = "Text.\n\nIt is `{python} f(2)`.\n"


def test_what_has_been_run_is_not_run_again(course):
    modules = {"helper": HELPER, "deep": DEEP}
    course.runs(PAGE, STEP, **modules)
    assert course.runs(PAGE, STEP, **modules) == 0


def test_an_edit_of_the_prose_runs_nothing(course):
    modules = {"helper": HELPER, "deep": DEEP}
    course.runs(PAGE, STEP, **modules)
    assert course.runs(PAGE.replace("Text.", "Another text."), STEP, **modules) == 0


def test_a_new_line_of_prose_runs_nothing(course):
    modules = {"helper": HELPER, "deep": DEEP}
    course.runs(PAGE, STEP, **modules)
    assert course.runs("One line more.\n\n" + PAGE, STEP, **modules) == 0


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ({"lesson": STEP.replace("+ 7", "+ 8")}, 10),
        ({"helper": HELPER.replace("deep.h(x)", "deep.h(x) * 5")}, 17),
        ({"deep": DEEP.replace("+x", "-x")}, 5),  # within a second, of the same size
    ],
)
def test_an_edit_of_what_a_lesson_imports_is_seen_at_once(course, changed, value):
    modules = {"lesson": STEP, "helper": HELPER, "deep": DEEP}
    assert "It is 9." in course.html(PAGE, **modules)
    assert f"It is {value}." in course.html(PAGE, **(modules | changed))


def test_a_compiled_file_is_never_trusted(course):
    course.write(deep=DEEP)
    file = course.snippets / "deep.py"
    py_compile.compile(str(file), doraise=True)
    saved = file.stat().st_mtime
    modules = {"helper": HELPER, "deep": DEEP.replace("+x", "-x")}
    course.write(**modules)
    os.utime(file, (saved, saved))
    for entry in course.weaver.cache.folder.glob("*"):
        entry.unlink()
    page = "It is `{python} 7 + helper.g(2)`.\n"
    course.project.write("docs/lesson.md", page)
    extension = WeaveExtension(weaver=course.weaver)
    extension.page = "lesson.md"
    assert "It is 5." in markdown.markdown(page, extensions=[extension])


def test_an_edited_expression_is_run(course):
    lesson = "def f(x):\n    return x\n"
    assert "It is 2." in course.html(PAGE, lesson)
    assert "It is 3." in course.html(PAGE.replace("f(2)", "f(3)"), lesson)


def test_an_edit_of_the_style_draws_again(course):
    style = course.snippets / "lesson.mplstyle"
    before = course.html(ON_PAGE, LINE)
    given = style.read_text()
    style.unlink()
    style.write_text(given.replace("labelsize: 12", "labelsize: 19"))
    try:
        after = course.html(ON_PAGE, LINE)
    finally:
        style.unlink()
        style.symlink_to(SNIPPETS / style.name)
    assert 'font-size="19"' not in before
    assert 'font-size="19"' in after


def test_an_edit_of_a_data_file_is_seen(course):
    table = course.snippets / "table.csv"
    lesson = f"def f(x):\n    return open({str(table)!r}).read()\n"
    try:
        table.write_text("12")
        assert "It is 12." in course.html(PAGE, lesson)
        table.write_text("34")
        assert "It is 34." in course.html(PAGE, lesson)
    finally:
        table.unlink()


@pytest.mark.parametrize(
    "reads", ['"notes/*.txt", "other/*.txt"', '(\n    "other/*",\n    "notes/*",\n)']
)
def test_an_edit_of_what_a_module_says_it_reads_is_seen(course, reads):
    for old in (course.project.folder / "notes").glob("*"):
        old.unlink()
    notes = course.project.write("notes/one.txt", "12")
    lesson = (
        "from pathlib import Path\n\n"
        f"READS = {reads}\n\n\n"
        "def f(x):\n"
        f"    files = sorted(Path({str(notes.parent)!r}).iterdir())\n"
        "    return ' '.join(file.read_text() for file in files)\n"
    )
    assert "It is 12." in course.html(PAGE, lesson)
    assert course.runs(PAGE, lesson) == 0
    notes.write_text("34")
    assert "It is 34." in course.html(PAGE, lesson)
    course.project.write("notes/two.txt", "56")
    assert "It is 34 56." in course.html(PAGE, lesson)


def test_what_a_module_says_it_reads_of_the_environment_is_seen(course, monkeypatch):
    deaf = "import os\n\n\ndef f(x):\n    return os.environ.get('REPO_URL')\n"
    lesson = deaf.replace("import os\n", 'import os\n\nREADS = "$REPO_URL"\n')
    course.runs(PAGE, lesson)
    course.runs(PAGE, deaf)
    monkeypatch.setenv("REPO_URL", "https://example.org/repository")
    assert course.runs(PAGE, lesson) == 1
    assert course.runs(PAGE, deaf) == 0


def test_a_page_with_blank_space_is_run_once(course):
    page = "- item\n    \n    `{python} 'once'`\n\t\nText  \n"
    assert course.runs(page) == 1


def test_a_failing_page_is_not_kept(course):
    page = "`{python} open('state').read()`"
    state = course.folder / "state"
    state.unlink(missing_ok=True)
    assert "No such file" in course.said(page)
    state.write_text("healed")
    assert course.html(page) == "<p>healed</p>"


@pytest.mark.parametrize(
    "damage",
    [
        lambda entry, other: entry[: len(entry) // 2],
        lambda entry, other: b"",
        lambda entry, other: os.urandom(64),
        lambda entry, other: b"\xff" * 64 + b"\n{}",
        lambda entry, other: entry.replace(b"true value", b"evil value"),
        lambda entry, other: other,
    ],
    ids=["half", "empty", "garbage", "no text", "wrong checksum", "another's"],
)
def test_a_damaged_entry_is_a_miss(tmp_path, damage):
    cache = Cache(tmp_path)
    cache.put("a", ["true value"])
    cache.put("b", ["of another"])
    assert cache.get("a") == ["true value"]
    entry = tmp_path / "a.json"
    entry.write_bytes(damage(entry.read_bytes(), (tmp_path / "b.json").read_bytes()))
    assert cache.get("a") is None
    cache.put("a", ["true value"])
    assert cache.get("a") == ["true value"]


def test_a_cache_that_cannot_be_made_is_a_warning(tmp_path, caplog):
    (tmp_path / "file").touch()
    cache = Cache(tmp_path / "file")
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") is None
    cache.prune()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert str(tmp_path / "file") in caplog.text


def test_a_full_disk_is_a_warning_and_leaves_no_half_entry(
    tmp_path, caplog, monkeypatch
):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    cache = Cache(tmp_path / "cache")
    cache.put("a", 1)
    assert cache.get("a") is None
    assert "No space left on device" in caplog.text
    assert list((tmp_path / "cache").iterdir()) == []


def test_what_nobody_has_asked_for_in_a_month_is_removed(tmp_path):
    cache = Cache(tmp_path)
    for name in "old", "asked", "new":
        cache.put(name, name)
    for name in "old", "asked":
        os.utime(tmp_path / f"{name}.json", (0, 0))
    assert cache.get("asked") == "asked"
    cache.prune()
    assert [cache.get(name) for name in ("old", "asked", "new")] == [
        None,
        "asked",
        "new",
    ]


# The process that runs the lessons


def gone(pid, patience=5):
    """Whether a process ends within so many seconds."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            status = Path(f"/proc/{pid}/status").read_text("utf-8")
        except (FileNotFoundError, ProcessLookupError):
            return True
        if re.search(r"State:\s+Z", status):
            return True
        time.sleep(0.05)
    return False


def written(file, patience=20):
    """The text of a file, as soon as there is some."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if file.exists() and file.read_text():
            return file.read_text()
        time.sleep(0.05)
    raise TimeoutError(file)


ENDLESS = """\
import os

with open("pid", "w") as file:
    file.write(str(os.getpid()))
while True:
    pass
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_closing_ends_what_is_still_running(project):
    project.write("snippets/lesson.py", ENDLESS)
    project.write("docs/lesson.md", "`{python} 1`\n")
    weaver = Weaver(project.folder, workers=1)
    weaver.prepare()
    pid = int(written(project.folder / "pid"))
    weaver.close()
    ended = gone(pid)
    if not ended:
        os.kill(pid, signal.SIGKILL)
    assert ended


def test_a_cached_course_starts_no_process(course, monkeypatch):
    course.runs(PAGE, "def f(x):\n    return x\n")
    shared = course.weaver

    def forbidden(*_, **__):
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "Popen", forbidden)
    try:
        course.restart()
        assert "It is 2." in course.html(PAGE)
        course.weaver.close()
    finally:
        course.weaver = shared


@pytest.mark.parametrize(
    "file", sorted((SNIPPETS / "_weave").glob("*.py")), ids=lambda file: file.stem
)
def test_only_the_hooks_know_mkdocs(file):
    imported = [
        name
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in [getattr(node, "module", None), *(a.name for a in node.names)]
    ]
    known = any(name and name.split(".")[0] == "mkdocs" for name in imported)
    assert known == (file.stem in ("hook", "publish"))


# Whole builds


def fault_listing(done):
    return re.findall(r"^(?:docs|snippets)/.*", done.stdout, re.MULTILINE)


@pytest.fixture(scope="module")
def _broken(tmp_path_factory):
    project = Project(tmp_path_factory.mktemp("broken"))
    head = "---\ntitle: A\nlimit: 1\n---\n\n"
    project.write("docs/front.md", head + "# A\n\n`{python} 1 / 0`\n")
    project.write("docs/plain.md", "\n\n# A\n\n`{python} 1 / 0`\n")
    project.write("docs/hang.md", head + "`{python} f()`\n")
    project.write("snippets/hang.py", "def f():\n    while True: pass\n")
    project.write("docs/stuck.md", head + "`{python} f()`\n")
    deaf = "import itertools\n\n\ndef f():\n    return sum(itertools.repeat(1))\n"
    project.write("snippets/stuck.py", deaf)
    project.write("docs/quit.md", "Text\n\n`{python} 1`\n")
    project.write("snippets/quit.py", "import os\n\nos._exit(3)\n")
    project.write("docs/good.md", "`{python} good.log()`\n")
    project.write(
        "snippets/good.py",
        "def log():\n    with open('log', 'a') as file:\n        file.write('ran ')\n",
    )
    begun = time.monotonic()
    done = project.build()
    assert time.monotonic() - begun < 30, "nobody stopped the lesson that hangs"
    return project, done


@pytest.fixture
def broken(_broken):
    """A project in which five of seven pages are bad, and its build."""
    return _broken


def test_one_build_names_the_faults_of_all_pages(broken):
    _, done = broken
    places = [line.split(": ")[0] for line in fault_listing(done)]
    assert places == [
        "docs/front.md:8",
        "docs/plain.md:5",
        "docs/quit.md:3",
        "docs/stuck.md:6",
        "snippets/hang.py:2",
    ]
    assert "Traceback" not in done.stdout


def test_a_bad_page_stops_the_build_strict_or_not(broken):
    project, done = broken
    assert done.returncode != 0
    assert not list((project.folder / "site").rglob("*.html"))
    strict = project.build("--strict")
    assert strict.returncode != 0
    assert fault_listing(strict) == fault_listing(done)
    assert not list((project.folder / "site").rglob("*.html"))


def test_a_lesson_past_its_limit_is_stopped_where_it_is(broken):
    _, done = broken
    (line,) = [line for line in fault_listing(done) if "hang" in line]
    assert line.startswith("snippets/hang.py:2: the lesson was stopped after 1 s: ")
    assert "for docs/hang.md:6" in done.stdout


def test_a_lesson_that_does_not_hear_is_killed(broken):
    _, done = broken
    (line,) = [line for line in fault_listing(done) if "stuck" in line]
    assert line.startswith("docs/stuck.md:6: the lesson was stopped after 1 s: ")


def test_a_transcript_past_its_limit_ends_the_lesson(course):
    page = "---\nlimit: 0.5\n---\n\n" + transcript(">>> f()", ">>> 1", "2")
    code = "def f():\n    while True: pass\n"
    begun = time.monotonic()
    said = course.said(page + "\n`{python} f()`\n", code)
    assert time.monotonic() - begun < 10
    (line,) = re.findall("^(?:docs|snippets)/.*", said, re.MULTILINE)
    assert line.startswith("snippets/lesson.py:2: the lesson was stopped after 0.5 s")


def test_a_lesson_that_ends_its_process_is_named(broken):
    _, done = broken
    (line,) = [line for line in fault_listing(done) if "quit" in line]
    assert "ended its own process (exit code 3)" in line


def test_a_bad_page_harms_no_other(broken):
    project, _ = broken
    assert (project.folder / "log").read_text() == "ran "


def test_a_good_build_publishes_and_the_next_runs_nothing(project):
    project.write(
        "snippets/lesson.py",
        LINE
        + "\n\nprint('said by the lesson')\n"
        + "with open('log', 'a') as file:\n    file.write('ran ')\n",
    )
    project.write("docs/lesson.md", "# A\n\n" + ON_PAGE + "\nIt is `{python} 6 * 7`.\n")
    log = project.folder / "log"
    done = project.build("--strict")
    assert (done.returncode, log.read_text()) == (0, "ran "), done.stdout
    assert "said by the lesson" in done.stdout
    first = project.page()
    assert "said by the lesson" not in first
    assert "It is 42." in first
    assert first.count("<svg role") == 1

    # In one process that must neither draw nor start another.
    script = """\
import subprocess, sys
def forbidden(*_, **__):
    raise AssertionError("a process was started")
subprocess.Popen = forbidden
from mkdocs.__main__ import cli
cli(["build", "-q"], standalone_mode=False)
print(sorted({"numpy", "matplotlib"} & sys.modules.keys()))
"""
    again = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project.folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert again.returncode == 0, again.stderr
    assert again.stdout.strip() == "[]"
    assert log.read_text() == "ran "
    assert project.page() == first


def test_mkdocs_never_imports_numpy_even_when_lessons_run(project):
    project.write("snippets/lesson.py", LINE)
    project.write("docs/lesson.md", ON_PAGE)
    script = (
        "import sys\nfrom mkdocs.__main__ import cli\n"
        "cli(['build', '-q'], standalone_mode=False)\n"
        "print(sorted({'numpy', 'matplotlib'} & sys.modules.keys()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project.folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
    assert "<svg role" in project.page()


def test_an_authors_comment_is_no_place_for_a_figure(project):
    project.write("snippets/lesson.py", LINE)
    project.write("docs/lesson.md", "# A\n\n<!-- figure 0 -->\n\n" + ON_PAGE)
    project.write("docs/index.md", "# Home\n\n<!-- figure 7 -->\n")
    done = project.build()
    assert done.returncode == 0, done.stdout
    assert project.page().count("<svg role") == 1


def test_a_cache_that_cannot_be_written_fails_no_strict_build(project):
    project.write(".cache", "a file stands in its place")
    project.write("docs/lesson.md", "It is `{python} 6 * 7`.\n")
    done = subprocess.run(  # not quiet: what is not said does not count as a warning
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=project.folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "cannot write the cache" in done.stderr
    assert done.returncode == 0, done.stderr
    assert "It is 42." in project.page()


def test_a_page_that_is_not_utf8_is_one_clear_line(project):
    (project.folder / "docs" / "lesson.md").write_bytes(b"# Caf\xe9\n")
    done = project.build()
    assert done.returncode != 0
    assert "docs/lesson.md" in done.stdout
    assert "UTF-8" in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_killed_build_leaves_nothing_wrong_behind(project):
    project.write("docs/good.md", "It is `{python} 6 * 7`.\n")
    project.write("docs/lesson.md", "It is `{python} f()`.\n")
    project.write("snippets/lesson.py", ENDLESS)
    build = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "build", "-q"],
        cwd=project.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    pid = int(written(project.folder / "pid"))
    build.kill()
    build.wait()
    assert gone(pid)
    project.write("snippets/lesson.py", "def f():\n    return 'whole'\n")
    done = project.build("--strict")
    assert done.returncode == 0, done.stdout
    assert "It is whole." in project.page()
    assert "It is 42." in project.page("good")
    entries = list((project.folder / ".cache" / "weave").iterdir())
    assert all(json.loads(entry.read_bytes().split(b"\n")[1]) for entry in entries)


# The preview


class Preview:
    """A running `mkdocs serve`."""

    def __init__(self, project):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{self.port}"],
            cwd=project.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def get(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", "/lesson/")
            return unescape(connection.getresponse().read().decode())
        except OSError:
            return ""
        finally:
            connection.close()

    def shows(self, text, patience=30):
        """Whether the page shows a text, or comes to show it."""
        end = time.monotonic() + patience
        while self.process.poll() is None and time.monotonic() < end:
            if text in self.get():
                return True
            time.sleep(0.1)
        return False

    def close(self):
        self.process.kill()
        self.process.wait()


def test_the_preview_follows_snippets_shows_faults_and_heals(project):
    project.write("docs/lesson.md", "# A\n\nIt is `{python} 3 - f(2)`.\n")
    project.write("snippets/lesson.py", "def f(x):\n    return +x\n")
    preview = Preview(project)
    try:
        assert preview.shows("It is 1.")
        project.write("snippets/lesson.py", "def f(x):\n    return -x\n")
        assert preview.shows("It is 5.")
        project.write("snippets/lesson.py", "def f(x):\n    return x / 0\n")
        assert preview.shows("snippets/lesson.py:2: `{python} 3 - f(2)` raised Zero")
        assert "weave-faults" in preview.get()
        project.write("snippets/lesson.py", "def f(x):\n    return x - 7\n")
        assert preview.shows("It is 8.")
        assert "weave-faults" not in preview.get()
    finally:
        preview.close()


def test_programs_keep_their_words_and_lose_the_marks_that_show_nothing():
    text = (SNIPPETS / "descent.py").read_text("utf-8")
    marked = highlight(text, PythonLexer(), HtmlFormatter())
    plain = _Code().run(marked)
    words = [unescape(re.sub(r"<[^>]+>", "", html)) for html in (marked, plain)]
    assert words[0] == words[1]
    assert words[1].strip() == text.strip()
    kept = set(re.findall(r'<span class="(\w+)"', marked)) - {"n", "o", "p", "w"}
    assert set(re.findall(r'<span class="(\w+)"', plain)) == kept
    assert plain.count("<span") < marked.count("<span") / 2
