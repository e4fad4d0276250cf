"""Small corrections of what Python-Markdown and Pygments write."""

from __future__ import annotations

import re
from itertools import pairwise, zip_longest

from markdown import Markdown
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE

from . import places
from .html import Element, add


def register(md: Markdown) -> None:
    md.treeprocessors.register(Tables(md), "weave-tables", 15)
    md.treeprocessors.register(Headings(md), "weave-headings", 15)
    md.treeprocessors.register(Far(md), "weave-far", 5)
    md.postprocessors.register(PlainCode(md), "weave-code", 25)  # raw_html is 30
    md.postprocessors.register(LeftOver(md), "weave-places", 24)


_FORMULA = re.compile(r"\\\(.*?\\\)", re.DOTALL)
_LONG = 16  # characters of a name that a narrow column would break into many lines
_SENTENCE = 30  # characters of what is no name and no number
_PARAGRAPH = 100  # characters that alone would make rows high


class Tables(Treeprocessor):
    """Tables with a class for a style, which the policy forbids, and no empty head.

    What is written at the left of a row is the row's head, and no number is.
    Numbers of a column stand with their points below each other: a cell says what it
    lacks to be as long as the longest behind the point, and the style leaves room.
    A wide table scrolls in a box of its own.
    Where two of more than three columns hold sentences, or one holds longer texts, each
    cell knows its heading: a narrow screen shows the rows of such a table one below the
    other.
    """

    _NUMBER = re.compile(r"[−-]?[\d,]+(?:\.(?P<digits>\d+))?")

    def run(self, root: Element) -> None:
        for table in root.iter("table"):
            for column in zip_longest(*table.iter("tr")):
                self._align([cell for cell in column if cell is not None])
            names = [_FORMULA.sub("x", _said(row[0])) for row in table.iter("tr")]
            head = next(table.iter("th"))
            is_number = "right" in head.get("style", "")
            if max(map(len, names)) > _LONG and not is_number:
                _add_class(head, "long")
            self._name(table)
        for cell in root.iter():
            if cell.tag in ("th", "td"):
                _, _, side = cell.attrib.pop("style", "").partition("text-align: ")
                if side:
                    _add_class(cell, side.rstrip(";"))
                if cell.tag == "th" and _is_empty(cell):
                    cell.tag = "td"
        for parent in [*root.iter()]:
            for i, child in enumerate(parent):
                if child.tag == "table" and "class" not in child.attrib:
                    # One with a class is such as the numbers of a figure.
                    self._head([row[0] for row in child.iterfind("tbody/tr")])
                    parent[i] = self._wrapped(child)

    @staticmethod
    def _head(column: list[Element]) -> None:
        for cell in column:
            if cell.get("class", "left") == "left" and not _is_empty(cell):
                cell.tag = "th"
                cell.set("scope", "row")

    @staticmethod
    def _wrapped(table: Element) -> Element:
        """A table in what can scroll sideways, as the theme's script would have it."""
        outer = Element("div", {"class": "md-typeset__scrollwrap"})
        add(outer, "div", **{"class": "md-typeset__table"}).append(table)
        outer.tail, table.tail = table.tail, None
        return outer

    @staticmethod
    def _name(table: Element) -> None:
        head, *rows = table.iter("tr")
        columns = [*zip(*rows, strict=True)]
        lengths = [max(len(_said(cell)) for cell in column) for column in columns]
        sentences = sum(length > _SENTENCE for length in lengths)
        if len(columns) > 3 and (sentences > 1 or max(lengths) > _PARAGRAPH):
            table.set("data-rows", "")
            for name, cells in [*zip(head, columns, strict=True)][1:]:
                for cell in cells:
                    cell.set("data-head", _said(name))

    def _align(self, cells: list[Element]) -> None:
        numbers = [self._NUMBER.fullmatch((cell.text or "").strip()) for cell in cells]
        digits = [len(number["digits"] or "") if number else 0 for number in numbers]
        for cell, number, count in zip(cells, numbers, digits, strict=True):
            if number and not len(cell) and count < max(digits):
                cell.set("data-pad", "." * (not count) + "0" * (max(digits) - count))


class Headings(Treeprocessor):
    """A heading right after a higher one has a class, and stands closer.

    A style sheet that looks at neighbours costs a look at the whole page (`site.lean`).
    """

    def run(self, root: Element) -> None:
        for parent in root.iter():
            for one, other in pairwise(parent):
                if (one.tag, other.tag) == ("h2", "h3"):
                    _add_class(other, "weave-after")


class Far(Treeprocessor):
    """Paragraphs, lists and boxes from the second section on have a class.

    They are below what any screen shows first, so a browser may leave them for later.
    Until then each has a usual height, and what is more of it would lie on the foot of
    the page, so do checkers of contrast read it: not at the end. A paragraph that is
    but the place of finished HTML goes when that comes.
    """

    _BLOCKS = "p", "div", "details", "ul", "ol"
    _LONG = 12  # A list of more entries is much higher than lists are.

    def run(self, root: Element) -> None:
        sections = 0
        for block in root[:-3]:
            sections += block.tag == "h2"
            waits = HTML_PLACEHOLDER_RE.fullmatch((block.text or "").strip())
            is_long = block.tag in ("ul", "ol") and len(block) > self._LONG
            if sections > 1 and block.tag in self._BLOCKS and not (waits or is_long):
                _add_class(block, "weave-far")


def _is_empty(cell: Element) -> bool:
    return not cell.text and not len(cell)


def _said(cell: Element) -> str:
    """The text of a cell, without what stands elsewhere until the end."""
    return HTML_PLACEHOLDER_RE.sub("", "".join(cell.itertext()))


def _add_class(element: Element, name: str) -> None:
    element.set("class", f"{element.get('class', '')} {name}".strip())


class PlainCode(Postprocessor):
    """Takes for one what Pygments takes apart: a docstring of five lines, or output.

    The spans around names, operators and blanks go: those are shown like any other
    code, and are two of three elements of a program.
    """

    _SPAN = re.compile(r'<span class="[nopw]">([^<]*)</span>')
    _SAME = re.compile(
        r'<span class="([a-z]\w?)">[^<]*</span>(?:\s*<span class="\1">[^<]*</span>)+'
    )

    def run(self, text: str) -> str:
        text = text.replace("<pre><span></span>", "<pre>")  # for old browsers
        return self._SAME.sub(self._one, self._SPAN.sub(r"\1", text))

    @staticmethod
    def _one(match: re.Match[str]) -> str:
        inner = re.sub("<[^>]*>", "", match[0])
        return f'<span class="{match[1]}">{inner}</span>'


class LeftOver(Postprocessor):
    """Removes marks that nobody has read, such as one in a link's address."""

    def run(self, text: str) -> str:
        return places.strip(text)
