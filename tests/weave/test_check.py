"""Checks beside sentences: true ones get a mark, false ones stop the build."""

import pytest
from project import LINE

LESSON = '''\
RATE = 0.5


def claim_it_falls(most=3):
    """Over three rates the loss falls."""
    return most == 3
'''


def test_a_true_check_becomes_a_mark_that_opens(course):
    html = course.html("It falls. `{check} RATE < 1` Always.\n", LESSON)
    assert html.startswith("<p>It falls.")
    assert 'popovertarget="check-1"' in html
    assert 'id="check-1" popover>' in html
    assert "<code>RATE &lt; 1 · 0.5 | 1</code>" in html


def test_the_mark_stands_behind_the_stop(course):
    html = course.html("It falls `{check} RATE < 1`.\n", LESSON)
    assert html.startswith("<p>It falls.\xa0\xa0\xa0<button")


def test_a_claim_by_name_shows_what_its_docstring_says(course):
    html = course.html("It falls. `{check} claim_it_falls()`\n", LESSON)
    assert "claim_it_falls()</code> Over three rates the loss falls.</span>" in html


def test_two_checks_have_two_ids(course):
    html = course.html("A. `{check} RATE < 1` B. `{check} RATE > 0`\n", LESSON)
    assert html.count('id="check-1"') == html.count('id="check-2"') == 1


def test_a_false_check_says_the_sentence_and_both_sides(course):
    fault = course.fault(
        "One.\n\nFirst. It *always* falls. `{check} RATE > 1`\n", LESSON
    )
    assert fault == (
        "docs/lesson.md:3: this is not true: It *always* falls.\n"
        "    the check is RATE > 1, whose sides are 0.5 | 1\n"
        "    correct the sentence, or what is checked"
    )


@pytest.mark.parametrize(
    ("check", "part"),
    [
        ("1 < 2", "this check can never fail: 1 < 2"),
        ("True", "this check can never fail: True"),
        ("RATE <", "not a Python expression: RATE <"),
        ("RATES > 0", "raised NameError: name 'RATES' is not defined"),
        ("claim_it_falls(2)", "this is not true: It falls."),
        ("__import__('numpy').ones(2) > 0", "it is an array: write .all() or .any()"),
    ],
)
def test_a_check_that_checks_nothing_or_cannot_be_run_is_a_fault(course, check, part):
    fault = course.fault(f"It falls. `{{check}} {check}`\n", LESSON)
    assert fault.startswith("docs/lesson.md:1: ")
    assert part in fault


def test_a_chain_of_comparisons_shows_every_side(course):
    html = course.html("It is. `{check} 0 < RATE < 1`\n", LESSON)
    assert "0 | 0.5 | 1" in html


def test_the_sides_of_a_check_have_as_many_digits_as_help(course):
    html = course.html("It is. `{check} RATE / 3 > 0`\n", LESSON)
    assert "0.166667 | 0" in html


def test_a_check_in_an_alt_text_is_run_and_not_read_out(course):
    shown = "A\n\n![It falls to `{python} RATE`, {check}](figures/lesson/line.svg)\n"
    code = LESSON + LINE
    html = course.html(shown.replace("{check}", "always. `{check} RATE < 1`"), code)
    assert 'aria-label="It falls to 0.5, always."' in html
    assert "weave-check" not in html
    html = course.html(shown.replace("{check}", "always `{check} RATE < 1`."), code)
    assert 'aria-label="It falls to 0.5, always."' in html
    fault = course.fault(shown.replace("{check}", "always `{check} RATE > 1`."), code)
    assert fault.startswith("docs/lesson.md:3: this is not true: ")
    assert "RATE > 1, whose sides are 0.5 | 1" in fault
    fault = course.fault(shown.replace("{check}", "always `{check} 2 > 1`."), code)
    assert fault == "docs/lesson.md:3: this check can never fail: 2 > 1"
