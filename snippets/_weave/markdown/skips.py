"""Parts that a first reading may leave out: `## Heading {: .skip }` says so below."""

from __future__ import annotations

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from .html import Element


def register(md: Markdown) -> None:
    # After attr_list (8) has read the class.
    md.treeprocessors.register(Skips(md), "weave-skips", 7)


class Skips(Treeprocessor):
    """Says it in words, for everybody, in a line of its own."""

    def run(self, root: Element) -> None:
        for parent in root.iter():
            for place, child in reversed([*enumerate(parent)]):
                if child.get("class") == "skip" and child.tag[:1] == "h":
                    line = Element("p", {"class": "weave-skip"})
                    line.text = "This part may be skipped at first."
                    line.tail = child.tail
                    parent.insert(place + 1, line)
