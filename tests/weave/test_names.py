"""The block "Names used here", on small pages."""

import re
from concurrent.futures import Future

import pytest
from _weave.markdown import names
from _weave.run.weaver import Weaver
from conftest import ROOT
from project import fence, text_of, transcript

LESSON = '''\
"""A lesson."""

import numpy as np
from shared.landscapes import quad1
from other import halve

# Where it all begins.
START = 2.0


def step(x):
    """Return the next x. It is nearer."""
    return x - 0.1 * np.pi * quad1.grad(x) * halve(x)


def count(path, *, most=10):
    """Return the length of `path`, or most."""
    return min(len(path), most)
'''
OTHER = '''\
"""Another."""


def halve(x):
    """Return half of x."""
    return x / 2


def twice(x):
    """Return two of x; nobody imports it by name."""
    return 2 * x
'''
SHOWS_STEP = fence('--8<-- "lesson.py:step"')


@pytest.fixture
def block(course):
    """The block of a page about the small lesson, as a reader reads it; or None."""

    def of(*parts, **more):
        course.write("snippets/other.py", OTHER)
        html = course.html("# Title\n\n" + "\n\n".join(parts) + "\n", LESSON, **more)
        found = re.search(r'<details class="weave-names".*?</details>', html, re.DOTALL)
        return found and found[0]

    return of


def items(html):
    """What its list says, line by line."""
    return [text_of(item) for item in re.findall(r"<li>(.*?)</li>", html, re.DOTALL)]


def test_a_page_without_code_has_no_block(block):
    assert block("Text.", fence("ls", language="shell")) is None


def test_a_page_that_shows_all_that_it_uses_has_no_block(block):
    assert block(transcript(">>> x = [1]", ">>> len(x)", "1")) is None


def test_it_names_what_code_uses_and_nothing_above_has_shown(block):
    html = block(SHOWS_STEP, transcript(">>> x = step(START)", ">>> x < START", "True"))
    said = items(html)
    assert said[0].startswith("quad1: ")
    assert said[1].startswith("quad1.f(theta): the height at theta. quad1.grad(theta)")
    assert said[2:] == ["halve(x): half of x.", "START = 2.0: Where it all begins."]
    assert 'href="reference/landscapes.md#quad1"' in html


def test_a_constant_is_named_by_what_its_helper_takes(course):
    lesson = "def _held(data):\n    return tuple(data)\n\n\nEDGES = _held([0, 3])\n"
    course.html("# T\n\n" + transcript(">>> EDGES", "(0, 3)"), lesson)
    html = course.html()
    assert "EDGES = [0, 3]" in text_of(html)
    assert "_held" not in text_of(html)


def test_it_says_what_to_import(block):
    html = block(SHOWS_STEP, transcript(">>> other.twice(2)", "4"))
    code = re.search(r"<code>(.*?)</code>", html, re.DOTALL)[1]
    assert code.split("\n") == [
        "import numpy as np",
        "from lesson import *",
        "import other",
        "",
    ]
    assert items(html)[-1] == "other.twice(x): two of x; nobody imports it by name."
    assert 'save <a href="#code">lesson.py</a>' in html


def test_what_a_transcript_binds_is_known_below_and_not_above(block):
    typed = transcript(">>> for count in [1]:", "...     print(count)", "1")
    assert block(typed) is None
    html = block(transcript('>>> count("ab")', "2"), typed)
    assert items(html) == ["count(path, *, most=10): the length of path, or most."]


def test_what_is_shown_further_down_says_so(block):
    html = block(transcript(">>> step(2.0) < 2", "True"), SHOWS_STEP)
    assert "step(x): the next x. It is shown below." in items(html)


def test_what_another_page_shows_leads_there(block, course):
    course.write("docs/theirs.md", "# T\n\n" + fence('--8<-- "other.py:halve"'))
    html = block(transcript(">>> halve(4)", "2.0"))
    assert '<a href="theirs.md"><code>halve(x)</code></a>: half of x.' in html


def test_it_stands_before_the_first_code_and_what_announces_it(block, course):
    block("First.", "Second.", transcript('>>> count("ab")', "2"), "Third.")
    html = course.html()
    assert re.search(r"<p>Second.</p>\s*<details.*</details>.*Third", html, re.DOTALL)
    block("First.", "Second:", transcript('>>> count("ab")', "2"))
    assert re.search(
        r"<p>First.</p>\s*<details.*</details>\s*<p>Sec", course.html(), re.DOTALL
    )


def test_code_inside_a_question_has_the_block_before_the_question(block, course):
    typed = transcript('>>> count("ab")', "2")
    block(
        "/// question | How many?\n    kind: number\n\n- [x] `{python} count('ab')`"
        f"\n\n{typed}///\n"
    )
    html = course.html()
    assert html.index('<details class="weave-names"') < html.index("<weave-question")
    assert html.count("weave-names") == 1


def test_the_search_does_not_find_it(block):
    assert " data-search-exclude" in block(transcript('>>> count("ab")', "2"))


# The course itself


class Idle:
    """In the place of the process that runs lessons: it never does."""

    def begin(self):
        """As where nothing was kept."""

    def submit(self, *_):
        return Future()


def test_a_block_reads_no_module_but_those_that_its_page_can_speak_of(monkeypatch):
    """Else an edit there would go unseen: what a block says is kept."""
    weaver = Weaver(ROOT)
    weaver.server = Idle()
    weaver.prepare()
    read = set()
    find = names._file

    def noted(*place):
        file = find(*place)
        read.update([file] if file.is_file() else [])
        return file

    monkeypatch.setattr(names, "_file", noted)
    blocks, shown_on = 0, names.pages(weaver.site)
    for uri in weaver.site.pages():
        read.clear()
        blocks += bool(names.said(weaver.page(uri), uri, shown_on))
        assert read <= {*weaver.around(uri)}, uri
    assert blocks >= 20
