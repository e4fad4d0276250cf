"""Figures to explore as a reader meets them, in a real browser.

For each kind of thing that a figure can have, one figure is tried out whole; every
fifth one of the rest in fewer states, unless WHOLE_SITE is set. As they are at first,
all are looked at on a phone (test_pages_browser.py), and what all compute is compared
with Python's (test_translate.py).
"""

import functools
import json
import os
import re
from contextlib import contextmanager
from urllib.parse import quote

import failures
import momentum
import newton
import project
import pytest
import rate as rate_lesson
from explorables import EXPLORABLES, calls, check_equal
from mkdocs.utils.yaml import yaml_load
from playwright.sync_api import expect
from shared import numbers
from shared.explorable import Knob

from .conftest import COLOURS, ROOT, Project

SNIPPETS = ROOT / "snippets"
IDS = {shown.id.removeprefix("explore-"): shown for shown in EXPLORABLES}
PAGE = """\
# A figure

/// explore | What happens at $x = 0$?
    id: {0.id}

![A figure](figures/{0.module}/{0.name}.svg)

{1}

The figure moves.
///

```shell
The end
```
"""
CONFIG = {
    "site_name": "small",
    "hooks": ["snippets/_weave/site/hook.py"],
    "theme": {
        "name": "material",
        "font": False,
        "features": ["navigation.tracking"],
        "palette": [
            {"scheme": "default", "media": "(prefers-color-scheme: light)"},
            {"scheme": "slate", "media": "(prefers-color-scheme: dark)"},
        ],
    },
    "markdown_extensions": [
        *("md_in_html", "tables", "pymdownx.superfences", "pymdownx.highlight"),
    ],
}


def tasks(figure):
    """A task for each target of a figure."""
    return "\n".join(f"- [{name}] Find {name}." for name in given_of(figure).targets)


PAUSE = 450  # the status is spoken once the reader rests
PHONE = {"width": 320, "height": 700}


def configuration():
    """That of a small site, whose pages load what those of the course load."""
    with (ROOT / "mkdocs.yml").open(encoding="utf-8") as file:
        course = yaml_load(file)
    theme = CONFIG["theme"] | {"custom_dir": course["theme"]["custom_dir"]}
    extra = {"loads": course["extra"].get("loads", [])}
    files = {name: course[name] for name in ("extra_css", "extra_javascript")}
    whole = CONFIG | files | {"theme": theme, "extra": extra}
    lines = [f"{name}: {json.dumps(value)}" for name, value in whole.items()]
    return "\n".join(["site_url: !ENV SITE_URL", *lines])


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A small site with a page for each figure; every page can have one."""
    course = Project(tmp_path_factory.mktemp("explore"))
    for file in SNIPPETS.iterdir():
        if file.name not in ("_weave", "shared", "browser.toml"):
            (course.snippets / file.name).symlink_to(file)
    (course.docs / "assets").symlink_to(ROOT / "docs" / "assets")
    course.write("mkdocs.yml", configuration())
    for name in IDS:
        course.write(f"docs/{name}.md", PAGE.format(IDS[name], tasks(name)))
    return course


@pytest.fixture(scope="module")
def address(published, course):
    return published(course)


def served(element):
    """Wait for its scripts, which come when a figure is near."""
    element.locator("form:not([hidden])").wait_for(state="attached")


@pytest.fixture
def opened(tab, address):
    """Opens the page of a figure, perhaps in a state, and gives its element."""

    def open_(figure, fragment="", **options):
        page = tab(f"{address}{figure}/{fragment}", clock=True, **options)
        element = page.locator(f"#explore-{figure}")
        if options.get("java_script_enabled", True):
            served(element)
        return page, element

    return open_


def said(page, element):
    """The sentence, without what was moved, which nobody sees."""
    page.clock.run_for(PAUSE)
    return element.locator(".weave-says").evaluate("part => part.lastChild.textContent")


@contextmanager
def still(page):
    """Let no time pass but what a test says: on a busy machine, keys take longer."""
    page.clock.pause_at(page.evaluate("Date.now() / 1000") + 3600)
    try:
        yield
    finally:
        page.clock.resume()


def slider(element, name):
    return element.locator(f"[name={name}]")


def put(element, name, value):
    """Set a knob: a slider, a switch, a choice, or the places after the first."""
    if isinstance(value, tuple):
        [of] = [one["of"] for one in told(element)["knobs"] if one["name"] == name]
        for place in value[1:]:
            put(element, of, place)
            element.get_by_role("button", name="Look here").click()
        return
    knob = slider(element, name)
    if isinstance(value, str):
        knob.select_option(value)
    elif knob.get_attribute("type") == "checkbox":
        knob.set_checked(value > 0)
    else:
        knob.fill(repr(value))


def found(element):
    return element.locator(".weave-found").all_inner_texts()


def told(element):
    """What the element is told of its figure."""
    return json.loads(element.get_attribute("data-explore"))


@functools.cache
def given_of(name):
    """What a figure function says of its figure, by the figure's name here."""
    return IDS[name].given()


def kinds(given):
    """What a figure has that others may not have."""
    for name in "again", "click", "field", "formula":
        if getattr(given, name):
            yield name
    for knob in given.knobs:
        yield type(knob).__name__
        if isinstance(knob, Knob):
            yield "marks" if knob.marks else "slider"
            yield from ["waits"] * bool(knob.marks and knob.marks.waits)
            if (knob.low, knob.high, knob.step) == (0, 1, 1):
                yield "switch"
    for layer in given.layers:
        yield layer.kind
        if layer.axes:
            yield "axes"


@functools.cache
def whole():
    """The figures that are tried out whole, which have every kind of thing."""
    has = {name: {*kinds(given_of(name))} for name in IDS}
    seen, chosen = set(), []
    for name in sorted(IDS, key=lambda name: -len(has[name])):
        if os.environ.get("WHOLE_SITE") or not has[name] <= seen:
            chosen.append(name)
        seen |= has[name]
    return chosen


@pytest.mark.parametrize("figure", IDS)
def test_a_figure_does_what_python_does_for_all_readers(
    course, opened, findings, figure
):
    """With JavaScript and without: each page is loaded once for all that is asked."""
    is_whole = figure in whole()
    if not is_whole and [*IDS].index(figure) % 5:
        pytest.skip("WHOLE_SITE=1 tries out every figure in a browser")
    page, element = opened(figure, viewport=PHONE)
    given = given_of(figure)
    targets = given.targets if is_whole else dict([*given.targets.items()][:1])
    fits_a_phone(page, element)
    page.set_viewport_size({"width": 1280, "height": 720})
    computes_what_python_computes(page, element, given, 30 if is_whole else 2)
    built = project.whole(course.folder / "site" / figure / "index.html")
    starts_with_the_figure_that_the_build_drew(page, element, built)
    if is_whole:
        unscripted, plain = opened(figure, java_script_enabled=False)
        without_javascript_there_is_nothing_to_press(unscripted, plain)
        on_paper_is_the_figure_with_its_sentence(unscripted, plain)
        on_paper_is_the_figure_with_its_sentence(page, element)
    assert found(element) == [""] * len(given.targets)
    draws_anew_where_the_build_drew(page, element, figure)
    finds_each_target_where_it_is_proved_to_be(page, element, figure, targets)
    if is_whole:
        page.set_viewport_size({"width": 360, "height": 800})
        is_moved_and_axe_finds_nothing(page, element, targets, findings)


def test_all_that_a_figure_can_have_is_tried_out():
    had = {kind for name in whole() for kind in kinds(given_of(name))}
    assert had == {kind for name in IDS for kind in kinds(given_of(name))}
    kinds_of_knobs = {"Knob", "Choice", "Asked", "marks", "slider", "switch"}
    assert {"again", "click", "field", "formula", "axes"} | kinds_of_knobs <= had


def fits_a_phone(page, element):
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    theory = element.locator(".weave-theory")
    if theory.count():
        theory.click()
    shown = ", ".join(f"{one}:visible" for one in ("input", "select", "button"))
    boxes = element.locator(shown).evaluate_all(
        "all => all.map((control) => control.getBoundingClientRect().toJSON())"
    )
    assert boxes
    for box in boxes:
        assert box["left"] >= 0
        assert box["right"] <= PHONE["width"]
        assert box["height"] >= 24


def computes_what_python_computes(page, element, given, count):
    data = told(element)
    asked = [(data["says"]["run"], given.says[0]), (data["table"], given.table[0])]
    for layer, drawn in zip(data["layers"], given.layers, strict=True):
        asked.append((layer["run"], drawn.function))
    for knob, moved in zip(data["knobs"], given.knobs, strict=True):
        if "marks" in knob:
            asked.append((knob["marks"]["run"], moved.marks.function))
    if given.adds:
        asked.append((data["adds"]["run"], given.adds[0]))
    for name in "again", "formula":
        if name in data:
            asked.append((data[name], getattr(given, name)[0]))
    if given.field:
        asked.append((data["field"]["run"], given.field.function))
    for name, target in given.targets.items():
        asked.append((data["targets"][name], target.function))
    places = {function: place for (place, _), function in asked}
    wanted = calls(given, count)
    assert {function for function, _ in wanted} == places.keys()
    answers = page.evaluate(
        "([own, calls]) => calls.map(([place, given]) =>"
        " customElements.get('weave-explore').functions[own][place](...given))",
        [data["functions"], [[places[one], list(state)] for one, state in wanted]],
    )
    for (function, arguments), answer in zip(wanted, answers, strict=True):
        check_equal(function, arguments, answer)


BUILT = """(element, html) => {
  const built = new DOMParser().parseFromString(html, "text/html");
  const plain = built.getElementById(element.id);
  const parts = (root, selector) => [...root.querySelectorAll(selector)];
  const texts = (root, selector) => parts(root, selector).map((one) => one.textContent);
  return [element, plain].map((root) => [
    root.querySelector("figure svg").innerHTML,
    texts(root, ".weave-formula"),
    texts(root, "td"),
    root.querySelector(".weave-says").lastChild.textContent,
  ]);
}"""


def starts_with_the_figure_that_the_build_drew(page, element, html):
    page.clock.run_for(PAUSE)
    shown, built = element.evaluate(BUILT, html)
    assert shown == built


def without_javascript_there_is_nothing_to_press(page, plain):
    assert plain.locator("figure svg").is_visible()
    assert plain.locator(".weave-says").is_visible()
    assert not plain.locator("input, button >> visible=true").count()
    assert plain.locator(".weave-task").is_visible()
    assert plain.locator("[data-target]").first.is_visible()
    assert plain.locator("noscript p").is_visible()
    plain.locator("summary").click()
    plain.get_by_role("link", name="on a page of their own").click()
    assert page.locator("tbody tr").first.is_visible()
    page.go_back()


def on_paper_is_the_figure_with_its_sentence(page, element):
    """And its question; nothing to press, and no table that fills pages."""
    page.emulate_media(media="print")
    assert element.locator("figure svg").first.is_visible()
    assert element.locator(".weave-says").is_visible()
    assert element.locator(".weave-task").is_visible()
    for other in "form", "table", "button", "noscript p", ".weave-task small":
        assert not element.locator(f"{other}:visible").count()
    page.emulate_media(media="screen")


def draws_anew_where_the_build_drew(page, element, figure):
    """A knob turned by a hair draws the default again: dots in sight, or else lines."""
    boxes = """(element, selector) => {
      const { top, bottom } = element.querySelector("svg").getBoundingClientRect();
      const places = [...element.querySelectorAll(selector)].map((part) => {
        const { x, y, width, height } = part.getBoundingClientRect();
        return [x + width / 2, y + height / 2];
      });
      const isLine = selector.includes("path");
      return places.filter(([, y]) => isLine || (top < y && y < bottom));
    }"""
    dots = bool(element.evaluate(boxes, ".live use"))
    built = element.evaluate(boxes, ".live use" if dots else ".live path")
    built = built[-1:] + built[:-1]  # the start is drawn last
    knobs = told(element)["knobs"]
    sliders = [knob for knob in knobs if "step" in knob]
    state = "&".join(f"{k['name']}={k['value'] + 1e-9!r}" for k in sliders)
    page.goto(re.sub(r"#.*", "", page.url) + f"#explore-{figure}?{state}")
    page.evaluate("scrollTo(0, 0)")
    drawn = element.evaluate(boxes, "circle" if dots else "svg svg path[stroke]")
    drawn = drawn[-1:] + drawn[:-1]
    page.evaluate("scrollTo(0, 0)")
    assert len(built) == len(drawn) > 0
    shift = [a - b for a, b in zip(built[0], drawn[0], strict=True)]
    for one, other in zip(built, drawn, strict=True):
        for a, b, moved in zip(one, other, shift, strict=True):
            assert abs(a - b - moved) < 0.5


def finds_each_target_where_it_is_proved_to_be(page, element, figure, targets):
    said(page, element)
    assert set(found(element)) == {""}
    for name, target in targets.items():
        element.get_by_role("button", name="Reset").click()
        for knob, value in target.at.items():
            put(element, knob, value)
        said(page, element)
        told = element.locator(f"[data-target='{name}'] .weave-found").inner_text()
        assert told.startswith("Found: ")
        for knob, value in target.at.items():
            label = element.locator(f"label[for=explore-{figure}-{knob}]")
            if isinstance(value, tuple):
                assert f"{label.inner_text()} = {len(value)} of " in told
                continue
            said_of_it = value if isinstance(value, str) else numbers.short(value)
            if slider(element, knob).get_attribute("type") == "checkbox":
                said_of_it = "on"
            assert f"{label.inner_text()} = {said_of_it}" in told
    element.get_by_role("button", name="Reset").click()
    said(page, element)
    for name in targets:  # they stay found
        assert element.locator(f"[data-target='{name}'] .weave-found").inner_text()


def is_moved_and_axe_finds_nothing(page, element, targets, findings):
    for knob, value in next(iter(targets.values())).at.items():
        put(element, knob, value)
    element.locator("summary").click()
    said(page, element)
    assert element.locator(".weave-found a").first.is_visible()
    part = f"#{element.get_attribute('id')}"
    assert findings(page, part) == []
    page.emulate_media(color_scheme="dark")
    assert findings(page, part, COLOURS) == []


def test_a_slider_moves_by_arrow_keys_and_the_status_follows(opened):
    page, element = opened("square")
    rate = slider(element, "rate")
    rate.focus()
    for _ in range(80):
        page.keyboard.press("ArrowRight")
    assert rate.input_value() == "0.9"
    assert rate.get_attribute("aria-valuetext") == "0.9"
    assert said(page, element) == (
        "After 10 steps x = 0.2147. "
        "Each step multiplies x by −0.80: it overshoots and converges."
    )
    assert element.locator("circle").count() == 11
    row = element.locator("tbody tr").nth(1).locator("td")
    assert row.all_text_contents() == ["1", "−1.6000", "2.5600"]
    page.keyboard.press("End")
    assert "diverges" in said(page, element)


def test_everything_is_reached_by_the_tab_key(opened):
    page, element = opened("square")
    slider(element, "rate").focus()
    seen = []
    for _ in range(5):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.textContent"))
    theory, rest = "Values from theory", ["Reset", "Link to this state", seen[-1]]
    assert seen == ["", theory, *rest]
    assert "The numbers" in seen[-1]


def test_what_a_slider_passes_is_not_found_and_where_it_rests_is(opened):
    page, element = opened("square")
    largest = element.locator("[data-target=largest] .weave-found")
    assert largest.get_attribute("aria-live") == "polite"
    rate = slider(element, "rate")
    rate.fill("0.98")
    rate.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert rate.input_value() == "1.02"
    said(page, element)
    assert largest.inner_text() == ""
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    said(page, element)
    assert largest.inner_text() == "Found: rate η = 1, start x₀ = 2"
    rate.fill("0.1")
    slider(element, "start").fill("1.5")
    said(page, element)
    assert largest.inner_text() == "Found: rate η = 1, start x₀ = 2"
    largest.get_by_role("link").click()
    expect(rate).to_have_value("1")
    expect(slider(element, "start")).to_have_value("2")


def test_what_was_found_stays_found_until_the_record_is_erased(opened):
    page, element = opened("square")
    slider(element, "rate").fill("1")
    said(page, element)
    page.reload()
    served(element)
    assert "Found: rate η = 1, start x₀ = 2" in found(element)
    link = element.locator("[data-target=largest] a").get_attribute("href")
    assert link == "#explore-square?rate=1&start=2"
    page.evaluate(
        "localStorage.clear();"
        "document.dispatchEvent(new Event('weave-progress-changed'))"
    )
    assert not any(found(element))


def test_of_a_kept_record_only_a_state_that_reaches_the_target_is_believed(opened):
    page, element = opened("square")
    put = """([task, state]) => localStorage.setItem("weave-progress",
      JSON.stringify({version: 1, questions: {}, found: {[task]: state}}))"""
    for state in ("rate=0.5", "<img src=x>", {"rate": 1}, None, "rate=1e999"):
        page.evaluate(put, ["explore-square largest", state])
        page.reload()
        served(element)
        assert element.locator("form").is_visible()
        assert not any(found(element)), state
    for record in ('"text"', "[]", "7", "{", '{"found": "text"}'):
        page.evaluate("text => localStorage.setItem('weave-progress', text)", record)
        page.reload()
        served(element)
        assert not any(found(element)), record
    page.evaluate(put, ["explore-square largest", "rate=1&start=9e9"])
    page.reload()
    served(element)
    assert "Found: rate η = 1, start x₀ = 2.2" in found(element)


def test_what_was_moved_is_said_before_the_sentence_to_those_who_do_not_see_it(opened):
    page, element = opened("lab")
    status, moved = element.locator(".weave-says"), element.locator(".weave-moved")
    assert status.get_attribute("aria-atomic") == "true"
    assert not moved.count()
    with still(page):
        slider(element, "mu").fill("30")
        slider(element, "damped").check()
        said(page, element)
    told = "shift μ from 0 to 30, damping from off to on: "
    assert moved.text_content() == told
    assert moved.bounding_box()["width"] <= 1
    element.get_by_role("button", name="Reset").click()
    said(page, element)
    assert moved.text_content() == "shift μ from 30 to 0, damping from on to off: "


def test_arrow_keys_on_the_figure_move_what_a_click_moves(opened):
    page, element = opened("arrows")
    drawing = element.locator("figure > svg")
    hint = element.locator(f"#{drawing.get_attribute('aria-describedby')}")
    assert hint.inner_text() == (
        "Click or drag in the figure to set start x and start y, "
        "or use arrow keys on it."
    )
    drawing.focus()
    at = page.evaluate("scrollY")
    for key in ("ArrowUp", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
    page.keyboard.press("ArrowLeft")
    values = [slider(element, name).input_value() for name in ("x", "y")]
    assert values == ["4.9", "1.1"]
    assert page.evaluate("scrollY") == at
    assert "start x from 5 to 4.9" in (
        said(page, element) and element.locator(".weave-moved").text_content()
    )
    page, element = opened("square")  # where only one coordinate is set
    element.locator("figure > svg").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert slider(element, "start").input_value() == "2.1"


def test_the_status_is_said_once_after_a_pause(opened):
    page, element = opened("square")
    status = element.locator(".weave-says")
    assert status.get_attribute("aria-live") == "polite"
    page.clock.run_for(PAUSE)
    status.evaluate(
        "part => { window.said = 0; new MutationObserver(() => { window.said += 1; })"
        ".observe(part, { childList: true, subtree: true, characterData: true }); }"
    )
    slider(element, "rate").focus()
    with still(page):
        for _ in range(10):
            page.keyboard.press("ArrowRight")
        page.clock.run_for(PAUSE)
    assert page.evaluate("said") == 1


def test_marks_set_the_exact_value_and_say_that_they_are_on(opened):
    page, element = opened("explog")
    element.get_by_role("button", name="best").click()
    best = rate_lesson._explog_marks()[0]
    link = element.get_by_role("link", name="Link to this state")
    assert f"rate={best!r}&" in link.get_attribute("href")
    button = element.get_by_role("button", name="best 0.2052")
    assert button.get_attribute("aria-pressed") == "true"
    element.get_by_role("button", name="limit").click()
    assert button.get_attribute("aria-pressed") == "false"
    assert "every step overshoots" not in said(page, element)


def test_marks_move_with_the_knob_they_depend_on(opened):
    _, element = opened("ravine")
    slider(element, "kappa").fill("3")
    element.get_by_role("button", name="Values from theory").click()
    assert element.get_by_role("button", name="best 1.5").is_visible()


def test_marks_that_answer_a_task_wait_for_the_reader(opened):
    """They are neither seen nor heard until asked for, or until all tasks are done."""
    page, element = opened("swing")
    marks = element.get_by_role("button", name=re.compile("^(best|limit) "))
    theory = element.get_by_role("button", name="Values from theory")
    ticks = element.locator(".weave-tick")
    assert (marks.count(), theory.get_attribute("aria-expanded")) == (0, "false")
    assert not any(tick.is_visible() for tick in ticks.all())
    slider(element, "h").focus()
    page.keyboard.press("Tab")  # and none of them is reached
    expect(theory).to_be_focused()
    page.keyboard.press("Enter")
    assert (marks.count(), theory.get_attribute("aria-expanded")) == (2, "true")
    assert all(tick.is_visible() for tick in ticks.all())
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert slider(element, "h").input_value() == "3.8"
    theory.click()
    assert marks.count() == 0
    for state in {"beta": "0.31", "h": "0.2"}, {"beta": "0.5", "h": "2.98"}:
        assert marks.count() == 0
        for name, value in state.items():
            slider(element, name).fill(value)
        said(page, element)
    assert (marks.count(), theory.get_attribute("aria-expanded")) == (2, "true")


def test_a_mark_beyond_its_slider_cannot_be_pressed(opened):
    _, element = opened("lab")
    mark = element.get_by_role("button", name="−λ₁")
    mark.click()
    assert float(slider(element, "mu").input_value()) > 0
    slider(element, "x").fill("3")
    slider(element, "y").fill("2")  # the minimum, where λ₁ is positive
    assert mark.is_disabled()
    assert element.locator("[data-knob=mu] .weave-tick").is_hidden()


def test_where_theory_has_no_value_there_is_no_mark(opened):
    _, element = opened("form")
    element.get_by_role("button", name="Values from theory").click()
    mark, tick = element.locator("[data-knob=b] button"), element.locator(".weave-tick")
    assert [mark.is_visible(), tick.is_visible()] == [True, True]
    slider(element, "a").fill("-1")
    assert [mark.is_visible(), tick.is_visible()] == [False, False]
    slider(element, "c").fill("-1")
    assert mark.inner_text() == "√(ac) 1"


def test_the_sign_before_a_number_of_a_formula_follows_it(opened):
    _, element = opened("blind")
    formula = element.locator(".weave-formula")
    assert formula.text_content() == "tangent=−0.49+0.99⋅(x−3.00)"
    slider(element, "x").fill("-2")
    element.get_by_role("button", name="Look here").click()
    assert re.search(r"⋅\(x\+2\.00\)$", formula.text_content())


def test_a_click_on_the_figure_moves_the_start(opened):
    _, element = opened("ravine")
    drawing = element.locator("figure svg").first
    data = told(element)
    left, top, width, height = data["box"]
    x0, x1, y0, y1 = data["limits"]
    box = drawing.bounding_box()
    scale = box["width"] / float(drawing.get_attribute("width"))
    x, y = -1.0, 0.5
    place = {
        "x": (left + (x - x0) / (x1 - x0) * width) * scale,
        "y": (top + (y1 - y) / (y1 - y0) * height) * scale,
    }
    drawing.click(position=place)
    assert slider(element, "x").input_value() == "-1"
    assert slider(element, "y").input_value() == "0.5"
    drawing.click(position={"x": 2, "y": 2})  # beside the axes: the nearest values
    assert slider(element, "x").input_value() == "-2.3"


@contextmanager
def finger(page, x, y):
    """A finger that comes down, and can be moved by so much; then it is lifted."""
    touch = page.context.new_cdp_session(page)

    def send(kind, *points):
        at = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    def move(across, up, parts=10):
        for k in range(1, parts + 1):
            send("touchMove", (x + across * k / parts, y + up * k / parts))

    send("touchStart", (x, y))
    yield move
    send("touchEnd")


def test_a_finger_moves_what_it_touches_and_can_still_scroll_the_page(opened):
    page, element = opened("lab", viewport=PHONE, has_touch=True, is_mobile=True)
    drawing, mu = element.locator("figure svg").first, slider(element, "mu")
    link = element.get_by_role("link", name="Link to this state")

    def swiped(part, across, up):
        """Which knobs were moved, and how far the page was scrolled, in pixels.

        A sentence that needs one line more moves what is below it, or the page.
        """
        part.evaluate("part => part.scrollIntoView({ block: 'center' })")
        height, top = page.evaluate("scrollY"), part.bounding_box()["y"]
        before = dict(re.findall(r"(\w+)=([^&]*)", link.get_attribute("href")))
        with finger(page, *centre(part)) as move:
            move(across, up)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")
        after = dict(re.findall(r"(\w+)=([^&]*)", link.get_attribute("href")))
        moved = {name for name in after if after[name] != before[name]}
        scrolled = page.evaluate("scrollY") - height, top - part.bounding_box()["y"]
        return moved, int(min(scrolled, key=abs))  # half a pixel is none

    assert swiped(drawing, 60, 8) == ({"x", "y"}, 0)
    assert swiped(mu, 60, 8) == ({"mu"}, 0)
    for part in drawing, mu:
        moved, scrolled = swiped(part, 5, -150)
        assert moved == set()
        assert scrolled > 50
    for part, name in (
        (slider(element, "absolute"), "absolute"),
        (element.get_by_role("button", name="−λ₁"), "mu"),
    ):
        part.tap()
        assert f"{name}=0&" not in link.get_attribute("href")
    element.get_by_role("button", name="Reset").tap()
    drawing.tap(position={"x": 60, "y": 60})
    expect(slider(element, "x")).not_to_have_value("0.5")


def test_a_drag_over_the_figure_moves_the_start_all_the_way(opened):
    page, element = opened("ravine")
    x, y = centre(element.locator("figure svg").first)
    page.mouse.move(x, y)
    page.mouse.down()
    seen = set()
    for step in range(4):
        page.mouse.move(x + 10 * step, y)
        seen.add(slider(element, "x").input_value())
    page.mouse.up()
    page.mouse.move(x - 50, y)  # without a button it moves nothing
    assert len(seen) == 4
    assert slider(element, "x").input_value() == max(seen, key=float)


def centre(part):
    box = part.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_what_lies_over_other_axes_stays_there_and_a_click_on_them_sets_nothing(opened):
    page, element = opened("corner")
    element.get_by_role("button", name="Values from theory").click()
    for mark in element.get_by_role("button", name="Polyak").all():
        mark.click()
    drawing, data = element.locator("figure svg").first, told(element)
    link = element.get_by_role("link", name="Link to this state")
    h, beta = (float(x) for x in momentum._polyak(25.0))
    assert link.get_attribute("href").endswith(f"&h={h!r}&beta={beta!r}")
    assert "Polyak's corner" in said(page, element)
    windows = element.locator("figure svg svg")
    boxes = [data["box"], data["layers"][2]["box"]]
    for window, box in zip(windows.all(), boxes, strict=True):
        assert window.get_attribute("viewBox").split() == [f"{x:g}" for x in box]
    scale = drawing.bounding_box()["width"] / float(drawing.get_attribute("width"))
    centres = [
        {"x": (left + width / 2) * scale, "y": (top + height / 2) * scale}
        for left, top, width, height in boxes
    ]
    drawing.click(position=centres[1])
    assert f"&h={h!r}&" in link.get_attribute("href")
    drawing.click(position=centres[0])
    assert "&h=2.1&beta=0.51" in link.get_attribute("href")


# What is painted lies where the build's map lay, and behind the same lines.
COVERS = """(element) => {
  const painted = element.querySelector("[shape-rendering]");
  const built = [...element.querySelectorAll("figure .field")];
  const holder = built.at(-1).nextElementSibling;
  for (const part of built) part.setAttribute("display", "inline");
  const edges = (parts) => {
    const boxes = [...parts].map((part) => part.getBoundingClientRect());
    const most = (side, of) => of(...boxes.map((box) => box[side]));
    return [most("left", Math.min), most("top", Math.min),
      most("right", Math.max), most("bottom", Math.max)];
  };
  const [now, before] = [edges(painted.children), edges(built)];
  for (const part of built) part.setAttribute("display", "none");
  const close = now.every((edge, i) => Math.abs(edge - before[i]) < 0.1);
  return holder.contains(painted) && close ? true : [now, before];
}"""


def test_a_map_is_painted_for_each_method_and_counted_as_in_the_table(opened):
    _, element = opened("basins")
    counts, built = element.locator(".weave-counts"), element.locator(".field").first
    told = {
        name: " · ".join(
            f"{kind} {number:,}" for kind, number in failures.census(name).items()
        )
        for name in ("damped", "newton", "descent")
    }
    assert counts.inner_text() == told["damped"]
    assert counts.get_attribute("aria-live") == "polite"
    method = slider(element, "method")
    method.select_option("gradient descent")  # overtaken by the next
    for chosen, name in ("Newton", "newton"), ("gradient descent", "descent"):
        method.select_option(chosen)
        element.locator(
            ".weave-counts[aria-busy=false]", has_text=told[name]
        ).wait_for()
        assert not built.is_visible()
        paths = element.locator("[shape-rendering] path").evaluate_all(
            "paths => paths.map(path => path.getAttribute('d'))"
        )
        assert len(paths) == 10
        rows = re.findall(r"M(\d+) (\d+)H(\d+)v1H\1z", "".join(paths))
        cells = [
            (row, cell)
            for start, row, end in rows
            for cell in range(int(start), int(end))
        ]
        assert len(cells) == len({*cells}) == 151**2  # each once
        assert all(int(start) < int(end) for start, _, end in rows)
        assert element.evaluate(COVERS) is True
    mark = "painted => painted.setAttribute('data-mark', '')"
    element.locator("[shape-rendering]").evaluate(mark)
    slider(element, "x").fill("2")  # a start paints nothing anew
    assert element.locator("[shape-rendering][data-mark]").count() == 1
    assert counts.inner_text() == told["descent"]
    element.get_by_role("button", name="Reset").click()
    assert counts.inner_text() == told["damped"]
    assert built.is_visible()
    assert not element.locator("[shape-rendering]").count()


def test_newtons_step_can_be_taken_and_its_sign_is_said_and_coloured(opened):
    page, element = opened("newton")
    slider(element, "start").fill("0.4")
    assert "is negative. The parabola's top" in said(page, element)
    assert "--fig-alarm" in element.locator("circle").last.get_attribute("stroke")
    element.get_by_role("button", name="Take the step").click()
    link = element.get_by_role("link").last.get_attribute("href")
    assert link == f"#explore-newton?start={newton._well_next(0.4)!r}"
    slider(element, "start").fill("1.5")
    assert "is positive. The parabola’s lowest point" in said(page, element)
    assert "--fig-second" in element.locator("circle").last.get_attribute("stroke")
    slider(element, "start").fill("0.6")  # leads far out of the range
    assert element.get_by_role("button", name="Take the step").is_disabled()


def test_a_switch_is_pressed_by_the_space_bar_and_follows_the_address(opened):
    page, element = opened("lab")
    damped = slider(element, "damped")
    damped.focus()
    page.keyboard.press(" ")
    assert "damping finds none that lowers the loss" in said(page, element)
    link = element.get_by_role("link", name="Link to this state")
    assert "&damped=1" in link.get_attribute("href")
    page.evaluate("location.hash = 'explore-lab?absolute=1&mu=3'")
    page.locator("#explore-lab output", has_text="3").wait_for()
    assert not damped.is_checked()
    assert slider(element, "absolute").is_checked()
    element.get_by_role("button", name="Reset").click()
    assert not slider(element, "absolute").is_checked()


def test_a_choice_is_made_by_its_name_and_follows_the_address(opened):
    page, element = opened("stops")
    test = slider(element, "test")
    test.focus()
    page.keyboard.press("ArrowDown")
    assert test.input_value() == "gradient"
    link = element.get_by_role("link", name="Link to this state")
    assert "&test=gradient&" in link.get_attribute("href")
    for asked, chosen in ("step", "step"), ("2", "loss"), ("constructor", "loss"):
        page.evaluate(
            "test => { location.hash = `explore-stops?test=${test}`; }", asked
        )
        assert test.input_value() == chosen


def test_looks_are_added_taken_back_and_kept_in_the_address(opened):
    page, element = opened("blind")
    look, back = (
        element.get_by_role("button", name=name) for name in ("Look here", "Take back")
    )
    count = element.locator("[data-knob=looks] output")
    assert [count.inner_text(), back.is_enabled()] == ["1 of 12", False]
    put(element, "x", -1.5)
    look.focus()
    page.keyboard.press("Enter")
    assert "Look 2 of 12, at x = −1.50" in said(page, element)
    moved = element.locator(".weave-moved").text_content()
    assert "looks from 1 of 12 to 2 of 12" in moved
    link = element.get_by_role("link", name="Link to this state")
    assert "&looks=3%2C-1.5&" in link.get_attribute("href")
    back.click()
    assert count.inner_text() == "1 of 12"
    for _ in range(11):
        look.click()
    assert not look.is_enabled()
    assert "the lowest loss is" in said(page, element)
    assert element.locator("tbody tr").count() == 12
    element.get_by_role("button", name="Reset").click()
    assert count.inner_text() == "1 of 12"
    for asked, held in (
        ("1,2,99", "3 of 12"),
        (",".join("0" * 50), "12 of 12"),
        *((hostile, "1 of 12") for hostile in ("", ",", "1,,2", "NaN", "1e999,<b>")),
    ):
        page.evaluate("q => { location.hash = `explore-blind?looks=${q}`; }", asked)
        assert count.inner_text() == held, asked
        href = link.get_attribute("href")
        assert all(abs(float(x)) <= 5 for x in re.findall(r"-?\d+\.?\d*", href))


def test_a_step_in_the_plane_moves_both_coordinates(opened):
    _, element = opened("lab")
    lab = IDS["lab"].given()
    element.get_by_role("button", name="Take the step").click()
    x, y = lab.run(lab.again[0])
    link = element.get_by_role("link", name="Link to this state")
    assert f"?x={x!r}&y={y!r}&" in link.get_attribute("href")


def test_reset_brings_the_builds_own_figure_back(opened):
    page, element = opened("ravine")
    before = element.locator("figure").inner_html()
    status = said(page, element)
    slider(element, "kappa").fill("70")
    assert element.locator("figure").inner_html() != before
    element.get_by_role("button", name="Reset").click()
    assert element.locator("figure").inner_html() == before
    assert said(page, element) == status


def test_a_link_holds_the_exact_state(opened):
    page, element = opened("ravine")
    element.get_by_role("button", name="Values from theory").click()
    element.get_by_role("button", name="best").click()
    slider(element, "kappa").fill("37")
    element.get_by_role("button", name="best").click()
    link = element.get_by_role("link", name="Link to this state")
    status, fragment = said(page, element), link.get_attribute("href")
    _, other = opened("ravine", fragment)
    assert other.get_by_role("link", name="Link").get_attribute("href") == fragment
    assert said(page, other) == status
    assert other.locator("figure > svg").inner_html() == (
        element.locator("figure > svg").inner_html()
    )
    assert other.evaluate("part => part.getBoundingClientRect().top") < 500


HOSTILE = [
    "rate=1e999&start=2",
    "rate=NaN&start=Infinity",
    "rate=0x10&start=1e3e3",
    "rate=<img src=x onerror=alert(1)>",
    "__proto__=1&constructor=2&toString=3",
    "rate=%E0%A4%A&start=%",
    "rate[]=1&rate=&rate=2",
    "rate=" + "9" * 5000,
    "rate=0.5?rate=1",
    "=&&&=",
]


def test_a_hostile_address_sets_nothing_but_numbers_within_the_range(opened):
    page, element = opened("square")
    for query in HOSTILE:
        address = "explore-square?" + quote(query, safe="%=&[]?")
        page.evaluate("address => { location.hash = address; }", address)
        for knob in told(element)["knobs"]:
            value = float(slider(element, knob["name"]).input_value())
            assert knob["low"] <= value <= knob["high"], query
        assert not element.locator("img").count(), query
        assert page.evaluate("({}).rate === undefined"), query
    page.reload()
    served(element)
    assert slider(element, "rate").is_visible()
    assert "After 10 steps" in said(page, element)


def test_values_beyond_the_range_are_brought_to_its_ends(opened):
    _, element = opened("square", "#explore-square?rate=99&start=-99")
    assert slider(element, "rate").input_value() == "1.15"
    assert slider(element, "start").input_value() == "-2.2"


def test_another_address_on_the_same_page_is_followed(opened):
    page, element = opened("square")
    page.evaluate("location.hash = 'explore-square?rate=0.5'")
    page.locator("#explore-square output", has_text="0.5").wait_for()
    page.evaluate(
        """() => new Promise((followed) => {
          addEventListener("hashchange", () => setTimeout(followed), { once: true });
          location.hash = "explore-explog?rate=0.05";
        })"""
    )
    assert element.locator("output").first.inner_text() == "0.5"
