"""Answers as readers write them, read by the script of the questions in V8."""

import json

import pytest
from conftest import ROOT
from py_mini_racer import MiniRacer

# As much of a browser as the script asks for when it is loaded, and a question that
# knows its key and its slips.
BROWSER = """
class HTMLElement {}
class Event {}
const defined = {};
const customElements = {
  get: (name) => defined[name],
  define: (name, kind) => { defined[name] = kind; },
};
const localStorage = { getItem: () => null, setItem: () => {} };
const document = { addEventListener() {}, dispatchEvent() {} };
const window = { addEventListener() {} };

function said(text, within, percent, ...numbers) {
  const Question = customElements.get("weave-question");
  const question = new Question();
  const templates = numbers.map((value, place) => ({
    dataset: place ? { value } : { value, right: "yes" },
  }));
  const input = { value: text, setAttribute() {} };
  question.form = { querySelectorAll: () => templates };
  question.querySelector = () => input;
  question.getAttribute = () => within;
  question.hasAttribute = () => percent;
  const { right, text: words, feedback } = question.number();
  return JSON.stringify({ right, words, slip: feedback?.[0]?.dataset.value });
}
"""


@pytest.fixture(scope="module")
def racer():
    racer = MiniRacer()
    racer.eval(BROWSER)
    racer.eval((ROOT / "docs/assets/js/quiz.js").read_text("utf-8"))
    return racer


@pytest.fixture
def said(racer):
    """What is said to a text by a question with this key, in one word."""

    def judged(text, key, *slips, within=0.0, percent=False):
        numbers = [text, str(within), percent, str(key), *map(str, slips)]
        heard = json.loads(racer.call("said", *numbers))
        if "right" in heard:
            return "right" if heard["right"] else heard.get("slip", "wrong")
        if heard["words"].startswith("Right so far: "):
            return heard["words"].removeprefix("Right so far: ").partition(".")[0]
        return "unread" if "cannot be read" in heard["words"] else "empty"

    return judged


@pytest.mark.parametrize(
    ("text", "key"),
    [
        *((text, 0.168) for text in ("0.168", "0,168", ".168", "16.8%", "16,8 %")),
        *((text, 0.168) for text in ("16.8 percent", "16.8 per cent", "p = 16.8%")),
        *((text, 1.5) for text in ("3/2", "3 / 2", "x = 1.5", "x₁ = 3/2", "≈ 1,5")),
        *((text, 0.001) for text in ("1e-3", "1E-3", "10^-3", "10**-3", ".1%")),
        *((text, 0.001) for text in ("10^−3", "1·10^-3", "1 × 10^-3", "0.1 %")),
        *((text, 0.002) for text in ("2*10^-3", "2 × 10^-3", "2/10^3", "2·10**-3")),
        *((text, 1000) for text in ("1000", "1 000", "1,000", "1_000", "1'000")),
        *((text, 1000) for text in ("1 000", "1\u202f000", "1,000.0", "10^3", "1e3")),
        *((text, 1250000) for text in ("1 250 000", "1,250,000", "1.25e6")),
        *((text, -2) for text in ("−2", "-2", "– 2", "w = −2", "-2.0", "−4/2")),
        *((text, 4) for text in ("x = 4", "x=4", "w_1 = 4", "η = 4", "2^2", "+4")),
    ],
)
def test_a_natural_way_of_writing_is_read(said, text, key):
    assert said(text, key) == "right"


@pytest.mark.parametrize("text", ["16.8", "16.8%", "16,8 %", "0.168", "p = 16.8 %"])
def test_a_question_in_percent_takes_both(said, text):
    assert said(text, 16.8, percent=True) == "right"


def test_percent_is_not_read_as_a_hundred_times_as_much(said):
    assert said("0.5%", 0.5) == "wrong"
    assert said("50", 0.5) == "wrong"
    assert said("0.5%", 50, percent=True) == "wrong"
    assert said("1680%", 0.168) == "wrong"


@pytest.mark.parametrize(
    "text",
    [
        *("1.6.0", "1,6,0", "abc", "1/0", "0/0", "1e999", "--1.6", "1.6 1.6", "1 00"),
        *("Infinity", "NaN", "0x10", "1/2/3", "1e", ".", "-", "%", "=", "x =", "2^"),
        *("10^400", "1 000 00", "4 = 4", "about 4", "(4)", "4 steps"),
    ],
)
def test_what_is_no_number_is_not_judged(said, text):
    assert said(text, 4) == "unread"


def test_nothing_is_not_judged(said):
    assert said("  ", 4) == "empty"


@pytest.mark.parametrize(
    ("text", "key", "within", "words"),
    [
        ("0.8", 0.790062, 0.002, "give three digits"),
        ("0.35", 0.34657, 0.001, "give three digits"),
        ("3.8", 3.7639, 0.005, "give three digits"),
        ("0.95", 0.95238, 0.002, "give three digits"),
        ("0.62", 0.6248446, 0.002, "give three digits"),
        ("7", 6.5788, 0.05, "give two digits"),
        ("690", 690.78, 0.05, "give four digits"),
        ("3730", 3725.29, 1, "give four digits"),
        ("3.7e3", 3725.29, 1, "give four digits"),
        ("17%", 0.16807, 0.0005, "give three digits"),
        ("17", 16.807, 0.05, "give three digits"),
        ("-0.9", -0.95004, 0.002, "give three digits"),  # cut, not rounded
        ("1.9", 1.875, 0, "give four digits"),
        ("0.67", 2 / 3, 0, "write it exactly, as a fraction"),
    ],
)
def test_what_is_right_but_too_coarse_is_not_called_wrong(
    said, text, key, within, words
):
    percent = text == "17"
    assert said(text, key, within=within, percent=percent) == words


@pytest.mark.parametrize(
    ("text", "key", "within"),
    [
        ("2", 1.6, 0.001),  # the start, perhaps: no rounding changes so much
        ("0", 0.3, 0.001),
        ("1", -0.95, 0.002),
        ("0.9", 0.6248, 0.002),
        ("0.63", 0.6248446, 0.002),  # neither rounded nor cut
        ("37", 38, 0),  # counts are not rounded
        ("690", 691, 0),
        ("4/5", 0.790062, 0.002),
        ("2^-1", 0.5102, 0.002),
    ],
)
def test_what_is_wrong_is_not_taken_for_coarse(said, text, key, within):
    assert said(text, key, within=within) == "wrong"


def test_a_slip_is_diagnosed_before_a_coarse_answer(said):
    assert said("0.8", 0.790062, 0.8, within=0.002) == "0.8"
    assert said("1.6", 1.6, 2.4) == "right"
    assert said("x = 2.4", 1.6, 2.4) == "2.4"
