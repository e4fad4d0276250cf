"""What code needs of the author's modules, as Python that a reader's browser can run.

Of each module only the statements that are reached by name are carried, without
docstrings, comments and annotations: that is a tenth of the source. The browser's
Python forgets annotations, so the fields of a class are written down beside them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from ..model import NO_CODE
from ..read.source import parsed
from .depends import Sources, by_last_name

# What the browser's Python has, or is given (see `browser`).
LIBRARIES = {
    *("math", "cmath", "functools", "itertools", "collections", "json", "operator"),
    *("numpy", "dataclasses", "typing"),
}
_NO_SYNTAX = ast.Match, ast.AsyncFunctionDef
Found = tuple[str, str]  # a module, and a name in it; "" for the module as a whole


class Carried(NamedTuple):
    """Modules as sources, and the statements that bind the names of a page."""

    modules: dict[str, str]
    setup: str


def spoken(code: str) -> tuple[set[str], set[tuple[str, str]]]:
    """The names that some code speaks of, and the pairs (x, y) of each x.y."""
    tree = _tree(code)
    return _names(tree), _members(tree)


def carried(
    names: Iterable[str],
    members: Iterable[tuple[str, str]],
    own: Iterable[str],
    sources: Sources,
) -> Carried:
    """What code needs that speaks of these names, as `spoken` gives them.

    They are names of the modules in `own`, or the last names of other modules.
    """
    reached = _Reached(sources)
    known, own, members = by_last_name(sources.snippets), [*own], [*members]
    setup = ["import math", "import numpy as np"]
    for name in sorted({*names} - {"math", "np"}):
        module = next((one for one in own if name in reached.bound(one)), None)
        if module and reached.reach(module, name):
            setup.append(f"from {module} import {name}")
            bound = reached.meant(module, name)
        elif module is None and name in known:
            parent, _, last = known[name].rpartition(".")
            setup.append(f"from {parent} import {last}" if parent else f"import {last}")
            bound = known[name], ""
        else:
            continue
        if bound and not bound[1]:
            reached.reach_members(bound[0], {m for n, m in members if n == name})
    return Carried(reached.modules(), "\n".join(setup))


class _Reached:
    """The statements of modules that are reached by name."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._seen: dict[Found, bool] = {}
        self._used: dict[str, set[str]] = {}

    def bound(self, module: str) -> dict[str, ast.stmt]:
        """What a module binds at its top, each with the statement that does so."""
        for file in self._sources.files(module):
            if file.with_suffix("").parts[-1] == module.rpartition(".")[2]:
                return _bound(self._sources.held(file).decode())
        return {}

    def reach(self, module: str, name: str) -> bool:
        """Note a name of a module, and all that it needs; whether it can be had."""
        found = module, name
        if found in self._seen:
            return self._seen[found]
        statement = self.bound(module).get(name)
        self._seen[found] = statement is not None
        if statement is None:
            return False
        if isinstance(statement, ast.Import | ast.ImportFrom):
            meant = self.meant(module, name)
            self._seen[found] = meant is not None and (
                not meant[1] or not self._is_own(meant[0]) or self.reach(*meant)
            )
        elif any(isinstance(node, _NO_SYNTAX) for node in ast.walk(statement)):
            self._seen[found] = False
        else:
            self._follow(module, statement)
        if self._seen[found]:
            self._used.setdefault(module, set()).add(name)
        return self._seen[found]

    def reach_members(self, module: str, names: Iterable[str]) -> None:
        """Note what is asked of a module as a whole."""
        if self._is_own(module):
            self._used.setdefault(module, set())
            for name in sorted(names):
                self.reach(module, name)

    def meant(self, module: str, name: str) -> Found | None:
        """What an imported name means; None where the browser cannot have it."""
        match self.bound(module).get(name):
            case ast.Import([alias]):
                target = alias.name if alias.asname else alias.name.split(".")[0]
                return (target, "") if self._is_there(target) else None
            case ast.ImportFrom(base, [alias], 0):
                whole = f"{base}.{alias.name}"
                if self._is_own(whole):
                    return whole, ""
                return (base or "", alias.name) if self._is_there(base or "") else None
        return None

    def modules(self) -> dict[str, str]:
        """The sources of the modules, with the packages they stand in."""
        found = {name.rpartition(".")[0]: "" for name in self._used if "." in name}
        for module, names in sorted(self._used.items()):
            bound = self.bound(module)
            kept = dict.fromkeys(s for name, s in bound.items() if name in names)
            order = sorted(kept, key=lambda s: (s.lineno, s.col_offset))
            found[module] = "\n".join(ast.unparse(plain(one)) for one in order)
        return found

    def _follow(self, module: str, statement: ast.stmt) -> None:
        bare = plain(statement)
        names, bound = _names(bare), self.bound(module)
        for name in sorted(names & bound.keys()):
            if self.reach(module, name):
                meant = self.meant(module, name)
                if meant and not meant[1]:
                    asked = {m for n, m in _members(bare) if n == name}
                    self.reach_members(meant[0], asked)

    def _is_own(self, module: str) -> bool:
        files = self._sources.files(module)
        return any(file.stem == module.rpartition(".")[2] for file in files)

    def _is_there(self, module: str) -> bool:
        return self._is_own(module) or module.split(".")[0] in LIBRARIES


@lru_cache(maxsize=200)
def _bound(code: str) -> dict[str, ast.stmt]:
    """The names that a source binds at its top, with the last statement that does."""
    found: dict[str, ast.stmt] = {}
    for statement in _tree(code).body:
        for name, one in _bindings(statement):
            found[name] = one
    return found


def _bindings(statement: ast.stmt) -> Iterator[tuple[str, ast.stmt]]:
    match statement:
        case ast.FunctionDef(name) | ast.ClassDef(name):
            yield name, statement
        case ast.Import(aliases):
            for alias in aliases:
                one = ast.copy_location(ast.Import([alias]), statement)
                yield alias.asname or alias.name.split(".")[0], one
        case ast.ImportFrom(base, aliases, level):
            for alias in aliases:
                part = ast.ImportFrom(base, [alias], level)
                yield alias.asname or alias.name, ast.copy_location(part, statement)
        case ast.Assign() | ast.AnnAssign():
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id, statement


def _tree(code: str) -> ast.Module:
    try:
        return parsed(code)
    except NO_CODE:  # which is said where it is run
        return ast.Module([], [])


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _members(tree: ast.AST) -> set[tuple[str, str]]:
    return {
        (node.value.id, node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


def plain(statement: ast.stmt) -> ast.stmt:
    """A statement without what the browser's Python would only forget."""
    copy = ast.parse(ast.unparse(statement)).body[0]
    return ast.fix_missing_locations(_Plain().visit(copy))  # type: ignore[no-any-return]


class _Plain(ast.NodeTransformer):
    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.returns, node.body = None, undocumented(node.body)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        fields = [
            ast.Constant(one.target.id)
            for one in node.body
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        ]
        self.generic_visit(node)
        listed = ast.Tuple([*fields], ast.Load())
        noted = ast.Assign([ast.Name("_fields", ast.Store())], listed)
        body = [*([noted] if fields else []), *undocumented(node.body)]
        node.body = body or [ast.Pass()]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt | None:
        self.generic_visit(node)
        return ast.Assign([node.target], node.value) if node.value else None


def undocumented(body: list[ast.stmt]) -> list[ast.stmt]:
    match body:
        case [ast.Expr(ast.Constant(str())), *rest]:
            return rest or [ast.Pass()]
    return body
