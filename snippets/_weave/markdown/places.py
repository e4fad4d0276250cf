"""Where things stand: blocks and formulas carry their line into the conversion.

Python-Markdown knows no positions. So each `///` block gets an option `at`, and each
formula and each option or task begins with a mark, before it reads the page.
A mark is the line between two characters of Unicode's private area, which nothing
else uses. Whoever reads the thing takes it off; what is left over, `strip` removes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from ..read.page import Woven

_MARK = re.compile("\ue002(\\d+)\ue003")
_MARK_BEFORE = re.compile(f"{_MARK.pattern}\\Z")
_EDGE = re.compile(
    r"^(?P<indent>[ \t]*)(?P<marks>/{3,})[ \t]*"
    r"(?:(?P<name>[\w-]+)[ \t]*(?:\|[ \t]*(?P<argument>[^\n]*?)[ \t]*)?)?$",
    re.MULTILINE,
)
_OPTION = re.compile(r"[ \t]*(?P<name>[\w-]+):")
_ITEM = r"^{}(?:[-*+]|\d+\.)[ ]+"
_PARAGRAPH = re.compile(r"(?:(?!\n[ \t]*\n).)+", re.DOTALL)
# The formulas that `maths` reads: on their own, and in a line as arithmatex finds them.
_FORMULA = re.compile(
    r"(?<!\\)(?P<display>\$\$)(?:\\.|[^\\])+?\$\$"
    r"|^[ \t]*(?P<begin>\\begin\{(?P<env>[a-z]+\*?)\})(?:\\.|[^\\])+?\\end\{(?P=env)\}"
    r"|(?:(?<!\\)(?:\\{2})+(?=\$)|(?<!\\)(?P<inline>\$)(?!\s)"
    r"(?:\\.|[^\\$])+?(?<!\s)\$)(?!\d)",
    re.MULTILINE | re.DOTALL,
)

_STRAY = re.compile(r"(?<!\\)\$\$|\\{1,2}[(\[]|(?<!\\)\$(?!\d)")
# The blocks that take the option `at`.
_WITH_ITEMS = "question", "explore", "exercise"
OURS = {"bank", "beliefs", "drill", "exercise", "explore", "lesson", "question"}


class BlockText(NamedTuple):
    """A `///` block of a page: where its parts begin and end in the woven text.

    `lines` has the line of each of its options, and `again` where one is given once
    more; `number` counts the blocks of its
    name on the page that have no id of their own, from 1; `inside` are the names of
    the blocks around it. A block that is never closed ends where it begins.
    """

    name: str
    argument: str
    marks: str
    indent: str
    start: int
    options: int
    body: int
    end: int
    line: int
    lines: dict[str, int]
    again: tuple[tuple[str, int], ...]
    number: int
    inside: tuple[str, ...]

    @property
    def closed(self) -> bool:
        return self.end > self.start

    @property
    def is_ours(self) -> bool:
        """Whether it takes the option `at`; a block of another extension refuses it."""
        return self.name in OURS

    def at(self) -> str:
        """What the option `at` tells: the line, the number, the options' lines."""
        words = [f"{name}={line}" for name, line in self.lines.items()]
        return " ".join([str(self.line), f"number={self.number}", *words])


class Edge(NamedTuple):
    """A line of slashes that begins or ends no block."""

    text: str
    line: int


def blocks(woven: Woven, known: Collection[str]) -> tuple[list[BlockText], list[Edge]]:
    """The blocks with a known name, in the order of the page, and the loose edges."""
    found: list[BlockText] = []
    loose: list[Edge] = []
    waiting: list[tuple[str, int | None]] = []  # slashes, and the number of the block
    for match in _EDGE.finditer(woven.text):
        if woven.kind(match.start()) != "prose":
            continue
        line = woven.line(match.start())
        name = (match["name"] or "").lower()
        if name in known:
            inside = tuple(found[i].name for _, i in waiting if i is not None)
            waiting.append((match["marks"], len(found)))
            found.append(_opened(woven, match, name, line, found, inside))
        elif name:
            loose.append(Edge(match[0].strip(), line))
            waiting.append((match["marks"], None))  # its end is no second fault
        else:
            slashes = [marks for marks, _ in waiting]
            if match["marks"] not in slashes:
                loose.append(Edge(match[0].strip(), line))
                continue
            while True:
                marks, index = waiting.pop()
                if marks == match["marks"]:
                    break
            if index is not None:
                end = min(match.end() + 1, len(woven.text))
                found[index] = found[index]._replace(end=end)
    return found, loose


def _opened(
    woven: Woven,
    match: re.Match[str],
    name: str,
    line: int,
    before: list[BlockText],
    inside: tuple[str, ...],
) -> BlockText:
    text, start = woven.text, match.start()
    options = min(match.end() + 1, len(text))
    lines: dict[str, int] = {}
    again, body = [], options
    while True:
        end = text.find("\n", body)
        row = text[body : end if end >= 0 else len(text)]
        indented = row.startswith(match["indent"] + "    ") and row.strip()
        option = indented and _OPTION.match(row)
        if not option or end < 0:
            break
        name_line = option["name"], woven.line(body)
        if lines.setdefault(*name_line) != name_line[1]:
            again.append(name_line)
        body = end + 1
    number = 1 + sum(b.name == name and "id" not in b.lines for b in before)
    return BlockText(
        name, match["argument"] or "", match["marks"], match["indent"],
        start, options, body, start, line, lines, tuple(again), number, inside,
    )  # fmt: skip


def marked(
    woven: Woven,
    found: list[BlockText],
    leave_out: Sequence[tuple[int, int]] = (),
) -> tuple[str, list[int]]:
    """The text with the line of every block and formula, of options and tasks.

    Then the lines of the dollars that can carry no mark, in their order. In the place
    of what is left out, from one offset to the other, stands its `hole`.
    """
    put = [(b.options, f"{b.indent}    at: {b.at()}\n") for b in found if b.is_ours]
    for block in found:
        if block.name in _WITH_ITEMS and block.closed:
            item = re.compile(_ITEM.format(re.escape(block.indent)), re.MULTILINE)
            for match in item.finditer(woven.text, block.body, block.end):
                if woven.kind(match.start()) == "prose":
                    put.append((match.end(), mark(woven.line(match.start()))))
    formulas, ends, lone = _formulas(woven)
    put += [(offset, mark(woven.line(offset - 1))) for offset in formulas]
    put += [(offset, mark(woven.line(offset))) for offset in ends]
    for start, end in leave_out:
        put = [one for one in put if not start <= one[0] < end]
        lone = [offset for offset in lone if not start <= offset < end]
    text = _with(woven.text, sorted(put), leave_out)
    return text, [woven.line(offset) for offset in lone]


def _formulas(woven: Woven) -> tuple[list[int], list[int], list[int]]:
    """Where the TeX of each formula begins, and the dollars that begin none.

    Between these, where it ends before two dollars: if it turns out to be none, since
    it does not stand on its own, both pairs stand alone.
    Behind a dollar that stands alone there is a mark, too, unless a blank follows it:
    the mark would make a beginning of it.
    """
    text = woven.without_code()
    begins: list[int] = []
    ends: list[int] = []
    lone: list[int] = []
    for paragraph in _PARAGRAPH.finditer(text):
        rest, start = paragraph[0], paragraph.start()
        for match in _FORMULA.finditer(paragraph[0]):
            for group in ("display", "begin", "inline"):
                if match[group]:
                    begins.append(start + match.end(group))
            if match["display"]:
                ends.append(start + match.end() - 2)
            blank = " " * len(match[0])
            rest = rest[: match.start()] + blank + rest[match.end() :]
        for match in _STRAY.finditer(rest):
            after = rest[match.end() : match.end() + 1]
            (lone if after in (" ", "\n", "") else begins).append(start + match.end())
    return begins, ends, lone


def _with(
    text: str, put: list[tuple[int, str]], leave_out: Sequence[tuple[int, int]]
) -> str:
    ends = dict(leave_out)
    put = sorted([*put, *((start, hole(start)) for start in ends)])
    parts, done = [], 0
    for offset, what in put:
        parts += [text[done:offset], what]
        done = ends.get(offset, offset)
    return "".join([*parts, text[done:]])


def hole(start: int) -> str:
    """What stands in the place of a part of the text that is left out."""
    return f"\x02hole {start}\x03\n"


def mark(line: int) -> str:
    """What carries a line through the conversion."""
    return f"\ue002{line}\ue003"


def taken(text: str) -> tuple[str, int | None]:
    """A text without its marks, and the line of the first of them.

    >>> taken(f"{mark(7)}x^2")
    ('x^2', 7)
    """
    match = _MARK.search(text)
    return _MARK.sub("", text), int(match[1]) if match else None


def line_beside(text: str, start: int, end: int) -> int | None:
    """The line that a mark tells right behind a part of a text, or right before it."""
    found = _MARK.match(text, end) or _MARK_BEFORE.search(text, 0, start)
    return int(found[1]) if found else None


def strip(text: str) -> str:
    """A text without marks."""
    return _MARK.sub("", text)


class At(NamedTuple):
    """Where a block stands: its line, its number, and the lines of its options."""

    line: int
    number: int
    lines: dict[str, int]

    @classmethod
    def read(cls, text: str) -> At:
        """From what stands in the option `at`; of a block without one, line 1."""
        first, *words = str(text).split() or ["1"]
        lines = {name: int(n) for name, _, n in (w.partition("=") for w in words)}
        return cls(int(first), lines.pop("number", 0), lines)
