"""Questions as the build writes them, and what stops it."""

import json
import re
from fractions import Fraction
from html.parser import HTMLParser

import pytest

NUMBER = """\
/// question | From $x = 3$, where does *one step* lead?
    kind: number
    within: 0.005

The rate is 0.1.

- [x] 2.4

    That is the rule itself.

- [ ] 2.1

    You used the value where the slope belongs.

- [ ] 3.6

The slope at 3 is 6, so 3 − 0.6 = 2.4.
///
"""

ONE = """\
/// question | Which path is it?
    kind: one

- [ ] It creeps.
- [x] It `zig-zags`.

    - because the rate is large
    - and the valley is narrow

- [False] It flies.

///// details | How
Look at the signs.
/////

They alternate.
///
"""

ORDER = """\
/// question | Bring the steps into order.
    kind: order

1. Take the slope.
2. Multiply it by the rate.

    The rate scales the slope.

3. Subtract.
4. Look again.

This is the loop.
///
"""


class Tree(HTMLParser):
    """The elements of a page as (tag, attributes), and that each of them closes."""

    VOID = "input", "br", "img"

    def __init__(self, html):
        super().__init__()
        self.seen, self.open = [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag):
        return [attributes for name, attributes in self.seen if name == tag]


def header(kind, *more):
    lines = "".join(f"    {line}\n" for line in (f"kind: {kind}", *more))
    return f"# Rate\n\nSome text.\n\n/// question | What now?\n{lines}\n"


def question(kind, options, *more, solution="So it is.\n"):
    return f"{header(kind, *more)}{options}\n{solution}///\n\nMore text.\n"


def test_a_number_question_is_whole(course):
    html = course.html(NUMBER)
    tree = Tree(html)
    (element,) = tree.all("weave-question")
    assert element == {"kind": "number", "id": "lesson-1", "within": "0.005"} | element
    assert re.search(r"<legend>From .*<math>.*<em>one step</em> lead.</legend>", html)
    assert html.index("The rate is 0.1.") < html.index("<form")
    key, *slips = tree.all("template")
    assert key == {"data-value": "2.4", "data-right": "yes"}
    assert slips == [{"data-value": "2.1"}, {"data-value": "3.6"}]
    assert "You used the value" in html.partition('<template data-value="2.1">')[2]
    assert "<strong>Answer: 2.4</strong>" in html
    assert "(within 0.005)</label>" in html


def test_every_input_has_its_label_and_waits_for_the_script(course):
    for text in NUMBER, ONE, ONE.replace("kind: one", "kind: several"):
        tree = Tree(course.html(text))
        inputs, labels = tree.all("input"), tree.all("label")
        assert [field["id"] for field in inputs] == [label["for"] for label in labels]
        for field in inputs:
            assert "hidden" in field or field["type"] == "text"
        names = [attributes.get("id") for _, attributes in tree.seen]
        names = [name for name in names if name]
        assert len(names) == len(set(names))
        for field in inputs:
            assert set(field.get("aria-labelledby", "").split()) <= set(names)


def test_options_carry_letters_and_the_key_names_them(course):
    html = course.html(ONE)
    letters = re.findall(r'class="weave-letter"[^>]*>([A-Z])<', html)
    assert letters == ["A", "B", "C"]
    assert "<strong>Answer: B</strong>" in html
    assert "It <code>zig-zags</code>." in html
    assert "task-list" not in html
    several = ONE.replace("kind: one", "kind: several").replace("[False]", "[True]")
    assert "<strong>Answer: B and C</strong>" in course.html(several)


def test_a_list_may_be_feedback_or_solution(course):
    html = course.html(ONE)
    feedback = re.search(r"<template>\s*<ul>.*?</template>", html, re.DOTALL)
    assert "the valley is narrow" in feedback[0]
    items = "- [x] yes\n- [ ] no\n"
    solution = "Because:\n\n- of this\n- [and](#rate) that\n"
    html = course.html(question("one", items, solution=solution))
    assert html.index("<summary>") < html.index("of this")


def test_an_order_is_shuffled_the_same_way_each_time_and_never_solved(course):
    first = course.html(ORDER)
    places = re.findall(r'data-place="(\d)"', first)
    assert sorted(places) == ["0", "1", "2", "3"] != places
    assert course.html(ORDER) == first
    letters = ["ABCD"[places.index(place)] for place in "0123"]
    assert f"<strong>Answer: {', '.join(letters)}</strong>" in first
    for number in range(40):
        html = course.html(ORDER.replace("order\n", f"order\n    id: q{number}\n"))
        assert re.findall(r'data-place="(\d)"', html) != ["0", "1", "2", "3"]


def test_ids_count_the_questions_of_a_page_unless_one_is_given(course):
    html = course.html(
        NUMBER + "\n" + ONE.replace("one\n", "one\n    id: path\n") + "\n" + ORDER
    )
    names = [element["id"] for element in Tree(html).all("weave-question")]
    assert names == ["lesson-1", "path", "lesson-2"]


def test_a_question_with_an_id_moves_the_number_of_no_other(course):
    """So a prediction put into the middle leaves what readers have answered."""
    own = ONE.replace("one\n", "one\n    id: guess\n")
    html = course.html(f"# Rate\n\n{NUMBER}\nText.\n\n{own}\nIt zig-zags.\n\n{ORDER}")
    names = [element["id"] for element in Tree(html).all("weave-question")]
    assert names == ["lesson-1", "guess", "lesson-2"]
    assert html.index('id="guess"') < html.index("It zig-zags") < html.index("lesson-2")


def test_a_negative_or_written_out_number_is_a_number(course):
    items = "- [x] -1.6\n- [ ] 1e-05\n- [ ] 8/5\n- [ ] −3\n"
    html = course.html(question("number", items))
    values = [key["data-value"] for key in Tree(html).all("template")]
    assert values == ["-1.6", "1e-05", "1.6", "-3.0"]
    assert "Answer: −1.6" in html


def test_the_answer_shows_no_digits_that_the_tolerance_forgives(course):
    for key, within, shown in (
        ("0.46165327937954", "0.005", "0.4617"),
        ("1250.123456", "1", "1250.1"),
        ("1.6", "0.005", "1.6"),
        ("21.0001", "0.01", "21"),
        ("2/3", "0.01", "2/3"),
        ("-1e-05", "1e-7", "−1e−05"),
    ):
        text = question("number", f"- [x] {key}\n", f"within: {within}")
        html = course.html(text)
        assert f"Answer: {shown}<" in html
        # what the script compares with has the digits that every processor gives
        assert f'data-value="{float(Fraction(key)):.12g}"' in html


def test_commas_stay_as_they_are_written(course):
    items = "- [x] about 1,6 or 2,5\n- [ ] 1,000\n"
    html = course.html(question("one", items, solution="It is 1,6.\n"))
    assert "<p>about 1,6 or 2,5</p>" in html
    assert "<p>1,000</p>" in html
    assert "It is 1,6." in html


def test_progress_written_into_a_page_stands_in_no_paragraph(course):
    html = course.html(
        'Text.\n\n<weave-progress total="9"></weave-progress>\n\nText.\n'
    )
    assert "<p><weave-progress" not in html


def test_nothing_on_the_page_is_an_inline_script_style_or_handler(course):
    for text in NUMBER, ONE, ORDER:
        for tag, attributes in Tree(course.html(text)).seen:
            assert tag not in ("script", "style")
            assert not [name for name in attributes if name.startswith("on")]
            assert "style" not in attributes


OPEN = """\
/// question | Why does the path zig-zag?
    kind: open

Look at the figure.

---

Because the *steep* direction overshoots:

- its factor is negative.
///
"""


def test_an_open_question_folds_a_model_answer_and_asks_for_no_input(course):
    html = course.html(OPEN)
    tree = Tree(html)
    [element] = tree.all("weave-question")
    assert element == {"kind": "open", "id": "lesson-1", "level": "open"}
    assert not tree.all("input") + tree.all("button") + tree.all("output")
    before, _, after = html.partition("<summary>Model answer</summary>")
    assert "Look at the figure" in before
    assert "<em>steep</em>" in after
    assert "<li>its factor is negative.</li>" in after


def test_an_open_question_may_be_all_answer(course):
    text = OPEN.replace("Look at the figure.\n\n---\n\n", "")
    before, _, after = course.html(text).partition("<summary>")
    assert "Because" in after
    assert "Because" not in before


def test_a_level_stands_at_the_head_unless_it_is_the_usual_one(course):
    for level in "warm-up", "break it", "open":
        html = course.html(question("one", PAIR, f"level: {level}"))
        assert f"<legend><small>{level}</small> What now?</legend>" in html
        assert Tree(html).all("weave-question")[0]["level"] == level
    for more in [], ["level: core"]:
        html = course.html(question("one", PAIR, *more))
        assert "<legend>What now?</legend>" in html
        assert "level" not in Tree(html).all("weave-question")[0]


def test_a_key_in_percent_makes_a_question_in_percent(course):
    items = "- [x] 16.807%\n- [ ] 83.2 %\n"
    html = course.html(question("number", items, "within: 0.05"))
    [element] = Tree(html).all("weave-question")
    assert element["percent"] == "yes"
    assert [t["data-value"] for t in Tree(html).all("template")] == ["16.807", "83.2"]
    assert "Your answer in percent (within 0.05)" in html
    assert "Answer: 16.807%" in html


PAIR = "- [x] yes\n- [ ] no\n"
FAULTS = {
    "an unknown kind": (
        question("numbr", "- [x] 1\n"),
        5,
        "there is no question of kind 'numbr'; write kind: number, one, several, "
        "order or open; did you mean number?",
    ),
    "no key": (
        question("one", "- [ ] yes\n- [ ] no\n"),
        5,
        "no option is marked right",
    ),
    "no key by verdict": (
        question("one", "- [False] yes\n- [ ] no\n"),
        5,
        "no option is",
    ),
    "two keys of one choice": (
        question("one", "- [x] yes\n- [True] no\n"),
        9,
        "2 options are marked right, and kind: one has one",
    ),
    "two keys of a number": (question("number", "- [x] 1\n- [x] 2\n"), 9, "2 options"),
    "a mark that is none": (
        question("one", "- [x] yes\n- [1.0] no\n"),
        9,
        "an option has the mark [1.0]: write [x], [ ], or an expression",
    ),
    "no mark": (question("one", "- [x] yes\n- no\n"), 9, "an option has no mark"),
    "a key that is no number": (
        question("number", "- [x] about 3\n"),
        8,
        "'about 3' is not a number",
    ),
    "a key with separators": (question("number", "- [x] 1,250\n"), 8, "'1,250' is not"),
    "a key that is not finite": (question("number", "- [x] inf\n"), 8, "'inf' is not"),
    "a key that overflows": (question("number", "- [x] 1e999\n"), 8, "'1e999' is not"),
    "a slip equal to the key": (
        question("number", "- [x] 1.6\n- [ ] 8/5\n"),
        9,
        "the key and a slip are equal: 1.6 and 8/5 (within 0)",
    ),
    "a slip within the tolerance": (
        question("number", "- [x] 1.6\n- [ ] 1.61\n", "within: 0.01"),
        10,
        "the key and a slip are equal",
    ),
    "two equal slips": (
        question("number", "- [ ] 2\n- [x] 1.6\n- [ ] 2.0\n"),
        10,
        "two slips are equal: 2 and 2.0",
    ),
    "a key too long to type": (
        question("number", "- [x] 0.3333333333333333\n"),
        8,
        "the key 0.3333333333333333 has more digits than a reader would type",
    ),
    "the same choice twice": (
        question("one", "- [x] It  goes\n- [ ] It goes\n"),
        9,
        "two options are the same: It goes",
    ),
    "the same step twice": (
        question("order", "1. a\n2. b\n3. a\n"),
        10,
        "two options are the same: a",
    ),
    "a single choice": (question("one", "- [x] yes\n"), 5, "at least two options"),
    "an order without numbers": (question("order", "- a\n- b\n"), 5, "as 1. 2. 3."),
    "no solution": (question("one", PAIR, solution=""), 5, "needs its worked solution"),
    "no options": (question("one", "Well.\n"), 5, "needs a list of options"),
    "an empty option": (question("one", "- [x] yes\n- [ ]\n"), 9, "an option is empty"),
    "a tolerance in words": (
        question("number", "- [x] 1\n", "within: a bit"),
        7,
        "within: a bit",
    ),
    "a negative tolerance": (
        question("number", "- [x] 1\n", "within: -1"),
        7,
        "within: -1",
    ),
    "an unknown level": (
        question("one", PAIR, "level: brake it"),
        7,
        "there is no level 'brake it'; write level: warm-up, core, break it or open; "
        "did you mean break it?",
    ),
    "an open question without an answer": (
        "# Rate\n\n/// question | Why?\n    kind: open\n\nLook.\n\n---\n///\n",
        3,
        "an open question needs a model answer",
    ),
    "a slip in percent": (
        question("number", "- [x] 0.5\n- [ ] 20%\n"),
        9,
        "of 0.5 and 20% one is in percent: write both alike",
    ),
    "an id with spaces": (
        question("one", PAIR, "id: a b"),
        7,
        "id: a b cannot be an id",
    ),
    "an id twice": (
        question("one", PAIR, "id: a") + "\n" + question("one", PAIR, "id: a"),
        21,
        "two questions have the id a",
    ),
    "feedback that is not indented": (
        question("one", "- [x] yes\n\nSo.\n\n- [ ] no\n"),
        12,
        "the list of options ended before this one",
    ),
    "an unknown option": (
        question("one", PAIR, "withn: 1"),
        5,
        "not understood: /// question",
    ),
    "a header that is no YAML": (question("one", PAIR, "id: [a"), 5, "not understood"),
    "no prompt": (
        question("one", PAIR).replace(" | What now?", ""),
        5,
        "not understood",
    ),
    "a block of another name": (
        question("one", PAIR).replace("question", "qestion"),
        5,
        "not",
    ),
    "an end too many": (question("one", PAIR) + "\n///\n", 16, "not understood: ///"),
    "no end": (
        header("one") + PAIR + "\nSo.\n\nMore text.\n",
        5,
        "this question never ends",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_is_said_with_its_line(course, name):
    text, line, message = FAULTS[name]
    fault = course.fault(text)
    assert fault.startswith(f"docs/lesson.md:{line}: ")
    assert message in fault


def test_of_two_questions_with_one_prompt_the_right_one_is_blamed(course):
    text = question("one", PAIR)
    fault = course.fault(
        text + text.replace("no\n", "yes\n").replace("# Rate", "## Again")
    )
    assert fault.startswith("docs/lesson.md:23: two options are the same")


def test_a_preview_shows_each_fault_in_the_place_of_its_question(course):
    seen = []

    def box(error):
        seen.extend(map(str, error.faults))
        return '<div class="box">no</div>'

    good = question("one", PAIR)
    wrong = question("one", "- [ ] a\n- [ ] b\n")
    html = course.html(wrong + good + header("one") + PAIR, on_error=box)
    assert sorted(fault.split(":")[1] for fault in seen) == ["33", "5"]
    assert html.count('<div class="box">no</div>') == 2
    assert html.count("<form") == 1


def test_a_fence_that_shows_a_question_is_left_alone(course):
    html = course.html(f"````markdown\n{NUMBER}````\n")
    assert "weave-question" not in html
    assert "/// question" in html


SNIPPET = '''\
"""A parabola."""

import matplotlib.pyplot as plt


def slope(x):
    return 2 * x


def step(x, rate):
    return x - rate * slope(x)


def figure_small():
    fig, ax = plt.subplots()
    ax.plot([0, 1])
    return fig


def figure_large():
    fig, ax = plt.subplots()
    ax.plot([1, 0])
    return fig
'''

WOVEN = """\
# Rate

/// question | From `{python} 3 + 0` with rate 0.1, where does one step lead?
    kind: number
    within: `{python} 1 / 200`

- [x] `{python} step(3.0, 0.1)`
- [ ] `{python} 3 + 0.1 * slope(3.0)`

    Uphill, from a slope of `{python} slope(3.0)`.

The slope is `{python} slope(3.0)`.
///

/// question | Which figure is it?
    kind: one

- [`{python} step(3.0, 0.1) > 3`] ![A rising line](figures/rate/small.svg)
- [`{python} step(3.0, 0.1) < 3`] ![A falling line](figures/rate/large.svg)

    Feedback hides here.

A solution nobody should find.

- nor this

Nor that.
///
"""


@pytest.fixture
def quizzed(course):
    course.write("snippets/rate.py", SNIPPET)
    return course


def test_keys_slips_verdicts_and_figures_come_from_the_run(quizzed):
    quizzed.write("docs/rate.md", WOVEN)
    done = quizzed.build("--strict")
    assert done.returncode == 0, done.stdout
    html = quizzed.page("rate")
    assert re.findall(r'data-value="([^"]+)"', html) == ["2.4", "3.6"]
    assert 'within="0.005"' in html
    assert "<strong>Answer: 2.4</strong>" in html
    assert "<strong>Answer: B</strong>" in html
    assert re.search(r'id="rate-2-B-text">\s*<figure[^>]*rate-large', html)
    index = json.loads((quizzed.folder / "site/search/search_index.json").read_text())
    texts = " ".join(entry["text"] for entry in index["docs"])
    assert "where does one step lead?" in texts
    for hidden in (
        "Uphill",
        "Feedback",
        "Answer",
        "Check",
        "slope is",
        "solution",
        "nor ",
        "Nor",
    ):
        assert hidden not in texts


def test_a_figure_offered_twice_stops_the_build(quizzed):
    quizzed.write("docs/rate.md", WOVEN.replace("rate/large", "rate/small"))
    done = quizzed.build()
    assert done.returncode != 0
    assert "docs/rate.md:19: two options are the same" in done.stdout
    assert not (quizzed.folder / "site").exists()


def test_a_slip_that_comes_out_as_the_key_stops_the_build(quizzed):
    quizzed.write("docs/rate.md", WOVEN.replace("3 + 0.1 *", "3 - 0.1 *"))
    done = quizzed.build()
    assert "docs/rate.md:8: the key and a slip are equal: 2.4 and 2.4" in done.stdout
    assert done.returncode != 0
