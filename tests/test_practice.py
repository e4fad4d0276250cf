"""The bank of questions and the drills, as the build makes them."""

import json
import re

import markdown
import pytest
from _weave import bank
from _weave.bank import Bank
from _weave.markdown import WeaveExtension
from _weave.weave import Weaver
from conftest import ROOT
from test_quiz import NUMBER, ONE, ORDER, Tree

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


EXTENSIONS = (
    *("attr_list", "md_in_html", "toc"),
    *("pymdownx.superfences", "pymdownx.blocks.details"),
)


class Course:
    """A small course in a folder, whose pages are converted one by one."""

    def __init__(self, folder, on_error=None):
        self.folder, self.on_error = folder, on_error
        (folder / "snippets").mkdir()
        (folder / "docs").mkdir()
        (folder / "mkdocs.yml").write_text(NAV)
        for name, text in LESSONS.items():
            self.write(name, text)

    def write(self, name, text):
        (self.folder / "docs" / name).write_text(text, encoding="utf-8")

    def html(self, name, text=None):
        if text is not None:
            self.write(name, text)
        weave = WeaveExtension(Weaver(self.folder), on_error=self.on_error)
        weave.page = name
        body = re.sub(r"\A---\n.*?\n---\n", "", self.text(name), flags=re.DOTALL)
        extensions = *EXTENSIONS, weave
        return markdown.markdown(body, extensions=extensions)

    def text(self, name):
        return (self.folder / "docs" / name).read_text("utf-8")


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


def ids(html):
    return [element["id"] for element in Tree(html).all("weave-question")]


def test_the_bank_holds_each_question_of_the_lessons_before_it_once(course):
    html = course.html("practice.md", PRACTICE)
    assert ids(html) == ["practice-1", "start-1", "rate-1", "rate-2"]
    for name in "start.md", "rate.md":
        assert set(ids(course.html(name))) < set(ids(html))


def test_a_question_is_the_same_in_the_bank_as_in_its_lesson(course):
    question = re.compile(r'<weave-question[^>]*id="rate-2".*?</weave-question>', re.S)
    [there] = question.findall(course.html("rate.md"))
    [here] = question.findall(course.html("practice.md", PRACTICE))
    assert here == there


def test_an_id_of_its_own_is_kept_and_the_others_count_on(course):
    own = NUMBER.replace("kind: number", "kind: number\n    id: mine")
    course.write("rate.md", f"# Rate\n\n{own}\n{ONE}")
    assert ids(course.html("practice.md", PRACTICE))[2:] == ["mine", "rate-2"]


def test_the_progress_counts_what_stands_on_the_page_but_no_drills(course):
    html = course.html("practice.md", f"{PRACTICE}\n{DRILL}")
    assert Tree(html).all("weave-progress") == [{"total": "4"}]
    assert len(ids(html)) == 6


def test_each_lesson_is_folded_under_its_title_with_a_link_and_a_count(course):
    html = course.html("practice.md", PRACTICE)
    assert re.findall(r'<details [^>]*id="bank-(\w+)"', html) == ["start", "rate"]
    assert '<span class="weave-title">The start</span>' in html
    assert '<span class="weave-count">2 questions</span>' in html
    assert '<span class="weave-count">1 question</span>' in html
    assert '<a href="rate.md">To the lesson</a>' in html


def test_without_a_navigation_all_other_pages_are_in_it(course):
    (course.folder / "mkdocs.yml").unlink()
    found = ids(course.html("practice.md", PRACTICE))
    assert found == ["practice-1", "end-1", "rate-1", "rate-2", "start-1"]


def test_places_of_a_lesson_are_linked_in_the_lesson(course):
    linked = NUMBER.replace("The slope at 3", "The [slope](#how) [at](start.md#a) 3")
    course.write("rate.md", f"# Rate\n\n## How\n\n{linked}")
    html = course.html("practice.md", PRACTICE)
    assert '<a href="rate.md#how">slope</a> <a href="start.md#a">at</a>' in html


def test_a_second_build_converts_nothing_and_an_edit_converts_its_lesson(
    course, monkeypatch
):
    first = course.html("practice.md", PRACTICE + DRILL)
    done, real = [], Bank._converted

    def counted(self, text):
        done.append(text)
        return real(self, text)

    monkeypatch.setattr(Bank, "_converted", counted)
    assert course.html("practice.md") == first
    assert done == []
    course.write("rate.md", LESSONS["rate.md"].replace("It creeps", "It crawls"))
    second = course.html("practice.md")
    assert "It crawls" in second
    assert "It creeps" not in second
    assert len(done) == 1


def test_another_configuration_is_converted_anew(course, monkeypatch):
    course.html("practice.md", PRACTICE)
    config = course.folder / "mkdocs.yml"
    config.write_text(f"{config.read_text()}theme: material\n")
    monkeypatch.setattr(Bank, "_converted", lambda self, text: "anew")
    assert "anew" in course.html("practice.md")


WRONG = {
    "a question without a key": NUMBER.replace("[x]", "[ ]"),
    "a formula that is none": NUMBER.replace("$x = 3$", r"$\frac{1$"),
    "code that is typed": NUMBER + "\n```python\nx = 1\n```\n",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_lesson_is_said_by_the_lesson_alone(tmp_path, name):
    seen = []

    def box(error):
        seen.extend(map(str, error.faults))
        return "<div>no</div>"

    course = Course(tmp_path, on_error=box)
    course.write("rate.md", f"# Rate\n\n{WRONG[name]}")
    for _ in range(2):
        course.html("practice.md", PRACTICE)
        assert seen == []
    course.html("rate.md")
    assert len(seen) == 1
    assert seen[0].startswith("docs/rate.md:")
    course.write("rate.md", LESSONS["rate.md"])
    assert "rate-2" in ids(course.html("practice.md"))


def test_what_is_wrong_with_the_page_itself_is_said_with_its_line(tmp_path):
    seen = []
    course = Course(tmp_path, on_error=lambda e: seen.extend(map(str, e.faults)) or "")
    text = PRACTICE + "\n" + DRILL.replace("- [x] 2", "- [ ] 2")
    line = 1 + text[: text.index("/// question | Two?")].count("\n")
    for _ in range(2):  # what has a fault is not kept
        course.html("practice.md", text)
    assert [fault.split(": ")[0] for fault in seen] == [f"docs/practice.md:{line}"] * 2


def test_a_drill_shows_one_variant_and_keeps_the_others_for_whoever_has_no_script(
    course,
):
    html = course.html("practice.md", DRILL)
    shown, _, others = html.partition("<noscript>")
    assert ids(shown + "</weave-drill>") == ["drill-jump-1"]
    assert "drill-jump-2" in others[: others.index("</noscript>")]
    assert "1 of 2" in shown
    assert "<summary>1 more, with other numbers</summary>" in others


def test_a_fence_that_shows_a_bank_is_left_alone(course):
    html = course.html("practice.md", "# P\n\n````text\n/// bank\n///\n````\n\nText.\n")
    assert "weave-bank" not in html
    assert "/// bank" in html


def test_nothing_in_it_is_an_inline_script_style_or_handler(course):
    for tag, given in Tree(course.html("practice.md", PRACTICE + DRILL)).seen:
        assert tag not in ("script", "style")
        assert not [name for name in given if name.startswith("on") or name == "style"]


FIGURES = """\
import matplotlib.pyplot as plt


def figure_small():
    fig, ax = plt.subplots()
    ax.plot([0, 1])
    return fig


def figure_large():
    fig, ax = plt.subplots()
    ax.plot([1, 0])
    return fig
"""
CHOICE = """
/// question | Which figure?
    kind: one

- [x] ![Up by `{python} 1 / 2`](figures/rate/small.svg)
- [ ] ![Down](figures/rate/large.svg)

It [rises](rate.md#how).
///
"""


def test_figures_links_and_the_search_are_as_in_the_lessons(project):
    project.write("snippets/rate.py", FIGURES)
    project.write("docs/rate.md", f"# Rate\n\n## How\n\nText.\n{CHOICE}")
    project.write("docs/loss.md", f"# Loss\n{CHOICE}")
    project.write("docs/practice.md", f"{PRACTICE}\n## Drills\n\n{DRILL}")
    config = (project.folder / "mkdocs.yml").read_text("utf-8")
    nav = "nav:\n  - index.md\n  - rate.md\n  - loss.md\n  - practice.md\n"
    project.write("mkdocs.yml", f"{config}plugins: [search]\n{nav}")
    pages = []
    for _ in range(2):  # converted, and from the cache
        done = project.build("--strict")
        assert done.returncode == 0, done.stdout
        pages.append(project.page("practice"))
    html = pages[0]
    assert pages[1] == html
    names = re.findall(r'\bid="([^"]+)"', html)
    assert len(names) == len(set(names))
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(names)
    assert html.count('aria-label="Up by 0.5"') == 2
    assert html.count('<a href="../rate/#how">rises</a>') == 2
    index = json.loads((project.folder / "site/search/search_index.json").read_text())
    found = [
        entry for entry in index["docs"] if entry["location"].startswith("practice")
    ]
    assert {entry["title"] for entry in found} == {"Practice", "Drills"}
    for entry in found:
        assert "Which figure" not in entry["text"]
        assert "Two?" not in entry["text"]
    assert any("End." in entry["text"] for entry in found)


def test_the_questions_of_every_lesson_are_found():
    seen = []
    for file in sorted((ROOT / "docs").glob("*.md")):
        text = file.read_text("utf-8")
        found = list(bank._questions(file.name, text))
        assert len(found) == len(re.findall(r"^/// question", text, re.M)), file.name
        seen += [re.search(r"^    id: (\S+)$", one, re.M)[1] for one in found]
    assert len(seen) == len(set(seen)) > 120
