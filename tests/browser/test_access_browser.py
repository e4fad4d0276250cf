"""Readers with a keyboard, a screen reader, large letters, the dark, or paper."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from browser.test_lessons_browser import ADDRESS, LESSONS, PAGES

# What axe-core does not look into takes most of its time: drawings, which are one
# picture each, and the parts of formulas, which are text to it.
LIGHTEN = """() => {
  for (const part of document.querySelectorAll("details")) part.open = true;
  for (const svg of document.querySelectorAll("figure svg")) svg.replaceChildren();
  for (const math of document.querySelectorAll("math")) {
    math.replaceWith(math.textContent);
  }
}"""

# Once their colours are seen, so are the words of a program, long tables, and more
# questions of a kind.
LIGHTEN_MORE = """() => {
  for (const code of document.querySelectorAll("pre code")) {
    code.replaceChildren(code.textContent);
  }
  for (const row of document.querySelectorAll("tr:nth-child(n + 5)")) row.remove();
  for (const kind of ["number", "one", "several", "order"]) {
    const alike = document.querySelectorAll(`weave-question[kind=${kind}]`);
    for (const question of [...alike].slice(3)) question.remove();
  }
}"""

# Contrast takes most of the rest. It is the same for all text that has the same
# colour, size and weight on the same ground in the same part of a page, so that one
# element of each kind is enough, and no kind is looked at twice, on whatever page.
COLOURS = """async (known) => {
  const kinds = new Set(JSON.parse(known));
  const include = [];
  for (const element of document.body.querySelectorAll("*")) {
    const texts = [...element.childNodes].filter((node) => node.nodeType === 3);
    if (!texts.some((text) => text.data.trim()) || !element.checkVisibility()) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const part = element.closest("header, nav, article, footer")?.className;
    const within = element.parentElement.tagName;
    const kind = [color, fontSize, fontWeight, part, element.tagName, within];
    for (let ground = element; ground; ground = ground.parentElement) {
      const { opacity, backgroundColor, backgroundImage } = getComputedStyle(ground);
      kind.push(opacity, backgroundColor, backgroundImage);
      if (backgroundColor.startsWith("rgb(")) break;
    }
    if (kinds.has(String(kind))) continue;
    kinds.add(String(kind));
    include.push(element);
  }
  if (!include.length) return [[], known];
  const { violations } = await axe.run({ include }, {
    resultTypes: ["violations"],
    runOnly: ["color-contrast", "link-in-text-block"],
  });
  return [violations, JSON.stringify([...kinds])];
}"""

# No other rule reads a colour. What stands around the article is another one when
# there is room for it; the article is the same.
THE_REST = """(parts) => axe.run(parts, {
  resultTypes: ["violations"],
  rules: {
    "color-contrast": { enabled: false },
    "link-in-text-block": { enabled: false },
    "target-size": { enabled: true },
  },
}).then(({ violations }) => violations)"""


SCHEMES = {"light": "default", "dark": "slate"}
STYLED = """(text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [sheet];
}"""
DRAWN = "* { content-visibility: visible !important }"  # what is far away, too


class Reader:
    """One tab for all pages: a new one for each would take as long as axe-core."""

    def __init__(self, browser, site):
        self.site = site
        # Without motion colours change at once.
        self.context = browser.new_context(reduced_motion="reduce")
        self.tab = self.context.new_page()
        self.tab.on("request", lambda request: self.asked.append(request.url))
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.on("console", self._heard)
        self.known = ["[]"]  # kinds of text that axe-core has seen, as JSON

    def _heard(self, message):
        if message.type == "error":
            self.complaints.append(message.text)

    def goes_to(self, name):
        """Open a page on a phone, or at 400 percent; says what it asked for."""
        self.name, self.asked, self.complaints = name, [], []
        self.tab.emulate_media(media="screen", color_scheme="dark")
        self.tab.set_viewport_size({"width": 320, "height": 640})
        self.tab.goto(self.site + ADDRESS.get(name, name))
        self.tab.evaluate(STYLED, DRAWN)
        return self


@pytest.fixture(scope="module")
def reader(browser, site):
    reader = Reader(browser, site)
    yield reader
    reader.context.close()


@pytest.fixture(scope="module", params=[*PAGES, "404.html"])
def read(reader, request):
    """Each page, opened once for the tests that follow, in their order."""
    return reader.goes_to(request.param)


def stumbles(page, known=None):
    """What axe-core finds in the page in light and dark, wide and narrow.

    `known` holds, as JSON, the kinds of text that need not be looked at again.
    """
    found, known = [], ["[]"] if known is None else known

    def tell(rules, setting):
        for rule in rules:
            for node in rule["nodes"]:
                found.append(f"{setting}: {rule['id']}: {node['html'][:200]}")

    page.evaluate(AXE_SCRIPT)
    page.evaluate(LIGHTEN)
    for width in 1280, 360:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.wait_for_selector(f"[data-md-color-scheme={SCHEMES[scheme]}]")
            rules, known[0] = page.evaluate(COLOURS, known[0])
            tell(rules, f"{scheme}, {width} px")
    page.evaluate(LIGHTEN_MORE)
    parts = {360: {"include": ["html"]}, 1280: {"exclude": ["article"]}}
    for width in parts:
        page.set_viewport_size({"width": width, "height": 800})
        tell(page.evaluate(THE_REST, parts[width]), f"{width} px")
    return found


# What is wider than the page, and not in a box of its own that scrolls.
LOST = """() => [...document.querySelectorAll("article *")]
  .filter((element) => element.checkVisibility() && !element.closest("svg, math"))
  .filter((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    if (width < 2 || (left >= 0 && right <= innerWidth)) return false;
    for (let box = element.parentElement; box; box = box.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(box).overflowX)) return false;
    }
    return true;
  })
  .map((element) => element.outerHTML.slice(0, 150))"""


# Words that leave the drawing they are in, by more than a pixel.
CUT = """() => [...document.querySelectorAll("figure.drawn svg text")]
  .filter((text) => {
    const box = text.getBoundingClientRect();
    const { left, right, top, bottom } = text.closest("svg").getBoundingClientRect();
    return box.left < left - 1 || box.right > right + 1
      || box.top < top - 1 || box.bottom > bottom + 1;
  })
  .map((text) => `${text.closest("figure").id}: ${text.textContent}`)"""


def test_a_page_loads_whole_and_asks_nobody_else(read):
    assert read.tab.locator("h1").count() == 1
    boxes = read.tab.evaluate(
        "[...document.querySelectorAll('figure.drawn svg')]"
        ".filter((svg) => svg.checkVisibility())"
        ".map((svg) => [svg.clientWidth, svg.clientHeight])"
    )
    assert all(width > 100 and height > 60 for width, height in boxes)
    assert read.name not in LESSONS or len(boxes) >= 3
    assert read.tab.evaluate(CUT) == []
    assert all(url.startswith((read.site, "data:")) for url in read.asked)
    assert read.complaints == []  # a broken content policy included


def test_on_a_phone_and_at_400_percent_nothing_is_lost(read):
    assert read.tab.evaluate("document.documentElement.scrollWidth") <= 320
    assert read.tab.evaluate(LOST) == []


def test_on_paper_all_is_opened_and_light(read):
    read.tab.emulate_media(media="print", color_scheme="dark")
    read.tab.set_viewport_size({"width": 720, "height": 1000})
    hidden = """() => [...document.querySelectorAll("article details > *")]
      .filter((part) => part.parentElement.checkVisibility())
      .filter((part) => !part.checkVisibility({ contentVisibilityAuto: true }))
      .map((part) => part.outerHTML.slice(0, 150))"""
    assert [part for part in read.tab.evaluate(hidden) if "<template" not in part] == []
    ink = read.tab.evaluate(
        "[...document.querySelectorAll('figure.drawn')].map((figure) =>"
        " getComputedStyle(figure).getPropertyValue('--fig-ink'))"
    )
    assert all(colour in ("", "#1c2430") for colour in ink)
    ground = read.tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")
    read.tab.emulate_media(media="screen")


def test_axe_finds_nothing_in_light_and_dark_wide_and_narrow(read):
    """The last test of a page: it takes out what it has seen."""
    found = stumbles(read.tab, read.known)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            "[data-md-color-scheme=slate] p { color: #777 !important }",
            "dark, 1280 px: ",
        ),
        ("h1 { color: #999 !important }", "light, 1280 px: color-contrast"),
        ("@media (width < 400px) { dd { color: #aaa } }", "light, 360 px: color-con"),
        (".md-nav__link { line-height: 0.5; padding: 0 }", "1280 px: target-size"),
    ],
)
def test_a_fault_in_one_setting_is_found(reader, fault, told):
    reader.goes_to("reference/glossary")
    reader.tab.evaluate(STYLED, fault)
    found = "\n".join(stumbles(reader.tab))
    assert told in found, found


def test_a_figure_is_drawn_when_the_reader_comes_near(site, tab):
    page = tab(site + "descent/", viewport={"width": 360, "height": 700})
    drawn = """async (figure) => {
      await new Promise((done) => setTimeout(done, 200));
      return figure.firstElementChild.checkVisibility({ contentVisibilityAuto: true });
    }"""
    last = page.locator("article > figure.drawn").last
    assert not last.evaluate(drawn)
    last.scroll_into_view_if_needed()
    assert last.evaluate(drawn)
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
    entry = page.locator(".md-sidebar--primary").get_by_role("link", name="Start")
    assert menu.get_attribute("aria-expanded") == "false"
    assert not entry.is_visible()
    tab_until(page, "Navigation", 4)
    page.keyboard.press("Enter")
    entry.wait_for()
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
    query = page.locator(".md-search__input:focus")
    query.wait_for()
    # All at once: each letter brings other results, in the place of the focused one.
    page.keyboard.insert_text("omeg")
    page.keyboard.press("a")
    page.locator(".md-search-result__link").first.wait_for(timeout=10000)
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED)["tag"] == "A"
    page.keyboard.press("Enter")
    page.wait_for_url("**/descent/**")
    page.keyboard.press("/")
    query.wait_for()
    page.keyboard.press("Escape")
    page.locator("#__search:not(:checked)").wait_for(state="attached")
    query.wait_for(state="detached")


def heard(locator):
    """What a screen reader is told, in one line."""
    return " ".join(locator.aria_snapshot().split())


def test_a_screen_reader_is_told_what_a_figure_shows(site, tab):
    page = tab(site + LESSON)
    figure = page.locator("#figure-descent-tangent")
    alt = figure.locator("svg").get_attribute("aria-label")
    assert alt.startswith("A parabola with its tangent at x = 2")
    assert f'figure: - img "{alt}"' in heard(figure)


def test_a_screen_reader_is_told_what_a_question_asks(site, tab):
    page = tab(site + LESSON)
    asked = page.locator("#descent-1")
    assert heard(asked) == (
        '- group "On f ( x ) = x 2 you stand at x = 2 . What is the next x with '
        'learning rate 0.1?": - text: "On" - math: f ( x ) = x 2 - text: you stand at '
        "- math: x = 2 - text: . What is the next - math: x - text: with learning "
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
