"""What a module, a page or a lab needs: the files it imports, and those it names.

An import is found by `ast`, wherever it stands. A file is named by a string that is
its path beside the module or from `snippets/` on, such as "lesson.mplstyle". What a
module reads outside of `snippets/` it says itself, as patterns from the project's
root and as names of the environment: `READS = "docs/*.md", "$REPO_URL"`.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Mapping
from pathlib import Path

from .module import Module, module


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
                waiting += _module(file, snippets).modules
                named |= _named(file, snippets)
        seen.add(name)
    return modules, named


def imported(source: str) -> set[str]:
    """The dotted names that a source may import; of one that is broken, none.

    >>> sorted(imported("import numpy as np; from shared import draw"))
    ['numpy', 'shared', 'shared.draw']
    """
    return {*module(source.encode()).modules}


def by_last_name(snippets: Path) -> dict[str, str]:
    """The modules that a page may speak of by their last name: {name: dotted}."""
    shared = {f.stem: f"shared.{f.stem}" for f in snippets.glob("shared/[!_]*.py")}
    return shared | {file.stem: file.stem for file in snippets.glob("*.py")}


def mentioned(source: str, known: Mapping[str, str]) -> set[str]:
    """Those of the known modules that code speaks of, as `rate` in `rate.sweep`.

    >>> mentioned("rate.sweep(loss)", {"rate": "rate", "loss": "loss"})
    {'rate'}
    """
    names = module(source.encode()).speaks_of()
    return {known[name] for name in names & known.keys()}


def reads(modules: Iterable[Path], snippets: Path) -> list[str]:
    """What modules say they read, sorted."""
    return sorted({one for file in modules for one in _module(file, snippets).reads})


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


def _module(file: Path, snippets: Path) -> Module:
    return module(file.read_bytes(), ".".join(file.relative_to(snippets).parent.parts))


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


def _named(file: Path, snippets: Path) -> set[Path]:
    """The files that a module names: beside it, or from `snippets` on."""
    found = set()
    for text in _module(file, snippets).strings:
        for folder in {file.parent, snippets}:
            candidate = folder / text
            if candidate.is_file() and snippets in candidate.parents:
                found.add(candidate)
    return found
