"""Pages, blocks, heads, functions and addresses that nobody would think of.

Each is taken, or refused with its place; nothing hangs, and no text becomes markup.
The same few examples are tried every time; FUZZ=2000 tries so many others.
"""

import contextlib
import json
import math
import os
import re
import tempfile
from html import unescape

import hypothesis
import pytest
from _weave.draw.translate import translated
from _weave.forms.result import what_is_wrong
from _weave.markdown.quiz import _number
from _weave.model import Outcome, WeaveError, from_json
from _weave.read.page import Page
from _weave.read.typed import numbers
from conftest import ROOT
from explorables import explore_js
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from py_mini_racer import MiniRacer
from test_translate import in_python, in_v8, module

hypothesis.configuration.set_hypothesis_home_dir(tempfile.gettempdir())
MANY = int(os.environ.get("FUZZ", 0))


def tried(share=1.0):
    """How many examples are tried; `share` of them where each costs more."""
    return settings(
        max_examples=max(5, int(share * (MANY or 60))),
        derandomize=not MANY,
        database=None,
        deadline=20_000,  # what takes longer hangs
        suppress_health_check=list(HealthCheck),
    )


PIECES = [
    *(
        "\n",
        "\n\n",
        " ",
        "    ",
        "\t",
        "- ",
        "1. ",
        "> ",
        "# ",
        "| a | b |\n|---|---|\n",
    ),
    *("```", "````", "~~~", "```python\n", "```pycon\n>>> 1\n1\n```\n", "```text\n"),
    *(
        '--8<-- "lesson.py:f"',
        "--8<--",
        "`",
        "``",
        "`{python} 1 + 1`",
        "`{python} ",
        "`{",
    ),
    *(
        "`{check} f(1) == 1`",
        "`{check}",
        "![A line](figures/lesson/line.svg)",
        "![",
        "](",
    ),
    *(
        "![](tables/lesson/t)",
        "figures/",
        "tables/x",
        "{reading}",
        "<!--",
        "-->",
        "<b>",
    ),
    *(
        "<div markdown>",
        "</div>",
        "<script>",
        "<img src=x onerror=y>",
        "&lt;",
        "$",
        "$$",
    ),
    *(
        "$x^2$",
        "\\(",
        "\\",
        "\\begin{a}",
        "{ #id }",
        "{: .x }",
        "[a](b)",
        "[^1]",
        "word",
    ),
    *("0.5", ">>> ", "In [1]:", "é", "\ud7ff", "\x00", "\x02", "\ue002", "7", "\ue003"),
    *(
        "/// question | What?\n",
        "    kind: one\n",
        "    kind: number\n",
        "    within: 1\n",
    ),
    *("    id: a\n", "    at: 1\n", "- [x] a\n", "- [ ] b\n", "\n///\n", "///", "////"),
    *("/// exercise | Do.\n", "    solution: lesson.py:f\n", "    slips: a, b, c\n"),
    *("- `f(1)`\n", "    kind: repair\n", "    from: a\n"),
    *(
        "/// explore | Move.\n",
        "/// bank\n",
        "    knob: rate\n",
        "!!! note\n",
        "*",
        "__",
    ),
]
PAGES = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=25).map(
    "".join
)
PLACE = re.compile(r"(docs|snippets)/[\w/.]+:[1-9]\d*: \S")
# What no page may hold that its author has not been given.
INJECTED = re.compile(r"<(script|img|iframe|b|object)\b|<[^>]* on\w+=", re.IGNORECASE)
LESSON = (
    "from shared import draw\nfrom shared.tables import table\n\n\n"
    "def f(x):\n    return x\n\n\n"
    "def table_t():\n    return table(['a'], [[1]])\n\n\n"
    "def figure_line():\n"
    "    figure, ax = draw.axes('x', 'y')\n    ax.plot([0, 1])\n    return figure\n"
)


def converted(course, page):
    """The HTML of a page, or None: then every fault has its place."""
    faults = []
    try:
        html = course.html(page, on_error=lambda e: faults.extend(e.faults) or "")
    except WeaveError as error:
        faults += error.faults
    last = len(re.split("\r\n?|\n", page))
    for fault in faults:
        assert PLACE.match(str(fault)), fault
        assert fault.path == "docs/lesson.md" or fault.path.startswith("snippets/")
        assert fault.line <= last or fault.path.startswith("snippets/")
    return None if faults else html


@tried()
@given(PAGES)
def test_any_page_is_taken_apart(course, text):
    course.write("snippets/lesson.py", LESSON)
    page = Page("docs/lesson.md", text, course.snippets)
    last = text.count("\n") + 1
    for thing in [*page.faults, *page.items]:
        assert 1 <= thing.line <= last
    assert all(number.text for number in numbers(page))


@tried(0.5)
@given(PAGES)
def test_any_page_is_published_or_refused(course, text):
    course.write("snippets/lesson.py", LESSON)
    html = converted(course, text)
    if html is not None:
        assert not INJECTED.search(html)
        assert not re.search("[\ue002\ue003\x02]", html)


OPTIONS = st.lists(
    st.sampled_from(["x", " ", "True", "y", ""]).flatmap(
        lambda mark: st.sampled_from(
            ["1", "2", "8/5", "a", "*a*", "<b>", "-1e999", ""]
        ).map(lambda text: f"- [{mark}] {text}\n")
    ),
    max_size=4,
).map("".join)
HEADERS = st.lists(
    st.sampled_from(["kind", "within", "id", "at", "knob", "on", "style"]).flatmap(
        lambda name: st.sampled_from(
            [
                "one",
                "number",
                "several",
                "order",
                "1",
                "-1",
                "1e999",
                "a b",
                "<b>",
                "[",
                '"',
            ]
        ).map(lambda value: f"    {name}: {value}\n")
    ),
    max_size=4,
).map("".join)
BLOCKS = st.tuples(
    st.sampled_from(["question", "explore", "bank", "lesson", "drill", "none"]),
    st.sampled_from([" | A?", "", " |", ' | <img src="x" onerror="y">']),
    HEADERS,
    OPTIONS,
    st.sampled_from(["\nSo.\n///\n", "\n///\n", "", "\nSo.\n////\n"]),
).map(lambda parts: "/// {}{}\n{}\n{}{}".format(*parts))


@tried(0.7)
@given(st.lists(BLOCKS, max_size=3).map("\n".join))
def test_any_block_is_built_or_refused(course, text):
    html = converted(course, text)
    if html is not None:
        assert not INJECTED.search(html)
        for kind, name in re.findall(
            r'<weave-question[^>]*kind="(.*?)" id="(.*?)"', html
        ):
            assert kind in ("number", "one", "several", "order")
            assert re.fullmatch(r"[A-Za-z][\w-]{0,79}", name)


SLIPS = (
    'def a(x):\n    """A *slip*."""\n    return -x\n\n\n'
    'def b(x):\n    """Another."""\n    return [x]\n\n\n'
    'def c(x):\n    """A third."""\n    return x / 0\n\n\n'
    "def d(x):\n    return x + 1\n\n\n"
    'def e(x):\n    """<b>"""\n    return x + 2\n\n\nlow = 3\n'
)


def some(pieces, most):
    """A text of some pieces, in any order."""
    return st.lists(st.sampled_from(pieces), max_size=most).map("".join)


SOLUTIONS = "lesson.py:f", "lesson.py:table_t", "lesson.py:no", "exercises/lesson.py:d"
SOLUTIONS += "exercises/lesson.py:low", "lesson.py", "x:f", "../lesson.py:f", "<b>:f"
NAMED = "a, b, c", "a b c d", "a, b, low", "a, a, b", "a, b, e", "a, b", "no, ,", ""
SAID = ["    kind: line\n", "    kind: repair\n", "    kind: order\n", "    from: a\n"]
SAID += ["    from: return\n", "    within: 1e-3\n", "    within: x\n", "    id: <b>\n"]
CASES = ["- `f(1)`\n", "- `f(2.5)`\n", "- `f('<b>')`\n", "- `f(`\n", "- `f(f)`\n"]
CASES += [
    "- f(1)\n",
    "\n",
    "Text.\n",
    "1. `f(1)`\n",
    "- ``f(1)``\n",
    "- `f([1, 'a'])`\n",
]
ONES = st.tuples(
    st.sampled_from(SOLUTIONS[:1] * 9 + SOLUTIONS),
    st.sampled_from(NAMED[:2] * 4 + NAMED),
    some(SAID, 2),
    some(CASES[:2] * 3 + CASES, 4),
    st.sampled_from(["\nA hint.\n\n///\n", "\n///\n", "///\n", ""]),
).map(
    lambda parts: (
        "/// exercise | Do.\n    solution: {}\n    slips: {}\n{}\n"
        "Do `it`.\n\n{}{}".format(*parts)
    )
)


@tried(0.7)
@given(st.lists(ONES, min_size=1, max_size=2).map("\n".join))
def test_any_exercise_is_proved_or_refused(course, text):
    course.write("snippets/lesson.py", LESSON)
    course.write("snippets/exercises/lesson.py", SLIPS)
    html = converted(course, text)
    if html is not None:
        assert not INJECTED.search(html)
        found = re.findall(r'data-exercise="(.*?)"', html)
        assert len(found) == text.count("/// exercise")
        for one in map(json.loads, map(unescape, found)):
            assert one["gives"] not in one["slips"]
            assert len(one["slips"]) >= 3


TEXTS = st.lists(
    st.sampled_from(
        [*"*_`[]()<>{}#|!&;:~^-+.=/\\\"'", "a", "1", " ", "http://a", "script"]
    )
    | st.characters(exclude_categories=["Cs"]),
    max_size=12,
).map("".join)


@tried(3)
@given(TEXTS)
def test_a_value_that_may_stand_there_is_no_markup(course, text):
    if "$" in text or what_is_wrong(text, text):
        return
    for page in f"It is {text}.\n", f"{text} it is.\n", f"# A {text}\n", f"a{text}a\n":
        html = converted(course, page)
        if html is not None:
            heading = {"h"} if page.startswith("# ") else set()
            found = set(re.findall(r"<\s*([a-z]+)", html))
            assert found <= {"p", "br"} | heading, text


@tried()
@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "---\n",
                    "title",
                    "limit",
                    ": ",
                    "1",
                    "[",
                    "{",
                    "- ",
                    "? ",
                    "&a",
                    "*a",
                ),
                *("!x ", "\n", " ", "'", '"', "|", "#", "...\n", "<<", "\t", ".inf"),
                "2026-01-01",
            ]
        ),
        max_size=14,
    ).map("".join)
)
def test_any_head_is_read_or_refused(course, text):
    converted(course, f"---\n{text}\n---\n\nText\n")


NUMBERS = st.sampled_from(["x", "y", "0", "1", "2", "0.5", "-3", "1e9"])
EXPRESSIONS = st.recursive(
    NUMBERS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/%"), inner).map(
            "({0[0]} {0[1]} {0[2]})".format
        ),
        st.tuples(inner, inner).map("({0[0]} ** {0[1]})".format),
        st.tuples(inner, st.sampled_from(["<", "==", ">="]), inner, inner, inner).map(
            "({0[3]} if {0[0]} {0[1]} {0[2]} else {0[4]})".format
        ),
        inner.map("abs({})".format),
        inner.map("math.sqrt({})".format),
        inner.map("math.exp({})".format),
        st.tuples(inner, inner).map("max({0[0]}, {0[1]})".format),
        st.tuples(inner, inner).map("[{0[0]}, {0[1]}][0]".format),
        inner.map("sum([{} for _ in range(3)])".format),
        inner.map("(lambda z: z + 1)({})".format),
        inner.map("len({})".format),
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def racer():
    return explore_js()


@tried()
@given(
    EXPRESSIONS, st.sampled_from([0.0, 1.0, -2.5, 3.0]), st.sampled_from([0.5, -1.0])
)
def test_any_function_means_the_same_or_stays_here(racer, code, x, y):
    function = module(f"def f(x, y):\n    return {code}\n").f
    try:
        translated([function])
    except WeaveError as refused:
        faults = refused.faults
    else:
        faults = []
    assert all(fault.line == 2 for fault in faults)
    if faults:
        return
    there = in_v8(racer, function, x, y)
    try:
        here = in_python(function, x, y)
    except (ArithmeticError, ValueError, TypeError):
        assert str(there).startswith("!") or not isinstance(there, float), code
        return
    if isinstance(here, float) and isinstance(there, float):
        assert math.isclose(here, there, rel_tol=1e-12, abs_tol=1e-300), code
    else:
        assert here == there, code


@pytest.fixture(scope="module")
def v8():
    """A V8 with what quiz.js and explore.js read of texts."""
    racer = MiniRacer()
    racer.eval(
        "globalThis.HTMLElement = class {};"
        "globalThis.window = {addEventListener() {}};"
        "globalThis.customElements = {get() {}, define(name, made) {"
        "  globalThis[name.replace('-', '_')] = made; }};"
        "globalThis.URLSearchParams = class { constructor(text) {"
        "  this.pairs = text.split('&').map((part) => part.split('=')); }"
        "  get(name) { return this.pairs.find(([n]) => n === name)?.[1] ?? null; } };"
    )
    quiz = (ROOT / "docs/assets/js/quiz.js").read_text("utf-8").rstrip()
    assert quiz.endswith("})();")
    known = "globalThis.quiz = { parse, written, readings };"
    racer.eval(quiz.removesuffix("})();") + known + "})();")
    racer.eval((ROOT / "docs/assets/js/explore.js").read_text("utf-8"))
    return racer


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**7) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["version", "questions", "right", "tries", "a-1", "__proto__", "1"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
RECORDS = st.fixed_dictionaries({"version": st.just(1), "questions": JSON})


@tried()
@given((JSON | RECORDS).map(json.dumps) | st.text(max_size=30))
def test_any_record_of_progress_is_read_or_refused(v8, text):
    told = v8.eval(
        f"try {{ quiz.written(quiz.parse({json.dumps(text)})) }} catch (e) {{ '!' }}"
    )
    if str(told) != "!":
        record = json.loads(str(told))
        assert record["version"] == 1
        for name, entry in record["questions"].items():
            assert re.fullmatch(r"[A-Za-z][\w-]{0,79}", name)
            assert {*entry} == {"right", "tries"}
            assert isinstance(entry["right"], bool)
            assert 0 <= entry["tries"] <= 1e6
    assert v8.eval("({}).right === undefined")


ANSWERS = st.text("0123456789.,+-−–/eE ", max_size=12)


@tried()
@given(ANSWERS)
def test_any_answer_is_a_number_or_none(v8, text):
    told = json.loads(
        str(v8.eval(f"JSON.stringify(quiz.readings({json.dumps(text)}))"))
    )
    assert len(told) <= 2
    assert all(isinstance(reading["value"], (int, float)) for reading in told)
    if re.fullmatch(r"-?\d+(\.\d+|/\d+)?", text) and told:
        assert math.isclose(told[0]["value"], _number(text), rel_tol=1e-12)


@tried()
@given(
    st.lists(
        st.sampled_from(
            ["#", "a", "?", "&", "=", "rate", "1", "-0.5", "1e5", "NaN", "%", "<b>"]
        )
        | st.text(max_size=4),
        max_size=10,
    ).map("".join)
)
def test_any_address_gives_numbers_or_nothing(v8, text):
    told = v8.eval(
        f"globalThis.location = {{ hash: {json.dumps('#a?rate=' + text)} }};"
        "globalThis.turned = null; weave_explore.prototype.follow.call({"
        "  form: true, id: 'a', start() { return { rate: 0.25 }; },"
        "  knobs: [{ name: 'rate' }], within(given) { return given; },"
        "  read: weave_explore.prototype.read,"
        "  turn(given) { globalThis.turned = given; }, scrollIntoView() {} });"
        "JSON.stringify([Object.keys(turned), typeof turned.rate, isNaN(turned.rate)])"
    )
    assert json.loads(str(told)) == [["rate"], "number", False]


@tried()
@given(JSON | st.tuples(st.lists(st.tuples(st.just("text"), JSON)), st.lists(JSON)))
def test_any_entry_of_the_cache_is_an_outcome_or_none(data):
    with contextlib.suppress(ValueError):
        assert isinstance(from_json(data), Outcome)
