"""Code by name: the source of a function, class or constant of a file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..memory import MEMORY
from ..model import NO_CODE, did_you_mean


def source(snippets: Path, file: str, name: str | None = None) -> str:
    """The source of a function, class or constant of a file, or of all of it.

    `file` is a path from `snippets` on. The name `imports` stands for all import
    statements at the top level. Raises LookupError, with a message for the author,
    when there is none.
    """
    text = _text(snippets, snippets / file, f"snippets/{file}")
    if name is None:
        return text.rstrip("\n")
    lines = text.split("\n")  # as ast counts them: a form feed ends no line
    spans = _spans(text, f"snippets/{file}", name)
    return "\n".join("\n".join(lines[start - 1 : end]) for start, end in spans)


def first_line(snippets: Path, file: str, name: str) -> int:
    """The line in which the source of a name begins, as `source` gives it."""
    place = f"snippets/{file}"
    return _spans(_text(snippets, snippets / file, place), place, name)[0][0]


def _spans(text: str, place: str, name: str) -> list[tuple[int, int]]:
    """The first and the last line of what a name stands for; of imports, of each."""
    try:
        spans, bound = _outline(text)
    except NO_CODE as error:
        line = getattr(error, "lineno", 1)
        message = getattr(error, "msg", str(error)) or "it is too deep"
        raise LookupError(f"{place}:{line}: {message}") from None
    if name not in spans:
        hint = did_you_mean(name, spans)
        raise LookupError(f"there is no {name} in {place}{hint}")
    lines = sorted(bound.get(name, ()))
    if name != "imports" and len(lines) > 1:
        shown = " and ".join(map(str, lines))
        raise LookupError(
            f"{place} binds {name} in lines {shown}: give each thing a name of its own"
        )
    return spans[name]


Outline = tuple[dict[str, list[tuple[int, int]]], dict[str, set[int]]]


@lru_cache(maxsize=200)
def _outline(text: str) -> Outline:
    """Where the top-level names of a module stand, and where they are bound."""
    source = text.encode("utf-8", "surrogatepass")
    return MEMORY.get_or("outline", source, lambda: _found(text), _read)


def _found(text: str) -> list[Any]:
    tree = parsed(text)
    spans: dict[str, list[tuple[int, int]]] = {}
    bound: dict[str, set[int]] = {}
    for node in tree.body:
        for name in _names(node):
            span = _first_line(node), node.end_lineno or node.lineno
            spans.setdefault(name, []).append(span)
            bound.setdefault(name, set())
    for name, line in _bound(tree):
        bound.setdefault(name, set()).add(line)
    for node in tree.body:  # a statement that binds a name binds it in its first line
        for name in _names(node):
            bound[name].add(node.lineno)
    return [spans, {name: sorted(lines) for name, lines in bound.items()}]


def _read(found: list[Any]) -> Outline:
    spans, bound = found
    return (
        {name: [(start, end) for start, end in one] for name, one in spans.items()},
        {name: set(lines) for name, lines in bound.items()},
    )


def _bound(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """What a module binds, in which lines, functions' own names aside."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node.lineno
                continue
            case ast.Lambda() | ast.comprehension():
                continue
            case ast.Name(str(name), ast.Store() | ast.Del()):
                yield name, node.lineno
            case ast.alias():
                yield node.asname or node.name, node.lineno
        yield from _bound(node)


@lru_cache(maxsize=1000)
def parsed(text: str) -> ast.Module:
    """A file as Python reads it; raises SyntaxError. Not to be changed."""
    return ast.parse(text)


def _text(snippets: Path, path: Path, place: str) -> str:
    if snippets not in Path(*_resolved(path)).parents:
        raise LookupError(f"{place} is not below snippets/")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise LookupError(f"{place} is not written in UTF-8") from None
    except OSError:
        files = [
            file.relative_to(snippets).as_posix()
            for folder in (snippets, snippets / "shared")
            for file in folder.glob("*.py")
        ]
        wanted = path.relative_to(snippets).as_posix()
        hint = did_you_mean(wanted, files)
        raise LookupError(f"there is no file {place}{hint}") from None


def _resolved(path: Path) -> tuple[str, ...]:
    """The parts of a path without `..`, which may lead out of snippets/."""
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return tuple(parts)


def _names(node: ast.stmt) -> list[str]:
    """The names that a top-level statement is known by."""
    match node:
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
            return [name]
        case ast.Import() | ast.ImportFrom():
            return ["imports"]
        case ast.AnnAssign(ast.Name(name)):
            return [name]
        case ast.Assign(targets):
            return [
                leaf.id
                for target in targets
                for leaf in ast.walk(target)
                if isinstance(leaf, ast.Name) and isinstance(leaf.ctx, ast.Store)
            ]
    return []


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])
