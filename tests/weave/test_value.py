"""Values: expressions that stand in the prose."""

import re

import pytest
from project import text_of, transcript


def test_values_stand_in_text_headings_cells_and_maths(course):
    page = """\
# To `{python} 6 * 7`

Text `{python} f"{2 / 3:.3f}"`, code `x = 1`, maths $x = `{python} 3 * 3`$.

| a | b |
|---|---|
| 1 | `{python} 10 ** 3` |
"""
    html = course.html(page)
    assert ">To 42</h1>" in html
    assert "Text 0.667, code <code>x = 1</code>, maths" in html
    assert re.search(r"maths .*\b9\b", text_of(html))
    assert "<td>1000</td>" in html


def test_an_exponent_is_a_power_of_ten_but_not_in_a_key(course):
    page = """\
Text `{python} N * 1e-8`, |

/// question | How much?
    kind: number

- [x] `{python} N * 1e-3`

It is `{python} -1.5e20 * N`.
///
"""
    html = course.html(page.replace("|", "text.", 1), "N = 1.0\n")
    assert "Text 10⁻⁸, text." in html
    assert "−1.5\xa0·\xa010²⁰." in text_of(html)


def test_a_value_of_many_lines_keeps_its_place(course):
    html = course.html("- item\n\n    `{python} 'first\\n\\nlast'`\n\nAfter\n")
    assert "<p>last</p>" in html[html.index("<li>") : html.index("</li>")]


def test_a_value_is_evaluated_in_the_lessons_namespace(course):
    html = course.html(
        "`{python} twice(N)`", "N = 21\n\n\ndef twice(x): return 2 * x\n"
    )
    assert html == "<p>42</p>"


def test_an_expression_that_raises_is_a_fault(course):
    assert course.fault("Text\n\n`{python} 1 / 0`\n") == (
        "docs/lesson.md:3: `{python} 1 / 0` raised ZeroDivisionError: division by zero"
    )


@pytest.mark.parametrize("text", ["x = 1", "import os", "1 +", ""])
def test_what_is_no_expression_is_a_fault(course, text):
    said = course.fault(f"\n`{{python}} {text}`\n")
    assert said.startswith("docs/lesson.md:2: not a Python expression: ")


def test_an_expression_out_of_its_ticks_is_a_fault(course):
    said = course.fault("\n{python} 1 + 1\n")
    assert said.startswith("docs/lesson.md:2: write the expression as `{python} 1 + 1`")


def test_values_know_what_a_transcript_has_bound(course):
    page = transcript(">>> x = 2", ">>> x += 1") + "\nIt is `{python} x`.\n"
    assert "It is 3." in course.html(page)
    assert "NameError" in course.fault(
        "It is `{python} x`.\n\n" + transcript(">>> x=1")
    )


def test_modules_are_known_by_name_on_a_page_without_its_own(course):
    html = course.html("`{python} other.f(2)`", other="def f(x):\n    return 2 * x\n")
    assert html == "<p>4</p>"


def test_inline_code_and_comments_are_left_alone(course):
    html = course.html("``x `y` z`` and <!-- `{python} 1 / 0` --> `--8<--`\n")
    assert "<code>x `y` z</code>" in html
    assert "<code>--8&lt;--</code>" in html


@pytest.mark.parametrize(
    ("most", "page"),
    [
        (200, "It is `{{python}} {}`.\n"),
        (200, "- [ ] `{{python}} {}`\n"),
        (200_000, "`{{python}} {}`\n"),
    ],
    ids=["in a sentence", "as an option", "as a block"],
)
def test_so_long_may_a_value_be_and_no_longer(course, most, page):
    assert "a" * most in course.html(page.format(f"'a' * {most}"))
    said = course.fault(page.format(f"'a' * {most + 1}"))
    assert said.endswith(f"it has {most + 1:,} characters, and may have {most:,}")
