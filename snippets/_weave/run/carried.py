"""What code needs of the author's modules, as Python that a reader's browser can run.

Of each module only the statements that are reached by name are carried, without
docstrings, comments and annotations: that is a tenth of the source. The browser's
Python forgets annotations, so the fields of a class are written down beside them; and
it knows no star in a list, so that is written in parts.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
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


def carried(
    codes: Iterable[str],
    names: Iterable[str],
    own: Iterable[str],
    sources: Sources,
) -> Carried:
    """What some code needs, and further names.

    They are names of the modules in `own`, or the last names of other modules; and
    code may import modules itself.
    """
    reached = _Reached(sources)
    known, own = by_last_name(sources.snippets), [*own]
    trees = [_tree(code) for code in codes]
    names = {*names}.union(*map(_names, trees)) - {"math", "np"}
    members = {pair for tree in trees for pair in _members(tree)}
    reached.reach_all_imported(trees)
    setup = ["import math", "import numpy as np"]
    for name in sorted(names):
        module = next((one for one in own if name in reached.bound(one)), None)
        asked = {member for one, member in members if one == name}
        if module and reached.reach(module, name):
            setup.append(f"from {module} import {name}")
            reached.reach_meant(module, name, asked)
        elif module is None and name in known:
            parent, _, last = known[name].rpartition(".")
            setup.append(f"from {parent} import {last}" if parent else f"import {last}")
            reached.reach_members(known[name], asked)
    return Carried(reached.modules(), "\n".join(setup))


def imported_by(codes: Iterable[str], sources: Sources) -> Carried:
    """What code needs that imports all that it uses."""
    reached, trees = _Reached(sources), [*map(_tree, codes)]
    reached.reach_all_imported(trees)
    return Carried(reached.modules(), "")


class _Reached:
    """The statements of modules that are reached by name."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._seen: dict[Found, bool] = {}
        self._used: dict[str, set[str]] = {}

    def bound(self, module: str) -> dict[str, ast.stmt]:
        """What a module binds at its top, each with the statement that does so."""
        for file in self._sources.files(module):
            if self._is_that(file, module):
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

    def reach_all_imported(self, trees: Iterable[ast.AST]) -> None:
        """Note what some code imports itself."""
        trees = [*trees]
        members = {pair for tree in trees for pair in _members(tree)}
        for tree in trees:
            for node in ast.walk(tree):
                self._reach_imported(node, members)

    def _reach_imported(self, node: ast.AST, members: set[tuple[str, str]]) -> None:
        for name, one in _bindings(node) if isinstance(node, ast.stmt) else ():
            asked = {member for other, member in members if other == name}
            match one:
                case ast.ImportFrom(base, [alias], 0):
                    whole = f"{base}.{alias.name}"
                    if self._is_own(whole):
                        self.reach_members(whole, asked)
                    elif self._is_own(base or ""):
                        self.reach(base or "", alias.name)
                case ast.Import([alias]):
                    self.reach_members(alias.name, asked)

    def reach_meant(self, module: str, name: str, asked: set[str]) -> None:
        """Note what is asked of a name, if it is that of a module."""
        meant = self.meant(module, name)
        if meant and not meant[1]:
            self.reach_members(meant[0], asked)

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
            found[module] = "\n".join(map(_guarded, order))
        return found

    def _follow(self, module: str, statement: ast.stmt) -> None:
        names, members = _spoken_of(statement)
        bound = self.bound(module)
        for name in sorted(names & bound.keys()):
            if self.reach(module, name):
                asked = {m for n, m in members if n == name}
                self.reach_meant(module, name, asked)

    def _is_own(self, module: str) -> bool:
        return any(self._is_that(file, module) for file in self._sources.files(module))

    def _is_that(self, file: Path, module: str) -> bool:
        """Whether a file is that of a module, and not of a package around it."""
        parts = file.relative_to(self._sources.snippets).with_suffix("").parts
        return ".".join(parts) == module

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


@lru_cache(maxsize=5000)  # by the statement itself, which `_bound` keeps
def _spoken_of(statement: ast.stmt) -> tuple[set[str], set[tuple[str, str]]]:
    """The names in a statement as it is carried, and the members asked of them."""
    bare = plain(statement)
    return _names(bare), _members(bare)


def plain(statement: ast.stmt) -> ast.stmt:
    """A statement without what the browser's Python would only forget."""
    copy = ast.parse(ast.unparse(statement)).body[0]
    return ast.fix_missing_locations(_Plain().visit(copy))  # type: ignore[no-any-return]


class _Plain(ast.NodeTransformer):
    def visit_List(self, node: ast.List) -> ast.expr:
        return self._in_parts(node, "list")

    def visit_Tuple(self, node: ast.Tuple) -> ast.expr:
        return self._in_parts(node, "tuple")

    def visit_Set(self, node: ast.Set) -> ast.expr:
        return self._in_parts(node, "set")

    def _in_parts(self, node: ast.List | ast.Tuple | ast.Set, kind: str) -> ast.expr:
        """[a, *b] as list([a]) + list(b), since MicroPython knows no star there."""
        self.generic_visit(node)
        starred = any(isinstance(one, ast.Starred) for one in node.elts)
        if not starred or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return node
        parts: list[ast.expr] = []
        for one in node.elts:
            whole = one.value if isinstance(one, ast.Starred) else ast.List([one])
            parts.append(ast.Call(ast.Name("list"), [whole], []))
        whole = parts[0]
        for part in parts[1:]:
            whole = ast.BinOp(whole, ast.Add(), part)
        return whole if kind == "list" else ast.Call(ast.Name(kind), [whole], [])

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


@lru_cache(maxsize=5000)
def _guarded(statement: ast.stmt) -> str:
    """A statement as text; what the browser may refuse leaves all others alone."""
    code = ast.unparse(plain(statement))
    plain_kinds = ast.FunctionDef | ast.ClassDef
    if not isinstance(statement, plain_kinds) and (
        isinstance(statement, ast.Import | ast.ImportFrom)
        or any(isinstance(node, ast.Call) for node in ast.walk(statement))
    ):
        code = f"try: {code}\nexcept Exception: pass"
    return code


def undocumented(body: list[ast.stmt]) -> list[ast.stmt]:
    match body:
        case [ast.Expr(ast.Constant(str())), *rest]:
            return rest or [ast.Pass()]
    return body
