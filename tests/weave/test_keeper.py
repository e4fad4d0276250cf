"""Under what key a page's conversion is kept, and what is kept of it."""

import logging
from concurrent.futures import Future
from types import SimpleNamespace

import pytest
from _weave.markdown.context import Kept, Scripts
from _weave.model import Fault, Functions, WeaveError
from _weave.site import kept
from _weave.site.kept import Keeper, KeptPage
from mkdocs.config import load_config
from mkdocs.structure.files import File, get_files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from .test_kept import PAGES


class Made:
    """A keeper of one build of a course, with its files."""

    def __init__(self, course, **settings):
        course.restart()
        course.weaver.prepare()
        self.config = load_config(str(course.folder / "mkdocs.yml"), **settings)
        self.config.plugins._current_plugin = None  # as between two events
        self.files = get_files(self.config)
        self.kept, self.scripts = Kept(), Scripts()
        self.keeper = Keeper(course.weaver, self.config, self.kept, self.scripts)
        self.site = course.weaver.site

    def page(self, uri, **meta):
        source = self.site.source(uri)
        page = Page(None, self.files.get_file_from_path(uri), self.config)
        page.markdown, page.meta = source.body, source.head | meta
        return page

    def key(self, uri, **meta):
        return self.keeper.key(self.page(uri, **meta), self.files)


@pytest.fixture
def site(course, monkeypatch):
    """A small course whose lessons are asked for their keys, and not run."""
    for path, text in PAGES.items():
        course.write(path, text)
    monkeypatch.setattr(course.weaver.server, "begin", lambda: None)
    monkeypatch.setattr(course.weaver.server, "submit", lambda *_: Future())
    return course


def edited(site, path, old, new):
    text = (site.folder / path).read_text("utf-8") if old else ""
    assert old in text
    site.write(path, text.replace(old, new) if old else new)


SHOWN = '```python\n--8<-- "lesson.py{}"\n```\n'


@pytest.mark.parametrize(
    ("path", "old", "new", "changes"),
    [
        ("docs/index.md", "Home", "House", {"index.md"}),
        ("docs/other.md", "title: Other", "title: More", {"other.md", "practice.md"}),
        ("docs/lesson.md", "A rate.", "One rate.", {"lesson.md"}),
        ("docs/lesson.md", "What is", "How much is", {"lesson.md", "practice.md"}),
        (
            "snippets/lesson.py",
            "x / 2",
            "x / 4",
            {"lesson.md", "other.md", "practice.md"},
        ),
        ("docs/other.md", "title: Other", "title: Other\nstation: end", "all"),
        ("docs/reference/glossary.md", "A. ", "B. ", "all"),
        ("docs/another.md", "", "# New\n", "all"),
        ("mkdocs.yml", "site_name: small", "site_name: small # or not", "all"),
        ("snippets/browser.toml", "", '["lesson.md"]\n', "all"),
    ],
)
def test_a_key_has_what_the_page_depends_on_and_no_more(site, path, old, new, changes):
    uris = [uri.removeprefix("docs/") for uri in PAGES if uri.endswith(".md")]
    made = Made(site)
    before = {uri: made.key(uri) for uri in uris}
    made = Made(site)
    assert {uri: made.key(uri) for uri in uris} == before
    assert len({*before.values()}) == len(uris)
    edited(site, path, old, new)
    made = Made(site)
    after = {uri for uri in uris if made.key(uri) != before[uri]}
    assert after == ({*uris} if changes == "all" else changes)


@pytest.mark.parametrize(
    "settings",
    [
        {"use_directory_urls": False},
        {"plugins": ["search", "tags"]},
        {"markdown_extensions": [{"toc": {"permalink": True}}]},
    ],
    ids=str,
)
def test_a_key_has_the_settings_that_are_given_with_a_command(site, settings):
    assert Made(site, **settings).key("index.md") != Made(site).key("index.md")


def test_a_key_has_the_settings_of_another_file_and_of_the_courses_own(site):
    def key(text):
        other = site.write("other.yml", f"INHERIT: mkdocs.yml\n{text}")
        config = load_config(str(other))
        keeper = Keeper(site.weaver, config, Kept(), Scripts())
        made = Made(site)
        return keeper.key(made.page("index.md"), made.files)

    keys = [key(""), key("# more")]
    edited(site, "mkdocs.yml", "site_name: small", "site_name: small # or not")
    keys.append(key("# more"))
    assert len(set(keys)) == 3


def test_what_is_made_while_pages_are_converted_changes_no_key(site):
    made = Made(site)
    before = made.key("lesson.md")
    made.files.append(File.generated(made.config, "downloads/lesson.py", content=""))
    assert made.key("lesson.md") == before


def test_a_key_has_the_head_whatever_stands_in_it(site):
    made = Made(site)
    keys = [made.key("index.md", **head) for head in ({}, {"title": "A"})]
    page = made.page("index.md", title="A")
    page.meta[7] = "b"
    keys.append(made.keeper.key(page, made.files))
    page.meta = {7: "b", "title": "A"}
    assert made.keeper.key(page, made.files) == keys[-1]
    assert len(set(keys)) == 3


def test_a_key_has_what_stands_under_the_names_that_a_page_uses(site):
    site.write("snippets/lesson.py", "K = 2\n\n\ndef f(x):\n    return x / K\n")
    site.write("docs/lesson.md", "# A\n\n" + SHOWN.format(":f"))
    before = Made(site).key("lesson.md")
    assert Made(site).key("lesson.md") == before
    site.write("docs/index.md", "# A\n\n" + SHOWN.format("") + SHOWN.format(":K"))
    assert Made(site).key("lesson.md") != before, "it leads to where K is shown"


def test_a_page_without_text_has_a_key_and_quotes_nothing(site):
    made = Made(site)
    page = made.page("practice.md")
    assert made.keeper.quoted(page) == ["index.md", "lesson.md", "other.md"]
    page.markdown = None
    assert made.keeper.quoted(page) == []
    index = made.page("index.md")
    index.markdown = None
    nothing = made.keeper.key(index, made.files)
    index.markdown = ""
    assert made.keeper.key(index, made.files) == nothing != made.key("index.md")


# What is kept


def link(title, *children):
    entry = AnchorLink(title, f"id-{title}", 2 if children else 3)
    entry.children = [*children]
    return entry


def test_a_page_is_restored_as_it_was_kept(site):
    first = Made(site)
    first.kept.keep("<svg>of another page</svg>")
    page = first.page("lesson.md")
    page.content = f"<p>{first.kept.keep('<svg>1</svg>')}</p>"
    page.toc = TableOfContents([link("a", link("b")), link("c")])
    page._title_from_render, page.present_anchor_ids = "Title", {"y", "x"}
    there = map(first.files.get_file_from_path, ("index.md", "other.md"))
    to = {file: {file.src_uri: "#b"} for file in there}
    page.links_to_anchors = to
    functions = Functions({"half": "(x)=>x/2"}, ["half"])
    first.scripts.add_all("lesson.md", {"f1": functions})
    first.scripts.add_all("other.md", {"f2": functions})
    first.keeper.keep("key", page)

    second = Made(site)
    second.kept.keep("<svg>of a third page</svg>")
    second.kept.keep("<svg>of a fourth</svg>")
    gone = second.files.get_file_from_path("other.md")
    second.files.remove(gone)
    again = second.page("lesson.md")
    entry = second.keeper.find("key")
    assert entry["anchors"] == ["x", "y"], "the same bytes each time"
    second.keeper.restore(entry, again, second.files)
    assert second.kept.restore(again.content) == "<p><svg>1</svg></p>"
    assert [*map(kept.packed, again.toc)] == [*map(kept.packed, page.toc)]
    assert kept.packed(page.toc.items[0]) == [
        *("a", "id-a", 2),
        [["b", "id-b", 3, []]],
    ]
    assert again._title_from_render == "Title"
    assert again.present_anchor_ids == {"x", "y"}
    [(file, anchors)] = again.links_to_anchors.items()
    assert (file.src_uri, anchors) == ("index.md", {"index.md": "#b"})
    assert second.scripts.of("lesson.md") == {"f1": functions}
    assert second.scripts.of("other.md") == {}
    assert second.keeper.find("another key") is None


def test_a_page_of_which_nothing_is_known_is_kept_and_restored(site):
    made = Made(site)
    page = made.page("index.md")
    page.toc, page.present_anchor_ids, page.links_to_anchors = [], None, None
    made.keeper.keep("key", page)
    made.keeper.restore(made.keeper.find("key"), page, made.files)
    assert (page.content, page.present_anchor_ids) == ("", set())
    assert page.links_to_anchors == {}


# How a page is rendered


@pytest.fixture
def render(site, monkeypatch):
    """Render a page with a keeper that knows some entry; gives what was done."""
    made = Made(site)

    def rendered(entry=None, says=None, content="<p>", text=None, key="key", **meta):
        done = []

        def convert(page, config, files):
            assert (config, files) == (made.config, made.files)
            done.append("converted")
            page.content = content
            if says:
                logging.getLogger("mkdocs.structure").log(*says)
            if content == "fails":
                raise ZeroDivisionError

        def find_key(page, files):
            if isinstance(key, WeaveError):
                raise key
            assert files is made.files
            return key

        def standing_in(uri, quoted, is_kept):
            done.append((uri, quoted, is_kept))
            return text

        monkeypatch.setattr(Page, "render", convert)
        page = KeptPage(None, made.files.get_file_from_path("lesson.md"), made.config)
        page.meta, page.standing_in = meta, standing_in
        page.keeper = SimpleNamespace(
            quoted=lambda page: ["index.md"],
            key=find_key,
            find=lambda key: entry,
            restore=lambda *given: done.append(("restored", *given)),
            keep=lambda *given: done.append(("kept", *given)),
        )
        try:
            page.render(made.config, made.files)
        finally:
            assert logging.getLogger("mkdocs").handlers == handlers
        asked, *rest = done
        assert asked == ("lesson.md", ["index.md"], entry is not None)
        return page, rest, made.files

    handlers = [*logging.getLogger("mkdocs").handlers]
    return rendered


def test_a_page_that_is_not_ready_has_its_title_and_says_so(render):
    page, done, _ = render(text="<p>Soon.</p>")
    assert (page.content, done) == ("<h1>lesson</h1><p>Soon.</p>", [])
    assert [*page.toc] == []
    page, done, _ = render(text="<p>Soon.</p>", title="A < B")
    assert page.content == "<h1>A &lt; B</h1><p>Soon.</p>"


def test_a_page_is_converted_and_kept_or_restored(render):
    page, done, _ = render()
    assert done == ["converted", ("kept", "key", page)]
    assert page.content == "<p>"
    page, done, files = render(entry={})
    assert done == [("restored", {}, page, files)]
    _, done, _ = render(content=None)
    assert done[1][0] == "kept"


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": WeaveError([Fault("docs/lesson.md", 1, "wrong")])},
        {"content": '<div class="weave-faults"></div>'},
        {"says": (logging.WARNING, "a broken link")},
    ],
    ids=str,
)
def test_a_page_with_a_fault_or_a_warning_is_converted_and_not_kept(render, wrong):
    _, done, _ = render(**wrong)
    assert done == ["converted"]


def test_who_fails_while_it_converts_is_heard_and_hears_no_more(render):
    with pytest.raises(ZeroDivisionError):
        render(content="fails")


# The pages


def test_pages_have_the_titles_of_the_navigation_and_what_keeps_them(site):
    site.write("docs/long.markdown", "# A\n")
    made = Made(site)
    known = Page("Known", made.files.get_file_from_path("other.md"), made.config)
    kept.pages(made.files, made.config, made.keeper, print)
    pages = {file.src_uri: file.page for file in made.files}
    assert pages["other.md"] is known
    assert pages["long.markdown"] is None
    index = pages["index.md"]
    assert (index.title, index.keeper) == ("First", made.keeper)
    assert index.standing_in is print
    assert isinstance(pages["lesson.md"], KeptPage)
