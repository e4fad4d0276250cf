"""A page taken apart: plain text, and the items that a run fills in.

Which forms there are, `forms` says. A page is one session from top to bottom: a name
that a transcript binds is known to the expressions after it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from markdown.extensions.toc import slugify

from ..forms import FORMS
from ..forms.figure import drawn
from ..model import Drawing, Fault, Item, Markup, Result, Text

# Comments and code within a line hold no items. Code that only looks so, because a
# fence stands in it, is prose.
_LEFT_ALONE = r"""
  | <!--.*?-->
  | (?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)
"""
_TOKEN = re.compile(
    "|".join(f"(?P<{f.name}>{f.pattern})" for f in FORMS.values() if f.pattern)
    + _LEFT_ALONE,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
_FENCE = re.compile(r"^[ \t>]*(?:`{3,}[^`\n]*|~{3,}[^\n]*)$", re.MULTILINE)
_WORD = re.compile(r"\w[\w'’-]*")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_QUESTION = re.compile(r"^[ \t]*/{3,}[ \t]*question\b", re.MULTILINE)
_OPTION = re.compile(r"^[ \t]+[a-z]+: .*$", re.MULTILINE)  # of a block
# How long somebody writes, nobody can say.
_EXERCISE = re.compile(
    r"^(?P<marks>/{3,})[ \t]*exercise\b.*?^(?P=marks)[ \t]*$", re.MULTILINE | re.DOTALL
)
_HEADING = re.compile(
    r"^(?P<level>#{1,6})[ ](?P<title>.*?)[ ]*"
    r"(?P<skip>\{:?[^}\n]*\.skip\b[^}\n]*\})?[ \t]*$",
    re.MULTILINE,
)


class Stretch(NamedTuple):
    """Text that is taken over; in `prose` `{reading}` may stand, and blocks begin.

    What is `folded` nobody reads who does not ask for it.
    """

    position: int
    text: str
    prose: bool
    folded: bool = False


class Slot(NamedTuple):
    """The place of item `number`; a figure also has the parts of its alt.

    A part of an alt text is a text, or the number of a value or a check.
    """

    position: int
    number: int
    indent: str = ""
    alt: tuple[str | int, ...] | None = None


PlaceFigure = Callable[[Item, Drawing, str], str]
PlaceMarkup = Callable[[Item, Markup], str]


class Page:
    """A page taken apart into plain text and the items between.

    `path`, relative to the project's root, stands in every message; `first_line` is
    the number that the first line of `text` has in that file. What is wrong with the
    page itself is collected in `faults`; `sources` has the code that it shows, as
    (file, name), and `reads` further files that it was taken apart with.
    """

    def __init__(
        self, path: str, text: str, snippets: Path, first_line: int = 1
    ) -> None:
        self.path, self.stem, self.text = path, Path(path).stem, text
        self.snippets, self.first_line = Path(snippets), first_line
        self.items: list[Item] = []
        self.faults: list[Fault] = []
        self.parts: list[Stretch | Slot] = []
        self.sources: set[tuple[str, str | None]] = set()
        self.reads: set[str] = set()
        position = 0
        for match in _TOKEN.finditer(text):
            self._prose(position, match.start())
            self._token(match)
            position = match.end()
        self._prose(position, len(text))
        private = _PRIVATE.search(text)  # where the marks of the build are
        if private:
            self.fault(
                private.start(),
                f"U+{ord(private[0]):04X} is a character of Unicode's private area, "
                "which means nothing to a reader: take it out",
            )

    def woven(
        self,
        results: Sequence[Result],
        place_figure: PlaceFigure,
        place_markup: PlaceMarkup | None = None,
    ) -> Woven:
        """The page's Markdown with every result in its place.

        There is one result for each item; `place_figure(item, drawing, alt)` returns
        the text that stands for a figure, and `place_markup(item, markup)` what
        stands for HTML, which is else left out. `{reading}` becomes the time that
        the page takes.
        """
        reading = self.reading()

        def text_of(index: int) -> str:
            result = results[index]
            if isinstance(result, Markup) and place_markup:
                return place_markup(self.items[index], result)
            return result.text if isinstance(result, Text) else ""

        def said(part: str | int) -> str:
            if isinstance(part, str):
                return part
            result = results[part]
            return result.text if isinstance(result, Text) else ""

        def filled(part: Stretch | Slot) -> str:
            if isinstance(part, Stretch):
                text = part.text
                return text.replace("{reading}", reading) if part.prose else text
            if part.alt is None:
                return text_of(part.number).replace("\n", "\n" + part.indent)
            alt = "".join(map(said, part.alt))
            drawing = drawn(results[part.number])
            return place_figure(self.items[part.number], drawing, " ".join(alt.split()))

        text, spans = "", []
        for part in self.parts:
            spans.append(Span(len(text), part.position, _kind(part)))
            text += filled(part)
        return Woven(self, text, spans)

    def reading(self) -> str:
        """How long somebody reads who looks at everything, as words."""
        whole = self._minutes()
        skipped = sum(self._minutes(*part) for part in self._skipped())
        text = f"about {max(1, round(whole))} minutes"
        if skipped:
            text += f", {round(whole - skipped)} without what may be skipped at first"
        return text.replace("about 1 minutes", "about 1 minute")

    def minutes(self) -> float:
        """The minutes for what is not marked as to be skipped at first."""
        return self._minutes() - sum(self._minutes(*part) for part in self._skipped())

    def minutes_until(self, anchor: str) -> float:
        """The minutes before the heading with that id, whatever is to be skipped."""
        ends = [
            heading.start()
            for heading in _HEADING.finditer(self.text)
            if slugify(heading["title"], "-") == anchor
        ]
        if not ends:
            raise ValueError(f"{self.path}: no heading has the id {anchor}")
        skipped = [part for part in self._skipped() if part[1] <= ends[0]]
        return self._minutes(0, ends[0]) - sum(self._minutes(*part) for part in skipped)

    def _minutes(self, start: int = 0, end: int | None = None) -> float:
        """Minutes for a part: 200 words, 20 lines of code, 4 figures or 1 question.

        The picture of a lesson, which has no words and no axes, is seen in a look.
        """
        end = len(self.text) if end is None else end
        words = lines = figures = questions = 0
        text = _EXERCISE.sub(lambda match: " " * len(match[0]), self.text)
        for part in self.parts:
            if isinstance(part, Stretch) and part.prose:
                last = min(part.position + len(part.text), end)
                inside = text[max(start, part.position) : last]
                words += len(_WORD.findall(_OPTION.sub("", inside)))
                questions += len(_QUESTION.findall(inside))
            elif start <= part.position < end:
                if isinstance(part, Stretch):
                    lines += 0 if part.folded else part.text.count("\n")
                elif part.alt is not None:
                    figures += self.items[part.number].text != "opening"
                elif self.items[part.number].form == "transcript":
                    lines += self.items[part.number].text.count("\n")
        return words / 200 + lines / 20 + figures / 4 + questions

    def _skipped(self) -> Iterator[tuple[int, int]]:
        """The parts below headings with the class `skip`, as (start, end)."""
        end = 0
        headings = [*_HEADING.finditer(self.text)]
        for number, heading in enumerate(headings):
            if heading["skip"] and heading.start() >= end:
                ends = [
                    later.start()
                    for later in headings[number + 1 :]
                    if len(later["level"]) <= len(heading["level"])
                ]
                end = ends[0] if ends else len(self.text)
                yield heading.start(), end

    def line(self, position: int) -> int:
        """The number, in the page's file, of the line with that character."""
        return self.first_line + self.text.count("\n", 0, position)

    def fault(self, position: int, message: str) -> None:
        self.faults.append(Fault(self.path, self.line(position), message))

    def slot(self, position: int, item: Item) -> Slot:
        """Note an item; its slot has the blanks before it as the indent."""
        before = self.text[self.text.rfind("\n", 0, position) + 1 : position]
        self.items.append(item)
        indent = before if before.isspace() else ""
        return Slot(position, len(self.items) - 1, indent)

    def verbatim(self, position: int, text: str) -> None:
        """Take over text that is no prose."""
        self.parts.append(Stretch(position, text, prose=False))

    def folded(self, position: int, text: str) -> None:
        """Add text that is no prose, and takes no time to read."""
        self.parts.append(Stretch(position, text, prose=False, folded=True))

    def _prose(self, start: int, end: int) -> None:
        text = self.text[start:end]
        self.parts.append(Stretch(start, text, prose=True))
        lone = _FENCE.search(text)
        if lone:
            self.fault(
                start + lone.start(),
                "this block is not closed, or stands in a quotation: what is in it "
                "would be shown without being run",
            )
        for mark, remedy in {
            "--8<--": "code by name stands inside a fenced block",
            "{python}": "write the expression as `{python} 1 + 1`, on one line",
            "](figures/": "write a figure as ![what is seen](figures/stem/name.svg)",
            "](tables/": "write a table as ![](tables/stem/name)",
        }.items():
            if mark in text:
                self.fault(start + text.index(mark), remedy)

    def _token(self, match: re.Match[str]) -> None:
        form = FORMS.get(match.lastgroup or "")
        if form is not None:
            form.read(match, self)
        elif match["ticks"] and _FENCE.search(match[0]):
            self._prose(match.start(), match.end())
        else:
            self.verbatim(match.start(), match[0])


class Span(NamedTuple):
    """From `start` on, woven text that came from `position` in the page.

    `kind` is "prose", "code" (and comments), or "result" for what a run gave.
    """

    start: int
    position: int
    kind: str


def _kind(part: Stretch | Slot) -> str:
    if isinstance(part, Slot):
        return "result"
    return "prose" if part.prose else "code"


class Woven:
    """A page's Markdown with its results, which knows where each line came from."""

    def __init__(self, page: Page, text: str, spans: list[Span]) -> None:
        self.page, self.text, self._spans = page, text, spans
        self._starts = [span.start for span in spans]

    def line(self, offset: int) -> int:
        """The line, in the page's file, of a character of the woven text."""
        span = self._span(offset)
        line = self.page.line(span.position)
        if span.kind == "result":
            return line
        return line + self.text.count("\n", span.start, offset)

    def kind(self, offset: int) -> str:
        """What a character stands in: "prose", "code" or a "result"."""
        return self._span(offset).kind

    def without_code(self) -> str:
        """The text with blanks in the place of code and comments, as long as it is."""
        parts = []
        ends = [*self._starts[1:], len(self.text)]
        for span, end in zip(self._spans, ends, strict=True):
            text = self.text[span.start : end]
            parts.append(re.sub(r"[^\n]", " ", text) if span.kind == "code" else text)
        return "".join(parts)

    def _span(self, offset: int) -> Span:
        return self._spans[max(bisect_right(self._starts, offset) - 1, 0)]
