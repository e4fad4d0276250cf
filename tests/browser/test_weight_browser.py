"""What a page costs the browser that opens it."""

TRACED = "devtools.timeline"


def styled(tab, url):
    """How many elements a page has, and how many a browser styles to open it."""
    page = tab("about:blank", own=True)
    wire = page.context.new_cdp_session(page)
    events, ended = [], []
    wire.on("Tracing.dataCollected", lambda got: events.extend(got["value"]))
    wire.on("Tracing.tracingComplete", lambda got: ended.append(got))
    wire.send("Tracing.start", {"categories": TRACED, "transferMode": "ReportEvents"})
    page.goto(url, wait_until="networkidle")
    wire.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(20)
    looks = [e["args"] for e in events if e["name"] == "UpdateLayoutTree"]
    elements = page.evaluate("document.querySelectorAll('*').length")
    return elements, sum(look.get("elementCount", 0) for look in looks)


SHIFTS = """() => new Promise((resolve) => {
  new PerformanceObserver((list) => resolve(list.getEntries().map((e) => e.value)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve([]), 500);
})"""


def test_nothing_moves_while_a_page_opens(site, tab):
    """Where fonts come late, a line moves by less than anybody sees: 0.1 is much."""
    for width in 412, 1280:
        page = tab(f"{site}rate/", own=True, viewport={"width": width, "height": 823})
        page.evaluate("document.fonts.ready")
        assert sum(page.evaluate(SHIFTS)) < 0.001, width


def test_a_browser_styles_each_element_of_a_page_once(site, tab):
    """The theme's script, or a rule of ours about neighbours, would have it do so anew.

    Some are styled again: those that a script changes, and what comes behind a font.
    On a busy machine a font comes later; six looks at each were there before.
    """
    elements, looks = styled(tab, f"{site}rate/")
    assert elements > 2000
    assert looks < 3 * elements, (elements, looks)
