"""What a page becomes beside its results: programs, tables, drawings, red boxes."""

import re
from html import unescape

from _weave.markdown.context import Kept
from _weave.markdown.extension import WeaveExtension, red_box
from _weave.markdown.tidy import PlainCode
from _weave.model import Fault, WeaveError
from conftest import SNIPPETS
from markdown import markdown
from project import LINE, ON_PAGE
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer


def test_programs_keep_their_words_and_lose_the_marks_that_show_nothing():
    text = (SNIPPETS / "descent.py").read_text("utf-8")
    marked = highlight(text, PythonLexer(), HtmlFormatter())
    plain = PlainCode().run(marked)
    words = [unescape(re.sub(r"<[^>]+>", "", html)) for html in (marked, plain)]
    assert words[0] == words[1]
    assert words[1].strip() == text.strip()
    kept = set(re.findall(r'<span class="(\w+)"', marked)) - {"n", "o", "p", "w"}
    assert set(re.findall(r'<span class="(\w+)"', plain)) == kept
    assert plain.count("<span") < marked.count("<span") / 3
    # A docstring of several lines is one element, and two strings in a row are two.
    assert re.search(r'<span class="sd">"""Take one step[^<]*"""</span>', plain)
    two = '<i class="s">a</i> <span class="mi">1</span>,<span class="mi">2</span>'
    assert PlainCode().run(two) == two


def test_a_table_has_classes_for_styles_and_no_empty_head(course):
    html = course.html("|  | a | b |\n| --- | :-- | --: |\n| 1 | 2 | 3 |\n")
    assert "style" not in html
    assert '<th class="left">a</th>' in html
    assert '<td class="right">3</td>' in html
    assert "<tr>\n<td></td>\n<th" in html


def test_a_table_scrolls_in_a_box_of_its_own(course):
    html = course.html("| a | b |\n| - | - |\n| 1 | 2 |\n\nAfter.\n")
    box = '<div class="md-typeset__scrollwrap">\n<div class="md-typeset__table">\n'
    assert html.count(f"{box}<table>") == html.count("<table") == 1
    assert re.search("</table>\\s*</div>\\s*</div>\\s*<p>After.</p>", html)


def test_what_is_written_at_the_left_is_the_head_of_its_row(course):
    line = "| --- | --: |"
    html = course.html(f"| method | steps |\n{line}\n| Newton | 5 |\n|  | 6 |\n")
    assert re.findall(r"<th scope=\"row\">(.*?)</th>", html) == ["Newton"]
    html = course.html(f"| $k$ |  |\n{line}\n| $x$ | 2 |\n| `y` | 4 |\n")
    assert html.count('scope="row"') == 2
    html = course.html("| k | loss |\n| --: | :-: |\n| 1 | 2 |\n")
    assert "scope" not in html


def test_a_table_of_sentences_says_in_each_cell_what_it_is_about(course):
    long = "as many words as make a sentence of it"
    row = f"| name | {long} | 2 | {long}, **again** |"
    html = course.html(f"| a | b | *c* | d |\n| - | - | - | - |\n{row}\n")
    assert '<table data-rows=""' in html
    assert re.findall(r'data-head="(\w+)"', html) == ["b", "c", "d"]
    short = course.html(
        f"| a | b | c | d |\n| - | - | - | - |\n| {long} | 1 | 2 | 3 |\n"
    )
    assert "data-" not in short


def test_a_heading_right_after_a_higher_one_has_a_class(course):
    html = course.html("## One\n\n### Two\n\nText.\n\n### Three\n")
    assert html.count("weave-after") == 1
    assert re.search(r'<h3 class="weave-after"[^>]*>Two', html)


def test_what_is_far_from_the_beginning_has_a_class_and_finished_html_stays(course):
    text = "Near.\n\n## One\n\nNear.\n\n## Two\n\nFar.\n\n```toml\nOwn.\n```\n"
    box = '!!! goal "Far"\n    Inside.\n'
    long = "- One.\n" * 13
    html = course.html(
        f"{text}\n{box}\n- One.\n\n### A\n\n{long}\n### B\n\nTwo.\n\nThree.\n"
    )
    assert re.findall(r'<(\w+) class="[^"]*weave-far"', html) == ["p", "div", "ul"]
    near = ["Near", "Near", "Inside", "Two", "Three"]
    assert re.findall(r"<p>(\w+)", html) == near


def test_a_text_that_is_no_page_is_left_alone(course):
    text = "Text with `{python} 1 / 0` and ![a](figures/none/none.svg)."
    html = markdown(text, extensions=[WeaveExtension(course.weaver, lambda: None)])
    assert "{python} 1 / 0" in html


def test_kept_drawings_come_back_each_in_its_place_and_as_often_as_asked():
    kept = Kept()
    one, two = kept.keep("<svg>1</svg>"), kept.keep("<svg>2</svg>")
    page = f"<p>{two}</p><!-- drawing 0 --><!-- 7 --><p>{one}</p>"
    shown = "<p><svg>2</svg></p><!-- drawing 0 --><!-- 7 --><p><svg>1</svg></p>"
    assert kept.restore(page) == shown
    assert kept.restore(page) == shown
    assert kept.restore("<p>none</p>") == "<p>none</p>"


def test_with_drawings_the_page_holds_no_coordinates(course):
    course.html(ON_PAGE + "\n" + ON_PAGE, LINE)
    kept = Kept()
    extension = WeaveExtension(course.weaver, lambda: "lesson.md", kept=kept)
    html = markdown(ON_PAGE + "\n" + ON_PAGE, extensions=[extension])
    assert "<svg" not in html
    assert kept.restore(html).count('<svg role="img" aria-label="A line" ') == 2


def test_a_red_box_shows_every_fault_as_text():
    box = red_box(WeaveError([Fault("a.md", 1, "<b> & co"), Fault("b.md", 2, "no")]))
    assert "<pre>a.md:1: &lt;b&gt; &amp; co</pre><pre>b.md:2: no</pre>" in box
    assert 'role="alert"' in box
