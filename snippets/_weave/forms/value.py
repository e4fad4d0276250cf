"""A value: `` `{python} f"{path[-1]:.3f}"` `` becomes what the expression gives."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from ..model import Item, Result, Text
from .form import Expression

if TYPE_CHECKING:
    from ..read.page import Page, Slot
    from ..run.session import Session

# The sign of a number that stands alone; in running text it is not a hyphen.
_NEGATIVE = re.compile(r"^-(?=\d[\d.,]*(e[+-]?\d+)?\s?%?$)")

_COMPUTES = ast.Name, ast.BinOp, ast.Compare  # one of these is in what computes


class Value(Expression):
    """An expression, evaluated in the page's session."""

    name, word = "value", "python"
    pattern = r"(?<!`)`\{python\}[ \t]*(?P<expression>[^`]*)`(?!`)"

    def read(self, match: re.Match[str], page: Page) -> None:
        page.parts.append(self.slot(match, page))

    def slot(self, match: re.Match[str], page: Page, offset: int = 0) -> Slot:
        """The place of a value; `offset` is where the matched text begins."""
        start = offset + match.start()
        expression = match["expression"].strip()
        try:
            tree = ast.parse(expression, mode="eval")
            nodes = [*ast.walk(tree)]
            if not any(isinstance(node, _COMPUTES) for node in nodes) and any(
                isinstance(node, ast.Constant) and re.search(r"\d", str(node.value))
                for node in nodes
            ):
                page.fault(
                    start,
                    f"{expression} computes nothing: write what gives this result, or "
                    "type the number, and say in the page's head that it is given",
                )
        except (SyntaxError, ValueError) as error:
            message = error.msg if isinstance(error, SyntaxError) else str(error)
            page.fault(start, f"not a Python expression: {expression} ({message})")
            expression = "''"  # said once is enough
        return page.slot(start, Item(self.name, page.line(start), expression))

    def result(self, item: Item, session: Session) -> Result:
        code = compile(item.text, session.mark(item), "eval")
        # A page's expressions are code by an author who is trusted.
        text = str(eval(code, session.names))
        return Text(_NEGATIVE.sub("−", text, count=1))
