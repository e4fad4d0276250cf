"""The short path: pages with `station: heading-id` in their head, in their order.

Such a page says where the short path leaves it, and at its foot which station it is.
"""

from __future__ import annotations

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from ..read.site import Station
from .context import Context
from .html import Element, add


def register(md: Markdown, context: Context) -> None:
    # After toc (5) has given the ids, before MkDocs reads the links (0).
    md.treeprocessors.register(Stations(md, context), "weave-stations", 3)


class Stations(Treeprocessor):
    def __init__(self, md: Markdown, context: Context) -> None:
        super().__init__(md)
        self.context = context

    def run(self, root: Element) -> None:
        site, uri = self.context.weaver.site, self.context.uri
        # A page that was not woven has faults, in its head perhaps.
        if uri is None or not self.context.woven:
            return
        if "station" not in site.source(uri).head:
            return
        stations = site.stations()
        number = [station.uri for station in stations].index(uri)
        own, following = stations[number], stations[number + 1 : number + 2]
        ends = [
            place for place, child in enumerate(root) if child.get("id") == own.until
        ]
        if not ends:
            line = site.source(uri).lines["station"]
            message = f"station: no heading of the page has the id {own.until}"
            box = self.context.fault(line, message)
            add(root, "p", self.md.htmlStash.store(box))
            return
        foot = f"This is station {number + 1} of {len(stations)} on the short path."
        root.insert(ends[0], _line("The short path leaves this page here.", following))
        root.append(_line(foot, following))


def _line(text: str, following: list[Station]) -> Element:
    line = Element("p", {"class": "weave-station"})
    line.text = text
    for station in following:
        line.text += " The next station is "
        link = add(line, "a", station.title, href=station.uri)
        link.tail = "."
    if not following:
        line.text += " You are through."
    return line
