"""A reason: why a sentence needs no check, as in `` `{reason} advice` ``.

The reader sees nothing of it. What rests on a source shows the source itself: a
sentence from history and a theorem without a proof on the page have a link or a
footnote.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..model import Item, Result, Text
from .form import Form

if TYPE_CHECKING:
    from ..read.page import Page, Slot
    from ..run.session import Session

REASONS = {
    "definition": "says what a word, a symbol or the code on the page means",
    "advice": "says what to do, not what is",
    "history": "who did what when; its source is linked",
    "theorem": "is proved on the page, or its source is linked",
    "identity": "is an equation, proved by the test that is named behind it",
    "outlook": "says what this page or another does",
}
_TEST = re.compile(r"(?:test|prove|claim)_\w+")


class Reason(Form):
    """The name of a reason, and behind `identity:` the test that proves it."""

    name = "reason"
    pattern = r"[ \t]*(?<!`)`\{reason\}[ \t]*(?P<ground>[^`]*)`(?!`)"

    def read(self, match: re.Match[str], page: Page) -> None:
        if slot := self.slot(match, page):
            page.parts.append(slot)

    def slot(self, match: re.Match[str], page: Page) -> Slot | None:
        """The place of a reason, or None if there is a fault."""
        text = match["ground"].strip()
        kind, _, test = (part.strip() for part in text.partition(":"))
        if kind not in REASONS:
            page.fault(
                match.start("ground"),
                f"{text or 'nothing'} is no reason: write one of {', '.join(REASONS)}; "
                "what a program can decide is a check",
            )
            return None
        if (kind == "identity") != bool(_TEST.fullmatch(test)):
            page.fault(
                match.start("ground"),
                f"{text}: write `{{reason}} identity: test_…`, with the name of the "
                "test that proves it, and no name behind another reason",
            )
            return None
        line = page.line(match.start("ground"))
        return page.slot(match.start(), Item(self.name, line, text))

    def run(self, item: Item, session: Session) -> Result:
        return Text()
