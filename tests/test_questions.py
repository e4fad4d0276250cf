"""What readers hear who answer a question of a page, and that it can be published."""

import re
import textwrap

import markdown
import pytest
from _weave.markdown import places
from _weave.markdown.extension import WeaveExtension
from _weave.model import WeaveError
from _weave.read.site import Site
from _weave.run.weaver import Weaver
from conftest import ROOT

SITE = Site(ROOT)
ASKING = [uri for uri in SITE.pages() if "/// question" in SITE.source(uri).body]
OPTION = re.compile(r"^- \[(?P<verdict>[^\]\n]*)\] ?(?P<says>.*)$", re.MULTILINE)
RIGHT = "x", "X", "True"


@pytest.fixture(scope="module")
def weaver():
    """Runs pages, those that have been run before from the cache of the build."""
    weaver = Weaver(ROOT, workers=1)
    yield weaver
    weaver.close()


def silent(text):
    """The wrong options of a question, woven, under which nothing is indented."""
    for option in OPTION.finditer(text):
        told = re.match(r"\n\s*\n {4}\S", text[option.end() :])
        if option["verdict"].strip() not in RIGHT and not told:
            yield option["says"]


@pytest.mark.parametrize("uri", SITE.pages())
def test_a_page_is_published(uri, weaver):
    """Asked for one lesson: where all tests run, the whole site is built."""
    settings = SITE.configuration()["markdown_extensions"]
    names = [name if isinstance(name, str) else next(iter(name)) for name in settings]
    weave = WeaveExtension(weaver, lambda: uri)
    try:
        markdown.markdown(SITE.source(uri).body, extensions=[*names, weave])
    except WeaveError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.mark.parametrize("uri", ASKING)
def test_every_wrong_option_says_what_is_wrong_with_it(uri, weaver):
    body = SITE.source(uri).body
    try:
        woven = weaver.weave(uri, body, lambda item, drawing, alt: f"![{alt}]")
    except WeaveError as error:
        pytest.fail(str(error), pytrace=False)
    blocks, _ = places.blocks(woven, places.OURS)
    listing = [
        f"{SITE.path(uri)}:{block.line}: {says}: say what a reader hears who gave "
        "that answer, indented below it"
        for block in blocks
        if block.name == "question"
        for says in silent(textwrap.dedent(woven.text[block.body : block.end]))
    ]
    assert not listing, "\n".join(listing)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- [x] 1\n- [ ] 2\n\n    No.\n\n- [ ] 3\n\nSo.\n", ["3"]),
        ("- [ ] 1\n- [True] 2\n- [False] 3\n\nSo.\n", ["1", "3"]),
        ("- [False] 1\n\n    - because\n\n- [x] 2\n\nSo:\n\n- this\n", []),
        ("- [x] 1\n- [ ] 2\n\nSo:\n\n    an indented line\n", ["2"]),
        ("1. first\n2. second\n\nSo.\n", []),
    ],
)
def test_options_without_a_word_are_found(text, found):
    assert [*silent(text)] == found
