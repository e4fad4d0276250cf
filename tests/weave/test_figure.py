"""Figures by name: how they are written, called, and refused."""

import re

import pytest
from project import LINE, ON_PAGE, transcript


def test_alt_text_carries_values(course):
    page = (
        "![Up to `{python} f'{2 * 3.14159:.2f}'`,\n"
        'a "line"](figures/lesson/line.svg)\n'
    )
    assert 'aria-label="Up to 6.28, a &quot;line&quot;"' in course.html(page, LINE)


def test_of_a_check_and_a_reason_in_an_alt_text_nothing_is_read_out(course):
    page = (
        "![It rises. `{check} 1 < two` On. `{reason} definition` To 4 `{check} two`.]"
        "(figures/lesson/line.svg)\n"
    )
    html = course.html(page, LINE + "two = 2\n")
    assert 'aria-label="It rises. On. To 4."' in html
    assert "this is not true: It rises." in course.fault(page.replace("<", ">"))
    fault = course.fault(page.replace("} two", "} not two"))
    assert "this is not true: To 4\n" in fault
    assert "habit is no reason" in course.fault(page.replace("definition", "habit"))


def test_alt_text_may_have_brackets(course):
    html = course.html("![On [0, 1], a line](figures/lesson/line.svg)\n", LINE)
    assert 'aria-label="On [0, 1], a line"' in html


def test_a_line_without_points_may_stand_in_a_legend(course):
    empty = LINE.replace("    return", "    ax.plot([], [], label='a')\n    return")
    assert "<svg" in course.html(ON_PAGE, empty)


def test_behind_a_figure_windows_are_what_they_were(course):
    lines = ">>> import matplotlib.pyplot as plt", ">>> plt.show.__module__"
    html = course.html(ON_PAGE + "\n" + transcript(*lines, "'matplotlib.pyplot'"), LINE)
    assert "<svg" in html


def test_a_figure_without_alt_text_is_refused(course):
    assert course.fault("\n![ ](figures/lesson/line.svg)\n", LINE) == (
        "docs/lesson.md:2: figures/lesson/line.svg needs alt text that says what is "
        "seen"
    )


def test_an_unknown_figure_is_named_with_the_nearest(course):
    said = course.fault("![A line](figures/lesson/lines.svg)\n", LINE)
    assert said == (
        "docs/lesson.md:1: figures/lesson/lines.svg: there is no figure_lines in "
        "snippets/lesson.py; did you mean figure_line?"
    )


def test_a_figure_of_an_unknown_module_is_named_with_the_nearest(course):
    said = course.fault("![A line](figures/lessen/line.svg)\n", LINE)
    assert said == (
        "docs/lesson.md:1: there is no snippets/lessen.py; did you mean lesson?"
    )


@pytest.mark.parametrize(
    ("returned", "kind"), [("return None", "NoneType"), ("return ax", "Axes")]
)
def test_a_figure_function_must_return_its_figure(course, returned, kind):
    said = course.fault(ON_PAGE, LINE.replace("return figure", returned))
    assert said == (
        f"snippets/lesson.py:4: figure_line returned {kind}; it must return its Figure"
    )


def test_a_figure_that_raises_shows_the_authors_own_frames(course):
    lesson = LINE.replace("[0, 2]", "helper.twice(None)").replace(
        "from shared import draw", "from shared import draw\nimport helper"
    )
    helper = "import json\n\n\ndef twice(x):\n    return json.loads(x)\n"
    said = course.fault("\n\n" + ON_PAGE, lesson, helper=helper)
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
    said = course.fault(f"\n![A]({link})\n", LINE)
    assert said.startswith(f"docs/lesson.md:2: {link}: write a figure as figures/")


def test_a_link_to_a_figure_is_refused(course):
    said = course.fault("[A](figures/lesson/line.svg)\n", LINE)
    assert said.startswith("docs/lesson.md:1: write a figure as ![what is seen]")


# Arguments

CHOICE = """\
from shared import draw


def figure_choice(rate, name="x", low=-1.0):
    figure, ax = draw.axes(name, "y")
    ax.plot([low, 1], [0, rate])
    ax.set_title(f"{type(rate).__name__} {rate}, {type(low).__name__} {low}")
    return figure
"""


def test_a_figure_is_drawn_with_the_arguments_of_its_link(course):
    html = course.html(
        "![A line](figures/lesson/choice.svg?rate=2&name=step&low=-0.5)\n", CHOICE
    )
    assert ">int 2, float -0.5<" in html
    assert ">step<" in html
    assert 'id="figure-lesson-choice-2-step--0_5"' in html


def test_what_is_no_literal_is_text(course):
    lesson = CHOICE.replace("[0, rate]", "[0, 1]")
    html = course.html("![A line](figures/lesson/choice.svg?rate=slow)\n", lesson)
    assert ">str slow, float -1.0<" in html


def test_one_function_with_other_arguments_is_another_figure(course):
    page = "\n".join(
        f"![A line](figures/lesson/choice.svg?rate={rate})\n" for rate in (1, 2, 1)
    )
    html = course.html(page, CHOICE)
    assert re.findall(r'<figure [^>]*id="([^"]+)"', html) == [
        "figure-lesson-choice-1",
        "figure-lesson-choice-2",
        "figure-lesson-choice-1-2",
    ]
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("given", ["rate", "=2", "rate=1&2=3", "rate-1=2"])
def test_arguments_are_written_as_names_with_values(course, given):
    said = course.fault(f"\n![A line](figures/lesson/choice.svg?{given})\n", CHOICE)
    assert said.startswith("docs/lesson.md:2: figures/lesson/choice.svg: ")
    assert said.endswith(" is no argument: write ?name=value, joined by &")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "missing 1 required positional argument: 'rate'"),
        ("?rate=1&rat=2", "unexpected keyword argument 'rat'"),
    ],
)
def test_a_function_that_takes_no_such_arguments_is_a_fault(course, given, message):
    said = course.fault(f"\n![A line](figures/lesson/choice.svg{given})\n", CHOICE)
    assert said.startswith("docs/lesson.md:2: figures/lesson/choice.svg could not be")
    assert "TypeError" in said
    assert message in said


def test_without_a_home_to_write_into_fonts_are_kept_in_the_cache(project):
    project.write("docs/lesson.md", ON_PAGE)
    project.write("snippets/lesson.py", LINE)
    home = project.write("a_file", "") / "home"
    own = {"XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": "", "MPLCONFIGDIR": ""}
    done = project.build_apart(HOME=str(home), USERPROFILE=str(home), **own)
    assert done.returncode == 0, done.stdout
    assert "atplotlib" not in done.stdout
    assert "<svg" in project.page()
    assert [*(project.folder / ".cache/matplotlib").glob("fontlist*.json")]
