"""A table: `![](tables/stem/name)` is what `table_name()` in snippets/stem.py returns.

Arguments may stand behind the name: `tables/rate/regimes?start=1.6`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..model import Item, Result, Text, powers
from .form import ARGUMENTS, Form, arguments, check_arguments
from .result import what_is_wrong

if TYPE_CHECKING:
    from ..read.page import Page
    from ..run.session import Session

_TARGET = re.compile(rf"\s*tables/(?P<module>\w+)/(?P<name>\w+){ARGUMENTS}\s*")
_BAR = re.compile(r"(?<!\\)\|")


class Table(Form):
    """A table function by name, called in the page's process."""

    name = "table"
    pattern = r"!\[(?P<caption>[^\[\]`]*)\]\((?P<table_target>\s*[./]*tables/[^)]*)\)"

    def read(self, match: re.Match[str], page: Page) -> None:
        target = _TARGET.fullmatch(match["table_target"])
        if not target or match["caption"]:
            return page.fault(
                match.start(),
                f"{match[0]}: write a table as ![](tables/stem/name), which is what "
                "table_name() in snippets/stem.py returns",
            )
        given = target["given"] or ""
        wrong = check_arguments(given)
        if wrong:
            return page.fault(match.start(), f"{match[0]}: {wrong}")
        line = page.line(match.start())
        item = Item(self.name, line, target["name"], target["module"], given)
        page.parts.append(page.slot(match.start(), item))

    def called(self, item: Item) -> str:
        return f"table_{item.text}"

    def run(self, item: Item, session: Session) -> Result:
        name = f"tables/{item.module}/{item.text}"
        function = session.function(item, name, "table_")
        if function is None:
            return Text()
        try:
            text = function(**arguments(item))
        except BaseException as error:
            session.fault(item, f"{name} could not be made", error)
            return Text()
        if not isinstance(text, str) or not text.startswith("|"):
            message = (
                f"{function.__name__} must return shared.tables.table(header, rows)"
            )
            session.fault_at(function, message)
            return Text()
        wrong = _wrong(text)
        if wrong:
            session.fault_at(function, f"{wrong}\n    for {session.path}:{item.line}")
            return Text()
        return Text(powers(text))


def _wrong(text: str) -> str | None:
    """What is wrong with a table: a row of another length, a cell with no result."""
    head, _, *rows = [_BAR.split(line.strip()[1:-1]) for line in text.splitlines()]
    for number, row in enumerate(rows, start=1):
        if len(row) != len(head):
            return (
                f"row {number} of the table has {len(row)} cells, and its header "
                f"{len(head)}: give each column a cell, and write \\| for a |"
            )
        for cell in filter(str.strip, row):
            value = None if cell.strip() == "None" else cell
            wrong = what_is_wrong(value, cell.strip(), "option")
            if wrong and "markup" not in wrong:
                return f"row {number} of the table has {cell.strip()!r}, and {wrong}"
    return None
