"""What was typed on a page: numbers and sentences, checks and reasons."""

import pytest
from _weave.read import typed
from _weave.read.page import Page
from project import SNIPPETS, fence, transcript


def page(text):
    return Page("docs/lesson.md", text, SNIPPETS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ten steps, a third, twice 0.25.", ["Ten", "third", "twice", "0.25"]),
        ("Two per      third, as far as an author may fold.", ["Two", "third"]),
        (
            "½ of it, 2¼, tenfold, a ten-fold one.",
            ["½", "2", "¼", "tenfold", "ten-fold"],
        ),
        ("The third way, the tenth; a second reason, the second one.", []),
        ("The third step, a second\npass, one more, 1 of 0.", ["third", "second"]),
        ("After the twelfth look less than a twentieth.", ["twelfth", "twentieth"]),
        ("A tenth of it, 16.8% and 1,000 or 1e-3.", ["tenth", "16.8", "1,000", "1e-3"]),
        ("$x_2 = 2x^3$ and $\\frac12 x_{10}$", ["2", "3", "12"]),
        ("$$\n10\\,000 \\cdot 0.8\n$$", ["10\\,000", "0.8"]),
        ("`52` [two](a-3.md) <!-- 4 --> {: #a5 } <b id=6>", ["two"]),
        ("`{python} 1 + 7`, `{check} x < 8` 9", ["9"]),
        ("![Up 4 to `{python} 5 + 0`](figures/rate/line.svg?x=3)", ["4"]),
        ("1. first\n2. second of 3\n", ["3"]),
        ("## Ten\n\n| 20 | 30 |\n", ["Ten", "20", "30"]),
        (
            "/// question | From 4?\n    kind: number\n    within: 0.5\n\n- [x] 7\n///",
            ["4", "7"],
        ),
        (fence("x = 2") + transcript(">>> 3", "3"), []),
        ("2-D and 2x, but x2 and v1.2.3", ["2", "2"]),
    ],
)
def test_typed_numbers_are_found(text, found):
    assert [number.text for number in typed.numbers(page(text))] == found


def test_what_follows_shown_code_stays_as_it_is():
    """The code is longer than the line that names it."""
    code = fence('--8<-- "rate.py:backtrack"')
    shown = page(f"{code}\n![Up.](figures/rate/{'far' * 300}.svg)\nAnd up.\n")
    lines = typed.typed(shown).split("\n")
    assert [*map(len, lines)] == [*map(len, shown.text.split("\n"))]


def test_a_number_may_mean_several():
    [half, digits] = typed.in_text("half of 10,000")
    assert half.values() == (2.0, 0.5)
    assert typed.in_text("two-fold")[0].values() == (2.0,)
    assert typed.in_text("the third step")[0].values() == (3.0,)
    assert typed.in_text("a third")[0].values() == (3.0, 1 / 3)
    assert digits.values() == (10000.0,)


@pytest.mark.parametrize(
    ("text", "phrase", "found"),
    [
        ("Ten steps", "ten steps", True),
        ("often steps", "ten steps", False),
        ("at 2.5", "at 2", False),
        ("at 2.", "at 2", True),
        ("ten\nsteps", "ten  steps", True),
        ("$x^2 + y$", "x^2", True),
        ("$x^{20}$", "x^{2", False),
        ("rate 10.1", "0.1", False),
    ],
)
def test_a_phrase_stands_as_whole_words(text, phrase, found):
    assert bool(typed.covered(text, [phrase])) == found


TEXT = """\
# Only a heading

It falls. Rate 0.3 is faster.  `{check} f(0.3) < f(0.1)` And it
never stops? No.

!!! belief "“Always.”"

    Not so, `{python} x` says. `{reason} advice`

![It rises. Always](figures/rate/line.svg)
The most. `{check} g(1)`

![Up `{check} u(2)`. Then `{python} f(1)`. `{check} v(3)` Down. `{reason} advice`
`{check} w(4)` On](figures/rate/line.svg)
So.

- [x] only this
- Any of `x`.
"""


def test_sentences_have_the_marks_behind_them():
    found = [
        (s.text, [text for _, text in s.marks]) for s in typed.sentences(page(TEXT))
    ]
    assert found == [
        ("It falls.", []),
        ("Rate 0.3 is faster.", ["f(0.3) < f(0.1)"]),
        ("And it never stops?", []),
        ("No.", []),
        ('!!! belief "“Always.”"', []),
        ("Not so, … says.", ["advice"]),
        ("![It rises.", []),
        ("Always]", []),
        ("The most.", ["g(1)"]),
        ("![Up.", ["u(2)"]),
        ("Then … .", ["v(3)"]),
        ("Down.", ["advice", "w(4)"]),
        ("On]", []),
        ("So.", []),
        ("- Any of .", []),
    ]


def test_a_sentence_begins_in_its_line():
    rows = [TEXT.count("\n", 0, s.start) for s in typed.sentences(page(TEXT))]
    assert rows[:3] == [2, 2, 2]


def test_a_reason_is_not_seen(course):
    html = course.html("Start small. `{reason} advice` Then more.\n")
    assert html == "<p>Start small. Then more.</p>"


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("habit", "habit is no reason: write one of definition, advice"),
        ("", "nothing is no reason: write one of"),
        ("identity", "write `{reason} identity: test_…`"),
        ("identity: it_holds", "with the name of the test that proves it"),
        ("advice: test_a", "no name behind another reason"),
    ],
)
def test_a_reason_has_a_known_name(course, reason, said):
    fault = course.fault(f"A\n\nIt is so. `{{reason}} {reason}`\n")
    assert fault.startswith("docs/lesson.md:3: ")
    assert said in fault


@pytest.mark.parametrize("literal", ["1.6", '"1.6"', 'f"{0.25:g}"', "-3", "'7 steps'"])
def test_a_typed_number_is_no_expression(course, literal):
    fault = course.fault(f"It is `{{python}} {literal}`.\n")
    assert "computes nothing" in fault
