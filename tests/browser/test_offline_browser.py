"""The site from a folder: built with OFFLINE=true, opened without a server.

Of most pages the head alone, unless WHOLE_SITE is set.
"""

import os
import re
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT
from project import carried, shorten

WHOLE_SITE = bool(os.environ.get("WHOLE_SITE"))
READ_WHOLE = "index.md", "descent.md", "labs/index.md", "reference/glossary.md"


@pytest.fixture(scope="module")
def folder(site_folder, tmp_path_factory):
    """The site as it is put into the archive for reading offline.

    Built after the site, whose build has run the lessons.
    """
    folder, course, strict = tmp_path_factory.mktemp("offline"), ROOT, ["--strict"]
    if not WHOLE_SITE:
        course, strict = tmp_path_factory.mktemp("short"), []  # links lead to heads
        for name in "docs", "snippets", "tests", ".cache/weave":
            shutil.copytree(ROOT / name, course / name, copy_function=carried)
        shutil.copy(ROOT / "mkdocs.yml", course)
        shorten(course, READ_WHOLE)
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", *strict, "-d", folder],
        cwd=course,
        env=os.environ | {"OFFLINE": "true"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return folder


@pytest.fixture
def opened(tab, folder):
    """Opens a page of the folder; what it asks for must lie in the folder."""
    asked = []

    def opened(name, **options):
        page = tab("about:blank", own=True, **options)
        page.on("request", lambda request: asked.append(request.url))
        page.goto((folder / name).as_uri())
        return page

    yield opened
    inside = folder.as_uri(), "data:", "blob:"  # of the page's own making
    outside = [url for url in asked if not url.startswith(inside)]
    assert outside == []


def test_text_figures_and_formulas_are_there(opened):
    page = opened("descent.html")
    assert page.locator("h1").inner_text() == "Gradient descent in one dimension"
    svg = page.locator("figure.drawn svg:has(text)").first
    assert svg.bounding_box()["width"] > 200
    ink = svg.locator("text").first.evaluate("part => getComputedStyle(part).fill")
    assert ink == "rgb(28, 36, 48)"
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate(
        "[...document.fonts].filter((font) => font.status === 'loaded')"
        ".map((font) => font.family)"
    )
    families = {name.strip('"') for name in loaded}
    assert {"STIX Two Math Cut", "Text", "Code"} <= families


def test_a_question_is_answered_and_the_answer_kept(opened):
    page = opened("descent.html")
    page.locator("#descent-1 input").fill("0")
    page.locator("#descent-1").get_by_role("button", name="Check").click()
    assert page.locator("#descent-1 output").inner_text().startswith("✗ Not right.")
    page.reload()
    assert '"descent-1"' in page.evaluate("localStorage['weave-progress']")


def test_code_is_written_and_judged(opened):
    page = opened("descent.html")
    exercise = page.locator("#descent-step")
    exercise.locator("textarea").fill(
        "def step(grad, x, rate):\n    return x - grad(x)"
    )
    exercise.get_by_role("button", name="Check").click()
    exercise.get_by_text("You forgot the rate").wait_for()


def test_a_figure_is_moved(opened):
    page = opened("index.html")
    page.get_by_role("button", name="Values from theory").click()
    page.get_by_role("button", name="limit 2").click()
    slider = page.get_by_role("slider", name="rate")
    assert slider.get_attribute("aria-valuetext") == "2"
    assert page.locator("figure.drawn svg circle").count() > 10


STARTS = ["labs/index.html", "index.html"] if WHOLE_SITE else ["labs/index.html"]


@pytest.mark.parametrize("start", STARTS)
def test_the_search_finds_a_word_and_leads_to_its_place(opened, start):
    page = opened(start)
    query = page.locator("[data-md-component=search-query]")
    query.click()
    query.press_sequentially("omega", delay=20)
    found = page.locator(".md-search-result__link[href*='#a-minimum-that-no-formula']")
    found.first.wait_for(state="attached")
    found.first.evaluate("link => link.click()")
    page.wait_for_url("**/descent.html*")
    assert "omega" in page.locator("article").inner_text().lower()


def test_every_link_within_the_folder_leads_to_a_file(folder):
    broken = []
    pages = set(folder.rglob("*.html")) - {folder / "404.html"}  # that is a server's
    for file in sorted(pages):
        for link in re.findall(r'(?:href|src)="([^"#?]+)', file.read_text("utf-8")):
            if ":" not in link and not (file.parent / link).is_file():
                broken.append(f"{file.relative_to(folder)}: {link}")
    assert broken == []


def test_no_page_names_what_it_would_need_from_elsewhere(folder):
    for file in folder.rglob("*.html"):
        html = file.read_text("utf-8")
        needed = re.findall(r'<(?:script|iframe|img)[^>]*src="(https?:[^"]*)"', html)
        needed += re.findall(r'<link rel="stylesheet" href="(https?:[^"]*)"', html)
        assert needed == [], file.name
