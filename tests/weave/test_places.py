"""What is wrong is said with its line, wherever on the page it stands."""

import re

import pytest
from _weave.markdown.places import marked, strip
from _weave.read.page import Page
from project import LINE, SNIPPETS, transcript

from .test_bank import DRILL, NAV
from .test_quiz import NUMBER, ONE, Tree

GOOD, BAD = r"$\frac{1}{2}$", r"$\frac{1}$"


def lines(faults):
    """The lines of faults, which are all of one page, in their order."""
    assert all(fault.startswith("docs/lesson.md:") for fault in faults), faults
    return sorted(int(fault.split(":")[1]) for fault in faults)


def lines_with(text, *marks):
    """The lines of a text in which one of the marks stands."""
    rows = enumerate(text.splitlines(), 1)
    return [number for number, row in rows if any(mark in row for mark in marks)]


# Formulas


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"Good: {GOOD}\n\nMore.\n\nBad: {BAD}\n", [5]),
        (f"Bad {BAD} here.\n\nText.\n\nAnd {BAD} again.\n", [1, 5]),
        (f"Twice {BAD} in a line {BAD}, and\nin the next {BAD}.\n", [1, 1, 2]),
        ("As x^ is no power, in words.\n\nBad: $x^$\n\nNot `$x^$`.\n", [3]),
        (f"# A {BAD} in a heading\n\nText\n\n## And {BAD}\n", [1, 5]),
        (f"| a | b |\n| --- | --- |\n| {GOOD} | {BAD} |\n| {BAD} | a |\n", [3, 4]),
        (f"- one\n- two {BAD}\n\n    more\n\n    - deep {BAD}\n", [2, 6]),
        (f"1. one {BAD}\n2. two\n", [1]),
        (
            f'!!! note "Title {BAD}"\n\n    Text.\n\n    {BAD} and\n    {BAD}\n',
            [1, 5, 6],
        ),
        (f"> quoted\n> {BAD}\n", [2]),
        (f"**bold {BAD}** and\n[a link {BAD}](#a)\n", [1, 2]),
        (f"# Title {{ #id }}\n\nText {BAD}.\n", [3]),
        ("$$\n\\frac{1}\n$$\n\nText\n\n$$\\frac{1}$$\n", [1, 7]),
        ("Text\n\n\\begin{aligned}\n\\frac{1}\n\\end{aligned}\n", [3]),
        (f"`{{python}} 'one\\n\\n\\ntwo'`\n\nText {BAD}\n", [3]),
        (f"`{{python}} 'one\\n\\ntwo'`\n{BAD}\n\n`{{python}} 'x'`\n{BAD}\n", [2, 5]),
        (f"`{{python}} '' + '{BAD}'`\n".replace("\\f", "\\\\f"), [1]),
        (f"`{BAD}` <!-- {BAD} -->\n\n```markdown\n{BAD}\n```\n\nReally {BAD}.\n", [7]),
        (f"---\ntitle: A\n---\n\n# A\n\nText {BAD}\n", [7]),
    ],
)
def test_each_bad_formula_is_blamed_at_its_own_line(course, text, wanted):
    faults = course.faults(text)
    assert lines(faults) == wanted
    assert all(", in " in fault for fault in faults)


def test_two_bad_formulas_of_one_line_are_two_faults(course):
    faults = course.faults("Text\n\n$\\frac{1}$ then $x^$\n")
    assert lines(faults) == [3, 3]
    assert len({fault.split(", in ")[1] for fault in faults}) == 2


def test_what_temml_stumbles_over_is_said_in_words(course):
    said = course.fault("Bad: $x^$\n")
    assert "a part is missing, or one too many, in x^" in said
    assert "undefined" not in said
    assert "null" not in said


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Text\n\nso $ x$ is\n", [3]),
        ("so $ a$ is\n\nText\n\nso $ b$ is\n", [1, 5]),
        ("Good $x$.\n\nso $$x$$ is\n", [3, 3]),
        ("the rate \\(x\\) is\n\nand \\[y\\]\n", [1, 3]),
        ("- one\n- so $ x$ is\n\n!!! note\n\n    so $ y$ is\n", [2, 6]),
        ("| a |\n| --- |\n| so $ x$ |\n", [3]),
        ("`{python} 'a\\n\\nb'`\n\nso $ x$ is\n", [3]),
        (f"Bad {BAD}.\n\nso $ x$ is\n\nBad {BAD}.\n", [1, 3, 5]),
        ("It costs $5, \\$6.\n\n`$ x$` and so $ x$ is\n", [3]),
        ("so\n$$\nx\n$$\n\nText\n", [2, 4]),
    ],
)
def test_each_stray_dollar_is_blamed_at_its_own_line(course, text, wanted):
    faults = course.faults(text)
    assert all("stands alone in running text" in f for f in faults if "frac" not in f)
    assert sorted(set(lines(faults))) == sorted(set(wanted))


def test_marks_take_nothing_from_a_text_that_ends_in_its_line():
    woven = Page("docs/lesson.md", "So $x$ is", SNIPPETS).woven([], lambda *_: "")
    text, _ = marked(woven, [])
    assert strip(text) == "So $x$ is" != text


def test_no_mark_of_a_line_is_left_on_a_page(course):
    page = (
        f"# A {GOOD}\n\n{NUMBER}\n[$x$](#a 'with $y$')\n\n"
        f"| {GOOD} | $5 |\n| --- | --- |\n| `$x$` | $a$ |\n\n{ONE}\n\n"
        "`{python} '$q$'`\n\n<div markdown>\n\n- $x$\n\n</div>\n\n"
        "x[^1]\n"
    )
    html = course.html(page)
    assert not re.search("[\ue000-\uf8ff]", html)
    assert "at: " not in html


# Blocks


def wrong(question):
    """A question without a key."""
    return question.replace("[x]", "[ ]")


def indented(text):
    return "".join(
        f"    {row}" if row.strip() else row for row in text.splitlines(True)
    )


def test_of_two_equal_questions_the_wrong_one_is_blamed(course):
    text = f"{ONE}\n{wrong(ONE)}\n{ONE}\n{wrong(ONE)}"
    starts = lines_with(text, "/// question")
    assert lines(course.faults(text)) == [starts[1], starts[3]]


def test_a_question_in_an_admonition_is_blamed_at_its_line(course):
    text = f"{NUMBER}\n!!! note\n\n{indented(wrong(ONE))}\nText\n"
    assert lines(course.faults(text)) == lines_with(text, "    /// question")


def test_an_option_in_an_admonition_is_blamed_at_its_line(course):
    equal = NUMBER.replace("2.1", "12/5")
    text = f"`{{python}} 'a\\n\\nb'`\n\n!!! note\n\n{indented(equal)}"
    assert lines(course.faults(text)) == lines_with(text, "12/5")


def test_the_lines_of_a_question_are_those_of_its_page_and_not_of_its_results(course):
    text = NUMBER.replace("0.005", "`{python} 'a bit'`").replace(
        "The rate is 0.1.", "`{python} 'one\\n\\ntwo'`"
    )
    assert lines(course.faults(f"Text\n\n{text}")) == lines_with(
        f"Text\n\n{text}", "within"
    )


def test_a_formula_in_a_question_is_blamed_at_its_line(course):
    text = NUMBER.replace("0.1.", f"0.1 {BAD}.").replace("the rule", f"the {BAD}")
    text = text.replace("The slope at", f"The {BAD} at")
    found = lines(course.faults(f"Text\n\n{text}"))
    assert found == lines_with(f"Text\n\n{text}", BAD)


MOVABLE = """\
/// explore | Where is the end?
![A line](figures/lesson/line.svg)

See.
///
"""


def test_of_two_blocks_with_the_same_task_each_is_blamed_at_its_line(course):
    text = f"# A\n\n{MOVABLE}\nText\n\n{MOVABLE}"
    faults = course.faults(text, LINE)
    assert lines(faults) == lines_with(text, "/// explore") == [3, 11]
    assert all("and here are 0" in fault for fault in faults)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Text\n\n///\n\nText\n", 3),
        ("Text\n\n/// nothing | A\n///\n", 3),
        ("Text\n\n/// question | A\n    kind: one\n\n- [x] a\n", 3),
        (f"{NUMBER}\n\n////\n", 21),
        ("`{python} 'a\\n\\nb'`\n\n////\n", 3),
        ("!!! note\n\n    /// question | A\n        kind: one\n\n    Text\n", 3),
    ],
)
def test_slashes_that_begin_or_end_nothing_are_blamed_at_their_line(course, text, line):
    assert lines(course.faults(text)) == [line]


def test_slashes_in_code_comments_and_results_are_no_blocks(course):
    html = course.html(
        "```markdown\n/// question | A\n///\n```\n\n<!--\n///\n-->\n\n"
        "`/// question`\n\nText `{python} 'a ///'`\n\n"
        + transcript(">>> '///'", "'///'")
    )
    assert "weave-question" not in html


# Ids


def test_a_question_in_an_admonition_has_its_number_and_the_bank_the_same(course):
    settings = (course.folder / "mkdocs.yml").read_text("utf-8")
    course.write("mkdocs.yml", f"{settings}{NAV}")
    course.write("docs/start.md", "# Start\n")
    course.write("docs/end.md", "# End\n")
    text = f"# Rate\n\n{NUMBER}\n!!! note\n\n{indented(ONE)}\n\n{NUMBER}"
    lesson = course.html(text, uri="rate.md")
    bank = course.html("# Practice\n\n/// bank\n///\n", uri="practice.md")
    element = re.compile(r"<weave-question.*?</weave-question>", re.DOTALL)
    questions = element.findall(lesson)
    names = [given["id"] for given in Tree(lesson).all("weave-question")]
    assert names == ["rate-1", "rate-2", "rate-3"]
    assert [given["id"] for given in Tree(bank).all("weave-question")] == names
    assert element.findall(bank) == questions


def test_ids_count_questions_and_not_the_blocks_around_them(course):
    computed = re.sub(r"(?<=\] )([\d.]+)$", r"`{python} 0 + \1`", NUMBER, flags=re.M)
    text = f"{DRILL}\n{computed}\n{MOVABLE}\n{ONE}"
    seen = []
    html = course.html(text, LINE, on_error=lambda e: seen.append(e) or "")
    assert len(seen) == 1  # the figure cannot be moved
    names = [given["id"] for given in Tree(html).all("weave-question")]
    assert names == ["drill-jump-1", "drill-jump-2", "lesson-1", "lesson-2"]
