"""Exercises as the build writes them, what stops it, and what readers are told."""

import ast
import builtins
import json
import math
import re
import sys
from html import unescape

import jupytext
import pytest
from _weave.browser import judge
from _weave.forms.exercise import _short, shuffled, starter
from _weave.read.page import Page
from _weave.read.transcripts import (
    cells,
    cells_of,
    cells_why_not,
    transcripts,
    why_not,
)
from _weave.run.carried import carried, imported_by
from _weave.run.carried import plain as without_more
from _weave.run.depends import Sources
from conftest import ROOT, SNIPPETS
from hypothesis import given, settings
from hypothesis import strategies as st

from .test_quiz import Tree

PAGE = """\
/// exercise | Write `half`, which halves.
    solution: lesson.py:half
    slips: doubled, kept, rounded

It takes a number.

- `half(3.0)`
- `half(low)`

Divide by two.

What is the half of one?
///
"""
LESSON = """\
import numpy as np

low = -1.0


def half(x):
    \"\"\"Return the half.

    >>> half(1)
    0.5
    \"\"\"
    y = x / 2
    return y
"""
SLIPS = """\
from lesson import low


def doubled(x):
    \"\"\"You *doubled* it.

    This is for authors.
    \"\"\"
    return 2 * x


def kept(x):
    \"\"\"Nothing was divided.\"\"\"
    return x


def rounded(x):
    \"\"\"That is `//`.\"\"\"
    return x // 2
"""


@pytest.fixture
def exercises(course):
    """Makes the HTML of a page with exercises, or the one thing that is wrong."""

    def html(page=PAGE, lesson=LESSON, slips=SLIPS, what=course.html):
        course.write("snippets/exercises/__init__.py", "")
        return what(page, lesson, **{"exercises/lesson": slips})

    html.runs = lambda *given, **more: html(*given, what=course.runs, **more)
    return html


def data_of(html):
    return json.loads(unescape(re.search(r'data-exercise="(.*?)"', html)[1]))


def test_an_exercise_is_whole(exercises):
    html = exercises()
    tree = Tree(html)
    (element,) = tree.all("weave-exercise")
    assert (element["id"], element["kind"]) == ("lesson-half", "write")
    assert data_of(html) == {
        "name": "half",
        "cases": ["half(3.0)", "half(low)"],
        "gives": [1.5, -0.5],
        "slips": [[6.0, -2.0], [3.0, -1.0], [1.0, -1.0]],
        "within": 1e-9,
        "starter": 'def half(x):\n    """Return the half."""\n    ...',
    }
    assert "<code>half(low)</code> gives <code>−0.5</code>" in html
    assert html.index("It takes a number.") < html.index("<form")
    folded = re.findall(r"<summary>(.*?)</summary>", html)
    lines = "The lines of the solution, in another order"
    assert folded == ["Hint", "Hint 2", lines, "Solution"]
    assert "&gt;&gt;&gt; half(1)" in html.partition("<summary>Solution")[2]
    told = re.findall(r"<template>(.*?)</template>", html, re.DOTALL)
    assert [re.sub(r"\s*</?p>\s*", "", one) for one in told] == [
        "You <em>doubled</em> it.",
        "Nothing was divided.",
        "That is <code>//</code>.",
    ]


def test_the_editor_is_whole(exercises):
    html = exercises(PAGE.replace("\n\nIt", "\n    kind: order\n\nIt", 1))
    assert html.count("<code>half(low)</code>") == 1
    assert '<label for="lesson-half-code">Your code</label>' in html
    assert re.search(r"<pre [^>]*>1\n2\n3\n4</pre>", html)
    (area,) = Tree(html).all("textarea")
    assert (area["id"], area["rows"], area["wrap"]) == ("lesson-half-code", "4", "off")
    buttons = re.findall(r"<button([^>]*)>([^<]*)</button>", html)
    assert {name: words.split()[0] for words, name in buttons} == {
        "Check": 'type="submit"',
        "Stop": 'class="weave-stop"',
        "Start again": 'type="reset"',
        "Line up": 'data-line="up"',
        "Line down": 'data-line="down"',
    }
    assert {one["class"] for one in Tree(html).all("details")} == {"weave-solution"}
    assert Tree(html).all("output") == [
        {"id": "lesson-half-said", "aria-live": "polite"}
    ]
    assert '<span class="weave-answered"></span>' in html
    written = re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)[1]
    assert unescape(written) == data_of(html)["starter"]
    assert '","cases":["' in unescape(html)  # no blanks, which readers would wait for


def test_a_wrong_exercise_is_a_box_in_a_preview(exercises, course):
    exercises()
    html = course.html(f"{PAGE}\n{PAGE}", on_error=lambda error: "<p>no</p>")
    assert html.count("<weave-exercise") == 1
    assert "</weave-exercise><div><p>no</p></div>" in re.sub(r"\s", "", html)


def test_without_its_script_task_and_solution_are_there_and_the_editor_is_not(
    exercises,
):
    html = exercises()
    assert re.search(r'<form[^>]* hidden="hidden"', html)
    assert html.index("</form>") < html.index("<summary>Solution")


def test_the_functions_that_a_page_needs_stand_at_its_end(exercises):
    html = exercises()
    found = re.search(r"<weave-python ([^>]*)></weave-python>\s*$", html)[1]
    modules = json.loads(unescape(re.search(r'data-modules="(.*?)"', found)[1]))
    code = "low = -1.0\ndef half(x):\n    y = x / 2\n    return y"
    assert modules == {"lesson": code}
    setup = "import math\nimport numpy as np\nfrom lesson import half"
    assert f'data-setup="{setup}\nfrom lesson import low"' in found


def test_points_to_be_drawn_name_their_figure(exercises):
    code = "[[k, half(k)] for k in (1, 2)]"
    page = PAGE.replace("\n\nIt", f"\n    draws: bowl {code}\n\nIt", 1)
    html = exercises(page + "\n!!! note\n    id: bowl\n")
    assert '<a href="#bowl">the figure above</a>' in html
    data = json.loads(unescape(re.search(r'data-exercise="(.*?)"', html)[1]))
    assert data["draws"] == {"figure": "bowl", "points": code}
    job = {"setup": "", "code": "def half(x):\n    return x / 2 if x < 2 else x / 0.0"}
    found = judge.judged(data | job | {"points": code})
    assert found["points"] == []
    job = {"setup": "nan = float('nan')", "code": "def half(x):\n    return x * nan"}
    found = judge.judged(data | job | {"points": f"[[0, 1]] + {code}"})
    assert found["points"] == [[0, 1]]


def test_a_value_that_an_argument_has_by_default_is_there_for_the_reader(exercises):
    lesson = LESSON.replace("def half(x)", "FULL = 2\n\n\ndef half(x, by=FULL)")
    html = exercises(lesson=lesson)
    assert "from lesson import FULL" in html.partition("data-setup")[2]


@pytest.mark.parametrize(
    ("kind", "begins"),
    [
        ("kind: line\n    from: y =", "    ...\n    return y"),
        ("kind: repair\n    from: kept", "    return x"),
        ("kind: order", "    return y\n    y = x / 2"),
    ],
)
def test_what_the_reader_begins_with(exercises, kind, begins):
    html = exercises(PAGE.replace("\n\nIt", f"\n    {kind}\n\nIt", 1))
    head = 'def half(x):\n    """Return the half."""\n'
    assert data_of(html)["starter"] == head + begins


def test_a_docstring_of_several_lines_stays_and_its_examples_go():
    code = 'def f(x):\n    """One.\n\n    Two.\n\n    >>> f(1)\n    """\n    return x'
    begin = starter(code, "write", "", {})
    assert begin == 'def f(x):\n    """One.\n\n    Two.\n    """\n    ...'


def test_of_a_function_without_a_body_the_docstring_is_the_body():
    assert starter('def f(x):\n    """One."""', "write", "", {}) == "def f(x):\n    ..."


def test_answers_are_kept_with_the_digits_that_count():
    assert _short([1 / 3, [2e-20 / 3], True, "a", 7]) == [
        0.333333333333,
        [6.66666666667e-21],
        True,
        "a",
        7,
    ]


def test_lines_are_always_in_another_order():
    for code in "    a = 1", "    a = 1\n    b = 2", "    a\n    b\n    c\n    d":
        whole = f"def f():\n{code}"
        mixed = shuffled(whole)
        assert sorted(mixed.split("\n")) == sorted(code.split("\n"))
        assert mixed != code or "\n" not in code
        assert mixed == shuffled(whole)


def test_a_slip_that_raises_is_a_mistake_like_others(exercises):
    slips = SLIPS.replace("return x // 2", "return x // 0")
    [*_, last] = data_of(exercises(slips=slips))["slips"]
    assert last == [{"raises": "ZeroDivisionError"}] * 2


def test_an_edit_of_what_is_told_is_seen(exercises, course):
    """The docstring of a slip is in the key of the run; that of the solution is not."""
    exercises()
    assert exercises.runs() == 0
    assert exercises.runs(slips=SLIPS.replace("Nothing", "Not a thing")) == 1
    assert "Not a thing" in exercises(slips=SLIPS.replace("Nothing", "Not a thing"))
    more = LESSON.replace("Return the half", "Return a half")
    assert "Return a half." in data_of(exercises(lesson=more))["starter"]


def test_it_costs_no_time_to_read_what_is_folded(course):
    course.write("snippets/exercises/lesson.py", SLIPS)
    course.write("snippets/lesson.py", LESSON + "    z = 1\n" * 200)
    page = Page("docs/lesson.md", PAGE, course.snippets)
    assert page.faults == []
    assert page.minutes() == 0


# What the reader is told


JOB = {
    "setup": "from math import sqrt",
    "name": "f",
    "cases": ["f(1.0)", "f(4.0)", "f(9.0)"],
    "gives": [1.0, 2.0, 3.0],
    "slips": [[1.0, 16.0, 81.0], [2.0, 5.0, 10.0]],
    "within": 1e-9,
}


def judged(body, **more):
    code = f"def f(x):\n    {body}" if body else "x = 1"
    return judge.judged(JOB | {"code": code} | more)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return sqrt(x)", {"verdict": "right"}),
        ("return sqrt(x) * (1 + 1e-10)", {"verdict": "right"}),
        ("return x * x", {"verdict": "slip", "slip": 0}),
        ("return x + 1", {"verdict": "slip", "slip": 1}),
        (
            "return 1.0 if x < 2 else 7.0",
            {"verdict": "some", "right": 1, "case": 1, "expected": "2", "got": "7"},
        ),
        (
            "return sqrt(x) + 1e-7",
            {"verdict": "some", "case": 0, "expected": "1", "got": "1.0000001"},
        ),
        (
            "return sqr(x)",
            {"verdict": "error", "line": 2, "case": 0, "error": "NameError: "},
        ),
        ("return (", {"verdict": "error", "line": 2, "error": "SyntaxError: "}),
        ("return [x]", {"verdict": "some", "right": 0, "got": "[1]"}),
        ("return True if x == 1 else x / 2", {"verdict": "some", "got": "True"}),
        ("", {"verdict": "missing"}),
    ],
)
def test_what_is_said_of_code(body, said):
    found = judged(body)
    for key, value in said.items():
        if key == "error":
            assert found[key].startswith(value)
        else:
            assert (key, found[key]) == (key, value)


def test_a_function_of_that_name_from_the_lesson_is_not_taken_for_the_readers():
    assert judged("", name="sqrt")["verdict"] == "missing"


DIFFERENT = [
    (1.0, None, "without return gives None"),
    ([1.0], 1.0, "That is one value, and a list is asked for."),
    (1.0, [1.0], "That is a list, and one value is asked for."),
    ([1.0, 2.0], [1.0], "Its length is 1, and 2 is asked for."),
    ([1.0, -2.0], [-1.0, 2.0], "their signs are the opposite"),
    ([2.583, 2.621], [2.58, 2.62], "It is nearly right."),
    (1.0, 3.0, ""),
    (1.0, "nan", ""),
    ([[1.0]], [["one"]], ""),
]


@pytest.mark.parametrize(("expected", "got", "says"), DIFFERENT)
def test_what_an_answer_lacks_is_said_where_it_can_be(expected, got, says):
    said = judge.difference(expected, got)
    assert says in said
    assert bool(says) == bool(said)


FAULTS = [
    ("for k in range(3)\n    k", "Does a colon miss"),
    ("def f(x)  # a function\n    return x", "Does a colon miss"),
    ("1.5 ^ 2", ""),  # Python's own message is another
    ("import scipy.nowhere", ""),
    ("x = (1", ""),
    ("if True:\n    1\n      2", "The lines of a block begin in the same column."),
]


@pytest.mark.parametrize(("code", "helps"), FAULTS)
def test_help_is_added_where_a_message_is_dark(code, helps):
    said = judge.ran({"setup": "", "above": [], "run": code})["help"]
    assert helps in said
    assert bool(helps) == bool(said)


def test_answers_are_compared_exactly_in_shape_and_nearly_in_numbers():
    import numpy as np

    answer = judge.plain((np.array([[1.0, 1e-12], [0.0, 2.0]]), np.float64(3), True))
    assert answer == [[[1.0, 1e-12], [0.0, 2.0]], 3.0, True]
    assert judge.same(answer, [[[1.0, 0.0], [0.0, 2.0]], 3.0, True], 1e-9)
    assert not judge.same(answer, [[[1.0, 0.0], [0.0, 2.0]], 3.0, 1], 1e-9)
    assert not judge.same([1.0, 2.0], [1.0, 2.0, 3.0], 1e-9)
    assert not judge.same([1.0], 1.0, 1e-9)
    assert not judge.same(1.0, None, 1e-9)
    assert judge.same(judge.plain(float("nan")), "nan", 1e-9)
    assert not judge.same(1.0, "nan", 1e-9)
    assert judge.same(0.0, 1e-10, 1e-9)
    assert judge.plain({"a": (1, 2)}) == [["a", [1, 2]]]
    assert judge.plain([None, -float("inf")]) == [None, "-inf"]
    assert judge.same([], [], 1e-9)
    assert not judge.same([], [1], 1e-9)
    assert judge.both(1.2345671, 1.2345691) == ("1.2345671", "1.2345691")
    assert judge.both(-1.5, [2, 0.5]) == ("−1.5", "[2, 0.5]")
    assert judge.plain(len) == "<builtin_function_or_method>"


def test_what_later_pythons_have_is_added(monkeypatch):
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "math", math)
        patched.setitem(sys.modules, "more_math", math)  # which is for MicroPython
        for name in "zip", "slice", "print", "round":  # which are theirs afterwards
            patched.setattr(builtins, name, getattr(builtins, name))
        judge._as_later_pythons_do()
        strict, slice_of = builtins.zip, builtins.slice
    assert [*strict([1, 2], [3])] == [(1, 3)]
    assert [*strict([1, 2], [3, 4], strict=True)] == [(1, 3), (2, 4)]
    with pytest.raises(ValueError, match="different lengths"):
        strict([1, 2], [3], strict=True)
    assert slice_of(3) == slice(3)
    assert slice_of(1, 3) == slice(1, 3)
    assert slice_of(1, 9, 2) == slice(1, 9, 2)


# What is carried


def test_of_modules_only_what_is_reached_is_carried():
    code = "descend(quad1.grad, 2.0) or landscapes.cubic.f(1)"
    found = carried([code], (), ["descent"], Sources(SNIPPETS))
    assert "def step" in found.modules["descent"]
    assert "figure_" not in found.modules["descent"]
    landscapes = found.modules["shared.landscapes"]
    assert "quad1 = Landscape(" in landscapes
    assert "cubic = Landscape(" in landscapes
    assert "quartic = Landscape(" not in landscapes
    assert '"""' not in "".join(found.modules.values())
    assert "matplotlib" not in "".join(found.modules.values())
    assert "from shared import landscapes" in found.setup


def test_a_class_of_which_nothing_is_left_is_still_one():
    [bare] = ast.parse("class A:\n    kept.x: int").body
    assert ast.unparse(without_more(bare)) == "class A:\n    pass"


def test_of_what_code_imports_as_a_whole_what_it_asks_for_is_carried(course):
    course.write("snippets/a.py", "def g(): return 1\n\ndef h(): return 2")
    course.write("snippets/kit/b.py", "def k(): return 1\n\ndef m(): return 2")
    codes = ["import a\na.g()", "from kit import b", "import math\nb.k()"]
    assert imported_by(codes, Sources(course.snippets)).modules == {
        "a": "def g():\n    return 1",
        "kit": "",
        "kit.b": "def k():\n    return 1",
    }


def test_a_module_that_a_function_asks_is_carried_and_what_is_not_there_is_left(course):
    course.write("snippets/a.py", "import b\nfrom b import no\n\ndef f(): return b.g()")
    course.write("snippets/b.py", "def g(): return 1\n\ndef h(): return 2")
    found = carried((), {"f", "no"}, ["a"], Sources(course.snippets))
    assert found.modules == {
        "a": "try: import b\nexcept Exception: pass\ndef f():\n    return b.g()",
        "b": "def g():\n    return 1",
    }
    assert "no" not in found.setup


def test_code_that_cannot_be_read_needs_nothing():
    found = carried(["f("], (), ["descent"], Sources(SNIPPETS))
    assert found == ({}, "import math\nimport numpy as np")


def test_what_the_browser_cannot_have_is_left_out(course):
    code = "import sympy\nfrom math import pi\nx = sympy.pi\ny: float = pi\n"
    course.write("snippets/a.py", code)
    names = {"x", "y", "sympy", "nothing"}
    found = carried((), names, ["a"], Sources(course.snippets))
    guarded = "try: from math import pi\nexcept Exception: pass"
    assert found.modules == {"a": f"{guarded}\nx = sympy.pi\ny = pi"}


def test_fields_of_a_class_are_written_down(course):
    code = 'class A:\n    """What."""\n    a: int\n    b: int = 2\n    c = 3\n'
    course.write("snippets/a.py", code)
    found = carried((), {"A"}, ["a"], Sources(course.snippets))
    assert found.modules["a"].startswith(
        "class A:\n    _fields = ('a', 'b')\n    b = 2"
    )


def test_the_guide_names_the_kinds_that_there_are():
    guide = (ROOT / ".github/CONTRIBUTING.md").read_text("utf-8")
    section = guide.partition("### Exercises")[2].partition("\n### ")[0]
    from _weave.forms.exercise import KINDS

    assert all(f"`{kind}`" in section for kind in KINDS)


def test_a_star_in_a_list_is_written_in_parts(course):
    """MicroPython knows none there; what it means stays the same."""
    codes = {
        "[*x, 1]": [2, 3, 1],
        "[0, *x, *x]": [0, 2, 3, 2, 3],
        "(*x, 1)": (2, 3, 1),
        "{*x}": {2, 3},
        "[*x]": [2, 3],
        "f(*x)": 5,
    }
    for number, (code, value) in enumerate(codes.items()):
        course.write(f"snippets/a{number}.py", f"def y(x, f):\n    return {code}\n")
        found = carried((), {"y"}, [f"a{number}"], Sources(course.snippets))
        [source] = found.modules.values()
        assert not re.search(r"[\[({, ]\*x", source) or code == "f(*x)"
        names = {}
        exec(source, names)
        assert names["y"]([2, 3], lambda a, b: a + b) == value


def test_what_code_imports_itself_is_carried_too():
    code = "from shared.landscapes import cubic\nimport shared.path\ncubic.f(1)"
    found = carried([code], (), ["descent"], Sources(SNIPPETS))
    assert "cubic = Landscape(" in "".join(found.modules["shared.landscapes"])


def test_a_module_that_is_imported_as_a_name_is_carried():
    code = "from shared import path\npath.first_within([3.0], 3.0, 0.1)"
    found = imported_by([code], Sources(SNIPPETS)).modules
    assert found["shared"] == ""
    assert "def first_within(" in found["shared.path"]


def test_a_function_with_the_name_of_its_module_is_the_function(course):
    course.write("snippets/halve.py", "def halve(x):\n    return x / 2\n")
    course.write("snippets/lesson.py", "from halve import halve\n")
    found = carried(["halve(3)"], (), ["lesson"], Sources(course.snippets))
    assert found.setup.endswith("from lesson import halve")
    assert "def halve(x)" in found.modules["halve"]


# Transcripts to try out


TYPED = """\
```pycon
>>> x = half(8.0)
>>> y = 0.0
>>> x
4.0
```

It prints *that*.

!!! note
    ```pycon
    >>> for k in range(2):
    ...     y = y + x * k
    >>> print(y)
    4.0
    ```

```pycon
>>> x = 1.0
>>> [x + y for x in (1.0, 2.0)]
[5.0, 6.0]
```
"""


def test_a_transcript_brings_what_it_speaks_of(course):
    course.write("snippets/lesson.py", LESSON)
    page = Page("docs/lesson.md", TYPED, course.snippets)
    first, second, third = transcripts(page.items)
    assert first == ("x = half(8.0)\ny = 0.0\nx", "4.0\n", "")
    assert second.before == "x = half(8.0)\ny = 0.0"
    loop = "for k in range(2):\n    y = y + x * k"
    assert second.code == f"{loop}\nprint(y)"
    assert third.before == f"x = half(8.0)\ny = 0.0\n{loop}"


@pytest.mark.parametrize(
    ("above", "code", "before"),
    [
        ("a = [1]\na.append(2)", "a", "a = [1]\na.append(2)"),
        ("a = [1]\na[0] = 2\nb = 3", "a", "a = [1]\na[0] = 2"),
        ("a = 1\na = 2", "a", "a = 2"),
        ("a = 1\na += 1", "a", "a = 1\na += 1"),
        ("a = 1", "f = lambda a: a", ""),
        ("a = 1", "[a for a in ()]", ""),
        ("import math as m", "m.pi", "import math as m"),
        ("import math", "math.pi", "import math"),
        ("a = [1]", "a[0] += 1", "a = [1]"),
        ("a = 1", "a = 2\n>>> a", ""),
        ("def f(x):\n    return a * x\na = 1", "f(2)", "def f(x):\n    return a * x"),
    ],
)
def test_only_what_is_asked_for_goes_before(course, above, code, before):
    lines = [f">>> {line}" for line in above.split("\n")]
    lines = [line.replace(">>>     ", "...     ") for line in lines]
    body = "\n".join(lines)
    page = Page(
        "a.md",
        f"```pycon\n{body}\n```\n\n```pycon\n>>> {code}\n```\n",
        course.snippets,
    )
    assert transcripts(page.items)[1].before == before


def test_why_a_transcript_is_left_out_is_said_for_each(course):
    course.write("snippets/lesson.py", LESSON)
    course.write("snippets/browser.toml", '["lesson.md"]\n"y = 0.0" = "is a start"\n')
    page = Page("docs/lesson.md", TYPED, course.snippets)
    for _ in range(2):  # the second time it is remembered
        assert why_not(page, "lesson.md") == ["is a start"] * 3
    assert why_not(page, "index.md") == [""] * 3
    course.write("snippets/browser.toml", "[lesson.md")  # which the page says
    assert why_not(page, "lesson.md") == [""] * 3


def test_a_button_stands_under_each_transcript_that_can_be_run(course):
    reason = '["lesson.md"]\n"    y = y + x * k" = "takes too long"\n'
    course.write("snippets/browser.toml", reason)
    html = course.html(TYPED, LESSON)
    assert html.count("<weave-run") == 1
    assert html.index("<weave-run") < html.index("It prints")
    course.write("snippets/browser.toml", "")
    html = course.html(TYPED, LESSON)
    assert html.count("<weave-run") == 3
    assert 'data-before="x = half(8.0)\ny = 0.0"' in html
    assert html.index('data-before="x = half(8.0)\ny = 0.0"') > html.index("admonition")
    assert "def half(x)" in html.partition("<weave-python")[2]


def test_a_page_of_which_nothing_runs_carries_no_python(course):
    course.write("snippets/browser.toml", '["lesson.md"]\n"1 + 1" = "waits"\n')
    html = course.html("```pycon\n>>> 1 + 1\n2\n```\n", LESSON)
    assert "<weave-run" not in html
    assert "<weave-python" not in html


def test_of_slips_that_cannot_be_imported_this_alone_is_said(exercises, course):
    [said] = exercises(slips=f"1 / 0\n{SLIPS}", what=course.faults)
    assert "the import raised ZeroDivisionError" in said


RUNS = [
    ("1 + 1", "2\n"),
    ("x = 3\nx", "3\n"),
    ("None", ""),
    ("print('a')\n'b'", "a\n'b'\n"),
    ("for k in range(2):\n    print(k)\n\n    print(-k)\nk", "0\n0\n1\n-1\n1\n"),
    ("[\n    1,\n    2,\n]", "[1, 2]\n"),
    ("if x0:\n    y = 1\nelse:\n    y = 2\ny", "2\n"),
    ("def f(x):\n    return x  # the same\nf(2), f(3)", "(2, 3)\n"),
    ("a, b = 1, 2; a", ""),
    ("x0 == 0  # yes", "True\n"),
    ('"""a\nb"""', "'a\\nb'\n"),
    ("try:\n    1 / 0\nexcept ZeroDivisionError:\n    print('no')", "no\n"),
    ("_ = 5\n_", "5\n"),
]


@pytest.mark.parametrize(("code", "printed"), RUNS)
def test_code_is_run_as_if_it_were_typed(capsys, code, printed):
    job = {"setup": "x0 = 0", "above": ["print('unseen')"], "run": code}
    assert judge.ran(job) == {"verdict": "ran"}
    assert capsys.readouterr().out == printed


@pytest.mark.parametrize(
    ("code", "line"),
    [("1\n2\nx / 0", 3), ("1\n\ndef f():\n    y\nf()", 4), ("1\n2\n(", 3)],
)
def test_an_error_has_the_line_in_which_it_was_typed(code, line):
    found = judge.ran({"setup": "x = 1", "above": [], "run": code})
    assert (found["verdict"], found["line"]) == ("error", line)


def test_what_the_browser_cannot_import_is_missing_alone():
    job = {"setup": "from nowhere import x\ny = 1", "above": [], "run": "y\nx"}
    assert judge.ran(job)["error"] == "NameError: name 'x' is not defined"


@given(st.recursive(st.floats() | st.integers() | st.text(), st.lists, max_leaves=5))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_values_are_shown_as_python_shows_them(value):
    assert judge.typed(value) == repr(value)
    assert judge.typed((value,)) == repr((value,))


def test_cells_above_go_on_after_an_error_of_which_the_reader_hears(capsys):
    above = ["x = 1 / 0", "y = (", "z = 3\nprint('unseen')"]
    assert judge.ran({"setup": "", "above": above, "run": "z"}) == {"verdict": "ran"}
    assert capsys.readouterr().out == "3\n"
    found = judge.ran({"setup": "", "above": above, "run": "x"})
    assert found["above"] == "ZeroDivisionError: division by zero"
    assert judge.ran({"setup": "", "above": [], "run": "x"})["above"] is None
    assert capsys.readouterr().out == ""


CELLS = [
    "import math\nx = 1",
    "def f(y):\n    return x * y",
    "for x in 1, 2:\n    z = x\n    print(z)",
    "z = f(x)",
    "w = 2  # long",
    "z + w",
]


def test_a_cell_needs_those_above_that_bind_what_it_asks_for():
    found = cells(CELLS)
    assert [cell.above for cell in found] == [
        [],
        [0],
        [],
        [0, 1, 2],
        [],
        [0, 1, 2, 3, 4],
    ]
    why = cells_why_not(found, {"w = 2  # long": "takes too long"})
    assert why == ["", "", "", "", "takes too long", "takes too long"]


def test_the_cells_of_a_script_are_those_that_jupytext_finds():
    for lab in sorted((ROOT / "docs/labs").glob("*.py")):
        text = lab.read_text("utf-8")
        found = jupytext.reads(text, "py:percent").cells
        assert cells_of(text) == [c.source for c in found if c.cell_type == "code"]
