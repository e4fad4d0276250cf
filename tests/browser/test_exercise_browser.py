"""Exercises in a real browser: every one is solved there, and every mistake told.

All of them share one page and its Python; only the functions that they need differ.
"""

import gzip
import json
import os
import re
from html import unescape

import numpy as np
import pytest
from _weave.forms.exercise import renamed
from _weave.read.page import Page
from _weave.read.site import Site
from _weave.read.source import source
from conftest import ROOT, SNIPPETS
from descent import descend
from measure_pages import ANSWERED
from project import whole
from shared import places
from shared.landscapes import quad1
from weave.waiting import until

from .conftest import RUN, Course

SITE = Site(ROOT)
WAITS = "id => document.querySelector(`#${id} output`).className !== ''"


def written(uri):
    """What the exercises of a page name, as its header says it."""
    read = SITE.source(uri)
    page = Page(read.path, read.body, SNIPPETS, read.first_line)
    return [json.loads(item.text) for item in page.items if item.form == "exercise"]


PAGE = "descent/"  # the lesson with which the pattern began


def attribute(name, html):
    return unescape(re.search(rf'data-{name}="(.*?)"', html, re.DOTALL)[1])


@pytest.fixture
def opened(tab, site):
    def opened(**options):
        return tab(f"{site}{PAGE}", **options)

    return opened


def write(page, code, name="descent-step", button="Check"):
    """Write code into an exercise, have it checked, and return what is said."""
    exercise = page.locator(f"#{name}")
    exercise.locator("textarea").fill(code)
    exercise.get_by_role("button", name=button).click()
    page.wait_for_function(WAITS, arg=name)
    return exercise.locator("output").inner_text()


STEP = "def step(grad, x, rate):\n    "


def some(exercise, uri):
    """The slips that are tried: all on one page, and where WHOLE_SITE is set."""
    every = range(len(exercise["slips"]))
    if os.environ.get("WHOLE_SITE") or uri == "descent.md":
        return [*every]
    return [len(exercise["name"]) % len(every)]


def test_every_solution_beginning_and_slip_is_told(opened, site_folder):
    """In the browser as in the build; one of its workers for each second page."""
    page = opened()
    having = [(uri, found) for uri in SITE.pages() if (found := written(uri))]
    for uri, found in having if os.environ.get("WHOLE_SITE") else having[::2]:
        html = whole(site_folder / uri.removesuffix(".md") / "index.html")
        shown = map(unescape, re.findall(r'data-exercise="(.*?)"', html, re.DOTALL))
        for one, data in zip(found, map(json.loads, shown), strict=True):
            file = one["solution"].replace(".", "/") + ".py"
            own = f"exercises/{uri.rpartition('/')[2].removesuffix('.md')}.py"
            numbers = some(one, uri)
            slips = [source(SNIPPETS, own, one["slips"][n]) for n in numbers]
            codes = [source(SNIPPETS, file, one["name"]), data["starter"]]
            codes += [renamed(slip, one["name"]) for slip in slips]
            modules, setup = attribute("modules", html), attribute("setup", html)
            jobs = [data | {"code": code} for code in codes]
            answers = page.evaluate(RUN, [modules, setup, jobs, 20])
            right, begun, *told = [answer for answer, _ in answers]
            where = f"{uri}: {one['name']}"
            assert right == {"verdict": "right"}, where
            assert begun["verdict"] != "right", where
            for number, answer in zip(numbers, told, strict=True):
                said = answer["verdict"], answer.get("slip")
                assert said == ("slip", number), f"{where}: {one['slips'][number]}"


def test_nothing_is_loaded_before_the_first_check(opened):
    asked = []
    page = opened()
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.locator("#descent-step textarea").fill("x = 1")
    assert not [url for url in asked if "python.js" in url or "blob:" in url]
    write(page, f"{STEP}return x - rate * grad(x)")
    for script in "python.js", "exercise.js":
        assert len([url for url in asked if script in url]) == 1


def test_even_the_script_for_editors_waits_until_one_is_touched(opened):
    asked = []
    page = opened()
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    assert not [url for url in asked if "exercise.js" in url]
    page.locator("#descent-step").get_by_role("button", name="Check").click()
    page.wait_for_function(WAITS, arg="descent-step")
    said = page.locator("#descent-step output").inner_text()
    assert "This is still what you began with." in said


def test_python_weighs_less_than_300_kilobytes(site_folder):
    script = (site_folder / "assets/js/python.js").read_bytes()
    assert len(gzip.compress(script, 6)) < 300_000
    assert b"The MIT License" in script[:400]


def test_the_first_answer_comes_soon(browser, site):
    """In half a second, if nothing else is going on; here other tests are."""
    took = []
    for _ in range(3):  # each of them loads everything anew
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{site}{PAGE}")
        took.append(page.evaluate(ANSWERED))
        context.close()
    assert min(took) < 1000, took


def test_forced_colours_leave_the_editor_its_frame(opened):
    page = opened(own=True)
    page.emulate_media(forced_colors="active")
    assert "✗ Not yet." in write(page, f"{STEP}return x")
    style = "getComputedStyle(document.querySelector('#descent-step .weave-code'))"
    border, paper = (
        page.evaluate(f"{style}.{one}") for one in ("borderTopColor", "backgroundColor")
    )
    assert border != paper
    assert page.evaluate(f"{style}.borderTopStyle") == "solid"
    page.locator("#descent-step textarea").focus()
    assert page.evaluate(f"{style}.outlineStyle") == "solid"


def test_the_reader_is_told_what_the_code_does(opened):
    page = opened()
    assert "✓ Right." in write(page, f"{STEP}return x - rate * grad(x)")
    said = write(page, f"{STEP}return x + rate * grad(x)")
    assert "On all 3 cases this is what a known mistake gives" in said
    assert "You added the gradient." in said
    said = write(page, f"{STEP}print('at', x)\n    return x - rate * 2 * x")
    assert "Right on 2 of 3 cases. The first that differs: step(explog" in said
    assert "Your code printed:\n\nat 2.0\nat −3.0".replace("−", "-") in said
    said = write(page, f"{STEP}return x - rate * gard(x)")
    assert "NameError: name 'gard' isn't defined, in line 2." in said
    assert "There is no function step in your code." in write(page, "x = 1")
    assert "A power is written with **" in write(page, f"{STEP}return x ^ 2")
    assert "Here are math and a part of NumPy" in write(page, "import scipy")
    assert "without return gives None." in write(page, f"{STEP}x - grad(x)")
    assert page.locator("#descent-step .weave-answered").inner_text() == (
        "✓ Solved, 1 try"
    )


def test_what_a_function_gives_is_drawn_on_the_figure_until_it_is_moved(opened):
    """To the hundredth of a pixel where Python's own points lie."""
    page = opened()
    head = "def descend(grad, start, rate=0.1, steps=10):\n"
    line = "    return np.array([start * 0.6**k for k in range(steps + 1)])"
    said = write(page, head + line, "descent-descend")
    points = places.on_curve(quad1.f, descend(quad1.grad, 2.0, rate=0.2, steps=5))
    assert "violet: 6 points, from (2, 4) to (0.1555, 0.02419)." in said
    figure = page.locator("#explore-step")
    figure.locator("form:not([hidden])").wait_for(state="attached")
    data = json.loads(figure.get_attribute("data-explore"))
    (left, top, width, height), (x0, x1, y0, y1) = data["box"], data["limits"]
    x, y = points.T
    wanted = [left + (x - x0) / (x1 - x0) * width, top + (y1 - y) / (y1 - y0) * height]
    circles = figure.locator(".weave-given circle")
    found = circles.evaluate_all("all => all.map((c) => [c.cx, c.cy].map((l) => "
                                 "l.baseVal.value))")  # fmt: skip
    np.testing.assert_allclose(found, np.transpose(wanted), atol=0.006)
    figure.locator("input").first.press("ArrowRight")
    assert circles.count() == 0
    write(page, head + "    return [start]", "descent-descend")
    assert circles.count() == 1
    said = write(page, head + "    return 1 / 0", "descent-descend")
    assert circles.count() == 0
    assert "Drawn on" not in said


def test_who_repairs_is_not_told_the_mistake_before_the_first_try(opened):
    page = opened()
    name = "descent-central-difference"
    begun = page.locator(f"#{name} textarea").input_value()
    said = write(page, begun, name)
    assert "This is still what you began with." in said
    assert "a way of 2h" not in said
    assert "and yours" in said


def test_a_loop_without_end_is_stopped_by_the_reader_and_else_by_itself(opened):
    page = opened(clock=True)
    page.evaluate("document.querySelector('#descent-step').scrollIntoView()")
    exercise = page.locator("#descent-step")
    assert exercise.get_by_role("button", name="Stop").is_disabled()
    exercise.locator("textarea").fill(f"{STEP}while True: pass")
    exercise.get_by_role("button", name="Check").click()
    exercise.get_by_role("button", name="Stop").click()
    page.wait_for_function(WAITS, arg="descent-step")
    assert "Stopped." in exercise.locator("output").inner_text()
    exercise.get_by_role("button", name="Check").click()
    stopped = exercise.locator("output", has_text="after 5 seconds")
    until(lambda: page.clock.run_for(1000) or stopped.count())
    assert "✓ Right." in write(page, f"{STEP}return x - rate * grad(x)")


def test_memory_ends_before_the_readers_own_does(opened):
    """At 512 MB; the list takes 800."""
    said = write(opened(), f"{STEP}return [0] * 200_000_000")
    assert "MemoryError" in said


WAYS_OUT = [
    "js.fetch('/')",
    "js.XMLHttpRequest.new()",
    "js.WebSocket.new('ws://localhost')",
    "js.importScripts('/assets/js/quiz.js')",
    "js.indexedDB.open('x')",
    "js.caches.open('x')",
    "js.Worker.new('/x.js')",
    "js.BroadcastChannel.new('x')",
    "js.localStorage.clear()",
    "js.document.title",
    "js.Object.getPrototypeOf(js.globalThis).fetch('/')",
    "js.eval('fetch(1)')",
    "js.Function.new('return fetch(1)')()",
]


def test_code_reaches_neither_the_page_nor_the_network(opened):
    page = opened()
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    write(page, f"{STEP}return x")
    del asked[:]
    for way in WAYS_OUT:
        said = write(page, f"import js\n{STEP}return {way}")
        assert re.search(r"Error|violates", said), (way, said)
    assert asked == []
    assert page.evaluate("localStorage.length") > 0
    page.complaints.clear()  # the policy has said what it forbids


def test_what_was_written_is_kept_exported_and_erased_with_the_progress(opened, site):
    page = opened()
    code = f"{STEP}return 7"
    page.locator("#descent-step textarea").fill(code)
    page.wait_for_function("() => 'weave-progress' in localStorage")
    page.reload()
    assert page.locator("#descent-step textarea").input_value() == code
    page.locator("#descent-step").get_by_role("button", name="Start again").click()
    begun = page.locator("#descent-step textarea").input_value()
    assert (
        begun == 'def step(grad, x, rate):\n    """Take one step downhill."""\n    ...'
    )
    write(page, f"{STEP}return x - rate * grad(x)")
    page.goto(f"{site}practice/")
    assert (
        page.locator("weave-progress p")
        .first.inner_text()
        .endswith("answered, 1 exercise solved")
    )
    with page.expect_download() as given:
        page.get_by_role("button", name="Export").click()
    kept = json.loads(given.value.path().read_text("utf-8"))["questions"]
    assert kept["descent-step"] == {
        "right": True,
        "tries": 1,
        "code": f"{STEP}return x - rate * grad(x)",
    }
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Erase").click()
    assert "return x - rate" not in page.evaluate("localStorage['weave-progress']")


def test_the_editor_helps_with_lines_and_lets_the_keyboard_out(opened):
    page = opened()
    exercise, area = page.locator("#descent-step"), page.locator("#descent-step-code")
    area.fill("")
    page.wait_for_function("() => customElements.get('weave-exercise')")
    page.keyboard.type("def f(x):")
    page.keyboard.press("Enter")
    page.keyboard.type("if x:")
    page.keyboard.press("Enter")
    page.keyboard.type("pass")
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    page.keyboard.type("return x")
    assert area.input_value() == "def f(x):\n    if x:\n        pass\n    return x"
    assert exercise.locator(".weave-code > pre").inner_text() == "1\n2\n3\n4"
    page.keyboard.press("Alt+ArrowUp")
    assert area.input_value() == "def f(x):\n    if x:\n    return x\n        pass"
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert area.input_value() == "def f(x):\n    if x:\n        pass\n    return x"
    focused = "document.activeElement.id || document.activeElement.textContent"
    assert page.evaluate(focused) == "descent-step-code"
    described = area.get_attribute("aria-describedby")
    assert "press Escape, then Tab" in page.locator(f"#{described}").inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Check"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+Enter")
    page.wait_for_function(WAITS, arg="descent-step")
    assert "There is no function step" in exercise.locator("output").inner_text()


def test_nothing_is_wrong_with_an_exercise_on_a_phone_in_the_dark(opened, findings):
    page = opened(viewport={"width": 320, "height": 640}, color_scheme="dark")
    write(page, f"{STEP}print(x)\n    return x + 1")
    for details in page.locator("#descent-step details").all():
        details.locator("summary").click()
    assert findings(page, "#descent-step") == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_on_paper_and_without_scripts_task_and_solution_are_there(opened):
    page = opened(java_script_enabled=False)
    exercise = page.locator("#descent-step")
    assert "def step" in exercise.locator("textarea:visible").input_value()
    assert not exercise.locator("button, label").first.is_visible()
    exercise.locator("summary", has_text="Solution").click()
    assert "return x - rate * grad(x)" in exercise.inner_text()
    page = opened()
    page.emulate_media(media="print")
    exercise = page.locator("#descent-step")
    assert "def step" in exercise.locator("textarea:visible").input_value()
    assert not any(part.is_visible() for part in exercise.locator("button").all())
    assert exercise.locator("pre", has_text="return x - rate").is_visible()


ORDER = """\
# Home

/// exercise | Put `total` in order.
    solution: index.py:total
    slips: first, none, one
    kind: order

- `total(np.array([1.0, 2.0]))`
///
"""
MODULE = """\
import numpy as np


def total(x):
    \"\"\"Return the sum.\"\"\"
    found = 0.0
    for one in x:
        found = found + one
    return found
"""
SLIPS = """\
def first(x):
    \"\"\"That is the first.\"\"\"
    return x[0]


def none(x):
    \"\"\"That is nothing.\"\"\"
    return 0.0


def one(x):
    \"\"\"That is one.\"\"\"
    return 9.0
"""


def test_lines_are_put_in_order_by_buttons(tab, published, tmp_path):
    (tmp_path / "course").mkdir()
    course = Course(tmp_path / "course", "  - index.md\n")
    course.write("docs/index.md", ORDER)
    course.write("snippets/index.py", MODULE)
    course.write("snippets/exercises/__init__.py", "")
    course.write("snippets/exercises/index.py", SLIPS)
    page = tab(published(course))
    area = page.locator("textarea")
    area.focus()  # which loads the script
    page.locator("weave-exercise:defined").wait_for()
    wanted = MODULE.partition("np\n\n\n")[2].strip().split("\n")
    for goal, line in enumerate(wanted):
        lines = area.input_value().split("\n")
        at = lines.index(line)
        start = sum(len(one) + 1 for one in lines[:at])
        area.evaluate("(area, at) => area.setSelectionRange(at, at)", start)
        for _ in range(at - goal):
            page.get_by_role("button", name="Line up").click()
    assert area.input_value().split("\n") == wanted
    page.get_by_role("button", name="Check").click()
    page.wait_for_function(WAITS, arg="index-total")
    assert "✓ Right." in page.locator("output").inner_text()
