"""What somebody typed on a page: the sentences, and the numbers in them.

Code, transcripts, expressions and addresses are taken out first. What a run fills in
leaves a mark, so that a sentence stays one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..forms.figure import INSIDE, Figure
from .page import Page, Slot, Stretch

FILLED = "\ue005"  # stands for what a run fills in

FIGURE = re.compile(Figure.pattern, re.VERBOSE)
# Addresses and attributes, tags, the numbers of a list, the heads of blocks of ours.
_UNREAD = re.compile(
    r"(?<=\])\([^)\n]*\)|\{:?[ ]?[#.][^}\n]*\}|</?[a-zA-Z][^>\n]*>|<https?:[^>\n]*>"
    r"|^[ \t]*\d+\.(?=[ ])|^[ \t]*///.*?(?:\||$)|^[ \t]+[a-z]+:(?=[ ]|$).*$",
    re.MULTILINE,
)
TEX = re.compile(r"\$\$.+?\$\$|(?<!\\)\$[^$]+\$", re.DOTALL)

# What a word may mean: half is 0.5, and of something halved the factor 2.
_COUNTS = """
    2 two / 3 three / 4 four / 5 five / 6 six / 7 seven / 8 eight / 9 nine / 10 ten
    11 eleven / 12 twelve / 13 thirteen / 14 fourteen / 15 fifteen / 16 sixteen
    17 seventeen / 18 eighteen / 19 nineteen / 20 twenty / 30 thirty / 40 forty
    50 fifty / 60 sixty / 70 seventy / 80 eighty / 90 ninety
"""
_FRACTIONS = """
    2 second twice half halves halve halved double doubles doubled doubly ½
    3 thrice third thirds triple triples tripled triply ⅓
    4 fourth quarter quarters ¼ / 5 fifth fifths / 6 sixth sixths / 7 seventh sevenths
    8 eighth eighths / 9 ninth ninths
    10 tenth tenths / 11 eleventh / 12 twelfth dozen dozens / 13 thirteenth
    14 fourteenth / 15 fifteenth / 16 sixteenth / 17 seventeenth / 18 eighteenth
    19 nineteenth / 20 twentieth / 100 hundred hundreds hundredth hundredths
    1e3 thousand thousands thousandth thousandths
    0.75 ¾ / 1.5 ⅔
    1e6 million millions millionth millionths / 1e9 billion billions billionth
"""


def _meanings(table: str) -> Iterator[tuple[str, float]]:
    for row in re.split(r"\s/\s|\n", table.strip()):
        number, *words = row.split()
        yield from ((word, float(number)) for word in words)


_VALUES: dict[str, tuple[float, ...]] = {
    word: (number,) for word, number in _meanings(_COUNTS)
}
_VALUES |= {word: (number, 1 / number) for word, number in _meanings(_FRACTIONS)}
# "A third of the steps" has a number, and so has "the third step", which may tell a
# result; "the third way" has a name.
_ORDINAL = re.compile(
    r"(?P<second>second)|third|fourth|(?:fif|six|seven|eigh|nin|ten|eleven|twelf"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|twentie)th",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\b(?:an?|one|per)[ \n-]+$", re.IGNORECASE)
_TOLD = re.compile(
    r"[ \n]+(?:step|pass|update|trial|look|epoch|iteration|round|run|digit)(?:e?s)?\b",
    re.IGNORECASE,
)
_DIGITS = r"(?:\d{1,3}(?:[,\u202f]\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?"
_NUMBER = re.compile(
    rf"(?<![\w.]){_DIGITS}(?!\.?\d)|[½⅓¼⅔¾]"
    rf"|\b(?:{'|'.join(_VALUES)})(?:-?fold)?\b",
    re.IGNORECASE,
)
# In TeX the digits of an index are part of a name.
_IN_TEX = re.compile(r"(?<![\d._])(?<!_\{)\d+(?:\\,\d{3})*(?:\.\d+)?")

_BLOCK_ENDS = re.compile(
    r"\n[ \t>]*(?:\n|\Z)|\n(?=[ \t]*(?:[-*+]|\d+\.)[ ])|\n(?=[ \t]*[|!#])|\Z"
)
_STOP = re.compile(rf"[.!?][\"”’)*_\]]*(?=\s+[A-Z“*_$(\[\d!{FILLED}]|{FILLED}|\Z)")
_MARKS = "check", "reason"


class Number(NamedTuple):
    """A number as it was typed, and where in the page's text.

    One `in_order` counts: the third step is 3, and no third.
    """

    start: int
    text: str
    in_order: bool = False

    def values(self) -> tuple[float, ...]:
        """What it may mean: half is 0.5, or the factor 2."""
        word = self.text.lower().removesuffix("fold").removesuffix("-")
        if word in _VALUES:
            return _VALUES[word][:1] if self.in_order else _VALUES[word]
        return (float(re.sub(r"[,\u202f]|\\,", "", word)),)


class Sentence(NamedTuple):
    """A sentence as it was typed, blanks made one, from `start` to `end`.

    `marks` are the checks and reasons behind it, as (form, text).
    """

    start: int
    end: int
    text: str
    marks: tuple[tuple[str, str], ...]


def typed(page: Page) -> str:
    """The page's text, as long as it is, with blanks for all that was not typed."""
    text = list(re.sub(r"[^\n]", " ", page.text))

    def keep(position: int, kept: str) -> None:
        text[position : position + len(kept)] = kept

    for part in page.parts:
        if isinstance(part, Stretch):
            if part.prose:  # code by name is longer than its place
                keep(part.position, part.text)
        elif part.alt is None:
            keep(part.position, FILLED)
        elif match := FIGURE.match(page.text, part.position):
            alt = INSIDE.sub(_without_run, match["alt"])
            keep(part.position, f"![{alt}]")
    return _UNREAD.sub(lambda match: _blank_text(match[0]), "".join(text))


def numbers(page: Page) -> list[Number]:
    """The numbers that were typed, from 2 on; in words and in formulas, too."""
    return in_text(typed(page))


def in_text(text: str) -> list[Number]:
    """The numbers in a text, as `numbers` finds them."""
    prose = TEX.sub(lambda match: _blank_text(match[0]), text)
    found = []
    for match in _NUMBER.finditer(prose):
        ordinal = _ORDINAL.fullmatch(match[0])
        in_order = bool(ordinal and _TOLD.match(prose, match.end()))
        is_part = _PARTS.search(prose[: match.start()][-9:])
        if not ordinal or in_order or (is_part and not ordinal["second"]):
            found.append(Number(match.start(), match[0], in_order))
    found += [
        Number(formula.start() + match.start(), match[0])
        for formula in TEX.finditer(text)
        for match in _IN_TEX.finditer(formula[0])
    ]
    return sorted(number for number in found if number.text not in ("0", "1"))


def covered(text: str, phrases: Iterable[str]) -> set[int]:
    """The places in a text at which one of the phrases stands, as whole words.

    >>> sorted(covered("Ten steps, ten  steps, often steps", ["ten steps"]))[::9]
    [0, 11, 20]
    """
    return {
        place
        for phrase in phrases
        for match in phrase_pattern(phrase).finditer(text)
        for place in range(*match.span())
    }


def phrase_pattern(phrase: str) -> re.Pattern[str]:
    """Finds a phrase as whole words with any blanks between; of any case but in TeX."""
    words = r"\s+".join(map(re.escape, phrase.split()))
    before, after = r"(?<!\d\.)(?<![\d\w])", r"(?![\d\w])(?!\.\d)"
    return re.compile(
        (before if phrase[:1].isalnum() else "")
        + words
        + (after if phrase[-1:].isalnum() else ""),
        0 if "\\" in phrase else re.IGNORECASE,
    )


def sentences(page: Page) -> Iterator[Sentence]:
    """The sentences that were typed, without headings and the options of questions."""
    text = typed(page)
    marks = [
        (position, item.form, item.text)
        for part in page.parts
        if isinstance(part, Slot)
        for position, number in _places(page, part)
        if (item := page.items[number]).form in _MARKS
    ]
    begin = 0
    for edge in _BLOCK_ENDS.finditer(text):
        end, block = edge.start(), text[begin : edge.start()]
        here = [mark for mark in marks if begin <= mark[0] < end]
        if not re.match(r"\s*(?:#|[-*+] \[[ x\ue005])", block):
            yield from _of_block(block, begin, here)
        begin = edge.end()


def _places(page: Page, part: Slot) -> Iterator[tuple[int, int]]:
    """The positions of the items of a slot, with their numbers."""
    yield part.position, part.number
    if part.alt and (figure := FIGURE.match(page.text, part.position)):
        inside = INSIDE.finditer(page.text, *figure.span("alt"))
        numbers = (number for number in part.alt if isinstance(number, int))
        yield from zip((match.start() for match in inside), numbers, strict=False)


def _of_block(
    block: str, begin: int, marks: list[tuple[int, str, str]]
) -> Iterator[Sentence]:
    alt = re.match(r"\s*!\[(?:[^\[\]]|\[[^\]]*\])*\]", block)
    edge = alt.end() if alt else 0
    at = 0
    while at < len(block):
        within = edge if at < edge else len(block)
        match = _STOP.search(block, at, within)
        stop = match.end() if match else within
        last = stop
        for position, *_ in marks:  # which stand before the stop or behind it
            between = block[last : max(position - begin, last)]
            if position >= begin + stop and not between.strip(FILLED + " \n\t.,;:!?"):
                last = position - begin + 1
        own = [mark[1:] for mark in marks if begin + at <= mark[0] < begin + last]
        words = " ".join(block[at:stop].replace(FILLED, "…").split())
        if re.search(r"\w", words):
            yield Sentence(begin + at, begin + stop, words, tuple(own))
        at = max(last, at + 1)


def _without_run(match: re.Match[str]) -> str:
    """What stays of what is run in an alt text, as long as it is: of a check a stop."""
    kept = FILLED if match["claim"] is match["ground"] is None else match["stop"] or ""
    return kept.ljust(len(match[0]))


def _blank_text(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
