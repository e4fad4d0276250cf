"""Code and tables: what they get when a reader is near, and not before."""

from playwright.sync_api import expect


def test_what_is_copied_of_a_transcript_is_what_one_types(site, tab):
    page = tab(site + "start/", own=True, viewport={"width": 1280, "height": 800})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code = page.locator(".highlight code", has_text="parameters([784").last
    code.scroll_into_view_if_needed()
    code.hover()
    code.locator("..").get_by_role("button", name="Copy to clipboard").click()
    page.get_by_text("Copied to clipboard").wait_for()
    lines = page.evaluate("navigator.clipboard.readText()").rstrip().split("\n")
    assert lines == ["from start import *", "parameters([784, 16, 16, 10])"]


def test_code_is_laid_out_and_served_when_a_reader_is_near(site, tab):
    """At the start that costs a phone a quarter of a second."""
    page = tab(site + "failures/", viewport={"width": 360, "height": 740})
    blocks = page.locator(".md-typeset > .highlight pre")
    assert blocks.count() > 8
    last = blocks.last
    assert last.locator("button").count() == 0
    assert last.locator("code").get_attribute("tabindex") is None
    last.scroll_into_view_if_needed()
    button = last.locator("button")
    button.wait_for(state="attached")
    page.set_viewport_size({"width": 320, "height": 740})  # one button, still
    page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
    )
    assert button.count() == 1
    wide, reached = last.locator("code").evaluate(
        "code => [code.scrollWidth > code.clientWidth, code.tabIndex === 0]"
    )
    assert wide == reached


# What is far has no size before.
ALL_LAID_OUT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { content-visibility: visible !important; }");
  document.adoptedStyleSheets.push(sheet);
}"""
REACHED = """boxes => boxes.map(
  (box) => [box.scrollWidth > box.clientWidth, box.tabIndex === 0],
)"""


def test_what_scrolls_sideways_and_nothing_else_is_reached_with_the_keyboard(site, tab):
    page = tab(f"{site}compare/", own=True, viewport={"width": 320, "height": 640})
    boxes = page.locator(".md-typeset__scrollwrap, .md-typeset pre > code:visible")
    reached = page.locator(":is(.md-typeset__scrollwrap[role=group], code)[tabindex]")
    page.evaluate(ALL_LAID_OUT)
    for width in 320, 1280:
        page.set_viewport_size({"width": width, "height": 640})
        wide = [scrolls for scrolls, _ in boxes.evaluate_all(REACHED)]
        assert sum(wide) > 3 or width > 320
        expect(reached).to_have_count(sum(wide))
        found = boxes.evaluate_all(REACHED)
        assert all(scrolls == reached for scrolls, reached in found)


def test_headers_with_formulas_have_names(site, tab):
    page = tab(site + "rate/")
    header = page.locator("th:has(math)").first
    assert header.get_attribute("aria-label") == header.text_content().strip()
