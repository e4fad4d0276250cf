"""A page taken apart, code by name, and what stands in the heads of pages."""

import re

import pytest
from _weave.model import Item, Text
from _weave.read.page import Page
from _weave.read.site import Site
from project import fence, text_of, transcript

# Code by name

SOURCE = '''\
"""A module."""

import math
from functools import (
    lru_cache,
)

RATE = {
    "small": 0.5,
}
low, high = 1, 2


@lru_cache(
    maxsize=None
)
def step(x):
    """Half."""

    return x * RATE["small"]


class Trail:
    start = math.pi
'''


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("step", 14, 20),
        ("Trail", 23, 24),
        ("RATE", 8, 10),
        ("high", 11, 11),
        ("imports", 3, 6),
        (None, 1, 24),
    ],
)
def test_code_by_name_is_the_very_source(course, name, first, last):
    shown = f"lesson.py:{name}" if name else "lesson.py"
    html = course.html(fence(f'--8<-- "{shown}"'), SOURCE)
    assert text_of(html).strip("\n") == "\n".join(SOURCE.splitlines()[first - 1 : last])


def test_imports_are_all_of_them(course):
    html = course.html(
        fence('--8<-- "lesson.py:imports"'), "import ast\n\nX = 1\n\nimport re\n"
    )
    assert text_of(html).strip() == "import ast\nimport re"


def test_a_page_break_in_a_snippet_moves_no_line(course):
    html = course.html(
        fence('--8<-- "lesson.py:f"'), "A = 1\n\f\ndef f():\n    return 1\n"
    )
    assert text_of(html).strip() == "def f():\n    return 1"


def test_braces_in_named_code_stay_as_they_are(course):
    code = 'def f(reading):\n    return f"{reading}"'
    html = course.html(fence('--8<-- "lesson.py:f"'), code + "\n")
    assert text_of(html).strip() == code


def test_an_unknown_file_is_named_with_the_nearest(course):
    said = course.fault("# A\n\n" + fence('--8<-- "lessen.py:step"'), SOURCE)
    assert said == (
        "docs/lesson.md:4: there is no file snippets/lessen.py; did you mean lesson.py?"
    )


def test_an_unknown_name_is_named_with_the_nearest(course):
    said = course.fault(fence('--8<-- "lesson.py:setp"'), SOURCE)
    assert said == (
        "docs/lesson.md:2: there is no setp in snippets/lesson.py; did you mean step?"
    )


def test_a_syntax_error_in_a_named_snippet_has_its_place(course):
    said = course.fault(fence('--8<-- "lesson.py:step"'), "x = 1\ndef step(:\n")
    assert said.startswith("docs/lesson.md:2: snippets/lesson.py:2: ")


def test_a_snippet_that_is_not_utf8_is_a_fault(course):
    (course.snippets / "lesson.py").write_bytes(b"A = 1  # caf\xe9\n")
    said = course.fault(fence('--8<-- "lesson.py:A"'))
    assert said.startswith("docs/lesson.md:2: snippets/lesson.py")
    assert "UTF-8" in said


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("../docs/secret.py", "snippets/../docs/secret.py"),
        ("a/../../docs/secret.py", "snippets/a/../../docs/secret.py"),
        ("/etc/hostname", "snippets//etc/hostname"),
    ],
)
def test_code_from_outside_of_the_snippets_is_refused(course, name, place):
    course.write("docs/secret.py", "A = 1\n")
    said = course.fault(fence(f'--8<-- "{name}"'))
    assert said == f"docs/lesson.md:2: {place} is not below snippets/"


# A page taken apart


def page(tmp_path, text, first_line=1):
    return Page("docs/lesson.md", text, tmp_path, first_line)


def woven(tmp_path, text, *values):
    """A page whose values are these, as woven text that knows its lines."""
    apart = page(tmp_path, text)
    assert not apart.faults
    return apart.woven([*map(Text, values)], lambda item, drawing, alt: "[drawing]")


def test_every_item_has_its_form_and_its_line(tmp_path):
    text = (
        "# `{python} 1 + 0`\n\n![A `{python} 2 + 0`]"
        + "(figures/rate/line.svg?rate=0.5)\n\n"
        + "![](tables/rate/all)\n\n"
        + transcript(">>> 3", "3")
    )
    assert page(tmp_path, text, first_line=11).items == [
        Item("value", 11, "1 + 0"),
        Item("value", 13, "2 + 0"),
        Item("figure", 13, "line", "rate", "rate=0.5"),
        Item("table", 15, "all", "rate"),
        Item("transcript", 18, ">>> 3\n3\n"),
    ]


def test_behind_values_of_many_lines_each_line_is_still_known(tmp_path):
    text = "One `{python} a` two\nthree\n\n`{python} b`\nfour `{python} c`\n"
    after = woven(tmp_path, text, "1\n2\n3", "", "4\n5")
    for word, line in ("One", 1), ("2", 1), ("two", 1), ("three", 2), ("four", 5):
        assert after.line(after.text.index(word)) == line, word
    assert after.line(after.text.index("5")) == 5


def test_what_a_character_stands_in_is_known(tmp_path):
    text = "Text `code` `{python} a`.\n\n<!-- not seen -->\n\n" + fence(
        "x", language="shell"
    )
    after = woven(tmp_path, text, "value")
    for word, kind in {
        "Text": "prose",
        "code": "code",
        "value": "result",
        "not seen": "code",
        "x\n": "code",
    }.items():
        assert after.kind(after.text.index(word)) == kind, word
    blank = after.without_code()
    assert len(blank) == len(after.text)
    assert blank.split() == ["Text", "value."]


def test_reading_time_counts_prose_code_figures_and_questions(tmp_path):
    figure = "![A line](figures/rate/line.svg)\n\n"
    question = "/// question | Why?\n\n- [ ] a\n///\n\n"
    code = fence("{reading}\n" * 40, language="shell")
    text = "{reading}\n\n" + "word " * 398 + "\n\n" + code
    assert woven(tmp_path, text).text.startswith("about 4 minutes\n")
    assert "{reading}\n{reading}" in woven(tmp_path, text).text
    after = woven(tmp_path, text + 4 * figure + 3 * question, *["x"] * 4)
    assert after.text.startswith("about 8 minutes\n")


def test_reading_time_says_what_may_be_skipped(tmp_path):
    text = (
        "About {reading}.\n\n## A\n\n" + "word " * 800 + "\n\n"
        "## B {: .skip }\n\n"
        + "word " * 400
        + "\n\n### C\n\n"
        + "word " * 200
        + "\n\n## D\n\n"
        + "word " * 200
    )
    said = "about 8 minutes, 5 without what may be skipped at first"
    assert page(tmp_path, text).reading() == said


# The head of a page, and mkdocs.yml


def test_two_hundred_words_are_a_minute(tmp_path):
    assert page(tmp_path, "word " * 200).minutes() == 1


def test_a_head_is_data_and_the_body_begins_where_it_ends(course):
    course.write("docs/lesson.md", "---\ntitle: 'A: b'\nlimit: 2\n---\n\nText\n")
    source = course.weaver.site.source("lesson.md")
    assert source.head == {"title": "A: b", "limit": 2}
    assert source.lines == {"title": 2, "limit": 3}
    assert (source.body, source.first_line) == ("\nText\n", 5)
    assert course.weaver.site.title("lesson.md") == "A: b"


@pytest.mark.parametrize(
    "text", ["", "---\n", "--- a ---\n\nText\n", "# A\n\n---\n\n---\n"]
)
def test_a_page_without_a_head_is_all_body(course, text):
    course.write("docs/lesson.md", text)
    source = course.weaver.site.source("lesson.md")
    assert (source.head, source.body, source.first_line) == ({}, text, 1)
    assert course.weaver.site.title("lesson.md") == "lesson"


def test_a_head_that_is_no_yaml_is_a_fault_with_its_line(course):
    said = course.fault("---\ntitle: A\ndescription: [a\nlimit: 2\n---\n\nText\n")
    assert re.match(r"docs/lesson\.md:[34]: in the page's head: ", said)


def test_a_page_that_is_not_utf8_is_a_fault_with_its_line(course):
    said = course.fault("# A\n\nCaf\xe9\n".encode("latin-1"))
    assert said == "docs/lesson.md:3: this is not UTF-8"


@pytest.mark.parametrize("limit", ["1 min", "0", "-2", "[3]", "yes"])
def test_a_limit_that_is_no_number_of_seconds_is_a_fault(course, limit):
    said = course.fault(f"---\ntitle: A\nlimit: {limit}\n---\n\n`{{python}} 1 + 0`\n")
    assert said.startswith("docs/lesson.md:3: limit: ")
    assert said.endswith(" is no number of seconds")


def test_the_navigation_is_in_the_order_of_the_settings(tmp_path):
    (tmp_path / "mkdocs.yml").write_text(
        "nav:\n  - index.md\n  - Later:\n      - Rate: rate.md\n      - a/b.md\n"
        "  - end.py\nhooks: !ENV [X, 1]\n"
    )
    assert Site(tmp_path).navigation() == ["index.md", "rate.md", "a/b.md", "end.py"]
    (tmp_path / "mkdocs.yml").unlink()
    assert Site(tmp_path).navigation() == []


def test_bad_bytes_behind_an_empty_first_line_have_their_line(course):
    said = course.fault("\nCaf\xe9\n".encode("latin-1"))
    assert said == "docs/lesson.md:2: this is not UTF-8"


def test_the_mark_that_some_editors_put_before_a_text_is_no_part_of_it(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").write_text("---\ntitle: Ä\n---\n\nText\n", "utf-8-sig")
    source = Site(tmp_path).source("a.md")
    assert (source.head, source.body) == ({"title": "Ä"}, "\nText\n")
