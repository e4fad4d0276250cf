"""The page of misconceptions: what the lessons say people believe.

    /// beliefs
    ///

stands for every box `!!! belief "…"` of the pages before this one in the navigation,
each with what refutes it, under a heading that leads to its lesson. What is wrong in a
box is said by its own page, and only there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, relpath
from typing import NamedTuple

from markdown.extensions.toc import slugify

_BOX = re.compile(r'^!!! belief ".+"\n(?:(?: {4}.*|[ \t]*)\n)+', re.MULTILINE)
_HEADING = re.compile(r"^## (.+?)(?: \{ *#([\w-]+) *\})?$", re.MULTILINE)
_LINK = re.compile(r"(?<=\]\()(?=[\w/.-]*\.md\b)")
_HERE = re.compile(r"(?<=\]\()(?=#)")


class Belief(NamedTuple):
    """A box as it stands on its page, and the id of the heading above it."""

    box: str
    under: str


def beliefs(text: str) -> Iterator[Belief]:
    """The beliefs of a page, in its order.

    >>> [*beliefs('## Far away\\n\\n!!! belief "Down"\\n    No.\\n\\nText.\\n')]
    [Belief(box='!!! belief "Down"\\n    No.\\n\\n', under='far-away')]
    """
    text += "\n"
    for match in _BOX.finditer(text):
        headings = [*_HEADING.finditer(text, 0, match.start())]
        heading = headings[-1] if headings else None
        under = (heading[2] or slugify(heading[1], "-")) if heading else ""
        yield Belief(match[0], under)


def boxes(found: list[Belief], page: str, uri: str) -> str:
    """The boxes of a page as they stand on another one, whose links lead there, too.

    >>> boxes([Belief("[a](b.md), [c](#c)", "")], "descent.md", "reference/here.md")
    '[a](../b.md), [c](../descent.md#c)'
    """
    up = relpath(".", dirname(uri) or ".")
    text = _HERE.sub(page, "\n".join(belief.box for belief in found))
    return text if up == "." else _LINK.sub(f"{up}/", text)


def heading(found: list[Belief], title: str, page: str, uri: str) -> str:
    """A heading with the title of a page, which leads to where its beliefs stand."""
    up = relpath(page, dirname(uri) or ".")
    name = page.removesuffix(".md").replace("/", "-")
    place = f"#{found[0].under}" if found[0].under else ""
    return f"## [{title}]({up}{place}) {{ #{name} }}"
