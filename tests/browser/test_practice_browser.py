"""The page of practice in a real browser: the bank, its filter, and drills."""

import os

import pytest
from playwright.sync_api import expect

from .conftest import ROOT, Course
from .test_quiz_browser import answer, choose, widest

NUMBER = """\
/// question | From $x = 3$, where does *one step* lead?
    kind: number
    within: 0.005

- [x] 2.4
- [ ] 3.6

    You added the gradient.

The slope at 3 is 6, so 3 − 0.6 = 2.4.
///
"""
ONE = """\
/// question | Which path is it?
    kind: one

- [ ] It creeps.
- [x] It zig-zags.
- [False] It flies.

The signs alternate.
///
"""
SEVERAL = ONE.replace("kind: one", "kind: several\n    level: break it").replace(
    "Which path", "Which paths"
)
DRILL = """\
//// drill | jump

/// question | One?
    kind: number
    id: drill-jump-1

- [x] 1

So.
///

/// question | Two?
    kind: number
    id: drill-jump-2

- [x] 2

So.
///

////
"""
PAGES = {
    "index": "# Home\n",
    "start": f"# Start\n\n{NUMBER}",
    "rate": f"# Rate\n\n{NUMBER}\n{ONE}\n{SEVERAL}",
    "practice": "# Practice\n\n## Bank\n\n/// bank\n///\n\n## Drills\n\n"
    "`{python} drill_text.section(drills.KINDS[0])`\n\n"
    "`{python} drill_text.section(drills.KINDS[7])`\n\n"
    f"### Jumps\n\n{DRILL}\n\n## End\n\nText.\n",
}
IN_ORDER = "nav: [index.md, start.md, rate.md, practice.md]\ntheme: {features: []}\n"


@pytest.fixture(scope="module")
def address(tmp_path_factory, published):
    course = Course(tmp_path_factory.mktemp("practice"), IN_ORDER)
    (course.folder / "snippets/drills.py").symlink_to(ROOT / "snippets/drills.py")
    for name, page in PAGES.items():
        course.write(f"docs/{name}.md", page)
    return published(course)


@pytest.fixture
def practice(tab, address):
    return lambda fragment="", **options: tab(
        f"{address}practice/{fragment}", **options
    )


# The script of the page comes once the bank or a drill is near.
READY = """Promise.all([
  customElements.whenDefined("weave-bank"), customElements.whenDefined("weave-drill")
])"""


def shown(page):
    """The ids of the questions of the bank that the filter leaves, folded or not."""
    page.evaluate(READY)
    return page.locator("weave-bank").evaluate(
        "bank => [...bank.questions.values()].flat()"
        ".filter((question) => !question.hidden).map((question) => question.id)"
    )


def drill(page, name="one-step"):
    return page.locator(f"#drill-{name}")


def variant(page, name="one-step"):
    """The id of the one variant of a drill that can be seen."""
    page.evaluate(READY)
    drill(page, name).locator("weave-question").first.wait_for(state="attached")
    [found] = drill(page, name).locator("weave-question:visible").all()
    return found.get_attribute("id")


ALL = ["start-1", "rate-1", "rate-2", "rate-3"]


def test_the_filter_works_by_lesson_kind_level_and_state_with_the_keyboard(practice):
    page = practice()
    assert page.evaluate("scrollY") == 0  # no drill is named
    assert shown(page) == ALL
    said = page.locator(".weave-filter output")
    assert said.inner_text() == "4 of 4 questions"
    lesson = page.get_by_label("Lesson")
    lesson.focus()
    lesson.press("ArrowDown")
    lesson.press("ArrowDown")
    assert shown(page) == ["rate-1", "rate-2", "rate-3"]
    assert page.locator("#bank-rate").evaluate("part => part.open")
    assert not page.locator("#bank-start").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert shown(page) == ["rate-1"]
    assert page.locator("#bank-rate .weave-count").inner_text() == "1 of 3"
    page.keyboard.press("Tab")
    level = page.get_by_label("Level")
    level.select_option("break it")
    assert shown(page) == []
    level.select_option("core")
    assert shown(page) == ["rate-1"]
    page.get_by_label("Kind").select_option("")
    level.select_option("break it")
    assert shown(page) == ["rate-3"]
    page.get_by_label("Kind").select_option("number")
    level.select_option("")
    assert shown(page) == ["rate-1"]
    level.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert shown(page) == []
    assert said.inner_text() == "No question is like that."
    page.keyboard.press("ArrowUp")
    assert shown(page) == ["rate-1"]
    page.keyboard.press("Tab")
    fold = page.locator(".weave-filter button")
    assert fold.inner_text() == "Fold all"
    page.keyboard.press("Enter")
    assert not page.locator("#bank-rate").evaluate("part => part.open")
    expect(fold).to_have_text("Unfold all")
    lesson.select_option("")
    assert page.locator("weave-bank details[open]").count() == 0
    assert not fold.is_disabled()
    level.select_option("break it")
    assert fold.is_disabled()  # where no question is shown


def test_the_questions_come_when_the_bank_is_near_named_or_printed(practice):
    page = practice(viewport={"width": 1280, "height": 60})
    page.wait_for_load_state("networkidle")
    questions = page.locator("weave-bank weave-question")
    assert questions.count() == 0
    assert page.locator(".weave-count").all_inner_texts() == [
        "1 question",
        "3 questions",
    ]
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert questions.count() == len(ALL)
    page = practice("#rate-3")
    page.locator("#rate-3 legend").wait_for()
    assert page.evaluate("scrollY") > 0
    assert not page.locator("#start-1").is_visible()


def test_what_is_solved_in_the_lesson_is_solved_in_the_bank(practice, address):
    page = practice()
    page.goto(f"{address}rate/")
    answer(page, 1, "2.4")
    page.goto(f"{address}practice/")
    page.evaluate(READY)
    progress = page.locator("weave-progress p").first
    assert progress.inner_text() == "1 of 4 questions answered"
    assert (
        page.locator("#bank-rate .weave-count").inner_text() == "3 questions, 1 solved"
    )
    page.get_by_label("State").select_option("solved")
    assert shown(page) == ["rate-1"]
    page.get_by_label("State").select_option("open")
    assert shown(page) == ["start-1", "rate-2", "rate-3"]
    page.get_by_role("button", name="Unfold all").click()
    assert "✓ Right" in choose(page, 2, "B")
    assert "rate-2" in shown(page)  # until the filter is set again
    assert progress.inner_text() == "2 of 4 questions answered"
    assert "1 solved" in page.locator("#bank-rate .weave-count").inner_text()
    page.get_by_label("Kind").select_option("one")
    assert shown(page) == []
    page.goto(f"{address}rate/")
    assert "Answered" in page.locator("#rate-2 .weave-answered").inner_text()


def test_the_bank_counts_what_is_solved_when_the_script_of_questions_is_late(
    address, tab
):
    page = tab(f"{address}rate/", own=True)
    answer(page, 1, "2.4")
    held = []
    for name in "practice", "quiz":
        page.route(f"**/{name}.js", lambda route: held.append(route))
    page.goto(f"{address}practice/#drill-one-step", wait_until="commit")
    script = page.locator("head [src$='practice.js']")
    script.evaluate("script => { script.onload = () => { script.id = 'run'; } }")
    while len(held) < 2:
        script.count()  # what is asked of the browser lets routes be heard, too
    bank, quiz = sorted(held, key=lambda route: route.request.url)
    bank.continue_()
    page.locator("#run").wait_for(state="attached")
    quiz.continue_()
    count = page.locator("#bank-rate .weave-count", has_text="3 questions, 1 solved")
    count.wait_for()


def test_another_drill_changes_the_address_and_reload_and_back_keep_it(practice):
    page = practice()
    another = drill(page).get_by_role("button", name="Another")
    assert variant(page) == "drill-one-step-1"
    another.click()
    assert variant(page) == "drill-one-step-2"
    assert page.url.endswith("#drill-one-step-2")
    another.press("Enter")
    assert drill(page).locator("> .weave-control span").inner_text() == "3 of 12"
    assert another.evaluate("button => button === document.activeElement")
    page.reload()
    assert variant(page) == "drill-one-step-3"
    page.go_back()
    assert variant(page) == "drill-one-step-2"
    page.go_back()
    assert variant(page) == "drill-one-step-1"
    page.go_forward()
    assert variant(page) == "drill-one-step-2"
    for _ in range(11):
        another.click()
    assert variant(page) == "drill-one-step-1"


def test_a_link_opens_the_drill_that_it_names_and_brings_it_into_view(practice):
    page = practice("#drill-line-error-7")
    assert variant(page, "line-error") == "drill-line-error-7"
    assert variant(page) == "drill-one-step-1"
    expect(page.locator("#drill-line-error-7")).to_be_in_viewport(timeout=30_000)
    link = drill(page, "line-error").get_by_role("link", name="Link to this one")
    assert link.get_attribute("href") == "#drill-line-error-7"


def test_reading_on_keeps_the_drill_in_the_address(practice):
    """The theme writes the section that is read into the address."""
    page = practice("#drill-line-error-7", viewport={"width": 1280, "height": 500})
    page.mouse.wheel(0, 40)
    page.wait_for_timeout(600)
    assert page.url.endswith("#drill-line-error-7")


HOSTILE = (
    *("#drill-one-step-99", "#drill-one-step-0", "#drill-one-step-", "#drill-one-step"),
    *("#drill-one-step-2<img src=x onerror=broken()>", "#%3Cimg%20src=x%3E"),
    *("#drill-one-step-%", "#drill-one-step-2%00", "#'\"]*", "#drill-none-1"),
    *("#drill-one-step-02", "#Drill-one-step-2", "#drill-one-step-2?x", "#rate-1x"),
)


def test_a_hostile_fragment_is_ignored(practice):
    page = practice()
    images = page.locator("img, [onerror]").count()
    for number, fragment in enumerate(HOSTILE):
        page.evaluate("fragment => { location.hash = fragment }", fragment)
        if number % 4 == 0 or os.environ.get("WHOLE_SITE"):
            page.reload()
        assert variant(page) == "drill-one-step-1", fragment
        assert page.locator("img, [onerror]").count() == images


def test_a_drill_is_judged_explained_and_leaves_no_record(practice):
    page = practice("#drill-jump-2")
    asked = page.locator("#drill-jump-2")
    for text in "2", "4/2", "2,0":
        asked.get_by_role("textbox").fill(text)
        asked.get_by_role("button", name="Check").click()
        assert "✓ Right" in asked.locator("output").inner_text()
    slip = page.locator("#drill-one-step-1 form > template").nth(1)
    page.locator("#drill-one-step-1").get_by_role("textbox").fill(
        slip.get_attribute("data-value")
    )
    page.locator("#drill-one-step-1").get_by_role("button", name="Check").click()
    said = page.locator("#drill-one-step-1 output").inner_text()
    assert "You added the gradient" in said
    assert page.evaluate("localStorage.getItem('weave-progress')") is None
    assert page.locator("weave-progress p").first.inner_text().startswith("0 of 4")


def test_without_javascript_all_is_readable_and_no_control_is_dead(practice):
    page = practice(java_script_enabled=False)
    for control in page.locator("input, button, select, output").all():
        assert not control.is_visible()
    part = page.locator("#bank-rate")
    part.locator("summary").click()
    assert part.locator("noscript").is_visible()
    part.get_by_role("link", name="To the lesson").click()
    page.locator("#rate-2 .weave-solution > summary").click()
    assert page.locator("#rate-2").get_by_text("Answer: B").is_visible()
    page.go_back()
    more = drill(page).locator("noscript > details > summary")
    assert more.text_content() == "11 more, with other numbers"
    more.click()
    last = page.locator("#drill-one-step-12")
    assert last.is_visible()
    last.locator("summary").click()
    assert last.locator(".weave-solution strong").first.is_visible()


def test_nothing_jumps_when_the_scripts_wake_up(tab, address):
    page = tab("about:blank", own=True)
    held = []
    page.route("**/js/{quiz,practice}.js", lambda route: held.append(route))
    with page.expect_request("**/practice.js"):
        page.goto(f"{address}practice/", wait_until="commit")
    page.locator("weave-drill").last.wait_for(state="attached")
    height = "document.querySelector('article').getBoundingClientRect().height"
    page.evaluate("document.fonts.ready.then(() => {})")
    before = page.evaluate(height)
    for route in held:
        route.continue_()
    page.locator("weave-drill:defined").last.wait_for()
    assert page.evaluate(height) == before


def test_unfolded_to_the_last_nothing_is_wider_than_a_phone(practice):
    page = practice("#drill-line-error-2", viewport={"width": 320, "height": 800})
    page.get_by_role("button", name="Unfold all").click()
    page.locator("#drill-line-error-2 summary").click()
    assert widest(page) <= 320
