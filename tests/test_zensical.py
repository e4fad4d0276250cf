"""The rehearsal for the day after MkDocs: Zensical builds the same pages.

Zensical reads `mkdocs.yml` and runs Markdown extensions, but no hooks. So the whole
move is to list under `markdown_extensions` what the hook adds: see `PORTABLE`.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from difflib import SequenceMatcher
from hashlib import sha256
from html.parser import HTMLParser
from importlib.util import find_spec
from textwrap import dedent

import pytest
from conftest import ROOT
from mkdocs.config import load_config
from mkdocs.utils.yaml import yaml_load
from project import carried, shorten, whole

pytestmark = pytest.mark.skipif(
    find_spec("zensical") is None, reason="Zensical is not installed here"
)

# Zensical appends to an inherited list where MkDocs replaces it: three lines do. What
# `watch` names is in the key of Zensical's own cache, so that it sees edited snippets.
PORTABLE = "INHERIT: mkdocs.yml\nwatch: [snippets]\nmarkdown_extensions: {}\n"

# For the reference. Notebooks need a plugin that Zensical does not run.
REFERENCE = "INHERIT: mkdocs.yml\nplugins: {}\n"
NOTEBOOKS = "mkdocs-jupyter"

# What the themes put into the article beside the page: where "skip to content" leads,
# the buttons to edit and view, dates and authors, "was this page helpful".
THEMES_OWN = {"__skip", "md-content__button", "md-source-file", "md-feedback"}
THEMES_OWN |= {"md-tags"}  # which stand above the page in one, below it in the other
# Our templates' own, which ask for MkDocs' pages.
THEMES_OWN |= {"weave-kicker", "weave-end", "home-path", "home-map"}

# Zensical reads the first of these and drops it; it means the same to both. The others
# name, in what is published, the scripts that a page loads when they are needed.
DROPPED = {"data-search-exclude", "data-src", "data-scripts", "data-from"}

WHOLE_SITE = bool(os.environ.get("WHOLE_SITE"))
READ_WHOLE = "index.md", "descent.md", "labs/index.md", "reference/glossary.md"

VOID = {"area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"}


def build(folder, builder, config, *options):
    """Build a site in the folder; returns the finished process."""
    return subprocess.run(
        [sys.executable, "-m", builder, "build", "-f", folder / config, *options],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": "snippets"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )


def configure(folder):
    """Derive, from the folder's mkdocs.yml, the two configurations to compare."""
    with (folder / "mkdocs.yml").open(encoding="utf-8") as file:
        plugins = yaml_load(file).get("plugins", ["search"])
    if isinstance(plugins, dict):
        plugins = [{name: options} for name, options in plugins.items()]
    kept = [plugin for plugin in plugins if NOTEBOOKS not in plugin]
    reference = folder / "reference.yml"
    reference.write_text(REFERENCE.format(json.dumps(kept)), "utf-8")
    added = json.dumps(added_by_the_hook(reference))
    (folder / "portable.yml").write_text(PORTABLE.format(added), "utf-8")


def added_by_the_hook(config_file):
    """The names of the extensions that the hook adds to the configured ones."""
    config = load_config(str(config_file))
    configured = list(config.markdown_extensions)
    extensions = config.plugins.on_config(config).markdown_extensions
    return [
        extension
        if isinstance(extension, str)
        else sys.modules[type(extension).__module__].__package__
        for extension in extensions
        if extension not in configured
    ]


def pages(site):
    """The HTML of each page of a site, by its path there."""
    return {
        file.relative_to(site).as_posix(): whole(file)
        for file in sorted(site.rglob("index.html"))
    }


class Article(HTMLParser):
    """What a page says: tags and texts in their order, each with its place.

    A place is the id of the heading above. White space counts in code alone; the
    order of attributes and of classes does not count. A drawing is one part.
    """

    def __init__(self, html):
        super().__init__()
        self.parts, self.places = [], []
        self._open, self._ignored, self._place = [], 0, "top"
        self.feed(re.sub(r"<svg\b.*?</svg>", self._drawing, html, flags=re.DOTALL))
        self.close()

    def handle_starttag(self, tag, attributes):
        # An attribute that is there or not may have its own name as its value.
        given = {
            name: "" if value == name else value or "" for name, value in attributes
        }
        classes = given.get("class", "").split()
        if not self._open and not (tag == "article" and "md-typeset" in classes):
            return
        own = not THEMES_OWN.isdisjoint([*classes, given.get("id")])
        if tag not in VOID:
            self._open.append(tag)
            if own and not self._ignored:
                self._ignored = len(self._open)
        if own:
            return
        if re.fullmatch("h[1-6]", tag):
            self._place = given.get("id", self._place)
        if classes:
            given["class"] = " ".join(sorted(classes))
        names = sorted(given.keys() - DROPPED)
        self._add(f"<{tag}{''.join(f' {name}={given[name]!r}' for name in names)}>")

    def handle_endtag(self, tag):
        if tag not in self._open:
            return
        while self._open.pop() != tag:
            pass
        if len(self._open) < self._ignored:
            self._ignored = 0
        else:
            self._add(f"</{tag}>")

    def handle_data(self, data):
        text = data if "pre" in self._open else " ".join(data.split())
        if text and self._open:
            self._add(text)

    def _add(self, part):
        if not self._ignored:
            self.parts.append(part)
            self.places.append(self._place)

    @staticmethod
    def _drawing(match):
        # What is published names colours by their roles alone.
        drawing = re.sub(r"(var\(--fig-[\w-]+), #\w{6}\)", r"\1)", match[0])
        return f"(a drawing, sha256 {sha256(drawing.encode()).hexdigest()[:16]})"


def differences(page, mkdocs, zensical):
    """All differences between two versions of a page, a line for each."""
    one, other = Article(mkdocs), Article(zensical)
    if not one.parts:
        yield f"{page}: MkDocs' page has no article"
    if one.parts == other.parts:
        return
    matcher = SequenceMatcher(None, one.parts, other.parts, autojunk=False)
    for kind, start, stop, other_start, other_stop in matcher.get_opcodes():
        if kind != "equal":
            place = [*one.places, "end"][start]
            said = " ".join(one.parts[start:stop]) or "nothing"
            other_said = " ".join(other.parts[other_start:other_stop]) or "nothing"
            yield f"{page}#{place}: MkDocs {said[:300]} | Zensical {other_said[:300]}"


@pytest.fixture(scope="module")
def sites(site_folder, tmp_path_factory):
    """The project's pages as MkDocs builds them, and as Zensical does.

    Of most of them the head alone, unless WHOLE_SITE is set. Labs stay behind, and
    links to them lead to their scripts. Built after the site, whose build has run the
    lessons.
    """
    folder = tmp_path_factory.mktemp("rehearsal")
    for name in "docs", "snippets", "tests", ".cache/weave":
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, folder / name, copy_function=carried)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    if not WHOLE_SITE:
        shorten(folder, READ_WHOLE)
    configure(folder)
    zensical = build(folder, "zensical", "portable.yml")
    assert zensical.returncode == 0, zensical.stdout
    # In short, links lead to heads.
    assert "No issues found" in zensical.stdout or not WHOLE_SITE, zensical.stdout
    mkdocs = build(folder, "mkdocs", "reference.yml", "-q", "-d", folder / "reference")
    assert mkdocs.returncode == 0, mkdocs.stdout
    return pages(folder / "reference"), pages(folder / "site")


@pytest.fixture
def rehearsal(project):
    """A small course with all that a page can name, configured for both."""
    project.write(
        "snippets/lesson.py",
        "from shared import draw\n\n\n"
        "def step(x):\n    return x / 2\n\n\n"
        "def figure_line():\n"
        "    fig, ax = draw.axes('x', 'y')\n"
        "    ax.plot([0, step(1)])\n"
        "    return fig\n",
    )
    project.write(
        "docs/lesson.md",
        "---\ntitle: A lesson\n---\n# Half\n\n"
        '```python\n--8<-- "lesson.py:step"\n```\n\n'
        "```pycon\n>>> step(1)\n0.5\n```\n\n"
        "## Then\n\nIt is `{python} step(1)`.\n\n"
        "![From 0 to `{python} step(1)`](figures/lesson/line.svg)\n",
    )
    configure(project.folder)
    return project


def test_zensical_publishes_the_pages_that_mkdocs_publishes(sites):
    mkdocs, zensical = sites
    assert list(zensical) == list(mkdocs)


def test_every_page_says_the_same_under_zensical(sites):
    mkdocs, zensical = sites
    found = [
        difference
        for page in sorted(mkdocs.keys() & zensical.keys())
        for difference in differences(page, mkdocs[page], zensical[page])
    ]
    assert not found, "\n".join(found)


def test_the_readme_shows_the_settings_that_are_rehearsed(rehearsal):
    """A list of extensions: Zensical lets a mapping replace the inherited list."""
    readme = (ROOT / "README.md").read_text("utf-8")
    [shown] = re.findall(r"\n\n( +INHERIT: .*?)\n\n", readme, re.DOTALL)
    rehearsed = (rehearsal.folder / "portable.yml").read_text("utf-8")
    assert yaml_load(dedent(shown)) == yaml_load(rehearsed)


def test_zensical_runs_a_lesson_by_itself_and_sees_its_edits(rehearsal):
    lesson = rehearsal.folder / "snippets" / "lesson.py"
    for old, new in ("x / 2", "0.5 * x"), ("[0, step", "[1, step"):
        lesson.write_text(lesson.read_text("utf-8").replace(old, new), "utf-8")
        zensical = build(rehearsal.folder, "zensical", "portable.yml")
        assert zensical.returncode == 0, zensical.stdout
    seen = rehearsal.page()
    assert "<p>It is 0.5.</p>" in seen
    assert 'aria-label="From 0 to 0.5"' in seen
    shutil.rmtree(rehearsal.folder / ".cache" / "weave")
    mkdocs = build(rehearsal.folder, "mkdocs", "reference.yml", "-q")
    assert mkdocs.returncode == 0, mkdocs.stdout
    published = whole(rehearsal.folder / "site/lesson/index.html")
    assert not list(differences("lesson", published, seen))


def test_a_false_transcript_stops_zensical_with_file_and_line(rehearsal):
    page = rehearsal.folder / "docs" / "lesson.md"
    page.write_text(page.read_text("utf-8").replace("\n0.5\n", "\n0.7\n"), "utf-8")
    zensical = build(rehearsal.folder, "zensical", "portable.yml")
    assert zensical.returncode != 0
    assert "docs/lesson.md:11: the transcript is false" in zensical.stdout
    assert not (rehearsal.folder / "site" / "lesson").exists()


@pytest.mark.parametrize(
    ("told", "changed"),
    [
        ("<h2 id='a'>A</h2>", "<h2 id='b'>A</h2>"),
        ("<h2 id='a'>A</h2>", "<h3 id='a'>A</h3>"),
        ("<pre><code>if x:\n    y</code></pre>", "<pre><code>if x:\n  y</code></pre>"),
        ("<p>It is 0.5.</p>", "<p>It is 0.25.</p>"),
        ("<svg><path d='M 0 0'/></svg>", "<svg><path d='M 0 1'/></svg>"),
        ("<input data-key='2'>", "<input data-key='3'>"),
        ("<p>1</p><p>2</p>", "<p>2</p><p>1</p>"),
        ("<p>1</p>", ""),
    ],
)
def test_the_rehearsal_notices(told, changed):
    article = '<article class="md-content__inner md-typeset">{}</article>'
    found = differences("p", article.format(told), article.format(changed))
    assert any(line.startswith("p#") for line in found)


def test_the_rehearsal_does_not_mind_the_themes():
    one = '<article class="md-typeset x"><p class="b a">1\n2 </p></article>'
    other = (
        '<p>menu</p><article class="x md-typeset"><a id="__skip"></a>'
        '<a class="md-content__button"><svg><path/></svg> edit<br></a>'
        '<p data-search-exclude class="a b">1 2</p></article><p>foot</p>'
    )
    assert not list(differences("p", one, other))
