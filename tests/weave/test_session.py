"""What a page's session says of an error: where it is, and how the page got there."""

import re

import pytest
from project import LINE


@pytest.mark.parametrize(
    ("calls", "left_out"), [(1, []), (6, []), (7, [4]), (9, [4, 5, 6])]
)
def test_of_many_callers_the_first_and_the_last_are_named(course, calls, left_out):
    """Three from the error outwards, and three from the page inwards."""
    lesson = "def f0():\n    return 1 / 0\n"
    for i in range(1, calls + 1):
        lesson += f"\n\ndef f{i}():\n    return f{i - 1}()\n"
    said = course.fault(f"`{{python}} f{calls}()`\n", lesson)
    assert said.startswith("snippets/lesson.py:2: ")
    named = re.findall(r"called from snippets/lesson.py:(\d+) in f(\d)\n", said)
    expected = [i for i in range(1, calls + 1) if i not in left_out]
    assert named == [(str(4 * i + 2), str(i)) for i in expected]


def test_an_error_of_a_whole_file_stands_in_its_first_line(course):
    course.write("snippets/lesson.py", "# -*- coding: nope -*-\n")
    said = course.fault("Text.\n\n`{python} f()`\n")
    assert said.startswith("snippets/lesson.py:1: the import raised SyntaxError")
    assert said.endswith("    for docs/lesson.md:3")


@pytest.mark.parametrize(
    ("code", "says"),
    [(b"x = 1\0\n", "null bytes"), (b"x = " + b"-" * 50_000 + b"1\n", "")],
    ids=["null bytes", "too deep"],
)
def test_a_file_that_python_cannot_take_apart_is_named(course, code, says):
    course.write("snippets/lesson.py", code)
    said = course.fault("Text.\n\n`{python} 1 + 0`\n")
    assert said.startswith("snippets/lesson.py:1: the import raised ")
    assert says in said
    assert said.endswith("    for docs/lesson.md:3")


def test_of_a_misspelt_name_the_nearest_is_said(course):
    """The nearest of its kind: what else a module has cannot be meant."""
    lesson = LINE + "\n\nlime = figures_lime = None\n"
    said = course.fault("![A line](figures/lesson/lime.svg)\n", lesson)
    assert said.endswith("in snippets/lesson.py; did you mean figure_line?")
