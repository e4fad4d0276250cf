"""A table: `![](tables/stem/name)` is what `table_name()` in snippets/stem.py returns.

Arguments may stand behind the name: `tables/rate/regimes?start=1.6`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..model import Item, Result, Text
from .form import ARGUMENTS, Form, arguments, check_arguments

if TYPE_CHECKING:
    from ..read.page import Page
    from ..run.session import Session

_TARGET = re.compile(rf"\s*tables/(?P<module>\w+)/(?P<name>\w+){ARGUMENTS}\s*")


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
        return Text(text)
