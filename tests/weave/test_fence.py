"""Fenced blocks: code by name, and transcripts that are run."""

import pytest
from project import fence, text_of, transcript

CODE = """\
RATE = 0.5


def step(x):
    \"\"\"Half.\"\"\"

    return RATE * x
"""


@pytest.mark.parametrize("language", ["python", "py", "{.python title='a'}", "py3"])
def test_typed_python_is_refused(course, language):
    said = course.fault("Text\n\n" + fence("x = 1", language=language))
    assert said.startswith("docs/lesson.md:3: typed Python is never run")


def test_typed_python_beside_named_code_is_refused(course):
    said = course.fault(fence('--8<-- "lesson.py:RATE"', "RATE == 7"), CODE)
    assert "typed Python is never run" in said


def test_typed_python_in_a_quotation_is_refused(course):
    said = course.fault("> ```python\n> x = 1\n> ```\n")
    assert said.startswith("docs/lesson.md:1: ")


def test_code_by_name_outside_a_fence_is_refused(course):
    said = course.fault('Text\n\n--8<-- "lesson.py:step"\n', CODE)
    assert said == "docs/lesson.md:3: code by name stands inside a fenced block"


def test_a_malformed_name_is_refused(course):
    said = course.fault(fence("--8<-- lesson.py:step"), CODE)
    assert said.startswith("docs/lesson.md:2: write --8<-- lesson.py:step as ")


@pytest.mark.parametrize("opening", ["- item\n\n", "!!! note\n\n"])
def test_a_fence_in_a_list_or_an_admonition_keeps_its_indentation(course, opening):
    page = opening + fence('--8<-- "lesson.py:step"', indent="    ") + "\n    After.\n"
    html = course.html(page, CODE)
    source = CODE.partition("\n\n\n")[2].strip("\n")
    assert source in text_of(html)
    assert html.index("<code>") < html.index("After.") < html.rindex("</")
    assert html.rstrip().endswith(("</ul>", "</div>"))


def test_a_true_transcript_stands_as_it_was_typed(course):
    page = transcript(">>> print(1, 2)", "1 2", ">>> [3]", "[3]")
    assert ">>> print(1, 2)\n1 2\n>>> [3]\n[3]\n" in text_of(course.html(page))


def test_a_false_transcript_names_its_line(course):
    page = "# A\n\n" + transcript(">>> 1 + 1", "2", ">>> 6 * 7", "41")
    assert course.fault(page) == (
        "docs/lesson.md:6: the transcript is false: 6 * 7\n"
        "    the page says 41\n"
        "    the code says 42"
    )


def test_a_transcript_must_show_what_is_printed(course):
    said = course.fault(transcript(">>> 1 + 1"))
    assert "the page says nothing" in said
    assert "the code says 2" in said


def test_a_transcript_may_show_an_exception(course):
    raised = ">>> 1 / 0", "Traceback (most recent call last):", "  ..."
    course.html(transcript(*raised, "ZeroDivisionError: division by zero"))
    said = course.fault(transcript(*raised, "ZeroDivisionError: no"))
    assert "the page says" in said
    assert "ZeroDivisionError: division by zero" in said


def test_a_transcript_that_raises_names_its_line_and_the_snippets(course):
    page = transcript(">>> 1", "1", ">>> half('x')")
    said = course.fault(page, "def half(x):\n    return x / 2\n")
    assert said.startswith("snippets/lesson.py:2: the transcript's half('x') raised ")
    assert said.endswith("for docs/lesson.md:4")
    said = course.fault(transcript(">>> 1", "1", ">>> nothing"))
    assert said.startswith("docs/lesson.md:4: the transcript's nothing raised NameErr")


def test_a_transcript_without_a_prompt_is_a_fault(course):
    assert course.fault("\n" + transcript("1 + 1", "2")) == (
        "docs/lesson.md:3: the transcript has no line that starts with >>>"
    )


def test_a_transcript_in_a_list_is_run_too(course):
    page = "- item\n\n" + fence(">>> 1 + 1", "{}", language="pycon", indent="    ")
    assert "<li>" in course.html(page.format(2))
    said = course.fault(page.format(3))
    assert said.startswith("docs/lesson.md:4: the transcript is false: 1 + 1")


def test_a_transcript_in_a_quotation_is_not_published_unchecked(course):
    said = course.fault("> ```pycon\n> >>> 1 + 1\n> 3\n> ```\n")
    assert said.startswith("docs/lesson.md:")


def test_a_stray_backtick_does_not_hide_a_transcript(course):
    said = course.fault("A ` tick.\n\n" + transcript(">>> 1 + 1", "3") + "\nThe `x`.\n")
    assert said.startswith("docs/lesson.md:4: the transcript is false: 1 + 1")


def test_a_transcript_that_is_not_closed_is_a_fault(course):
    said = course.fault("```pycon\n>>> 1 + 1\n3\n\nText\n")
    assert said.startswith("docs/lesson.md:1: ")


def test_one_is_not_true(course):
    assert "the code says True" in course.fault(transcript(">>> 1 == 1", "1"))


def test_nothing_in_a_transcript_goes_uncompared(course):
    said = course.fault(transcript(">>> print('a')", "a", "", "b"))
    assert said.startswith("docs/lesson.md:")


@pytest.mark.parametrize("language", ["python-console", "text", "python"])
def test_a_prompt_in_a_block_that_is_never_run_is_a_fault(course, language):
    said = course.fault(fence(">>> 1 + 1", "3", language=language))
    assert said.startswith("docs/lesson.md:")


def test_a_blank_line_beside_named_code_is_no_typed_python(course):
    html = course.html(fence("", '--8<-- "lesson.py:RATE"', ""), CODE)
    assert "RATE = 0.5" in text_of(html)


def test_a_library_that_is_not_there_is_said_of_the_transcript(course):
    """It is no module of the course that could be missing."""
    [said] = course.faults(transcript(">>> import nunpy"))
    assert "No module named 'nunpy'" in said
    assert "snippets/nunpy.py" not in said


def test_a_transcript_speaks_of_other_modules_by_name(course):
    page = transcript(">>> other.g(2)", "6", ">>> palette.LIGHT is not None", "True")
    html = course.html(page, CODE, other="def g(x):\n    return 3 * x\n")
    assert "other.g(2)" in text_of(html)


def test_code_by_name_from_a_package_may_import_from_its_neighbours(course):
    course.write("snippets/kit/__init__.py", "")
    course.write("snippets/kit/two.py", "def g(x):\n    return 2 * x\n")
    one = "from .two import g\n\n\ndef f(x):\n    return g(x)\n"
    course.write("snippets/kit/one.py", one)
    html = course.html(fence('--8<-- "kit/one.py:f"'))
    assert "return g(x)" in text_of(html)
