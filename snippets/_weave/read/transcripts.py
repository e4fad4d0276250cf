"""The transcripts of a page and the cells of a lab, as code that can be tried out.

A transcript is run with those statements of the transcripts above that bind what it
speaks of, a cell with those cells. Which of them the reader's browser cannot run, and
why, says `snippets/browser.toml`; a test runs all others there.
"""

from __future__ import annotations

import ast
import doctest
import re
import symtable
import tomllib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ..memory import MEMORY
from ..model import NO_CODE, Fault, Item, WeaveError
from .page import Page
from .source import parsed

LEFT_OUT = "browser.toml"
_CELL = re.compile(r"^# %%(.*)\n", re.MULTILINE)


def left_out(snippets: Path, uri: str) -> dict[str, str]:
    """Why examples of a page cannot run in the browser, by one of their lines.

    Raises WeaveError where the file cannot be read.
    """
    file = snippets / LEFT_OUT
    if not file.exists():
        return {}
    try:
        found: dict[str, str] = _table(file.read_text("utf-8")).get(uri, {})
        if all(isinstance(why, str) for why in found.values()):
            return found
        raise ValueError(f"{uri} has a line without a reason")
    except (ValueError, AttributeError) as error:
        line = re.search(r"line (\d+)", str(error))
        message = f'{error}: write ["{uri}"] and, below it, a line and why: "x" = "…"'
        where = f"snippets/{LEFT_OUT}", int(line[1]) if line else 1
        raise WeaveError([Fault(*where, message)]) from None


_table = lru_cache(maxsize=2)(tomllib.loads)  # asked for each page


def gone(snippets: Path, uri: str, found: Sequence[Transcript]) -> list[Fault]:
    """What is left out of a page and stands in none of its transcripts."""
    lines = {line for one in found for line in one.code.split("\n")}
    faults = []
    for lost in left_out(snippets, uri).keys() - lines:
        before = (snippets / LEFT_OUT).read_text("utf-8").partition(lost)[0]
        message = f"{lost} stands in no transcript of {uri}: write the line that does"
        faults.append(Fault(f"snippets/{LEFT_OUT}", before.count("\n") + 1, message))
    return faults


def why_not(page: Page, uri: str) -> list[str]:
    """Of each transcript of a page, why the browser cannot run it; "" where it can."""
    try:
        reasons = left_out(page.snippets, uri)
    except WeaveError:  # which the page says
        reasons = {}

    def made() -> list[str]:
        return [one.why_not(reasons) or "" for one in transcripts(page.items)]

    asked = f"{sorted(reasons.items())}\0{page.text}".encode()
    return MEMORY.get_or("tried", asked, made, lambda found: [*map(str, found)])


class Transcript(NamedTuple):
    """The code of a transcript, what it prints, and the code that goes before it."""

    code: str
    prints: str
    before: str

    def why_not(self, reasons: dict[str, str]) -> str | None:
        """Why the browser cannot run it, or None."""
        lines = f"{self.before}\n{self.code}".split("\n")
        return next((reasons[line] for line in lines if line in reasons), None)


def transcripts(items: Sequence[Item]) -> list[Transcript]:
    """The transcripts of a page, in its order."""
    found, above, texts = [], list[ast.stmt](), list[str]()
    for item in items:
        if item.form == "transcript":
            try:
                examples = doctest.DocTestParser().get_examples(item.text)
            except ValueError:  # which the run says
                examples = []
            code = "".join(example.source for example in examples).rstrip("\n")
            try:
                own = parsed(code).body
            except NO_CODE:
                own = []
            prints = "".join(example.want for example in examples)
            before = "\n".join(texts[at] for at in _needed(own, above))
            found.append(Transcript(code, prints, before))
            above += own
            texts += [ast.get_source_segment(code, one) or "" for one in own]
    return found


class Cell(NamedTuple):
    """The code of a cell, and the numbers of the cells above that it needs."""

    code: str
    above: list[int]


def cells(codes: Sequence[str]) -> list[Cell]:
    """The code cells of a lab, which are one session from its top."""
    found, above, cell_of = [], list[ast.stmt](), list[int]()
    for number, code in enumerate(codes):
        try:
            own = parsed(code).body
        except NO_CODE:  # which the run says
            own = []
        needs = {cell_of[at] for at in _needed(own, above)}
        found.append(Cell(code, sorted(needs)))
        above += own
        cell_of += [number] * len(own)
    return found


def cells_why_not(cells: Sequence[Cell], reasons: dict[str, str]) -> list[str]:
    """Of each cell, why the browser cannot run it or one that it needs; else ""."""
    found = list[str]()
    for cell in cells:
        own = [reasons[line] for line in cell.code.split("\n") if line in reasons]
        found.append(next(filter(None, [*own, *(found[at] for at in cell.above)]), ""))
    return found


def cells_of(script: str) -> list[str]:
    """The code of a lab's cells, as it stands in its script."""
    _, *parts = _CELL.split(script)
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [code.strip("\n") for kind, code in pairs if not kind.strip()]


# Which statements go before others


def _needed(own: list[ast.stmt], above: list[ast.stmt]) -> list[int]:
    """Which statements above bind what some statements speak of, in their order."""
    wanted = [(name, len(above)) for name in _all_ask(own)]
    kept = set[int]()
    while wanted:
        name, end = wanted.pop()
        for at in range(end - 1, -1, -1):
            if name in _binds(above[at]):
                if at not in kept:
                    kept.add(at)
                    wanted += [(asked, at) for asked in _asks(above[at])]
                if name not in _asks(above[at]):
                    break
    return sorted(kept)


def _all_ask(statements: Iterable[ast.stmt]) -> set[str]:
    """The names that statements read before they bind them."""
    names, bound = set[str](), set[str]()
    for statement in statements:
        names |= _asks(statement) - bound
        bound |= _binds(statement)
    return names


def _asks(statement: ast.stmt) -> set[str]:
    """The names that a statement reads, those of its own functions aside."""
    if isinstance(statement, ast.For):
        inner = _all_ask([*statement.body, *statement.orelse])
        return _asks(ast.Expr(statement.iter)) | (inner - _binds(statement.target))
    tables = [symtable.symtable(ast.unparse(statement), "<code>", "exec")]
    names = set[str]()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        top = table.get_type() == "module"
        names |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (top or symbol.is_global())
        }
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        names.add(statement.target.id)
    return names


def _binds(statement: ast.AST) -> set[str]:
    """The names that a statement binds, or whose values it changes."""
    found = set[str]()
    for node in ast.walk(statement):
        match node:
            case ast.Name(name, ast.Store()) | ast.FunctionDef(name):
                found.add(name)
            case ast.Import(aliases) | ast.ImportFrom(_, aliases):
                found |= {(one.asname or one.name).split(".")[0] for one in aliases}
            case ast.keyword("rng", ast.Name(name)):  # whoever draws from it, moves it
                found.add(name)
            case (
                ast.Subscript(ast.Name(name), _, ast.Store())
                | ast.Attribute(ast.Name(name), _, ast.Store())
                | ast.Expr(ast.Call(ast.Attribute(ast.Name(name))))
            ):
                found.add(name)
    return found
