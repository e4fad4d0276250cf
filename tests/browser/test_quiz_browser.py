"""Questions as a reader meets them, in a real browser."""

import json
import re

import pytest

from .conftest import Course

SNIPPET = '''\
"""A parabola."""

from shared import draw


def figure_small():
    figure, ax = draw.axes("step", "x", 4, 2)
    ax.plot([4, 2, 1])
    return figure


def figure_large():
    figure, ax = draw.axes("step", "x", 4, 2)
    ax.plot([1, -2, 4])
    return figure
'''

PAGE = """\
# Rate

<weave-progress></weave-progress>

/// question | From $x = 2$ on $f(x) = x^2$ with rate 0.1, where does one step lead?
    kind: number
    within: 0.005

- [x] `{python} 0.8 * 2`

    This is $2 - 0.1 \\cdot 4$.

- [ ] `{python} 2 + 0.4`

    You added the gradient; it points **uphill**.

- [ ] `{python} 5 / 8`

The slope at 2 is 4.
///

/// question | Which number of steps?
    kind: number

- [x] `{python} 50 * 25`

It takes 1250 steps.
///

/// question | Which sign has the change?
    kind: number

- [x] `{python} -0.8 * 2`

It falls.
///

/// question | What does the path do?
    kind: one

- [ ] It creeps.

    The rate is not small.

- [x] It zig-zags along $x^2 + \\frac{1}{2} y^2$, wall to wall.
- [ ] It flies.

The signs alternate.
///

/// question | Which of these are needed?
    kind: several

- [x] a start
- [ ] a telephone

    Nobody is called.

- [x] a slope

Start and slope are needed.
///

/// question | Bring the steps into order.
    kind: order

1. Take the slope.

    Without a slope there is no direction.

2. Multiply it by the rate.
3. Subtract.

This is the loop.
///

/// question | Which path belongs to the large rate?
    kind: one

- [ ] ![A falling line](figures/rate/small.svg)
- [x] ![A line that swings](figures/rate/large.svg)

The second swings.
///

[Home](index.md)
"""

KEY = "weave-progress"


HOME = '# Home\n\n<weave-progress total="87"></weave-progress>\n\n[Rate](rate.md)\n'


def course(folder, page, features="[]"):
    """A small course with one page of questions, in a folder."""
    course = Course(folder, f"theme: {{features: {features}}}\n")
    course.write("snippets/rate.py", SNIPPET)
    course.write("docs/rate.md", page)
    course.write("docs/index.md", HOME)
    return course


@pytest.fixture(scope="module")
def quiz(tmp_path_factory):
    return course(tmp_path_factory.mktemp("quiz"), PAGE)


@pytest.fixture(scope="module")
def folder(quiz):
    return quiz.folder


@pytest.fixture(scope="module")
def address(quiz, published):
    return published(quiz)


@pytest.fixture
def open_page(tab, address):
    return lambda **options: tab(f"{address}rate/", **options)


# From a disk, none of it comes.
SAID = """async (asked) => {
  if (location.protocol === "file:") return;
  const lacks = (said) => !said.content.hasChildNodes();
  const end = performance.now() + 10_000;
  while ([...asked.querySelectorAll("template[data-from]")].some(lacks)) {
    if (performance.now() > end) throw new Error("nothing is said to answers");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}"""


def question(page, number):
    return page.locator(f"#rate-{number}")


def ready(page, number):
    """A question, once what is said to its answers has come."""
    asked = question(page, number)
    asked.scroll_into_view_if_needed()
    asked.evaluate(SAID)
    return asked


def answer(page, number, text):
    """Type a number, check it, and give what is said to it."""
    asked = ready(page, number)
    asked.get_by_role("textbox").fill(text)
    asked.get_by_role("button", name="Check").click()
    return asked.locator("output").inner_text()


def answers(page, number, texts):
    """What is said to each of many numbers, which nobody has to type."""
    return ready(page, number).evaluate(
        """(asked, texts) => texts.map((text) => {
          const box = asked.querySelector("input");
          box.value = text;
          box.dispatchEvent(new InputEvent("input", { bubbles: true }));
          asked.querySelector("button").click();
          return [asked.querySelector("output").innerText, box.ariaInvalid];
        })""",
        texts,
    )


def choose(page, number, *letters):
    asked = ready(page, number)
    for box in asked.locator("input").all():
        box.set_checked(False) if box.get_attribute("type") == "checkbox" else None
    for letter in letters:
        asked.locator(f"input[value={letter}]").check()
    asked.get_by_role("button", name="Check").click()
    return asked.locator("output").inner_text()


def kept(page):
    return page.evaluate(f"JSON.parse(localStorage.getItem('{KEY}'))")


READ_AS_RIGHT = (
    *(
        "1.6",
        "1,6",
        " 1.6 ",
        "8/5",
        "8 / 5",
        "1.6e0",
        "16e-1",
        "+1.6",
        "1.60",
        "0,8e0/0.5",
        "x = 1.6",
        "160%",
    ),
    *("1.605", "1.595"),  # the edges of the tolerance belong to it
)
READ_AS_WRONG = "1.6051", "1.5949", "-1.6", "16", "1.6e1", "0", "6/5", "1,625"
UNREADABLE = (
    *("x =", "1.6.0", "1,6,0", "abc", "1/0", "0/0", "1e999", "--1.6", "1.6 1.6"),
    *("Infinity", "NaN", "0x10", "1/2/3", "1e", ".", "-", "½"),
)


def test_numbers_are_read_as_a_reader_writes_them(open_page):
    page = open_page()
    asked = [
        (1, READ_AS_RIGHT, "✓ Right"),
        (1, READ_AS_WRONG, "✗ Not right"),
        (3, ("-1.6", "−1.6", "–1,6", "−8/5", "- 1.6"), "✓ Right"),
        (2, ("1250", "1,250", "1.25e3", "1250.0", "2500/2"), "✓ Right"),
    ]
    for number, texts, told in asked:
        for text, (said, _) in zip(texts, answers(page, number, texts), strict=True):
            assert told in said, text


def test_what_cannot_be_read_is_not_called_wrong_and_counts_as_no_try(open_page):
    page = open_page()
    for text, told in zip(UNREADABLE, answers(page, 1, UNREADABLE), strict=True):
        said, is_invalid = told
        assert "cannot be read as a number" in said, text
        assert "✗" not in said
        assert is_invalid == "true"
    assert "no number yet" in answer(page, 1, "  ")
    assert kept(page) is None


def test_too_few_digits_are_asked_for_and_count_as_no_try(open_page):
    page = open_page()
    page.evaluate("document.querySelector('#rate-1').setAttribute('within', '1e-4')")
    page.evaluate(
        "document.querySelector('#rate-1 template[data-right]')"
        ".dataset.value = '1.5962'"
    )
    said = answer(page, 1, "1.6")
    assert (
        said.strip() == "Right so far: give five digits. This does not count as a try."
    )
    box = question(page, 1).get_by_role("textbox")
    assert box.get_attribute("aria-invalid") == "false"
    assert kept(page) is None


def test_a_diagnosed_slip_is_explained_and_any_other_invites_another_try(open_page):
    page = open_page()
    assert "You added the gradient; it points uphill." in answer(page, 1, "2.4")
    assert question(page, 1).locator("output strong", has_text="uphill").count() == 1
    assert "You added the gradient" in answer(page, 1, "2,395")
    said = answer(page, 1, "7")
    assert "You added" not in said
    assert "Try again, or open the worked solution." in said
    assert "Try again" in answer(page, 1, "0.625")  # a slip without an explanation
    said = answer(page, 1, "1.6")
    assert "✓ Right. Compare your way with the worked solution." in said
    assert question(page, 1).locator("output math").count() == 1
    assert kept(page)["questions"]["rate-1"] == {"right": True, "tries": 5}
    answer(page, 1, "7")
    assert kept(page)["questions"]["rate-1"] == {"right": True, "tries": 5}
    question(page, 1).locator("summary").click()
    assert question(page, 1).get_by_text("Answer: 1.6").is_visible()


def test_one_choice(open_page):
    page = open_page()
    assert choose(page, 4) == "Nothing is chosen yet."
    assert "The rate is not small." in choose(page, 4, "A")
    assert "Try again" in choose(page, 4, "C")
    assert "✓ Right" in choose(page, 4, "B")
    names = question(page, 4).get_by_role("radio")
    assert (
        names.nth(0).and_(page.get_by_role("radio", name="A It creeps.")).count() == 1
    )


def test_several_choices_say_which_do_not_belong_or_that_there_is_more(open_page):
    page = open_page()
    said = choose(page, 5, "A", "B")
    assert "B does not belong" in said
    assert "Nobody is called." in said
    said = choose(page, 5, "C")
    assert "there is more" in said
    assert "✗" in said
    assert "✓ Right" in choose(page, 5, "A", "C")


def test_a_figure_is_chosen_by_pressing_anywhere_on_it(open_page):
    page = open_page()
    swing = question(page, 7).locator("li").nth(1)
    swing.locator("figure").click(force=True)  # the label lies over it
    assert question(page, 7).locator("input[value=B]").is_checked()
    question(page, 7).get_by_role("button", name="Check").click()
    assert "✓ Right" in question(page, 7).locator("output").inner_text()
    assert (
        question(page, 7).get_by_role("radio", name="B A line that swings").count() == 1
    )


def test_keyboard_alone_answers_every_kind(open_page):
    page = open_page()
    keyboard = page.keyboard
    question(page, 1).get_by_role("textbox").focus()
    keyboard.type("1,6")
    keyboard.press("Enter")
    assert "✓ Right" in question(page, 1).locator("output").inner_text()
    question(page, 4).locator("input").first.focus()
    keyboard.press("Space")
    keyboard.press("ArrowDown")
    assert question(page, 4).locator("input[value=B]").is_checked()
    keyboard.press("Tab")
    keyboard.press("Enter")
    assert "✓ Right" in question(page, 4).locator("output").inner_text()
    question(page, 5).locator("input").first.focus()
    keyboard.press("Space")
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("Space")
    keyboard.press("Tab")
    keyboard.press("Space")
    assert "✓ Right" in question(page, 5).locator("output").inner_text()


def test_an_order_is_put_right_by_buttons_that_keep_the_focus(open_page):
    page = open_page()
    asked = question(page, 6)
    output = asked.locator("output")
    asked.get_by_role("button", name="Check").click()
    assert "does not stand in place" in output.inner_text()

    def places():
        return asked.locator("li").evaluate_all(
            "all => all.map(li => li.dataset.place)"
        )

    for place in range(3):
        item = asked.locator(f"li[data-place='{place}']")
        up = item.locator("button[data-move='-1']")
        up.focus()
        while places()[place] != str(place):
            page.keyboard.press("Enter")
            assert up.evaluate("button => button === document.activeElement")
        letter = item.locator(".weave-letter").inner_text()
        assert up.get_attribute("aria-label") == f"Move {letter} up"
    first = asked.locator("li[data-place='0'] button[data-move='-1']")
    first.press("Enter")
    assert "stays in place 1 of 3" in output.inner_text()
    asked.locator("li[data-place='0'] button[data-move='1']").press("Enter")
    assert "is now in place 2 of 3" in output.inner_text()
    first.press("Enter")
    asked.get_by_role("button", name="Check").click()
    assert "✓ Right" in output.inner_text()


def test_a_reload_keeps_what_was_answered(open_page):
    page = open_page()
    answer(page, 1, "7")
    answer(page, 1, "1.6")
    answer(page, 2, "3")
    assert (
        page.locator("weave-progress p").first.inner_text()
        == "1 of 7 questions answered"
    )
    page.reload()
    assert (
        page.locator("weave-progress p").first.inner_text()
        == "1 of 7 questions answered"
    )
    assert (
        question(page, 1).locator(".weave-answered").inner_text()
        == "✓ Answered, 2 tries"
    )
    assert question(page, 2).locator(".weave-answered").inner_text() == ""
    assert question(page, 1).locator("output").inner_text() == ""


def test_instant_navigation_brings_working_questions_and_back(tab, published, tmp_path):
    plain = (
        PAGE[: PAGE.index("/// question | Which path belongs")] + "[Home](index.md)\n"
    )
    page = tab(f"{published(course(tmp_path, plain, '[navigation.instant]'))}rate/")
    page.evaluate("window.same = true")
    answer(page, 1, "1.6")
    page.get_by_role("link", name="Home", exact=True).last.click()
    page.wait_for_url(lambda url: not url.endswith("rate/"))
    progress = page.locator("weave-progress p").first
    progress.get_by_text("1 of 87 questions answered").wait_for()
    page.get_by_role("link", name="Rate", exact=True).last.click()
    page.wait_for_url("**/rate/")
    question(page, 2).get_by_role("textbox").wait_for()
    assert page.evaluate("window.same") is True  # the script was not loaded again
    assert "✓ Right" in answer(page, 2, "1250")
    assert progress.inner_text() == "2 of 6 questions answered"
    page.go_back()
    progress.get_by_text("2 of 87 questions answered").wait_for()


def exported(page, to):
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename == "progress.json"
    download.value.save_as(to)
    return json.loads(to.read_text())


def imported(page, content, to):
    to.write_text(content if isinstance(content, str) else json.dumps(content))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import").click()
    output = page.locator("weave-progress output")
    output.evaluate("output => output.replaceChildren()")
    chooser.value.set_files(to)
    output.filter(has_text=re.compile(r"\.$")).wait_for()
    return output.inner_text()


def test_progress_is_exported_erased_and_imported(open_page, tmp_path):
    page = open_page()
    page.once("dialog", lambda dialog: dialog.accept())
    answer(page, 1, "1.6")
    answer(page, 2, "3")
    found = {"explore-square largest": "rate=1&start=2"}
    page.evaluate(
        """found => localStorage.setItem("weave-progress", JSON.stringify(
          {...JSON.parse(localStorage.getItem("weave-progress")), found}))""",
        found,
    )
    record = exported(page, tmp_path / "progress.json")
    entries = {
        "rate-1": {"right": True, "tries": 1},
        "rate-2": {"right": False, "tries": 1},
    }
    assert record == {"version": 1, "questions": entries, "found": found}
    page.get_by_role("button", name="Erase").click()
    assert (
        page.locator("weave-progress output").inner_text() == "Your progress is erased."
    )
    assert kept(page) == {"version": 1, "questions": {}}
    assert question(page, 1).locator(".weave-answered").inner_text() == ""
    answer(page, 2, "1250")
    said = imported(page, record, tmp_path / "back.json")
    assert said == "Imported: 2 questions."
    entries["rate-2"] = {"right": True, "tries": 1}  # an import takes nothing away
    assert kept(page) == {"version": 1, "questions": entries, "found": found}
    assert (
        page.locator("weave-progress p").first.inner_text()
        == "2 of 7 questions answered"
    )


def test_erasing_asks_first(open_page):
    page = open_page()
    page.once("dialog", lambda dialog: dialog.dismiss())
    answer(page, 1, "1.6")
    page.get_by_role("button", name="Erase").click()
    assert kept(page)["questions"]["rate-1"]["right"] is True


IMAGE = "<img src=x onerror='window.broken = true'>"
HOSTILE = (
    IMAGE,
    "",
    "null",
    "[]",
    '"text"',
    "{",
    {"version": 2, "questions": {}},
    {"version": 1},
    {"version": 1, "questions": "rate-1"},
    {"version": IMAGE, "questions": {}},
)
CROOKED = {
    "version": 1,
    "questions": {
        "rate-1": {"right": True, "tries": 3, "note": IMAGE},
        "rate-2": {"right": IMAGE, "tries": 1},
        "rate-3": {"right": True, "tries": IMAGE},
        "rate-4": {"right": True, "tries": -1},
        "rate-5": None,
        "rate-6": "right",
        IMAGE: {"right": True, "tries": 1},
        "__proto__": {"right": True, "tries": 1},
        "constructor": {"right": "yes"},
    },
    "found": {"explore-square largest": {"rate": 1}, IMAGE: "rate=1", "a b": "1" * 501},
}


def test_a_hostile_file_changes_nothing(open_page, tmp_path):
    page = open_page()
    answer(page, 1, "1.6")
    before = kept(page)
    for content in (*HOSTILE, " " * 1_000_001):
        said = imported(page, content, tmp_path / "file.json")
        assert "holds no progress of these questions" in said
        assert kept(page) == before
    assert page.evaluate("window.broken") is None


def test_of_a_crooked_file_only_what_is_sound_is_taken(open_page, tmp_path):
    page = open_page()
    said = imported(page, json.dumps(CROOKED), tmp_path / "file.json")
    assert said == "Imported: 1 question."
    assert kept(page) == {
        "version": 1,
        "questions": {"rate-1": {"right": True, "tries": 3}},
    }
    assert page.evaluate("window.broken") is None
    assert page.locator("img[src=x]").count() == 0


def test_a_crooked_record_in_the_browser_does_no_harm(open_page):
    page = open_page()
    for text in (
        json.dumps(CROOKED),
        IMAGE,
        "null",
        "7",
        '{"version": 1, "questions": null}',
    ):
        page.evaluate(f"text => localStorage.setItem('{KEY}', text)", text)
        page.reload()
        assert page.locator("img[src=x]").count() == 0
        assert "✓ Right" in answer(page, 2, "1250")
        assert kept(page)["questions"]["rate-2"]["right"] is True
    assert page.evaluate("window.broken") is None


def test_another_tab_sees_the_progress(open_page):
    page = open_page()
    other = page.context.new_page()
    other.goto(page.url)
    answer(page, 1, "1.6")
    other.locator("#rate-1 .weave-answered", has_text="Answered").wait_for()
    assert "1 of 7" in other.locator("weave-progress p").first.inner_text()


def test_without_storage_all_works_until_the_page_is_left(tab, address):
    page = tab("about:blank", own=True)
    refused = "{get() { throw new Error('no') }}"
    page.add_init_script(f"Object.defineProperty(window, 'localStorage', {refused})")
    page.goto(f"{address}rate/")
    page.evaluate("new Promise((resolve) => setTimeout(resolve))")
    page.complaints.clear()  # Material's own script asks for the storage too
    assert "✓ Right" in answer(page, 1, "1.6")
    assert "1 of 7" in page.locator("weave-progress p").first.inner_text()
    assert page.complaints == []


def test_without_javascript_the_question_is_whole_and_nothing_is_dead(open_page):
    page = open_page(java_script_enabled=False)
    for number in range(1, 8):
        asked = question(page, number)
        assert asked.locator("legend").is_visible()
        for control in asked.locator("input, button, template, output").all():
            assert not control.is_visible()
        asked.locator("summary").click()
        assert asked.get_by_text("Answer: ").is_visible()
    options = question(page, 4).locator("li")
    assert options.nth(0).inner_text().split() == ["A", "It", "creeps."]
    assert "not small" not in question(page, 4).inner_text()
    assert question(page, 7).locator("svg").first.is_visible()


def test_print_shows_solutions_and_no_inputs(open_page):
    for script in True, False:
        page = open_page(java_script_enabled=script)
        page.emulate_media(media="print")
        assert question(page, 4).get_by_text("The signs alternate.").is_visible()
        for control in page.locator(
            "weave-question input, weave-question button"
        ).all():
            assert not control.is_visible()
        assert question(page, 4).get_by_text("It flies.").is_visible()


def test_it_works_from_a_file(tab, folder, address):
    page = tab((folder / "site" / "rate" / "index.html").as_uri())
    page.complaints.clear()  # Material's search asks for its index there
    assert "✓ Right" in answer(page, 1, "8/5")
    assert "1 of 7" in page.locator("weave-progress p").first.inner_text()
    page.complaints.clear()  # a script may read no file there


POLICY = (
    "default-src 'none'; connect-src 'self'; script-src 'self'; style-src 'self'; "
    "form-action 'none'"
)


def test_a_strict_security_policy_hinders_nothing(tab, folder, address):
    html = (folder / "site" / "rate" / "index.html").read_text()
    article = html[html.index("<article") : html.index("</article>")]
    sheet = re.search(r"/assets/css/maths-[^\"]*", html)[0]
    head = (
        "<!doctype html><meta charset=utf-8>"
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<link rel=stylesheet href="{sheet}">'
        '<script defer src="/assets/js/near.js"></script>'
        '<script defer src="/assets/js/quiz.js"></script>'
    )
    (folder / "site" / "strict.html").write_text(f"{head}{article}</article>")
    page = tab(f"{address}strict.html")
    page.once("dialog", lambda dialog: dialog.accept())
    inline = [text for text in page.complaints if "Content Security Policy" not in text]
    page.complaints.clear()
    assert inline == []
    assert "✓ Right" in answer(page, 1, "1.6")
    assert "The rate is not small." in choose(page, 4, "A")
    page.get_by_role("button", name="Erase").click()


def test_nothing_jumps_when_the_script_wakes_up(tab, address):
    page = tab("about:blank", own=True)
    held = []
    page.route("**/quiz.js", lambda route: held.append(route))
    with page.expect_request("**/quiz.js"):
        page.goto(f"{address}rate/", wait_until="commit")
    page.locator("weave-question").last.wait_for(state="attached")
    height = "document.querySelector('article').getBoundingClientRect().height"
    page.evaluate("document.fonts.ready.then(() => {})")
    before = page.evaluate(height)
    assert page.locator("weave-question:defined").count() == 0
    held[0].continue_()
    page.locator("weave-question:defined").last.wait_for()
    assert page.evaluate(height) == before


def widest(page):
    return page.evaluate(
        """[...document.querySelectorAll("article *")]
            .map((element) => element.getBoundingClientRect().right)
            .reduce((a, b) => Math.max(a, b), document.documentElement.scrollWidth)"""
    )


def answer_all(page):
    """Leave the page with right and wrong answers, and a solution open."""
    answer(page, 1, "2.4")
    answer(page, 2, "1250")
    answer(page, 3, "x = 1")
    choose(page, 4, "A")
    choose(page, 5, "A", "B")
    question(page, 6).get_by_role("button", name="Check").click()
    question(page, 4).locator("summary").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_answered_nothing_overflows_and_axe_finds_nothing(open_page, findings, scheme):
    page = open_page(color_scheme=scheme, reduced_motion="reduce")
    answer_all(page)
    for width in 320, 768, 1280:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("scrollTo(0, 0)")
        assert widest(page) <= width
    assert findings(page, "article") == []
