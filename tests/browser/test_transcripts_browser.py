"""Transcripts and labs' cells in the reader's browser: each prints what the page says,
or is left out. Of the pages every other one is tried, unless WHOLE_SITE is set.

All of them share one page and its Python; a page of the course has a worker each.
"""

import functools
import os
import re
import tomllib
from html import unescape

from _weave.read.page import Page
from _weave.read.site import Site
from _weave.read.transcripts import (
    cells,
    cells_of,
    cells_why_not,
    left_out,
    transcripts,
)
from conftest import ROOT, SNIPPETS
from project import whole

from .conftest import RUN

SITE = Site(ROOT)
LEFT_OUT = tomllib.loads((SNIPPETS / "browser.toml").read_text("utf-8"))
WHOLE_SITE = bool(os.environ.get("WHOLE_SITE"))
LONG = "takes too long"  # nobody waits for these here, either
# Two thousand steps take seconds: waited for where WHOLE_SITE is set.
SLOW = "start = np.full(9, 0.5)"


@functools.cache
def transcripts_of(uri):
    read = SITE.source(uri)
    return transcripts(Page(read.path, read.body, SNIPPETS, read.first_line).items)


def with_transcripts():
    """The transcripts of the pages that have some, by their uri."""
    return {uri: found for uri in SITE.pages() if (found := transcripts_of(uri))}


def tried_here(one, reasons):
    """Whether the browser is to run a transcript, if only to see that it cannot."""
    is_slow = one.code.startswith(SLOW) and not WHOLE_SITE
    return one.why_not(reasons) != LONG and not is_slow


def attribute(name, html):
    return unescape(re.search(rf'data-{name}="(.*?)"', html, re.DOTALL)[1])


def prints(answer, printed, transcript):
    """Whether that is what the page says."""
    if "Traceback" in transcript.prints:
        return answer["verdict"] == "error"
    said = re.sub(r"^<BLANKLINE>$", "", transcript.prints, flags=re.MULTILINE)
    return answer["verdict"] == "ran" and printed == said.rstrip("\n")


def test_every_transcript_prints_what_the_page_says_or_is_left_out(
    tab, site, site_folder
):
    """One page, because opening each would take longer than running all of them."""
    page, wrong, count = tab(f"{site}descent/"), [], 0
    for number, (uri, found) in enumerate(with_transcripts().items()):
        name = uri.removesuffix(".md").removesuffix("index")
        html = whole(site_folder / name / "index.html")
        reasons = left_out(SNIPPETS, uri)
        tried = [one for one in found if tried_here(one, reasons)]
        runs = [one for one in found if one.why_not(reasons) is None]
        assert html.count("<weave-run") == len(runs), uri
        count += len(runs)
        if not runs or (number % 2 and not WHOLE_SITE):
            continue
        modules, setup = attribute("modules", html), attribute("setup", html)
        jobs = [{"run": one.code, "above": [one.before]} for one in tried]
        answers = page.evaluate(RUN, [modules, setup, jobs, 60])
        for one, (answer, printed) in zip(tried, answers, strict=True):
            if prints(answer, printed, one) != (one.why_not(reasons) is None):
                wrong.append((uri, one.code, one.prints, answer, printed))
    assert not wrong, "\n\n".join(map(str, wrong))
    assert count >= 0.8 * sum(map(len, with_transcripts().values()))


def test_one_transcript_is_slow():
    found = [one for all in with_transcripts().values() for one in all]
    assert sum(one.code.startswith(SLOW) for one in found) == 1


LABS = {
    f"labs/{file.name}": cells(cells_of(file.read_text("utf-8")))
    for file in sorted((ROOT / "docs/labs").glob("*.py"))
}
# A code cell of a lab's page, what it has printed there, and its button.
BLOCK = re.compile(
    r'<div class="highlight lab-cell"><pre><code>(.*?)</code></pre></div>(.*?)'
    r'(?=<div class="highlight lab-cell"><pre><code>|<weave-python|<h2|$)',
    re.DOTALL,
)
OUTPUT = re.compile(r'<pre class="lab-output">(.*?)</pre>', re.DOTALL)


def text_of(html):
    return unescape(re.sub(r"<[^>]+>", "", html)).rstrip("\n")


def test_every_cell_prints_what_the_page_says_or_is_left_out(tab, site, site_folder):
    page, wrong, runs = tab(f"{site}descent/"), [], 0
    for uri, found in LABS.items():
        name = uri.removesuffix(".py")
        html = whole(site_folder / name / "index.html")
        blocks = BLOCK.findall(html)
        assert [text_of(code) for code, _ in blocks] == [one.code for one in found]
        reasons = left_out(SNIPPETS, uri)
        assert reasons.keys() <= {line for c in found for line in c.code.split("\n")}
        whys = cells_why_not(found, reasons)
        there = [n for n, why in enumerate(whys) if not why]
        tried = [n for n, why in enumerate(whys) if why != LONG]
        runs += len(there)
        jobs = []
        for n in tried:
            above = re.search(r'<weave-run.*?data-above="(.*?)"', blocks[n][1])
            assert bool(above) == (n in there), (uri, found[n].code)
            needs = [there[int(at)] for at in above[1].split()] if above else range(n)
            codes = [found[at].code for at in needs]
            jobs.append({"run": found[n].code, "above": codes})
        modules, setup = attribute("modules", html), attribute("setup", html)
        answers = page.evaluate(RUN, [modules, setup, jobs, 60])
        for n, (answer, printed) in zip(tried, answers, strict=True):
            outputs = OUTPUT.findall(blocks[n][1])
            said = "\n".join(map(text_of, outputs))
            drawn = "<figure" in blocks[n][1]
            good = answer["verdict"] == "ran" and printed == said and not drawn
            if good != (n in there):
                wrong.append((uri, found[n].code, said, answer, printed))
    assert not wrong, "\n\n".join(map(str, wrong))
    assert runs >= 0.8 * sum(map(len, LABS.values()))


def test_what_is_left_out_is_of_pages_with_transcripts_or_cells():
    """Which line of a page is gone the build says, and of a lab the test above."""
    assert LEFT_OUT.keys() <= with_transcripts().keys() | LABS.keys()


def test_a_transcript_is_tried_out(tab, site, findings):
    page = tab(f"{site}descent/", viewport={"width": 320, "height": 640})
    run = page.locator("weave-run").nth(1)
    run.get_by_role("button", name="Run it yourself").click()
    area, said = run.locator("textarea"), run.locator("output")
    assert area.input_value() == (
        "step(quad1.grad, 2.0, rate=0.1)\nstep(lambda x: 2 * x, 2.0, rate=0.1)"
    )
    said.get_by_text("1.6").first.wait_for()
    assert said.inner_text().split() == ["It", "printed:", "1.6", "1.6"]
    assert page.evaluate("document.activeElement.id") == area.get_attribute("id")
    area.fill("x = 5\nx / 0")
    run.get_by_role("button", name="Run", exact=True).click()
    said.get_by_text("ZeroDivisionError").wait_for()
    assert "in line 2." in said.inner_text()
    area.fill("x = 5")
    page.keyboard.press("Control+Enter")
    said.get_by_text("It ran, and printed nothing.").wait_for()
    assert findings(page, "weave-run:has(form)") == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    run.get_by_role("button", name="Start again").click()
    assert area.input_value().startswith("step(quad1.grad")
    page.emulate_media(media="print")
    assert not run.is_visible()


def test_a_transcript_knows_what_those_above_have_bound(tab, site):
    page = tab(f"{site}newton/")
    run = page.locator("weave-run[data-before]").first
    run.get_by_role("button", name="Run it yourself").click()
    run.locator("output pre").wait_for()
    printed = run.locator("output pre").inner_text().strip()
    shown = run.locator("xpath=preceding-sibling::*[1]").inner_text()
    assert printed.split("\n")[-1] == shown.strip().split("\n")[-1]


def test_no_script_and_nothing_is_shown_in_its_place(tab, site):
    page = tab(f"{site}descent/", java_script_enabled=False)
    assert not page.locator("weave-run button").first.is_visible()


def test_the_table_says_how_many(site_folder):
    page = site_folder / "reference/verification/index.html"
    text = re.sub(r"<[^>]+>", " ", page.read_text("utf-8"))
    """Of the lessons, which have a goal."""
    runs = sum(
        one.why_not(left_out(SNIPPETS, uri)) is None
        for uri, found in with_transcripts().items()
        for one in found
        if "\n!!! goal" in SITE.source(uri).body
    )
    assert re.search(rf"transcripts run in the browser, too\s+{runs}\s", text)
    labs = [file.read_text("utf-8") for file in site_folder.glob("labs/*/index.html")]
    cells = sum(html.count("<weave-run") for html in labs)
    assert re.search(rf"cells of labs run in the browser, too\s+{cells}\s", text)
