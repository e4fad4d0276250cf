"""The short path through the course, as the pages themselves mark it.

A page is one of its stations if `station:` stands in its head, with the id of the
heading before which the path leaves the page.
"""

from pathlib import Path

from _weave.read.facts import known

READS = "@pages"

_ROOT = Path(__file__).parent.parent


def minutes():
    """Return the minutes that each station takes, by the address of its page."""
    return {page.uri: page.minutes for page in _stations()}


def _stations():
    return [page for page in known(_ROOT) if page.minutes is not None]
