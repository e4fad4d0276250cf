"""Tables by name: how they are written, called, and refused."""

import re

import pytest

LESSON = """\
from shared.tables import table


def table_rates(steps=2, name="rate"):
    return table([name, "after"], [[k, 0.5**k] for k in range(steps)])


def table_nothing():
    pass


def table_words():
    return "no table"


def table_bad():
    return table(["a"], [[1 / 0]])
"""
ROWS = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>")


def test_a_table_is_what_its_function_returns(course):
    html = course.html("Text.\n\n![](tables/lesson/rates)\n\nAfter.\n", LESSON)
    assert ROWS.findall(html) == ["rate", "after", "0", "1.0", "1", "0.5"]
    assert html.index("Text.") < html.index("<table>") < html.index("After.")


def test_arguments_of_its_link_are_those_of_the_function(course):
    html = course.html("![](tables/lesson/rates?steps=1&name=x)\n", LESSON)
    assert ROWS.findall(html) == ["x", "after", "0", "1.0"]


@pytest.mark.parametrize("opening", ['!!! note "Rates"\n\n', "- item\n\n"])
def test_an_indented_table_stays_where_it_is_indented(course, opening):
    page = opening + "    Text.\n\n    ![](tables/lesson/rates)\n\n    After.\n\nEnd.\n"
    html = course.html(page, LESSON)
    assert ROWS.findall(html) == ["rate", "after", "0", "1.0", "1", "0.5"]
    inside = html[: html.index("End.")]
    assert inside.index("<table>") < inside.index("After.")
    assert re.search(r"After\.</p>\s*</(div|li)>", inside)


def test_a_table_in_the_feedback_of_a_question_is_a_table(course):
    page = """\
/// question | What?
    kind: one

- [x] yes

    ![](tables/lesson/rates)

- [ ] no

So.
///
"""
    html = course.html(page, LESSON)
    assert "<table>" in html[html.index("<template>") : html.index("</template>")]


def test_an_unknown_table_is_named_with_the_nearest(course):
    said = course.fault("\n![](tables/lesson/rate)\n", LESSON)
    assert said == (
        "docs/lesson.md:2: tables/lesson/rate: there is no table_rate in "
        "snippets/lesson.py; did you mean table_rates?"
    )


def test_a_table_of_an_unknown_module_is_named_with_the_nearest(course):
    said = course.fault("![](tables/lessen/rates)\n", LESSON)
    assert said == (
        "docs/lesson.md:1: there is no snippets/lessen.py; did you mean lesson?"
    )


@pytest.mark.parametrize(("name", "line"), [("nothing", 8), ("words", 12)])
def test_a_table_function_must_return_a_table(course, name, line):
    said = course.fault(f"![](tables/lesson/{name})\n", LESSON)
    assert said == (
        f"snippets/lesson.py:{line}: table_{name} must return "
        "shared.tables.table(header, rows)"
    )


def test_a_table_that_raises_shows_the_authors_own_line(course):
    said = course.fault("\n![](tables/lesson/bad)\n", LESSON)
    assert said.startswith("snippets/lesson.py:17: tables/lesson/bad could not be made")
    assert "ZeroDivisionError" in said
    assert said.endswith("for docs/lesson.md:2")


@pytest.mark.parametrize(
    "link",
    [
        "![](tables/rates)",
        "![](tables/lesson/rates.md)",
        "![](../tables/lesson/rates)",
        "![Rates](tables/lesson/rates)",
        '![](tables/lesson/rates "Rates")',
    ],
)
def test_a_malformed_table_link_is_refused(course, link):
    said = course.fault(f"\n{link}\n", LESSON)
    assert said.startswith(f"docs/lesson.md:2: {link}: write a table as ![](tables/")


@pytest.mark.parametrize("given", ["steps", "1=2", "steps=1&name"])
def test_arguments_are_written_as_names_with_values(course, given):
    said = course.fault(f"\n![](tables/lesson/rates?{given})\n", LESSON)
    assert said.startswith("docs/lesson.md:2: ")
    assert "is no argument: write ?name=value, joined by &" in said


def test_a_link_to_a_table_is_refused(course):
    said = course.fault("\n[a](tables/lesson/rates)\n", LESSON)
    assert said == "docs/lesson.md:2: write a table as ![](tables/stem/name)"


def test_a_table_that_fails_is_not_kept(course):
    state = course.beside("state")
    lesson = (
        "import os\n\nfrom shared.tables import table\n\n\n"
        f"STATE = {str(state)!r}\n\n\n"
        "def table_state():\n    return table(['a'], [[1 / os.path.exists(STATE)]])\n"
    )
    page = "![](tables/lesson/state)\n"
    assert "ZeroDivisionError" in course.fault(page, lesson)
    state.touch()
    course.restart()
    assert "1.0" in course.html(page)
    course.restart()
    assert course.runs(page) == 0
