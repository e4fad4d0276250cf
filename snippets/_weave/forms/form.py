"""What every form of an author's is made of."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from ..model import NO_CODE, Item, Result, Text

if TYPE_CHECKING:
    from ..read.page import Page
    from ..run.session import Session


class Form:
    """Something that an author can write on a page; one subclass each.

    `name` is the form's name in an `Item`. `pattern` is how it looks: a verbose
    regular expression whose groups have names that no other form uses. A form
    without a pattern does not occur on pages. `gives` is the kind of its result.
    """

    name: str
    pattern = ""
    gives: type[Result] = Text

    def read(self, match: re.Match[str], page: Page) -> None:
        """Add what was found to the page: text, items, faults."""
        raise NotImplementedError

    def code(self, item: Item) -> str:
        """The Python of an item in which modules may be imported or spoken of."""
        return ""

    def called(self, item: Item) -> str:
        """The name that an item calls in its module."""
        return ""

    def run(self, item: Item, session: Session) -> Result:
        """What the item gives; called in the process of its page."""
        raise NotImplementedError


class Expression(Form):
    """An expression in backquotes behind a word, evaluated in the page's session."""

    word: str

    def code(self, item: Item) -> str:
        return item.text

    def run(self, item: Item, session: Session) -> Result:
        if session.is_broken(session.stem):
            return Text()
        try:
            session.bind(item, item.text)
            return self.result(item, session)
        except BaseException as error:
            if not any(f"{stem}." in item.text for stem in session.broken):
                session.fault(item, f"`{{{self.word}}} {item.text}` raised", error)
            return Text()

    def result(self, item: Item, session: Session) -> Result:
        """What the expression gives; whatever it raises is said with its place."""
        raise NotImplementedError


ARGUMENTS = r"(?:\?(?P<given>[^\s)]*))?"
_ARGUMENT = re.compile(r"[A-Za-z_]\w*=.*")


def check_arguments(given: str) -> str | None:
    """What is wrong with arguments as a link gives them, or None."""
    for part in filter(None, given.split("&")):
        if not _ARGUMENT.fullmatch(part):
            return f"{part} is no argument: write ?name=value, joined by &"
    return None


def arguments(item: Item) -> dict[str, Any]:
    """The arguments that a link gives a function: Python's literals, else text.

    >>> arguments(Item("figure", 1, "curve", "gallery", "name=quad1&high=2.5"))
    {'name': 'quad1', 'high': 2.5}
    """
    pairs = (part.split("=", 1) for part in item.given.split("&") if part)
    return {name: _literal(value) for name, value in pairs}


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except NO_CODE:
        return text
