"""A preview writes again only the pages, and the search entries, that are others."""

import copy
from types import SimpleNamespace

import pytest
from _weave.markdown.context import Kept
from _weave.run.cache import Cache
from _weave.site.written import Done, KeptIndex, Written, keep_entries, key_of
from jinja2 import DictLoader, Environment
from material.plugins.search.plugin import SearchIndex, SearchPlugin
from mkdocs.structure.toc import AnchorLink


class Nav:
    """A navigation, which lists sections and pages in its text, as that of MkDocs."""

    def __init__(self, *pages):
        self.sections, self.pages = "Lessons", pages

    def __str__(self):
        return str([self.sections, *((one.title, one.url) for one in self.pages)])


def page_of(name, **meta):
    root = AnchorLink("Top", "top", 1)
    root.children = [AnchorLink("Part", "part", 2)]
    return SimpleNamespace(
        file=SimpleNamespace(src_uri=f"{name}.md"),
        title=name.title(),
        url=f"{name}/",
        canonical_url=f"https://example.org/{name}/",
        edit_url=None,
        is_homepage=False,
        update_date="2026-01-02",
        content='<h1 id="top">Top</h1><p>A</p><h2 id="part">Part</h2><p>B</p>',
        toc=[root],
        meta={"title": name.title(), **meta},
        previous_page=None,
        next_page=None,
    )


# Pages


@pytest.fixture
def shown():
    """The pages as they were written, and a template that gives a page's title."""
    written = Written()
    env = Environment(loader=DictLoader({"main.html": "{{ page.title or 'none' }}"}))
    written.watch(env, lambda context: context["key"])
    return written, env.get_template("main.html")


def test_a_page_with_the_same_key_is_given_as_it_was_written(shown):
    written, template = shown
    one, two = page_of("one"), page_of("two")
    for page, html in (one, "<b>One</b>"), (two, "<b>Two</b>"):
        made = template.render({"page": page}, key="1")
        assert (type(made), made) == (str, page.title)
        assert written.keep(page.file.src_uri, html) == html
    again = template.render({"page": one, "key": "1"})
    assert (type(again), again) == (Done, "<b>One</b>")
    assert template.render(page=one, key="2") == "One"
    assert written.keep("one.md", "<i>One</i>") == "<i>One</i>"
    assert template.render(page=one, key="2") == "<i>One</i>"
    assert template.render(page=two, key="1") == "<b>Two</b>"


def test_what_is_no_page_is_made_each_time(shown):
    """Such as 404.html, of which MkDocs asks for no page."""
    _, template = shown
    assert template.render(page=None, key="1") == "none"


def context():
    """What a template is given: a page between two others."""
    page = page_of("here", tags=["a"])
    page.previous_page, page.next_page = page_of("before"), page_of("after")
    others = [page.previous_page, page_of("far", description="Far.", given=["x"])]
    nav = Nav(*others, page.next_page)
    names = "extra_css", "extra_javascript"
    return {"page": page, "nav": nav, "content": "A", "base_url": "..", "tags": []} | {
        name: [f"{name}.txt"] for name in names
    }


CHANGES = {
    "its text": lambda c: c.update(content="B"),
    "its depth": lambda c: c.update(base_url="."),
    "its tags": lambda c: c.update(tags=["a"]),
    "a style sheet": lambda c: c["extra_css"].append("own.css"),
    "a script": lambda c: c["extra_javascript"].append("own.js"),
    "its title": lambda c: setattr(c["page"], "title", "There"),
    "its address": lambda c: setattr(c["page"], "url", "there/"),
    "its whole address": lambda c: setattr(c["page"], "canonical_url", None),
    "its source": lambda c: setattr(c["page"], "edit_url", "https://example.org/e"),
    "its place": lambda c: setattr(c["page"], "is_homepage", True),
    "its day": lambda c: setattr(c["page"], "update_date", "2026-01-03"),
    "a part of it": lambda c: setattr(c["page"].toc[0].children[0], "title", "Other"),
    "its head": lambda c: c["page"].meta.update(description="Here."),
    "none before it": lambda c: setattr(c["page"], "previous_page", None),
    "what it is after": lambda c: c["page"].previous_page.meta.update(description="B"),
    "what it is before": lambda c: setattr(c["page"].next_page, "title", "Next"),
    "where that is": lambda c: setattr(c["page"].next_page, "url", "next/"),
    "a page elsewhere": lambda c: setattr(c["nav"].pages[1], "title", "Farther"),
    "its new address": lambda c: setattr(c["nav"].pages[1], "url", "farther/"),
    "its new sign": lambda c: c["nav"].pages[1].meta.update(status="station"),
    "a section": lambda c: setattr(c["nav"], "sections", "Labs"),
}


def key(context):
    return key_of(context, ["<svg>"], "around", ["a.js"])


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_a_page_shows_changes_its_key(what):
    changed = context()
    CHANGES[what](changed)
    assert key(changed) != key(context())


def test_what_a_page_does_not_show_leaves_its_key():
    """Neither what describes a page elsewhere, nor what it is given to read."""
    changed = context()
    changed["nav"].pages[1].meta |= {"description": "At the end.", "given": ["y"]}
    assert key(changed) == key(context())


def test_what_is_put_in_later_changes_the_key_of_a_page():
    ways = (["<svg>"], "around"), (["<svg>", "<svg>"], "around"), (["<svg>"], "else")
    assert len({key_of(context(), *way) for way in ways}) == 3


# Search entries


SETTINGS = {
    "lang": ["en"],
    "separator": " ",
    "pipeline": [],
    "fields": {"title": {"boost": 2.0}},
}


def alone(*pages):
    """The index that the theme makes of pages."""
    index = SearchIndex(**SETTINGS)
    for page in pages:
        index.add_entry_from_context(page)
    return index.generate_search_index(None)


@pytest.fixture
def search(tmp_path, monkeypatch):
    """Makes the index of some pages as the plugin does; `parsed` are their titles."""
    parsed, made = [], KeptIndex._entries
    monkeypatch.setattr(
        KeptIndex,
        "_entries",
        lambda index, page: parsed.append(page.title) or made(index, page),
    )

    def search(*pages):
        parsed.clear()
        plugin = SearchPlugin()
        plugin.load_config(SETTINGS)
        config = SimpleNamespace(plugins={"material/search": plugin})
        keep_entries(config, Cache(tmp_path), Kept())
        for page in pages:
            plugin.on_page_context({}, page=copy.copy(page), config=config, nav=None)
        return plugin.search_index.generate_search_index(None)

    search.parsed = parsed
    return search


def test_the_index_is_that_of_the_theme_and_no_page_is_parsed_twice(search):
    pages = page_of("one"), page_of("two", tags=["a"], search={"boost": 2})
    for parsed in ["One", "Two"], []:
        assert search(*pages) == alone(*pages)
        assert search.parsed == parsed


@pytest.mark.parametrize(
    "change",
    [
        lambda page: setattr(page, "content", "<h1>Other</h1><p>Words.</p>"),
        lambda page: setattr(page, "url", "elsewhere/"),
        lambda page: page.meta.update(tags=["new"]),
        lambda page: setattr(page, "toc", []),
        lambda page: page.meta.pop("title"),
    ],
    ids=["text", "address", "tags", "parts", "head"],
)
def test_a_page_that_is_another_is_parsed_anew(search, change):
    search(page_of("one"))
    page = page_of("one")
    change(page)
    assert search(page) == alone(page)
    assert search.parsed == ["One"]


def test_without_the_plugin_there_is_no_index():
    keep_entries(SimpleNamespace(plugins={}), None, None)
