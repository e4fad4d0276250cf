"""Which way a function can take: names that may have no value, and ends without one."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence


def stored(body: Sequence[ast.stmt]) -> list[str]:
    """The names that statements give a value, each as often as they do so.

    The names that list displays bind are not among them.
    """
    return [
        node.id
        for statement in body
        for node, _ in _names(statement)
        if isinstance(node.ctx, ast.Store)
    ]


class Flow:
    """Goes through the body of a function as a run could.

    Afterwards `unset` has each place that reads one of the `local` names where it may
    have no value, and `ends` says whether the end can be reached without a return.
    """

    def __init__(
        self, body: Sequence[ast.stmt], given: Iterable[str], local: Iterable[str]
    ) -> None:
        self.local, self.unset = {*local}, list[ast.Name]()
        self.ends = self._block(body, {*given}) is not None

    def _block(self, body: Sequence[ast.stmt], known: set[str]) -> set[str] | None:
        """The names with a value after a block; None if its end cannot be reached."""
        after: set[str] | None = known
        for statement in body:
            if after is not None:
                after = self._statement(statement, after)
        return after

    def _statement(self, node: ast.stmt, known: set[str]) -> set[str] | None:
        match node:
            case ast.If(test, body, orelse):
                self._read(test, known)
                one, other = self._block(body, known), self._block(orelse, known)
                return other if one is None else one if other is None else one & other
            case ast.While(test, body):  # whose body may never run
                self._read(test, known)
                self._block(body, known)
                return known
            case ast.For(target, iterated, body):
                self._read(iterated, known)
                self._block(body, known | _targets(target))
                return known
            case ast.AugAssign(ast.Name(name) as target) if name in self.local - known:
                self.unset.append(target)
            case ast.Return() | ast.Break() | ast.Continue():
                self._read(node, known)
                return None
        self._read(node, known)
        return known.union(stored([node]))

    def _read(self, node: ast.AST, known: set[str]) -> None:
        self.unset += [
            name
            for name, bound in _names(node)
            if isinstance(name.ctx, ast.Load)
            and name.id in self.local
            and name.id not in known | bound
        ]


def _targets(target: ast.expr) -> set[str]:
    return {node.id for node, _ in _names(target)}


def _names(
    node: ast.AST, bound: frozenset[str] = frozenset()
) -> Iterator[tuple[ast.Name, frozenset[str]]]:
    """All names below a node, each with those that list displays and lambdas bind."""
    match node:
        case ast.Name():
            yield node, bound
        case ast.ListComp(element, [ast.comprehension(target, iterated)]):
            yield from _names(iterated, bound)
            yield from _names(element, bound | _targets(target))
        case ast.Lambda(given, body):
            yield from _names(body, bound | {arg.arg for arg in given.args})
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _names(child, bound)
