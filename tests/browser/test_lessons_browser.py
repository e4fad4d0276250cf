"""The published pages in a real browser, as a reader meets them."""

import json
from urllib.parse import quote

from playwright.sync_api import expect


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


def test_the_colours_that_a_reader_chooses_stay(site, tab):
    page = tab(site + "descent/", own=True, color_scheme="dark")
    scheme = "document.body.dataset.mdColorScheme"
    assert page.evaluate(scheme) == "slate"
    page.get_by_title("Switch to light").click()
    assert page.evaluate(scheme) == "default"
    page.goto(site + "rate/")
    assert page.evaluate(scheme) == "default"
    page.get_by_title("Switch to dark").click()
    page.get_by_title("Switch to the system's").click()
    assert page.evaluate(scheme) == "slate"
    page.emulate_media(color_scheme="light")
    page.locator("[data-md-color-scheme=default]").first.wait_for()


def test_the_contents_say_which_part_is_read(site, tab):
    page = tab(site + "descent/", viewport={"width": 1280, "height": 800})
    contents = page.locator(".md-nav--secondary")
    reading = contents.locator(".md-nav__link--active")
    assert reading.count() == 0
    for part in "How fast?", "The slope says which way":
        link = contents.locator("a", has_text=part)
        link.evaluate("link => document.querySelector(link.hash).scrollIntoView()")
        contents.locator(".md-nav__link--active", has_text=part).wait_for()
        assert reading.count() == 1


def test_single_keys_lead_to_the_next_page_and_back(site, tab):
    page = tab(site + "descent/")
    answer = page.locator("#descent-1 input")
    answer.press("p")
    assert answer.input_value() == "p"
    page.locator("h1").click()
    page.keyboard.press("n")
    page.wait_for_url("**/rate/")
    page.keyboard.press("p")
    page.wait_for_url("**/descent/")


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
        state="attached"
    )


# Whether each drawing is there, or in its place an image with ink in it: all is not of
# one colour.
SEEN = """(drawings) => Promise.all(drawings.map(async (drawing) => {
  const image = drawing.querySelector("img");
  if (!image) return drawing.querySelectorAll("path").length > 2;
  await image.decode();
  const canvas = new OffscreenCanvas(90, 60).getContext("2d");
  canvas.drawImage(image, 0, 0, 90, 60);
  const { data } = canvas.getImageData(0, 0, 90, 60);
  return new Set(new Uint32Array(data.buffer)).size > 9;
}))"""


def test_without_javascript_the_page_is_whole(site, tab):
    page = tab(site + "rate/", java_script_enabled=False)
    drawings = page.locator("figure.drawn svg")
    assert drawings.count() >= 5
    assert drawings.evaluate_all(SEEN) == [True] * drawings.count()
    assert page.locator("math").count() > 10
    solution = page.locator("weave-question details").first
    solution.locator("summary").click()
    assert solution.locator("p").first.is_visible()
    page.locator(".weave-check").first.click()
    page.get_by_role("link", name="Checked by the build").click()
    assert (
        "claim_the_factor_tells_the_regime" in page.locator("div:visible").inner_text()
    )


LACKING = "figure.drawn svg:has(> foreignObject)"
# Who watches what is near has seen what the last scrolling brought there.
NOTICED = """new Promise((seen) => {
  new IntersectionObserver(() => setTimeout(seen)).observe(document.body);
})"""


def test_drawings_come_when_the_first_that_waits_is_near(site, tab):
    page = tab("about:blank", own=True)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site + "momentum/", wait_until="networkidle")
    lacking = page.locator(LACKING).count()
    assert lacking > 8
    assert not [url for url in asked if "/drawings-" in url or "/asked/" in url]
    places = "drawings => drawings.map((one) => one.getBoundingClientRect().height)"
    heights = page.locator("figure.drawn svg").evaluate_all(places)
    images = "**/drawings-*"
    page.route(images, lambda route: route.abort("internetdisconnected"))
    third = page.locator("figure.drawn").nth(2)
    third.scroll_into_view_if_needed()
    page.wait_for_event("console", lambda said: "ERR_INTERNET" in said.text)
    page.complaints.clear()
    page.unroute(images)  # the next that is near asks again
    assert page.locator(LACKING).count() == lacking
    page.locator("figure.drawn").nth(5).scroll_into_view_if_needed()
    page.locator(LACKING).first.wait_for(state="detached")
    assert page.locator("figure.drawn svg").evaluate_all(places) == heights
    asked.clear()
    page.locator("figure.drawn").nth(8).scroll_into_view_if_needed()
    page.evaluate(NOTICED)
    assert not [url for url in asked if "/drawings-" in url]  # once is enough


def test_how_a_sentence_was_checked_comes_when_a_reader_asks(site, tab):
    page = tab(site + "momentum/")
    checked = page.locator(".weave-checked")
    assert checked.nth(0).text_content() == "Checked by the build"
    page.locator(".weave-check").first.click()
    checked.nth(0).locator("code").wait_for()
    assert checked.filter(has=page.locator("a")).count() == 0  # nor where nobody asked
    assert page.locator(LACKING).count() > 8  # which have a file of their own


def test_what_is_said_to_an_answer_comes_when_the_question_is_near(site, tab):
    page = tab(site + "momentum/")
    told = "async (all, frames) => {"
    told += "  const empty = () => all.every((one) => !one.content.childElementCount);"
    told += "  while (frames-- && empty()) await new Promise(requestAnimationFrame);"
    told += "  return !empty(); }"
    templates = page.locator("weave-question template")
    assert not templates.evaluate_all(told, 1)
    page.locator("weave-question").first.scroll_into_view_if_needed()
    assert templates.evaluate_all(told, 1000)


def test_what_is_far_comes_after_a_figure_moves_too(site, tab):
    """The pictures of the map are not in the file that a figure to move asks for."""
    page = tab(site, viewport={"width": 360, "height": 740})
    page.locator("weave-explore form:not([hidden])").first.wait_for()
    lacking = page.locator(".home-path svg:has(> foreignObject)")
    assert lacking.count() > 8
    page.locator(".home-path").scroll_into_view_if_needed()
    expect(lacking).to_have_count(0)


def test_drawings_that_wait_are_printed(site, tab):
    page = tab(site + "momentum/")
    assert page.locator(LACKING).count() > 8
    page.pdf()
    assert page.locator(LACKING).count() == 0
    page.reload()
    left = """(lacking) => {
      dispatchEvent(new Event("beforeprint"));
      return document.querySelectorAll(lacking).length;
    }"""
    assert page.evaluate(left, LACKING) == 0  # a printer does not wait


LOW = {"width": 1280, "height": 200}  # so that most of a page is far


def moving(tab, address):
    """A page that was opened, and the scripts of figures to move that it asks for."""
    page = tab("about:blank", own=True, viewport=LOW)
    scripts = []

    def heard(request):
        if "/figures-" in request.url or "/explore" in request.url:
            scripts.append(request.url)

    page.on("request", heard)
    page.goto(address, wait_until="networkidle")
    return page, scripts


def test_what_moves_is_served_where_a_reader_may_need_it(site, tab):
    page, scripts = moving(tab, site + "rate/")
    assert not scripts
    page.locator("weave-exercise textarea").first.focus()  # may be drawn on a figure
    page.locator("weave-explore form:not([hidden])").first.wait_for(state="attached")
    page, scripts = moving(tab, site + "rate/#nowhere")  # may be a state
    page.locator("weave-explore form:not([hidden])").first.wait_for(state="attached")
    assert scripts


def test_scripts_of_figures_wait_for_what_these_lack_and_for_each_other(site, tab):
    page, scripts = moving(tab, site + "rate/")
    held = []
    page.route("**/js/figures-*", lambda route: held.append(route))
    page.route("**/asked/*", lambda route: held.append(route))
    moved = page.locator("weave-explore").first
    moved.evaluate("moved => moved.scrollIntoView()")
    while not held:
        page.evaluate(NOTICED)
    assert not scripts
    with page.expect_response("**/explore.js"):
        held.pop().continue_()
    page.evaluate(NOTICED)
    form = moved.locator("form:not([hidden])")
    assert form.count() == 0
    held.pop().continue_()
    form.wait_for(state="attached")


def test_drawings_that_wait_are_seen_from_a_disk(site_folder, tab):
    page = tab((site_folder / "rate/index.html").as_uri(), own=True)
    page.locator("figure.drawn").nth(3).scroll_into_view_if_needed()
    page.locator(f"{LACKING} img").first.wait_for(state="attached")
    images = page.locator(f"{LACKING} img")
    decoded = "all => Promise.all(all.map((one) => one.decode().then(() => one.width)))"
    assert page.locator(LACKING).count() == images.count() > 5
    assert all(width > 100 for width in images.evaluate_all(decoded))
    page.complaints.clear()  # a script may read no file there


IMAGE = "<img src=x onerror='window.broken = true'>"
HOSTILE = [
    "#" + IMAGE,
    "#" + quote(IMAGE),
    "#__search" + IMAGE,
    "#javascript:window.broken=true",
    "#explore-square?rate=" + IMAGE,
    "#explore-square?" + quote(IMAGE) + "=1&start=" + quote(IMAGE),
    # What the theme searches for, and what it marks in the text.
    f"?q={quote(IMAGE)}&h={quote(IMAGE)}",
    "?q=rate&h=" + quote("</script><script>window.broken = true</script>"),
]
INTRUDED = "document.querySelectorAll('img[src=x], [onerror], [onload]').length"


def test_a_hostile_address_puts_nothing_into_a_page(site, tab):
    """The fixture fails on what the content policy had to stop."""
    page = tab(site + "rate/")
    others = 'script:not([src*="assets/js/"])'  # ours come when needed
    scripts = page.locator(others).count()
    for address in HOSTILE:
        page.goto("about:blank")
        idle = "networkidle" if address.startswith("?") else "load"
        page.goto(site + "rate/" + address, wait_until=idle)
        assert page.evaluate(INTRUDED) == 0, address
        assert page.locator(others).count() == scripts, address
        assert page.evaluate("window.broken") is None, address
        title = page.locator("article.md-content__inner > h1").inner_text()
        assert title == "The learning rate", address


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


def test_the_navigation_marks_what_is_begun_and_what_is_done(site, tab):
    page = tab(site + "loss/")
    link = page.locator(".md-nav--primary a.md-nav__link[href='./']").first
    mark = link.locator(".weave-mark")
    asked = "weave-question[id^='loss-']:not([kind=open])"
    ids = page.locator(asked).evaluate_all("all => all.map(({id}) => id)")
    assert mark.count() == 0
    for solved, sign in [(ids[:1], "begun"), (ids, "done")]:
        right = {key: {"right": True, "tries": 1} for key in solved}
        record = json.dumps({"version": 1, "questions": right})
        page.evaluate("text => localStorage.setItem('weave-progress', text)", record)
        page.reload()
        assert mark.get_attribute("aria-label") == sign
        parts = page.locator(".md-nav--primary a[href*='#']")
        assert parts.count() > parts.locator(".weave-mark").count() == 0
        said = f"Here you have answered {len(solved)} of {len(ids)} questions."
        assert page.locator(".weave-here").inner_text() == said
