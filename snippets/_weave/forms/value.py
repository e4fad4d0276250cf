"""A value: `` `{python} f"{path[-1]:.3f}"` `` becomes what the expression gives."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from ..model import Item, Result, Text
from .form import Form

if TYPE_CHECKING:
    from ..read.page import Page, Slot
    from ..run.session import Session

# The sign of a number that stands alone; in running text it is not a hyphen.
_NEGATIVE = re.compile(r"^-(?=\d[\d.,]*(e[+-]?\d+)?\s?%?$)")


class Value(Form):
    """An expression, evaluated in the page's session."""

    name = "value"
    pattern = r"(?<!`)`\{python\}[ \t]*(?P<expression>[^`]*)`(?!`)"

    def read(self, match: re.Match[str], page: Page) -> None:
        page.parts.append(self.slot(match, page))

    def slot(self, match: re.Match[str], page: Page, offset: int = 0) -> Slot:
        """The place of a value; `offset` is where the matched text begins."""
        start = offset + match.start()
        expression = match["expression"].strip()
        try:
            ast.parse(expression, mode="eval")
        except (SyntaxError, ValueError) as error:
            message = error.msg if isinstance(error, SyntaxError) else str(error)
            page.fault(start, f"not a Python expression: {expression} ({message})")
            expression = "''"  # message once is enough
        return page.slot(start, Item(self.name, page.line(start), expression))

    def code(self, item: Item) -> str:
        return item.text

    def run(self, item: Item, session: Session) -> Result:
        if session.is_broken(session.stem):
            return Text()
        try:
            session.bind(item, item.text)
            code = compile(item.text, session.mark(item), "eval")
            # A page's expressions are code by an author who is trusted.
            text = str(eval(code, session.names))
            return Text(_NEGATIVE.sub("−", text, count=1))
        except BaseException as error:
            if not any(f"{stem}." in item.text for stem in session.broken):
                session.fault(item, f"`{{python}} {item.text}` raised", error)
            return Text()
