"""The code cells of a lab: no form of pages, but run where these are run.

An item's text is JSON: the line and the source of each cell.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import json
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..model import Cells, Drawing, Fault, Item, Result, Text
from .form import Form

if TYPE_CHECKING:
    from ..run.session import Session

Output = Text | tuple[Drawing, str]


def item(cells: list[tuple[int, str]]) -> Item:
    """The item for cells, (line, source) each."""
    return Item(CellsForm.name, 1, json.dumps(cells))


class CellsForm(Form):
    """Cells, run one after the other in a session of their own.

    What a cell prints, the value of its last line, and every figure that it made are
    its outputs, as in a notebook. After a fault the cells that follow are not run.
    """

    name, gives = "cells", Cells

    def code(self, item: Item) -> str:
        return "\n".join(source for _, source in json.loads(item.text))

    def run(self, item: Item, session: Session) -> Result:
        names: dict[str, Any] = {"__name__": "__main__"}
        outputs: list[list[Output]] = []
        for line, source in json.loads(item.text):
            try:
                outputs.append(_run(session.path, line, source, names, outputs))
            except BaseException as error:
                session.faults.append(_located(session, line, error))
                return Cells([])
        return Cells(outputs)


def _run(
    path: str,
    line: int,
    source: str,
    names: dict[str, Any],
    before: list[list[Output]],
) -> list[Output]:
    import matplotlib.pyplot as plt
    from matplotlib.figure import Figure

    printed, value = io.StringIO(), None
    tree = ast.increment_lineno(ast.parse(source, path), line - 1)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        tree.body.pop()
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, path, "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), path, "eval"), names)
    given: list[Output] = [Text(printed.getvalue())] if printed.getvalue() else []
    if value is not None and not isinstance(value, Figure):
        given.append(Text(repr(value)))
    drawn = sum(not isinstance(one, Text) for cell in before for one in cell)
    try:
        for number in plt.get_fignums():
            drawn += 1
            given.append(_drawn(plt.figure(number), path, drawn))
    finally:
        plt.close("all")
    return given


def _drawn(figure: Any, path: str, number: int) -> tuple[Drawing, str]:
    from ..draw.svg import render

    if not figure.get_label():
        raise ValueError(
            "a figure of a lab says what is seen: figure.set_label('Ten steps …')"
        )
    palette = importlib.import_module("shared.palette").LIGHT
    return render(
        figure, f"lab-{Path(path).stem}-{number}", palette
    ), figure.get_label()


def _located(session: Session, line: int, error: BaseException) -> Fault:
    """A fault at the line of the lab that raised, and where that was called from."""
    path = session.path
    message = f"the lab raised {type(error).__name__}: {error}".rstrip(": ")
    if isinstance(error, session.TooLong):
        message = str(error)
    if isinstance(error, SyntaxError) and error.filename == path:
        return Fault(path, line + (error.lineno or 1) - 1, message)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame.lineno or line for frame in frames if frame.filename == path]
    inner = [frame for frame in frames if session.is_own(frame.filename)]
    if inner:
        message += f"\n    in {session.place(inner[-1].filename)}:{inner[-1].lineno}"
    return Fault(path, own[-1] if own else line, message)
