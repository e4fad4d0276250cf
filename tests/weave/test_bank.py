"""The bank of questions and the drills, as the build makes them."""

import json
import re

import pytest
from _weave.markdown import bank
from _weave.markdown.bank import Bank
from _weave.model import Drawing, Text
from _weave.read.page import Page
from conftest import ROOT, SNIPPETS
from project import CONFIG, LINE, ON_PAGE

from .test_quiz import NUMBER, ONE, OPEN, ORDER, Tree

NAV = """\
nav:
  - start.md
  - Later:
      - Rate: rate.md
  - practice.md
  - end.md
"""
PRACTICE = (
    "# Practice\n\n" + NUMBER.replace("one step", "it") + "\n/// bank\n///\n\nEnd.\n"
)
DRILL = """\
//// drill | jump

/// question | One?
    kind: number
    id: drill-jump-1

- [x] 1

So.
///

/// question | Two?
    kind: number
    id: drill-jump-2

- [x] 2

So.
///

////
"""
LESSONS = {
    "start.md": "---\ntitle: The start\n---\n\n# A start\n\n" + ORDER,
    "rate.md": f"# Rate\n\n{NUMBER}\nText.\n\n{ONE}",
    "end.md": f"# End\n\n{NUMBER}",
}


def practice(course, text=None, lesson=None):
    """The HTML of the page of practice."""
    return course.html(text, lesson, uri="practice.md")


@pytest.fixture
def lessons(course):
    """A small course with three lessons, of which two stand before the practice."""
    settings = (course.folder / "mkdocs.yml").read_text("utf-8")
    course.write("mkdocs.yml", f"{settings}{NAV}")
    for name, text in LESSONS.items():
        course.write(f"docs/{name}", text)
    return course


def ids(html):
    return [element["id"] for element in Tree(html).all("weave-question")]


def test_the_bank_holds_each_question_of_the_lessons_before_it_once(lessons):
    html = practice(lessons, PRACTICE)
    assert ids(html) == ["practice-1", "start-1", "rate-1", "rate-2"]
    for name in "start.md", "rate.md":
        assert set(ids(lessons.html(uri=name))) < set(ids(html))


def test_a_question_is_the_same_in_the_bank_as_in_its_lesson(lessons):
    question = re.compile(r'<weave-question[^>]*id="rate-2".*?</weave-question>', re.S)
    [there] = question.findall(lessons.html(uri="rate.md"))
    [here] = question.findall(practice(lessons, PRACTICE))
    assert here == there


def test_an_id_of_its_own_is_kept_and_the_others_count_on(lessons):
    own = NUMBER.replace("kind: number", "kind: number\n    id: mine")
    lessons.write("docs/rate.md", f"# Rate\n\n{own}\n{ONE}")
    assert ids(practice(lessons, PRACTICE))[2:] == ["mine", "rate-1"]


def test_the_progress_counts_what_stands_on_the_page_but_no_drills(lessons):
    html = practice(lessons, f"{PRACTICE}\n{DRILL}")
    assert Tree(html).all("weave-progress") == [{"total": "4"}]
    assert "can be judged" not in html  # where all can, nobody has to be told
    assert len(ids(html)) == 6


def test_open_questions_stand_in_the_bank_and_count_for_nothing(lessons):
    lessons.write("docs/rate.md", f"# Rate\n\n{OPEN}\n{NUMBER}")
    html = practice(lessons, f"{PRACTICE}\n{OPEN}")
    assert ids(html) == ["practice-1", "start-1", "rate-1", "rate-2", "practice-2"]
    assert Tree(html).all("weave-progress") == [{"total": "3"}]
    said = "3 questions can be judged, 1 of this page and 2 of the 3 of the lessons;"
    assert f"<p>{said} the rest" in html


def test_the_filter_knows_every_level_and_the_kinds_that_there_are(lessons):
    html = practice(lessons, PRACTICE)
    values = [option["value"] for option in Tree(html).all("option")]
    assert {"number", "one", "order"} < {*values}
    assert "several" not in values  # no question is of this kind
    assert {"warm-up", "core", "break it"} < {*values}


def test_each_lesson_is_folded_under_its_title_with_a_link_and_a_count(lessons):
    html = practice(lessons, PRACTICE)
    assert re.findall(r'<details [^>]*id="bank-(\w+)"', html) == ["start", "rate"]
    assert '<span class="weave-title">The start</span>' in html
    assert '<span class="weave-count">2 questions</span>' in html
    assert '<span class="weave-count">1 question</span>' in html
    assert '<a href="rate.md">To the lesson</a>' in html


def test_without_a_navigation_all_other_pages_are_in_it(lessons):
    lessons.write("mkdocs.yml", CONFIG)
    found = ids(practice(lessons, PRACTICE))
    assert found == ["practice-1", "end-1", "rate-1", "rate-2", "start-1"]


def test_places_of_a_lesson_are_linked_in_the_lesson(lessons):
    linked = NUMBER.replace("The slope at 3", "The [slope](#how) [at](start.md#a) 3")
    lessons.write("docs/rate.md", f"# Rate\n\n## How\n\n{linked}")
    html = practice(lessons, PRACTICE)
    assert '<a href="rate.md#how">slope</a> <a href="start.md#a">at</a>' in html


def test_beliefs_stand_with_their_refutation_and_links_that_lead_there(lessons):
    said = (
        '!!! belief "Down"\n    It is $x$, `{python} 6 * 7`, [here](#a), [so](b.md).\n'
    )
    lessons.write("docs/rate.md", f"# Rate\n\n## Far {{ #off }}\n\n{said}\nText.\n")
    lessons.write("docs/b.md", "# B\n")
    html = practice(lessons, "# P\n\n/// beliefs\n///\n\nEnd.\n")
    assert '<h2 id="rate"><a href="rate.md#off">rate</a></h2>' in html
    assert '<p class="admonition-title">Down</p>' in html
    assert "42" in html
    assert '<a href="rate.md#a">here</a>, <a href="b.md">so</a>' in html
    assert html.index("Down") < html.index("End.")
    assert "Text." not in html
    lessons.write("docs/rate.md", f"# Rate\n\n{said.replace('x$', 'frac$')}\n")
    assert "Down" in practice(lessons)


@pytest.fixture
def converted(monkeypatch):
    """The texts that the bank converts, as it does."""
    texts, real = [], Bank._converted

    def noted(self, text, *rest):
        texts.append(text)
        return real(self, text, *rest)

    monkeypatch.setattr(Bank, "_converted", noted)
    return texts


def test_a_second_build_converts_nothing_and_an_edit_converts_its_lesson(
    lessons, converted
):
    first = practice(lessons, PRACTICE + DRILL)
    assert len(converted) == 3
    lessons.restart()
    assert practice(lessons) == first
    assert len(converted) == 3
    text = LESSONS["rate.md"].replace("It creeps", "It crawls")
    lessons.write("docs/rate.md", text)
    second = practice(lessons)
    assert "It crawls" in second
    assert "It creeps" not in second
    assert len(converted) == 4


def test_another_extension_converts_it_anew_and_another_theme_does_not(
    lessons, converted
):
    practice(lessons, PRACTICE)
    config = lessons.folder / "mkdocs.yml"
    text = config.read_text()
    config.write_text(text + "copyright: nobody\n")
    practice(lessons)
    assert len(converted) == 2
    config.write_text(text.replace("- admonition", "- admonition\n  - smarty"))
    practice(lessons)
    assert len(converted) == 4


WRONG = {
    "a question without a key": NUMBER.replace("[x]", "[ ]"),
    "a formula that is none": NUMBER.replace("$x = 3$", r"$\frac{1$"),
    "code that is typed": NUMBER + "\n```python\nx = 1\n```\n",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_lesson_is_said_by_the_lesson_alone(lessons, name):
    lessons.write("docs/rate.md", f"# Rate\n\n{WRONG[name]}")
    for _ in range(2):
        practice(lessons, PRACTICE)  # which would raise
    assert lessons.fault(uri="rate.md").startswith("docs/rate.md:")
    lessons.write("docs/rate.md", LESSONS["rate.md"])
    assert "rate-2" in ids(practice(lessons))


@pytest.mark.parametrize("begin", [PRACTICE + "\n", "", "Costs $ 5.\n\n"])
def test_what_is_wrong_with_a_drill_is_said_with_its_line(lessons, begin):
    wrong = DRILL.replace("- [x] 2", "- [ ] 2").replace("One?", r"What is $\frac{1}$?")
    text = begin + wrong
    rows = text.splitlines()
    wanted = {
        f"docs/practice.md:{1 + number}"
        for number, row in enumerate(rows)
        if row.startswith(("/// question | What", "/// question | Two", "Costs"))
    }
    for _ in range(2):  # what has a fault is not kept
        faults = lessons.faults(text, uri="practice.md")
        assert {fault.split(": ")[0] for fault in faults} == wanted
        assert len(faults) == len(wanted)


def test_an_option_of_a_drill_with_nothing_in_it_is_a_fault(lessons):
    text = DRILL.replace("- [x] 2", "1. [x] 2\n2.   ")
    assert "an option is empty" in lessons.fault(text, uri="practice.md")


def test_the_questions_of_a_drill_count_on_where_they_have_no_id(lessons):
    drill = re.sub("    id: .*\n", "", DRILL)
    for _ in range(2):  # converted, and from the cache
        html = practice(
            lessons, f"{NUMBER}\n{drill}\n{NUMBER.replace('one step', 'it')}"
        )
        names = ["practice-1", "practice-2", "practice-3", "practice-4"]
        assert ids(html) == names


def test_a_figure_in_a_drill_is_drawn(lessons):
    drill = DRILL.replace(
        "So.\n///\n\n/// question | Two?", f"So.\n\n{ON_PAGE}///\n\n/// question | Two?"
    )
    for _ in range(2):  # converted, and from the cache
        html = practice(lessons, f"{ON_PAGE}\n{drill}\n\n{ON_PAGE}", LINE)
        assert html.count('aria-label="A line"') == html.count("<figure") == 3
        assert "wzxhzdk" not in html
        names = re.findall(r'\bid="([^"]+)"', html)
        assert len(names) == len(set(names))


def test_a_page_below_a_folder_has_the_same_ids_in_the_bank(lessons):
    settings = (lessons.folder / "mkdocs.yml").read_text("utf-8")
    lessons.write("mkdocs.yml", settings.replace("start.md", "more/deep.md"))
    lessons.write("docs/more/deep.md", f"# Deep\n\n{NUMBER}")
    [name] = ids(lessons.html(uri="more/deep.md"))
    assert name == "deep-1"
    assert name in ids(practice(lessons, PRACTICE))


def test_a_drill_shows_one_variant_and_keeps_the_others_for_whoever_has_no_script(
    lessons,
):
    html = practice(lessons, DRILL)
    shown, _, others = html.partition("<noscript>")
    assert ids(shown + "</weave-drill>") == ["drill-jump-1"]
    assert "drill-jump-2" in others[: others.index("</noscript>")]
    assert "1 of 2" in shown
    assert shown.index("1 of 2") < shown.index("drill-jump-1")
    assert "<summary>1 more, with other numbers</summary>" in others


def test_a_fence_that_shows_a_bank_is_left_alone(lessons):
    html = practice(lessons, "# P\n\n````markdown\n/// bank\n///\n````\n\nText.\n")
    assert "weave-bank" not in html
    assert "/// bank" in html


def test_nothing_in_it_is_an_inline_script_style_or_handler(lessons):
    for tag, given in Tree(practice(lessons, PRACTICE + DRILL)).seen:
        assert tag not in ("script", "style")
        assert not [name for name in given if name.startswith("on") or name == "style"]


FIGURES = """\
from shared import draw


def figure_small():
    fig, ax = draw.axes("x", "y")
    ax.plot([0, 1])
    return fig


def figure_large():
    fig, ax = draw.axes("x", "y")
    ax.plot([1, 0])
    return fig
"""
CHOICE = """
/// question | Which figure?
    kind: one

- [x] ![Up by `{python} 1 / 2`](figures/rate/small.svg)
- [ ] ![Far down](figures/rate/large.svg)

It [rises](rate.md#how).
///
"""


def test_figures_links_and_the_search_are_as_in_the_lessons(course):
    course.write("snippets/rate.py", FIGURES)
    course.write("docs/rate.md", f"# Rate\n\n## How\n\nText.\n{CHOICE}")
    course.write("docs/loss.md", f"# Loss\n{CHOICE}")
    course.write("docs/practice.md", f"{PRACTICE}\n## Drills\n\n{DRILL}")
    config = (course.folder / "mkdocs.yml").read_text("utf-8")
    nav = "nav:\n  - index.md\n  - rate.md\n  - loss.md\n  - practice.md\n"
    course.write("mkdocs.yml", f"{config}plugins: [search]\n{nav}")
    pages = []
    for _ in range(2):  # converted, and from the cache
        done = course.build("--strict")
        assert done.returncode == 0, done.stdout
        pages.append(course.page("practice"))
    html = pages[0]
    assert pages[1] == html
    names = re.findall(r'\bid="([^"]+)"', html)
    assert len(names) == len(set(names))
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(names)
    assert html.count('aria-label="Up by 0.5"') == 2
    assert html.count('<a href="../rate/#how">rises</a>') == 2
    index = json.loads((course.folder / "site/search/search_index.json").read_text())
    found = [
        entry for entry in index["docs"] if entry["location"].startswith("practice")
    ]
    assert {entry["title"] for entry in found} == {"Practice", "Drills"}
    for entry in found:
        assert "Which figure" not in entry["text"]
        assert "Two?" not in entry["text"]
    assert any("End." in entry["text"] for entry in found)


def test_the_questions_of_every_lesson_are_found():
    """Counted by their lines alone, whatever they are indented by."""
    seen = []
    for file in sorted((ROOT / "docs").glob("*.md")):
        text = file.read_text("utf-8")
        apart = Page(f"docs/{file.name}", text, SNIPPETS)
        results = [Drawing("") if i.form == "figure" else Text() for i in apart.items]
        woven = apart.woven(results, lambda item, drawing, alt: "")
        found = list(bank._questions(file.name, woven))
        written = re.findall(r"^[ \t]*/// question\b", text, re.MULTILINE)
        assert len(found) == len(written), file.name
        seen += [re.search(r"^    id: (\S+)$", one, re.M)[1] for one in found]
    assert len(seen) == len(set(seen)) > 120
