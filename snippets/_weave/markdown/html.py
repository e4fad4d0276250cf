"""Elements, as every part of the page builds them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from html import escape

Element = etree.Element
_LABEL = re.compile('<svg role="img" aria-label="[^"]*" ')


def add(
    parent: Element, tag: str, text: str | None = None, **attributes: str
) -> Element:
    """A new child of an element, with its text and attributes."""
    element = etree.SubElement(parent, tag, attributes)
    element.text = text
    return element


def written(element: Element) -> str:
    """An element as the text of a page."""
    return etree.tostring(element, encoding="unicode", method="html")


def labelled(svg: str, alt: str) -> str:
    """A drawing with its accessible name."""
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(alt)}" ', 1)


def hidden(svg: str) -> str:
    """A labelled drawing that only those see who see: its name stands beside it."""
    return _LABEL.sub('<svg aria-hidden="true" ', svg, count=1)


def framed(name: str, content: str) -> str:
    """The frame of a figure; what is in it stays out of the site's search."""
    return f'<figure class="drawn" id="{name}" data-search-exclude>{content}</figure>'


def unframed(html: str) -> str:
    """What is in the frame of a figure."""
    return html.partition(">")[2].removesuffix("</figure>")
