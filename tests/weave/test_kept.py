"""Pages whose conversion is kept are those that a build without a cache makes."""

import logging
import random
import shutil

import pytest
from _weave.site.kept import KeptPage
from mkdocs.commands.build import build
from mkdocs.config import load_config
from project import LINE, ON_PAGE

CONFIG = """\
site_name: small
hooks: [snippets/_weave/site/hook.py]
watch: [snippets]
theme: {name: material, font: false}
plugins: [search]
validation: {anchors: warn}
markdown_extensions: [admonition, attr_list, md_in_html, pymdownx.superfences]
nav: [First: index.md, lesson.md, other.md, practice.md, reference/glossary.md]
"""
QUESTION = """\
/// question | What is $f(2)$?
    kind: number

- [x] `{python} f(2)`

It is `{python} f(2)`.
///
"""
PAGES = {
    "docs/index.md": "# Home\n\nTo the [lesson](lesson.md#b). $x^2$ and $\\frac12$.\n",
    "docs/lesson.md": "# Lesson\n\nA rate.\n\n## B {: #b }\n\n"
    + ON_PAGE
    + f"\n\n{QUESTION}",
    "docs/other.md": "---\ntitle: Other\n---\n\n# Other\n\n`{python} lesson.f(3)`\n",
    "docs/practice.md": "# Practice\n\n/// bank\n///\n\n/// beliefs\n///\n",
    "docs/reference/glossary.md": "# Words\n\nRate { #rate }\n:   A. [L](../other.md)\n",  # noqa: E501
    "snippets/lesson.py": LINE + "\n\ndef f(x):\n    return x / 2\n",
    "mkdocs.yml": CONFIG,
}


@pytest.fixture
def site(course, monkeypatch):
    """A small course; `built()` gives its files, what was converted, and what said."""
    for path, text in PAGES.items():
        course.write(path, text)
    converted = []
    render = KeptPage.__mro__[1].render

    def counted(self, config, files):
        converted.append(self.file.src_uri)
        render(self, config, files)

    monkeypatch.setattr(KeptPage.__mro__[1], "render", counted)

    def built(fresh=False):
        if fresh:
            shutil.rmtree(course.folder / ".cache", ignore_errors=True)
        converted.clear()
        heard = _Heard()
        with course.mkdocs():
            logging.getLogger("mkdocs").addHandler(heard)
            config = load_config(str(course.folder / "mkdocs.yml"))
            config.plugins.on_startup(command="build", dirty=False)
            try:
                build(config)
            finally:
                config.plugins.on_shutdown()
        folder = course.folder / "site"
        files = {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for file in sorted(folder.rglob("*"))
            if file.is_file() and file.suffix not in (".gz",)
        }
        return files, [*converted], heard.lines

    monkeypatch.setattr(course, "built", built, raising=False)
    return course


class _Heard(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def test_the_second_build_converts_nothing_and_gives_the_same_bytes(site):
    first, converted, _ = site.built()
    assert sorted(converted) == sorted(
        path.removeprefix("docs/") for path in PAGES if path.endswith(".md")
    )
    second, converted, _ = site.built()
    assert converted == []
    assert second == first


@pytest.mark.parametrize(
    ("path", "old", "new", "wanted"),
    [
        ("docs/index.md", "Home", "House", {"index.md"}),
        ("docs/lesson.md", "A rate", "One rate", {"lesson.md"}),
        (
            "snippets/lesson.py",
            "x / 2",
            "x / 4",
            {"lesson.md", "other.md", "practice.md"},
        ),
        ("docs/other.md", "title: Other", "title: New", {"other.md", "practice.md"}),
    ],
)
def test_an_edit_converts_what_it_reaches(site, path, old, new, wanted):
    site.built()
    text = (site.folder / path).read_text("utf-8")
    site.write(path, text.replace(old, new))
    edited, converted, _ = site.built()
    assert set(converted) == wanted
    assert edited == site.built(fresh=True)[0]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("docs/reference/glossary.md", "Rate {", "Rate, home {"),
        (
            "mkdocs.yml",
            "site_name: small",
            "site_name: small\nuse_directory_urls: false",
        ),
    ],
)
def test_what_all_pages_depend_on_converts_all_pages(site, path, old, new):
    site.built()
    text = (site.folder / path).read_text("utf-8")
    assert old in text
    site.write(path, text.replace(old, new))
    edited, converted, _ = site.built()
    assert len(converted) == 5
    assert edited == site.built(fresh=True)[0]


def test_a_new_file_mends_the_links_to_it(site):
    site.write("mkdocs.yml", CONFIG.partition("nav:")[0])
    site.write("docs/index.md", "# Home\n\n[new](new.md)\n")
    *_, said = site.built()
    assert any("new.md" in line for line in said)
    *_, said = site.built()
    assert any("new.md" in line for line in said), "a warning is said at each build"
    site.write("docs/new.md", "# New\n")
    files, _, said = site.built()
    assert not any("'new.md'" in line for line in said)
    assert b'href="new/"' in files["index.html"]


def test_an_anchor_that_is_gone_is_said_of_a_page_that_is_kept(site):
    site.built()
    text = (site.folder / "docs/lesson.md").read_text("utf-8")
    site.write("docs/lesson.md", text.replace("{: #b }", "{: #c }"))
    _, converted, said = site.built()
    assert "index.md" not in converted
    assert any("lesson.md#b" in line for line in said)


def test_damage_is_a_miss(site):
    first, *_ = site.built()
    for file in (site.folder / ".cache" / "weave").glob("*.json"):
        file.write_bytes(file.read_bytes()[:-9] + b"[1, 2, 3]")
    damaged, converted, _ = site.built()
    assert len(converted) == 5
    assert damaged == first


EDITS = [
    ("docs/index.md", lambda text, n: text + f"\n\nLine {n}.\n"),
    ("docs/lesson.md", lambda text, n: text.replace("A rate.", f"A rate. {n} $y$")),
    ("docs/lesson.md", lambda text, n: text.replace("What is", f"{n}: what is")),
    ("docs/other.md", lambda text, n: text + f"\n\n`{{python}} lesson.f({n})`\n"),
    ("snippets/lesson.py", lambda text, n: text.replace("x / 2", f"x / {n + 3}")),
    ("snippets/lesson.py", lambda text, n: text + f"\n# {n}\n"),
    ("docs/reference/glossary.md", lambda text, n: text.replace("A. ", f"A {n}. ")),
    ("mkdocs.yml", lambda text, n: text.replace("name: small", f"name: small {n}")),
]


@pytest.mark.parametrize("seed", [1, 2])
def test_any_sequence_of_edits_ends_as_a_clean_build(site, seed):
    rng = random.Random(seed)
    for n in range(5):
        path, edit = rng.choice(EDITS)
        before = (site.folder / path).read_text("utf-8")
        kept = before if rng.random() < 0.8 else PAGES[path]
        site.write(path, edit(kept, n))
        edited, *_ = site.built()
    assert edited == site.built(fresh=True)[0]
