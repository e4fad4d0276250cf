"""Captions: what stands right under a figure, in its paragraph.

    ![Six parabolas with three steps each.](figures/rate/regimes.svg)
    Six rates, six fates: only the first three arrive.

The figure gets a number and these words, which everybody sees; the alt text is for
those who do not see the figure.
"""

from __future__ import annotations

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE

from .context import Context
from .html import Element, add, unframed


def register(md: Markdown, context: Context) -> None:
    # Before the inline patterns (20) read the caption.
    md.treeprocessors.register(Captions(md, context), "weave-captions", 22)


_NAME = {"class": "weave-figure"}


class Captions(Treeprocessor):
    """Makes a figure with a caption of a paragraph that begins with a figure."""

    def __init__(self, md: Markdown, context: Context) -> None:
        super().__init__(md)
        self.context = context

    def run(self, root: Element) -> None:
        number = 0
        for paragraph in root.iter("p"):
            text = paragraph.text or ""
            match = HTML_PLACEHOLDER_RE.match(text)
            placed = self.context.placed.get(int(match[1])) if match else None
            if not match or not placed or not text[match.end() :].strip():
                continue
            number += 1
            blocks = self.md.htmlStash.rawHtmlBlocks
            blocks[int(match[1])] = unframed(str(blocks[int(match[1])]))
            paragraph.tag, paragraph.text = "figure", match[0]
            paragraph.attrib |= {"class": "drawn", "id": placed.name}
            caption = add(paragraph, "figcaption")
            name = add(caption, "span", f"Figure {number}.", **_NAME)
            name.tail = " " + text[match.end() :].strip()
