"""Code by name: the source of a function, class or constant of a file."""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

from ..model import did_you_mean


def source(snippets: Path, file: str, name: str | None = None) -> str:
    """The source of a function, class or constant of a file, or of all of it.

    `file` is a path from `snippets` on. The name `imports` stands for all import
    statements at the top level. Raises LookupError, with a message for the author,
    when there is none.
    """
    path, place = snippets / file, f"snippets/{file}"
    text = _text(snippets, path, place)
    if name is None:
        return text.rstrip("\n")
    try:
        tree = parsed(text)
    except SyntaxError as error:
        raise LookupError(f"{place}:{error.lineno}: {error.msg}") from None
    parts: dict[str, list[ast.stmt]] = {}
    for node in tree.body:
        for bound in _names(node):
            parts.setdefault(bound, []).append(node)
    if name not in parts:
        hint = did_you_mean(name, parts)
        raise LookupError(f"there is no {name} in {place}{hint}")
    lines = text.split("\n")  # as ast counts them: a form feed ends no line
    return "\n".join(
        "\n".join(lines[_first_line(node) - 1 : node.end_lineno])
        for node in parts[name]
    )


@lru_cache(maxsize=200)
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
