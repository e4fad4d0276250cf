"""Every page for readers with a phone, large letters, the dark, paper, or axe-core.

A page is opened once and read from its loading to axe-core's findings, always in the
same order, by whichever test asks first; the tests look at what was seen. axe-core
looks at every third page, in light or dark, wide or narrow, in turn; at some pages,
and at all where WHOLE_SITE is set, in all four settings.
"""

import os
from typing import NamedTuple

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from conftest import ROOT
from shared.palette import LIGHT

DOCS = ROOT / "docs"
PAGES = sorted(
    file.relative_to(DOCS).with_suffix("").as_posix()
    for file in [*DOCS.rglob("*.md"), *DOCS.glob("labs/*.py")]
)
LESSONS = [
    page
    for page in PAGES
    if (DOCS / f"{page}.md").exists()
    and "!!! goal" in (DOCS / f"{page}.md").read_text("utf-8")
]

# What axe-core does not look into takes most of its time, and of a new layout's:
# drawings, which are one picture each, and the parts of formulas, which are text to it.
LIGHTEN = """() => {
  for (const svg of document.querySelectorAll("figure svg")) svg.replaceChildren();
  for (const math of document.querySelectorAll("math")) {
    math.replaceWith(math.textContent);
  }
}"""
UNFOLD = """() => {
  for (const part of document.querySelectorAll("details")) part.open = true;
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
# element of each kind is enough, in whatever setting and on whatever page. Those seen
# are `known`: a fault is told of the page that is read first.
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
# From the dark, in which a page is opened: other colours take longer than another size.
SETTINGS = ("dark", 1280), ("light", 1280), ("light", 360), ("dark", 360)
IN_ALL = {"index", "descent", "labs/xor_network"}


def settings_of(name):
    """The settings in which axe-core looks at a page: all, one, or none."""
    if name in IN_ALL or name not in PAGES or os.environ.get("WHOLE_SITE"):
        return SETTINGS
    turn, skipped = divmod(PAGES.index(name), 3)
    return () if skipped else (SETTINGS[turn % len(SETTINGS)],)


STYLED = """(text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [sheet];
}"""
# What is far away, too, as if it were to be printed.
DRAWN = "* { content-visibility: visible !important }"
BROUGHT = "dispatchEvent(new Event('beforeprint'))"


def stumbles(page, settings=SETTINGS, known="[]"):
    """What axe-core finds in the page, in each scheme of colours and width.

    Takes from the page what need not be looked at. Gives the kinds of text whose
    colours are known, too, with those of earlier pages.
    """
    found = []

    def tell(rules, setting):
        for rule in rules:
            for node in rule["nodes"]:
                found.append(f"{setting}: {rule['id']}: {node['html'][:200]}")

    page.evaluate(AXE_SCRIPT)
    page.evaluate(LIGHTEN)
    page.evaluate(UNFOLD)
    for scheme, width in settings:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_selector(f"[data-md-color-scheme={SCHEMES[scheme]}]")
        rules, known = page.evaluate(COLOURS, known)
        tell(rules, f"{scheme}, {width} px")
    page.evaluate(LIGHTEN_MORE)
    for width, part in parts(settings).items():
        page.set_viewport_size({"width": width, "height": 800})
        tell(page.evaluate(THE_REST, part), f"{width} px")
    return found, known


def parts(settings):
    """By width: what of the page need be looked at there. The article once."""
    first, *others = sorted({width for _, width in settings})
    return {first: {"include": ["html"]}} | {
        width: {"exclude": ["article"]} for width in others
    }


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


# Texts of a figure that lie on each other, by more than their boxes' empty edges.
LAID = """() => [...document.querySelectorAll("figure.drawn svg")].flatMap((svg) => {
  const unit = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const texts = [...svg.querySelectorAll("text")].map((text) => [
    text.textContent, text.getBoundingClientRect(),
  ]);
  return texts.flatMap(([one, a], i) => texts.slice(0, i).filter(([, b]) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 * unit &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6 * unit
  ).map(([other]) => `${svg.closest("figure").id}: ${one} on ${other}`));
})"""
# Words that leave the drawing they are in, by more than a pixel.
CUT = """() => [...document.querySelectorAll("figure.drawn svg text")]
  .filter((text) => {
    const box = text.getBoundingClientRect();
    const { left, right, top, bottom } = text.closest("svg").getBoundingClientRect();
    return box.left < left - 1 || box.right > right + 1
      || box.top < top - 1 || box.bottom > bottom + 1;
  })
  .map((text) => `${text.closest("figure").id}: ${text.textContent}`)"""


# Figures to move that take twice the room that is kept for them unseen and folded.
LATE = """() => [...document.querySelectorAll("article > weave-explore")]
  .filter((explore) => explore.clientHeight -
    explore.querySelector(".weave-numbers").clientHeight >
    2 * getComputedStyle(explore).containIntrinsicHeight.match(/[\\d.]+/)?.[0])
  .map((explore) => `${explore.id}: ${explore.clientHeight}`)"""
DRAWINGS = """() => [...document.querySelectorAll("figure.drawn svg")]
  .filter((svg) => svg.checkVisibility())
  .map((svg) => [svg.clientWidth, svg.clientHeight])"""

# On paper: what is still folded, but for buttons, and the colours.
FOLDED = """() => [...document.querySelectorAll("article details > :not(template)")]
  .filter((part) => !part.matches("weave-run"))
  .filter((part) => part.parentElement.checkVisibility())
  .filter((part) => !part.checkVisibility({ contentVisibilityAuto: true }))
  .map((part) => part.outerHTML.slice(0, 150))"""
INKS = """() => [...document.querySelectorAll("figure.drawn")]
  .map((figure) => getComputedStyle(figure).getPropertyValue("--fig-ink"))"""
GROUND = "getComputedStyle(document.body).backgroundColor"


EMPTY = """() => [...document.querySelectorAll("figure.drawn svg")]
  .filter((svg) => !svg.querySelector("path"))
  .map((svg) => svg.getAttribute("aria-label"))"""


class Seen(NamedTuple):
    """What was seen of a page: its loading, on a phone, on paper, and by axe-core."""

    titles: int
    drawings: list
    empty: list
    cut: list
    laid: list
    asked: list
    complaints: list
    width: int
    lost: list
    late: list
    folded: list
    inks: list
    ground: str
    stumbles: list


class Reader:
    """One tab for all pages: a new one for each would take as long as axe-core."""

    def __init__(self, tab, site):
        self.tab, self.site = tab, site
        self.asked, self.complaints, self._seen = [], [], {}
        self._known = "[]"
        tab.on("request", lambda request: self.asked.append(request.url))
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.on("console", self._heard)

    def _heard(self, message):
        if message.type == "error":
            self.complaints.append(message.text)

    def opens(self, name, style=DRAWN):
        """Open a page in the dark, on a phone or at 400 percent."""
        self.asked.clear()
        self.complaints.clear()
        self.tab.emulate_media(media="screen", color_scheme="dark")
        self.tab.set_viewport_size({"width": 320, "height": 640})
        address = f"{name}/".removesuffix("index/").replace(".html/", ".html")
        self.tab.goto(self.site + address)
        self.tab.evaluate(STYLED, style)
        self.tab.evaluate(BROUGHT)

    def sees(self, name):
        """What there is to see of a page, which is opened when first asked for."""
        if name not in self._seen:
            self.opens(name)
            self._seen[name] = self._read(settings_of(name))
        return self._seen[name]

    def _read(self, settings):
        tab = self.tab
        loaded = {
            "titles": tab.locator("h1").count(),
            "drawings": tab.evaluate(DRAWINGS),
            "empty": tab.evaluate(EMPTY),
            "cut": tab.evaluate(CUT),
            "laid": tab.evaluate(LAID),
        }
        phone = {
            "width": tab.evaluate("document.documentElement.scrollWidth"),
            "lost": tab.evaluate(LOST),
            "late": tab.evaluate(LATE),
        }
        tab.evaluate(LIGHTEN)
        tab.emulate_media(media="print", color_scheme="dark")
        tab.set_viewport_size({"width": 720, "height": 1000})
        paper = {
            "folded": tab.evaluate(FOLDED),
            "inks": tab.evaluate(INKS),
            "ground": tab.evaluate(GROUND),
        }
        tab.emulate_media(media="screen")
        heard = {"asked": [*self.asked], "complaints": [*self.complaints]}
        found = []
        if settings:
            found, self._known = stumbles(tab, settings, self._known)
        return Seen(**loaded, **phone, **paper, **heard, stumbles=found)


@pytest.fixture(scope="module")
def reader(browser, site):
    # Without motion colours change at once.
    context = browser.new_context(reduced_motion="reduce")
    yield Reader(context.new_page(), site)
    context.close()


ALL = [*PAGES, "404.html"]
each_page = pytest.mark.parametrize("name", ALL)


@each_page
def test_a_page_loads_whole_and_asks_nobody_else(reader, name):
    seen = reader.sees(name)
    assert seen.titles == 1
    assert all(width > 100 and height > 60 for width, height in seen.drawings)
    assert name not in LESSONS or len(seen.drawings) >= 3
    assert seen.empty == []
    assert seen.cut == []
    assert seen.laid == []
    assert all(url.startswith((reader.site, "data:")) for url in seen.asked)
    assert seen.complaints == []  # a broken content policy included


@each_page
def test_on_a_phone_and_at_400_percent_nothing_is_lost(reader, name):
    seen = reader.sees(name)
    assert seen.width <= 320
    assert seen.lost == []
    assert seen.late == []


@each_page
def test_on_paper_all_is_opened_and_light(reader, name):
    seen = reader.sees(name)
    assert seen.folded == []
    assert set(seen.inks) <= {"", LIGHT["ink"]}
    assert seen.ground in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")


@pytest.mark.parametrize("name", [*filter(settings_of, ALL)])
def test_axe_finds_nothing_in_light_and_dark_wide_and_narrow(reader, name):
    found = reader.sees(name).stumbles
    assert not found, "\n".join(found)


FAULTS = {
    "[data-md-color-scheme=slate] p { color: #777 !important }": "dark, 1280 px: ",
    "h1 { color: #999 !important }": "light, 1280 px: color-contrast",
    "@media (width < 400px) { dd { color: #aaa } }": "light, 360 px: color-con",
    "@media (width > 400px) { .md-nav__link { line-height: 0.5; padding: 0 } }": (
        "1280 px: target-size"
    ),
}


def test_a_fault_in_one_setting_is_found(reader):
    reader.opens("reference/glossary", "\n".join(FAULTS))
    found = "\n".join(stumbles(reader.tab)[0])
    for told in FAULTS.values():
        assert told in found, found


def test_each_setting_is_that_of_some_lessons():
    """And each width, and each scheme of colours, that of some labs."""
    for pages in LESSONS, [page for page in PAGES if page.startswith("labs/")]:
        for part in zip(*SETTINGS, strict=True):
            assert {*part} <= {one for p in pages for s in settings_of(p) for one in s}
    assert {s for page in LESSONS for s in settings_of(page)} == {*SETTINGS}
