"""The short path through the course, as the pages themselves mark it.

A page is one of its stations if `station:` stands in its head, with the id of the
heading before which the path leaves the page.
"""

from functools import cache
from pathlib import Path

from _weave.read.page import Page
from _weave.read.site import Site
from shared.tables import table

READS = "mkdocs.yml", "docs/*.md"

_SITE = Site(Path(__file__).parent.parent)


@cache
def minutes():
    """Return the minutes that each station takes, by the address of its page."""
    found = {}
    for station in _SITE.stations():
        source = _SITE.source(station.uri)
        page = Page(source.path, source.body, _SITE.snippets, source.first_line)
        found[station.uri] = page.minutes_until(station.until)
    return found


def table_stations():
    """The stations with the minutes they take."""
    rows = [
        [number, f"[{station.title}]({station.uri})", round(minutes()[station.uri])]
        for number, station in enumerate(_SITE.stations(), 1)
    ]
    return table(["station", "page", "minutes"], rows)
