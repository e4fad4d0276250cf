"""What pages say of themselves, for pages that speak of others.

The pages of reference, the home page: they need no page's text, and run again only if
what they say could change. A build, which takes all pages apart anyway, gives the facts
to the runs whose module has `READS = "@pages"`; elsewhere they are found in the pages.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

from ..model import Facts
from .page import Page
from .site import Site, Source
from .transcripts import why_not

PAGES = "@pages"  # what a module that asks for them says in READS

_GOAL = re.compile(r"^!!! goal .*\n((?: {4}.+\n)+)", re.MULTILINE)
_QUESTION = re.compile(r"^/// question .*?^///$", re.MULTILINE | re.DOTALL)
_OPTION = re.compile(r"^(?:- \[|\d+\. )", re.MULTILINE)
_LINE = re.compile(r"^ *>>> ", re.MULTILINE)


def facts(uri: str, source: Source, page: Page) -> Facts:
    """What a page says of itself, from its file and from the page taken apart."""
    goal, head, items = _GOAL.search(source.body), source.head, page.items
    transcripts = [item.text for item in items if item.form == "transcript"]
    questions = _QUESTION.findall(source.body)
    given = re.split(r"\n| · ", str(head.get("given") or ""))
    return Facts(
        uri,
        str(head.get("title") or Path(uri).stem),
        " ".join(goal[1].split()) if goal else "",
        _minutes(page, head["station"]) if "station" in head else None,
        dict(sorted(Counter(item.form for item in items).items())),
        sum(len(_LINE.findall(transcript)) for transcript in transcripts),
        len(page.sources),
        len(questions),
        sum(len(_OPTION.findall(question)) for question in questions),
        sum(item.form == "check" and "claim_" in item.text for item in items),
        sum(item.form == "reason" and item.text == "theorem" for item in items),
        len([phrase for phrase in given if phrase.strip()]),
        dict(sorted(Counter(why_not(page, uri)).items())),
    )


_given: list[tuple[Facts, ...] | None] = []


def give(facts: tuple[Facts, ...] | None) -> None:
    """Let `known` return these, in a process that runs one page; None forbids it."""
    _given[:] = [facts]


def known(root: Path) -> tuple[Facts, ...]:
    """The facts of all pages that the navigation names, in its order."""
    facts = _given[0] if _given else _found(Path(root))
    if facts is None:
        raise LookupError(f'this asks what pages say: write READS = "{PAGES}" above')
    return facts


@cache
def _found(root: Path) -> tuple[Facts, ...]:
    site, found = Site(root), []
    for uri in site.navigation():
        if uri.endswith(".md"):
            source = site.source(uri)
            page = Page(source.path, source.body, site.snippets, source.first_line)
            found.append(facts(uri, source, page))
    return tuple(found)


def _minutes(page: Page, until: object) -> int | None:
    """The minutes to a heading; None without it, which is said where it is shown."""
    try:
        return round(page.minutes_until(str(until)))
    except ValueError:
        return None
