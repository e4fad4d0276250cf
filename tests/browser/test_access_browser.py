"""Readers with a keyboard, a screen reader, or no wish for motion."""

import pytest

from .test_pages_browser import LOST


def test_a_figure_is_drawn_when_the_reader_comes_near(site, tab):
    page = tab(site + "descent/", viewport={"width": 360, "height": 700})
    drawn_within = """async (figure, frames) => {
      const auto = { contentVisibilityAuto: true };
      const drawn = () => figure.firstElementChild.checkVisibility(auto);
      for (let frame = 0; frame < frames && !drawn(); frame += 1) {
        await new Promise(requestAnimationFrame);
      }
      return drawn();
    }"""
    last = page.locator("article > figure.drawn").last
    assert not last.evaluate(drawn_within, 10)
    last.scroll_into_view_if_needed()
    assert last.evaluate(drawn_within, 1000)
    assert last.locator("svg").bounding_box()["width"] > 200


LESSON = "descent/"
FOCUSED = """() => {
  const element = document.activeElement;
  const marked = element.matches(".md-option") ? element.nextElementSibling : element;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(marked);
  const { width, height } = marked.getBoundingClientRect();
  const seen = element.matches(".md-search__input")
    ? boxShadow !== "none" || outlineStyle !== "none"
    : outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
  const words = element.textContent.trim() || element.title;
  const text = element.getAttribute("aria-label") ?? words;
  return { tag: element.tagName, text, seen: seen && width > 0 && height > 0 };
}"""


def tab_until(page, wanted, limit=200):
    """Press the tab key until the wanted text has the focus, which is always seen."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        assert focused["seen"], f"nothing shows the focus on {focused}"
        if wanted in focused["text"]:
            return focused
    raise AssertionError(f"{limit} times Tab, and never {wanted}")


def test_a_lesson_is_read_with_the_keyboard_alone(site, tab):
    page = tab(site + LESSON, viewport={"width": 1280, "height": 800})
    assert tab_until(page, "Skip to content", 1)
    page.keyboard.press("Enter")
    assert tab_until(page, "loss functions", 3)  # the header and the menu are behind
    # An answer: the field says what it wants, the verdict is spoken and stays in view.
    tab_until(page, "")
    field = page.locator("#descent-1 input")
    while not field.evaluate("field => field === document.activeElement"):
        tab_until(page, "", 1)
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    verdict = page.locator("#descent-1 output")
    assert verdict.inner_text().startswith("✗ Not right.")
    tab_until(page, "Check", 1)
    summary = tab_until(page, "Worked solution", 3)
    assert summary["tag"] == "SUMMARY"
    page.keyboard.press("Enter")
    assert page.locator("#descent-1 details").get_attribute("open") is not None


def test_the_menu_leads_to_the_next_lesson_by_keyboard(site, tab):
    page = tab(site + LESSON, viewport={"width": 1280, "height": 800})
    tab_until(page, "The learning rate")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rate/")


def test_the_drawer_of_a_phone_opens_and_closes_by_keyboard(site, tab):
    page = tab(site + LESSON, viewport={"width": 360, "height": 800})
    menu = page.get_by_role("button", name="Navigation")
    sidebar = page.locator(".md-sidebar--primary")
    entry = sidebar.get_by_role("link", name="Optimisation")
    assert menu.get_attribute("aria-expanded") == "false"
    assert not entry.is_visible()
    tab_until(page, "Navigation", 4)
    page.keyboard.press("Tab")
    palette = page.evaluate(FOCUSED)
    assert (palette["tag"], palette["text"][:9]) == ("INPUT", "Palette: ")
    page.keyboard.press("Tab")  # one stop, which is no button beside its radio
    assert page.evaluate(FOCUSED)["text"] == "Search"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    entry.wait_for()
    assert menu.locator("svg").is_visible()
    page.keyboard.press("Shift")
    assert menu.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    entry.wait_for(state="hidden")
    assert page.evaluate(FOCUSED)["text"] == "Navigation"
    page.keyboard.press("Space")
    entry.wait_for()


@pytest.mark.parametrize("width", [1280, 360])
def test_the_search_is_used_by_keyboard(site, tab, width):
    page = tab(site + "rate/", viewport={"width": width, "height": 800})
    if width == 360:
        tab_until(page, "Search", 6)
        page.keyboard.press("Enter")
    else:
        page.keyboard.press("/")
    # Open a moment after its field has the focus; keys before that are not its own.
    query = page.locator("#__search:checked ~ * .md-search__input:focus")
    query.wait_for()
    # All at once: each letter brings other results, in the place of the focused one.
    page.keyboard.insert_text("omeg")
    page.keyboard.press("a")
    page.locator(".md-search-result__link").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED)["tag"] == "A"
    page.keyboard.press("Enter")
    page.wait_for_url("**/descent/**")
    page.keyboard.press("/")
    query.wait_for()
    page.keyboard.press("Escape")
    page.locator("#__search:not(:checked)").wait_for(state="attached")
    page.locator(".md-search__input:focus").wait_for(state="detached")


def heard(locator):
    """What a screen reader is told, in one line."""
    return " ".join(locator.aria_snapshot().split())


def test_a_screen_reader_is_told_what_a_figure_shows(site, tab):
    page = tab(site + LESSON)
    figure = page.locator("#figure-descent-tangent")
    alt = figure.locator("svg").get_attribute("aria-label")
    assert alt.startswith("A parabola with its tangent at x = 2")
    assert heard(figure).startswith('- figure "Figure 2. Where the ground rises')
    assert f'- img "{alt}"' in heard(figure)


def test_a_screen_reader_is_told_what_a_question_asks(site, tab):
    page = tab(site + LESSON)
    asked = page.locator("#descent-1")
    assert heard(asked) == (
        '- group "warm-up On f ( x ) = x 2 you stand at x = 2 . What is the next x '
        'with learning rate 0.1?": - text: warm-up On - math: f ( x ) = x 2 '
        "- text: you stand at - math: x = 2 - text: . What is the next "
        "- math: x - text: with learning "
        "rate 0.1? - paragraph: - text: Your answer (within 0.001) - textbox "
        '"Your answer (within 0.001)" - paragraph: - button "Check" - status '
        "- group: Worked solution"
    )


def test_a_screen_reader_reads_formulas_as_formulas(site, tab):
    page = tab(site + LESSON)
    assert heard(page.locator("div.maths").first) == (
        '- group "Formula": - math: f ( x + Δ ) ≈ f ( x ) + f ′ ( x ) Δ .'
    )
    page.goto(site + "batches/")
    first = page.locator("th:has(math)").first
    assert first.get_attribute("aria-label") == "B"  # browsers give it no name


MOVING = """() => [...document.querySelectorAll("*")]
  .map((element) => getComputedStyle(element))
  .filter((style) => style.animationName !== "none"
    || style.scrollBehavior === "smooth"
    || style.transitionDuration.split(", ").some((time) => parseFloat(time) > 0))
  .length"""


def test_who_wants_no_motion_gets_none(site, tab):
    assert tab(site, reduced_motion="reduce").evaluate(MOVING) == 0
    assert tab(site, reduced_motion="no-preference").evaluate(MOVING) > 0


SIGN = """(part) => getComputedStyle(document.querySelector(part), "::PSEUDO")
  .backgroundColor"""


def test_in_the_browsers_own_colours_signs_are_seen(site, tab):
    page = tab(site, forced_colors="active")
    before = SIGN.replace("PSEUDO", "before")
    station, other = ".home-path .station", ".home-path li:not(.station)"
    assert page.evaluate(before, station) != page.evaluate(before, other)
    page.goto(site + LESSON)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert page.evaluate(SIGN.replace("PSEUDO", "after"), "summary") != ground
    tab_until(page, "loss functions", 60)  # each of them with its outline


def test_with_more_contrast_no_text_is_paler_than_another(site, tab):
    colour = "(part) => getComputedStyle(document.querySelector(part)).color"
    for contrast, same in ("more", True), ("no-preference", False):
        page = tab(site + LESSON, contrast=contrast)
        soft, ink = (page.evaluate(colour, part) for part in ("figcaption", "body"))
        assert (soft == ink) == same


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", ["", "rate/", "reference/verification/"])
def test_with_letters_of_twice_the_size_nothing_is_lost(site, tab, path, width):
    page = tab(site + path, own=True, viewport={"width": width, "height": 800})
    devtools = page.context.new_cdp_session(page)
    before = page.evaluate(SIZE_OF_TEXT)
    devtools.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.reload()
    assert page.evaluate(SIZE_OF_TEXT) == 2 * before
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(LOST) == []


SIZE_OF_TEXT = "parseFloat(getComputedStyle(document.querySelector('p')).fontSize)"
