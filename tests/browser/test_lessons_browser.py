"""The published pages in a real browser, as a reader meets them."""

import pytest
from conftest import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(
    file.relative_to(DOCS).with_suffix("").as_posix()
    for file in [*DOCS.rglob("*.md"), *DOCS.glob("labs/*.py")]
)
ADDRESS = {page: f"{page}/".removesuffix("index/") for page in PAGES}
LESSONS = [
    page
    for page in PAGES
    if (DOCS / f"{page}.md").exists()
    and "!!! goal" in (DOCS / f"{page}.md").read_text()
]
PHONE = {"width": 320, "height": 640}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_loads_whole_and_asks_nobody_else(site, tab, page):
    """The fixture fails on console errors, a broken content policy included."""
    asked = []
    opened = tab("about:blank", viewport=PHONE)
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(site + ADDRESS[page])
    assert opened.locator("h1").count() == 1
    for scheme in "dark", "light":
        opened.emulate_media(color_scheme=scheme)
        wide = opened.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], f"{wide} px wide on a phone, {scheme}"
    boxes = opened.evaluate(
        "[...document.querySelectorAll('figure.drawn svg')]"
        ".filter((svg) => svg.checkVisibility())"
        ".map((svg) => [svg.clientWidth, svg.clientHeight])"
    )
    assert all(width > 100 and height > 60 for width, height in boxes)
    assert page not in LESSONS or len(boxes) >= 3
    assert all(url.startswith((site, "data:")) for url in asked)


def colours(page):
    """The colour of the first figure's text and of the page behind it."""
    text = "getComputedStyle(document.querySelector('figure.drawn text')).fill"
    ground = "getComputedStyle(document.body).backgroundColor"
    return page.evaluate(f"[{text}, {ground}]")


def test_figures_follow_the_palette(site, tab):
    light = colours(tab(site + "descent/", color_scheme="light"))
    dark = colours(tab(site + "descent/", color_scheme="dark"))
    assert light[0] == "rgb(28, 36, 48)"
    assert dark[0] == "rgb(228, 232, 238)"
    assert light[1] != dark[1]


def test_formulas_are_drawn_by_the_browser_itself(site, tab):
    page = tab(site + "descent/")
    formulas = page.locator("math")
    assert formulas.count() > 20
    first = page.locator("div.maths math").first
    box = first.bounding_box()
    assert box["width"] > 60
    assert box["height"] > 12
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('16px \"STIX Two Math\"')")


def test_the_search_finds_a_word_of_a_lesson(site, tab):
    page = tab(site)
    query = page.locator("[data-md-component=search-query]")
    query.click()
    query.press_sequentially("omega", delay=30)
    section = "descent/#a-minimum-that-no-formula-gives"
    page.locator(f".md-search-result__link[href*='{section}']").wait_for(
        state="attached", timeout=10000
    )


def test_without_javascript_the_page_is_whole(site, tab):
    page = tab(site + "rate/", java_script_enabled=False)
    assert page.locator("figure.drawn svg").count() >= 5
    assert page.locator("math").count() > 10
    solution = page.locator("weave-question details").first
    solution.locator("summary").click()
    assert solution.locator("p").first.is_visible()
