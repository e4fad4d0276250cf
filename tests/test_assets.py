"""Style sheets and scripts: formatted, typed, coloured by roles, loaded where needed.

The tools for JavaScript and CSS come from `npm ci --prefix .github/tools`. Without them
their tests are left out, and say so; where CI is set, that is a failure.
"""

import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest
from _weave.site.assets import without_comments
from conftest import ROOT
from mkdocs.utils.yaml import yaml_load
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment
from shared import palette

ASSETS = ROOT / "docs/assets"
TOOLS = ROOT / ".github/tools"
CHECKS = {
    "format and lint": "biome check --error-on-warnings docs/assets/css docs/assets/js "
    "snippets/_weave/browser/worker.js",
    "types": "tsc --project .github/tools",
}
# The build writes these.
WRITTEN = {"assets/css/palette.css"}
BEFORE_THE_THEME = {"assets/js/search.js", "assets/js/keyboard.js"}
WHEN_ASKED = {"assets/js/exercise.js"}  # by code.js


@pytest.mark.parametrize("check", CHECKS)
def test_scripts_and_style_sheets_pass(check):
    name, *options = CHECKS[check].split()
    tool = shutil.which(name, path=TOOLS / "node_modules/.bin")
    if tool is None or shutil.which("node") is None:
        said = (
            f"JavaScript and CSS, {check}: LEFT OUT, because node or {name} is not "
            "there (npm ci --prefix .github/tools)"
        )
        pytest.fail(said, pytrace=False) if os.environ.get("CI") else pytest.skip(said)
    done = subprocess.run(
        [tool, *options],
        cwd=ROOT,
        env=os.environ | {"BIOME_CONFIG_PATH": str(TOOLS / "biome.jsonc")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_tool_is_pinned_exactly_and_by_its_digest():
    asked = json.loads((TOOLS / "package.json").read_text("utf-8"))["devDependencies"]
    locked = json.loads((TOOLS / "package-lock.json").read_text("utf-8"))["packages"]
    for name, version in asked.items():
        assert locked[f"node_modules/{name}"]["version"] == version
    for name, package in locked.items():
        if name:
            assert package["integrity"].startswith("sha512-"), name
            assert "resolved" not in package, f"{name}: no registry is named here"


def sheets():
    """The text of every style sheet that is not written by the build."""
    return {file.name: file.read_text("utf-8") for file in ASSETS.rglob("*.css")}


def test_no_style_sheet_names_a_colour():
    colour = re.compile(r":[^;{}]*?(#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\()", re.I)
    for name, text in sheets().items():
        found = colour.search(text)
        assert not found, f"{name}: {found[1]}; colours are in shared/palette.py"


def roles(figures, page):
    """The CSS variables of two palettes."""
    of_figures = {f"fig-{role}": colour for role, colour in figures.items()}
    return of_figures | {f"page-{role}": colour for role, colour in page.items()}


SCHEMES = {
    "light": roles(palette.LIGHT, palette.PAGE_LIGHT),
    "dark": roles(palette.DARK, palette.PAGE_DARK),
}


def test_style_sheets_use_roles_that_have_a_light_and_a_dark_colour():
    assert SCHEMES["light"].keys() == SCHEMES["dark"].keys()
    used = {
        role
        for text in sheets().values()
        for role in re.findall(r"var\(--((?:fig|page)-[\w-]+)", text)
    }
    assert used <= SCHEMES["light"].keys()
    assert {role for role in SCHEMES["light"] if role.startswith("page-")} <= used


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_build_writes_every_role_for_its_scheme(site_folder, scheme):
    css = next(site_folder.glob("assets/css/*-palette-*.css")).read_text("utf-8")
    light, dark, *_ = css[css.index("--fig-") :].split("@media screen")
    part = light if scheme == "light" else dark
    written = dict(re.findall(r"--((?:fig|page)-[\w-]+): (#[0-9a-f]{6});", part))
    assert written == SCHEMES[scheme]


def tokens(file, code):
    """What a browser reads of a file: no comments, no blanks."""
    parts = get_lexer_by_name(file.suffix[1:]).get_tokens(code)
    return [
        (kind, text) for kind, text in parts if text.strip() and kind not in Comment
    ]


@pytest.mark.parametrize(
    "file", sorted(ASSETS.glob("*/*.[cj]s*")), ids=lambda file: file.name
)
def test_what_is_published_is_the_file_without_its_comments(file):
    code = file.read_text("utf-8")
    published = without_comments(code)
    assert tokens(file, published) == tokens(file, code)
    assert not re.search(r"^\s*/\*(?!.*\*/.)", published, re.MULTILINE)


def test_the_build_publishes_them_so(site_folder):
    name = "js/quiz.js"
    published = (site_folder / "assets" / name).read_text("utf-8")
    assert published == without_comments((ASSETS / name).read_text("utf-8"))
    theme = [*site_folder.glob("assets/javascripts/bundle*.js")]
    assert "sourceMappingURL" in theme[0].read_text("utf-8")


def test_the_brake_of_the_search_was_written_for_this_version_of_the_theme():
    """With another one, see in a browser whether the search still waits, and finds."""
    brake = (ASSETS / "js/search.js").read_text("utf-8")
    pins = (ROOT / "requirements.txt").read_text("utf-8")
    pinned = re.search(r"^mkdocs-material==(\S+)", pins, re.M)[1]
    named = re.search(r"Material for\s+MkDocs ([\d.]+\d)", brake)[1]
    assert named == pinned, "look at docs/assets/js/search.js, then name the version"


class Parts(HTMLParser):
    """What a page has: elements, classes, and the files of ours that it loads."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.loads = set(), []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.elements |= {tag, *given.get("class", "").split()}
        if given.get("data-from"):
            self.elements.add("what waits")
        link = given.get("src" if tag == "script" else "href") or ""
        links = [link] if tag in ("script", "link") else []
        for link in [*links, *(given.get("data-scripts") or "").split()]:
            if re.search(r"assets/(css|js)/", link):
                # Each page with figures to move has a script with functions for them,
                # perhaps another with those of other pages, too, and one with what
                # they are made of.
                link = re.sub(r"explore-[\da-f]+\.js", "explore-functions.js", link)
                link = re.sub(r"figures-[\da-f]+\.js", "figures.js", link)
                link = link[link.index("assets/") :]
                if link not in self.loads or "functions" not in link:
                    self.loads += parts(link)


def parts(link):
    """A file that pages load, or the style sheets of which it was joined."""
    *names, last = link.removeprefix("assets/css/").split("-")
    if re.fullmatch(r"[\da-f]{8}\.css", last) and names:
        return [f"assets/css/{name}.css" for name in names]
    return [link]


def needed(elements):
    """The files that a page with these elements needs beyond those of every page."""
    common = "question", "exercise", "run", "explore", "bank", "drill"
    common = {f"weave-{name}" for name in common}
    files = {
        "css/maths.css": {"math"},
        "css/controls.css": common,
        "css/check.css": {"weave-check"},
        "css/quiz.css": {"weave-question", "weave-exercise", "weave-run"},
        "js/quiz.js": {"weave-question", "weave-exercise"},
        "css/exercise.css": {"weave-exercise", "weave-run"},
        "js/code.js": {"weave-exercise", "weave-run"},
        "css/explore.css": {"weave-explore"},
        "js/explore-functions.js": {"weave-explore"},
        "js/explore.js": {"weave-explore"},
        "js/near.js": {"weave-explore", "weave-bank", "what waits"},
        "js/figures.js": {"weave-explore"},
        "js/map.js": {"weave-counts"},
        "css/practice.css": {"weave-bank", "weave-drill"},
        "js/practice.js": {"weave-bank", "weave-drill"},
        "css/reference.css": {"dl"},
    }
    return {f"assets/{file}" for file, by in files.items() if elements & by}


def test_a_page_loads_what_it_needs_and_nothing_else(site_folder):
    pages = {
        file.relative_to(site_folder).as_posix(): Parts(file.read_text("utf-8"))
        for file in site_folder.rglob("*.html")
        if "asked" not in file.parts
    }
    every = ["assets/js/content.js", "assets/js/marks.js"]
    # The theme has two, one of which has the name of ours.
    every += [f"assets/css/{n}.css" for n in ("main", "palette", "palette", "site")]
    own = {"index.html": {"assets/css/home.css"}}
    own |= {name: {"assets/css/labs.css"} for name in pages if "labs/" in name}
    own["labs/index.html"] = set()
    own["reference/formulas/index.html"] = {"assets/css/reference.css"}
    for name, page in pages.items():
        more = BEFORE_THE_THEME | needed(page.elements) | own.get(name, set())
        assert sorted(page.loads) == sorted([*every, *more]), name


def test_every_asset_is_loaded_by_some_page():
    config = yaml_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    named = [*config["extra_css"]]
    named += [file["path"] for file in config["extra_javascript"]]
    named += [file.get("css") or file["js"] for file in config["extra"]["loads"]]
    kept = [
        file.relative_to(ROOT / "docs").as_posix()
        for kind in ("css", "js")
        for file in (ASSETS / kind).glob(f"*.{kind}")  # and their licences
    ]
    listed = [*named, *BEFORE_THE_THEME, *WHEN_ASKED]
    assert sorted(listed) == sorted([*kept, *WRITTEN])
