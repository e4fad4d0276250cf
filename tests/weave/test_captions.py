"""Figures with captions, and parts to skip."""

import re

from project import text_of

FIGURE = "![A line `{python} 1 + 1`](figures/rate/line.svg)"
RATE = """\
import matplotlib.pyplot as plt


def figure_line():
    fig, ax = plt.subplots()
    ax.plot([0, 1])
    return fig


def half(x):
    return x / 2
"""


def captions(html):
    return [text_of(found) for found in re.findall(r"(?s)<figcaption>.*?</fig", html)]


def test_what_stands_under_a_figure_is_its_caption_with_a_number(course):
    page = f"{FIGURE}\nIt *rises* to `{{python}} half(4)`, $x^2$.\n\n{FIGURE}\nAgain.\n"
    html = course.html(page, uri="rate.md", rate=RATE)
    first, second = captions(html)
    assert first.startswith("Figure 1. It rises to 2.0, ")
    assert second.startswith("Figure 2. Again.")
    assert html.count("<svg") == html.count("<figure") == html.count("</figure>") == 2
    assert '<figure class="drawn" id="figure-rate-line-2">' in html
    assert "<p><svg" not in html
    assert 'aria-label="A line 2"' in html


def test_a_check_stands_in_a_caption(course):
    page = f"{FIGURE}\nIt rises. `{{check}} half(4) == 2`\n"
    html = course.html(page, uri="rate.md", rate=RATE)
    [caption] = re.findall(r"(?s)<figcaption>.*</figcaption>", html)
    assert 'class="weave-check"' in caption


def test_a_figure_alone_has_no_caption_and_no_number(course):
    page = f"{FIGURE}\n\nText.\n\n- {FIGURE}\n"
    html = course.html(page, uri="rate.md", rate=RATE)
    assert captions(html) == []
    assert html.count("<figure") == 2


def test_a_part_to_skip_says_so(course):
    html = course.html("## A {: .skip }\n\nText.\n\n## B\n\nMore.\n")
    assert re.search(
        r'<h2 class="skip" id="a">A.*</h2>\s*<p class="weave-skip">This part may be',
        html,
    )
    assert html.count("weave-skip") == 1
