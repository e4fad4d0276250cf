"""What a module, a page or a lab needs: the files it imports, and those it names.

An import is found by `ast`, wherever it stands. A file is named by a string that is
its path beside the module or from `snippets/` on, such as "lesson.mplstyle". What a
module reads outside of `snippets/` it says itself, as patterns from the project's
root and as names of the environment: `READS = "docs/*.md", "$REPO_URL"`.
"""

from __future__ import annotations

import ast
import os.path
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple


def needed(start: Iterable[str], snippets: Path) -> set[Path]:
    """The files below `snippets` that code needs to run.

    `start` are modules' dotted names, such as "shared.draw"; names of modules that do
    not stand in `snippets` are passed by.
    """
    modules, named = found(start, snippets)
    return modules | named


def found(start: Iterable[str], snippets: Path) -> tuple[set[Path], set[Path]]:
    """The files that are imported, and those that are named, as `needed` finds them."""
    waiting, seen = list(start), set[str]()
    modules, named = set[Path](), set[Path]()
    while waiting:
        name = waiting.pop()
        for file in () if name in seen else _files(name, snippets):
            if file not in modules:
                modules.add(file)
                package = ".".join(file.relative_to(snippets).parent.parts)
                waiting += _imports(file.read_bytes(), package)
                named |= _named(file, snippets)
        seen.add(name)
    return modules, named


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
    return sorted(
        {name for file in modules for name in _facts(file.read_bytes()).reads}
    )


def listable(patterns: Iterable[str], root: Path) -> list[str]:
    """What may be read beside files: $NAMES, and folders, which end with "/"."""
    found = []
    for name in patterns:
        folder = name.partition("*")[0].rpartition("/")[0]
        if name[0] == "$":
            found.append(name)
        elif "*" in name:
            found.append(f"{root / folder}/")
    return found


def _files(name: str, snippets: Path) -> list[Path]:
    """The file of a module, and those of the packages it stands in."""
    path, files = str(snippets), []
    for part in name.split("."):
        path = f"{path}/{part}"
        for file in f"{path}.py", f"{path}/__init__.py":
            if os.path.isfile(file):
                files.append(Path(file))
        if not os.path.isdir(path):
            break
    return files


def _imports(source: bytes, package: str) -> Iterator[str]:
    """All dotted names that may be modules: `from a import b` gives a and a.b."""
    for level, base, names in _facts(source).imports:
        if level:
            parts = package.split(".")
            parts = parts[: len(parts) - level + 1]
            base = ".".join(filter(None, [*parts, base]))
        yield from filter(None, [base, *(f"{base}.{name}" for name in names)])


def _named(file: Path, snippets: Path) -> set[Path]:
    """The files that a module names: beside it, or from `snippets` on."""
    found = set()
    for text in _facts(file.read_bytes()).strings:
        for folder in {file.parent, snippets}:
            candidate = folder / text
            if candidate.is_file() and snippets in candidate.parents:
                found.add(candidate)
    return found


class _Facts(NamedTuple):
    """What a source says of other files.

    Its imports as (level, module, names), the strings that could be a file's name, and
    what it says it reads.
    """

    imports: tuple[tuple[int, str, tuple[str, ...]], ...]
    strings: frozenset[str]
    reads: tuple[str, ...]


@cache
def _facts(source: bytes) -> _Facts:
    """Found once: every page asks for its modules, and most are shared."""
    imports: list[tuple[int, str, tuple[str, ...]]] = []
    strings, reads = set[str](), list[str]()
    for node in _nodes(source):
        match node:
            case ast.Import(aliases):
                imports += [(0, alias.name, ()) for alias in aliases]
            case ast.ImportFrom(module, aliases, level):
                names = tuple(alias.name for alias in aliases)
                imports.append((level or 0, module or "", names))
            case ast.Constant(str(text)) if _could_be_a_file(text):
                strings.add(text)
            case ast.Assign([ast.Name("READS")], value) if not reads:
                given = ast.literal_eval(value)
                reads += [given] if isinstance(given, str) else given
    return _Facts(tuple(imports), frozenset(strings), tuple(reads))


def _could_be_a_file(text: str) -> bool:
    """Whether a string has a dot, and nothing that is in no name."""
    return (
        "." in text
        and len(text) < 100
        and text.isprintable()
        and not text.startswith(("/", "."))
    )


def _nodes(source: bytes) -> list[ast.AST]:
    try:
        return [*ast.walk(ast.parse(source))]
    except (SyntaxError, ValueError):  # the run says so, with its line
        return []
