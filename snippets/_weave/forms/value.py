"""A value: `` `{python} f"{path[-1]:.3f}"` `` becomes what the expression gives."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from ..model import NO_CODE, Item, Result, Text, powers
from .form import Expression
from .result import what_is_wrong

if TYPE_CHECKING:
    from ..read.page import Page, Slot
    from ..run.session import Session

# The sign of a number that stands alone; in running text it is not a hyphen.
_NEGATIVE = re.compile(r"^-(?=\d[\d.,]*(e[+-]?\d+)?\s?%?$)")

_NUMBER = re.compile(r"[-−+]?\d[\d.,]*(?:[eE][-+]?\d+)?\s*[%\w]*")
_COMPUTES = ast.Name, ast.BinOp, ast.Compare  # one of these is in what computes


class Value(Expression):
    """An expression, evaluated in the page's session."""

    name, word = "value", "python"
    pattern = r"(?<!`)`\{python\}[ \t]*(?P<expression>[^`]*)`(?!`)"

    def read(self, match: re.Match[str], page: Page) -> None:
        page.parts.append(self.slot(match, page))

    def slot(self, match: re.Match[str], page: Page) -> Slot:
        """The place of a value."""
        start = match.start()
        expression = match["expression"].strip()
        try:
            tree = ast.parse(expression, mode="eval")
            nodes = [*ast.walk(tree)]
            if not any(isinstance(node, _COMPUTES) for node in nodes) and any(
                isinstance(node, ast.Constant) and _NUMBER.fullmatch(str(node.value))
                for node in nodes
            ):
                page.fault(
                    start,
                    f"{expression} computes nothing: write what gives this result, or "
                    "type the number, and say in the page's head that it is given",
                )
        except NO_CODE as error:
            message = error.msg if isinstance(error, SyntaxError) else str(error)
            message = message or "it is too deep"
            page.fault(start, f"not a Python expression: {expression:.200} ({message})")
            expression = "0"  # said once is enough
        place = _place(page.text, start, match.end())
        item = Item(self.name, page.line(start), expression, given=place)
        return page.slot(start, item)

    def result(self, item: Item, session: Session) -> Result:
        code = compile(item.text, session.mark(item), "eval")
        # A page's expressions are code by an author who is trusted.
        value = eval(code, session.names)
        text = str(value)
        wrong = what_is_wrong(value, text, item.given)
        if wrong:
            shown = " ".join(text.split())[:60]
            said = f"`{{python}} {item.text}` gives {shown!r}, and {wrong}"
            session.fault(item, said.encode("utf-8", "backslashreplace").decode())
            return Text()
        text = _NEGATIVE.sub("−", text)
        # What is an option may be the key of a question, which is read as a number.
        return Text(text if item.given == "option" else powers(text))


_OPTION = re.compile(r"\s*[-*+]\s+\[[^\]]*\]\s*")


def _place(text: str, start: int, end: int) -> str:
    """Where a value stands, as `result` tells places apart."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    after = text[end:].partition("\n")[0].strip()
    if not before.strip(" \t>") and not after:
        return "block"
    if _OPTION.fullmatch(before) and not after:
        return "option"
    return "row" if before.lstrip().startswith("|") else ""
