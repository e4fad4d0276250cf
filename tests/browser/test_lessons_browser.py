"""The published pages in a real browser, as a reader meets them."""

import json
from urllib.parse import quote

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


IMAGE = "<img src=x onerror='window.broken = true'>"
HOSTILE = [
    "#" + IMAGE,
    "#" + quote(IMAGE),
    "#__search" + IMAGE,
    "#javascript:window.broken=true",
    "#explore-square?rate=" + IMAGE,
    "#explore-square?" + quote(IMAGE) + "=1&start=" + quote(IMAGE),
    "?q=" + quote(IMAGE),  # what the theme searches for
    "?h=" + quote(IMAGE),  # what the theme marks in the text
    "?q=rate&h=" + quote("</script><script>window.broken = true</script>"),
]
INTRUDED = "document.querySelectorAll('img[src=x], [onerror], [onload]').length"


@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_address_puts_nothing_into_a_page(site, tab, address):
    """The fixture fails on what the content policy had to stop."""
    page = tab(site + "rate/")
    scripts = page.locator("script").count()
    page.goto("about:blank")
    page.goto(site + "rate/" + address)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(INTRUDED) == 0
    assert page.locator("script").count() == scripts
    assert page.evaluate("window.broken") is None
    assert (
        page.locator("article.md-content__inner > h1").inner_text()
        == "The learning rate"
    )


def test_what_the_browser_kept_puts_nothing_into_a_page(site, tab):
    page = tab(site + "rate/")
    colour = {"media": IMAGE, "scheme": IMAGE, "primary": "</body>", "accent": IMAGE}
    question = page.locator("weave-question").first.get_attribute("id")
    kept = {
        "/.__palette": {"index": 0, "color": colour},
        "/.__tabs": [IMAGE],
        "weave-progress": {
            "version": 1,
            "questions": {
                question: {"right": True, "tries": IMAGE},
                IMAGE: {"right": True, "tries": 1},
            },
        },
    }
    for name, content in kept.items():
        page.evaluate(
            "([name, text]) => localStorage.setItem(name, text)",
            [name, json.dumps(content)],
        )
    page.reload()
    assert page.locator(".weave-answered").first.inner_text() == ""
    assert page.evaluate(INTRUDED) == 0
    assert page.evaluate("window.broken") is None
