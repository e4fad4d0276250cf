"""What a module, a page or a lab needs: the files it imports, and those it names.

An import is found by `ast`, wherever it stands. A file is named by a string that is
its path beside the module or from `snippets/` on, such as "lesson.mplstyle". What a
module reads outside of `snippets/` it says itself, as patterns from the project's
root and as names of the environment: `READS = "docs/*.md", "$REPO_URL"`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path


def needed(start: Iterable[str], snippets: Path) -> set[Path]:
    """The files below `snippets` that code needs to run.

    `start` are modules' dotted names, such as "shared.draw"; names of modules that do
    not stand in `snippets` are passed by.
    """
    waiting, found = list(start), set[Path]()
    while waiting:
        for file in _files(waiting.pop(), snippets):
            if file not in found:
                found.add(file)
                package = ".".join(file.relative_to(snippets).parent.parts)
                waiting += _imports(file.read_bytes(), package)
                found |= _named(file, snippets)
    return found


def imported(source: str) -> set[str]:
    """The dotted names that a source may import; of one that is broken, none.

    >>> sorted(imported("import numpy as np; from shared import draw"))
    ['numpy', 'shared', 'shared.draw']
    """
    return set(_imports(source.encode(), ""))


def by_last_name(snippets: Path) -> dict[str, str]:
    """The modules that a page may speak of by their last name: {name: dotted}."""
    shared = {f.stem: f"shared.{f.stem}" for f in snippets.glob("shared/[!_]*.py")}
    return shared | {file.stem: file.stem for file in snippets.glob("*.py")}


def mentioned(source: str, known: Mapping[str, str]) -> set[str]:
    """Those of the known modules that code speaks of, as `rate` in `rate.sweep`.

    >>> mentioned("rate.sweep(loss)", {"rate": "rate", "loss": "loss"})
    {'rate'}
    """
    names = {
        node.value.id
        for node in _nodes(source.encode())
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    return {known[name] for name in names & known.keys()}


def reads(files: Iterable[Path]) -> list[str]:
    """What the modules among the files say they read, sorted."""
    modules = (file for file in files if file.suffix == ".py")
    return sorted({name for file in modules for name in _reads(file.read_bytes())})


def listable(files: Iterable[Path], root: Path) -> list[str]:
    """What modules may read beside files: $NAMES, and folders, which end with "/"."""
    found = []
    for name in reads(files):
        folder = name.partition("*")[0].rpartition("/")[0]
        if name[0] == "$":
            found.append(name)
        elif "*" in name:
            found.append(f"{root / folder}/")
    return found


def _files(name: str, snippets: Path) -> list[Path]:
    """The file of a module, and those of the packages it stands in."""
    parts, files = name.split("."), []
    for end in range(1, len(parts) + 1):
        path = snippets.joinpath(*parts[:end])
        candidates = path.with_suffix(".py"), path / "__init__.py"
        files += [file for file in candidates if file.is_file()]
    return files


@lru_cache(maxsize=1000)
def _imports(source: bytes, package: str) -> frozenset[str]:
    """All dotted names that may be modules: `from a import b` gives a and a.b."""
    names: set[str] = set()
    for node in _nodes(source):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")
                parts = parts[: len(parts) - node.level + 1]
                base = ".".join(filter(None, [*parts, base]))
            names.add(base)
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return frozenset(filter(None, names))


def _named(file: Path, snippets: Path) -> set[Path]:
    """The files that a module names: beside it, or from `snippets` on."""
    found = set()
    for text in _strings(file.read_bytes()):
        for folder in {file.parent, snippets}:
            candidate = folder / text
            if candidate.is_file() and snippets in candidate.parents:
                found.add(candidate)
    return found


@lru_cache(maxsize=1000)
def _strings(source: bytes) -> frozenset[str]:
    """The string constants that could be the name of a file: those with a dot."""
    return frozenset(
        node.value
        for node in _nodes(source)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and "." in node.value
        and len(node.value) < 100
        and node.value.isprintable()
        and not node.value.startswith(("/", "."))
    )


@lru_cache(maxsize=1000)
def _reads(source: bytes) -> tuple[str, ...]:
    for node in _nodes(source):
        match node:
            case ast.Assign([ast.Name("READS")], value):
                given = ast.literal_eval(value)
                return (given,) if isinstance(given, str) else tuple(given)
    return ()


@lru_cache(maxsize=1000)
def _nodes(source: bytes) -> list[ast.AST]:
    try:
        return [*ast.walk(ast.parse(source))]
    except (SyntaxError, ValueError):  # the run says so, with its line
        return []
