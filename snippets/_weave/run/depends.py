"""What a module, a page or a lab needs: the files it imports, and those it names.

An import is found by `ast`, wherever it stands. A file is named by a string that is
its path beside the module or from `snippets/` on, such as "lesson.mplstyle". What a
module reads outside of `snippets/` it says itself, as patterns from the project's
root, as names of the environment, or as what all pages say of themselves (see
`read.facts`): `READS = "tests/*.py", "$REPO_URL", "@pages"`.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from .module import Module, module


class Sources:
    """The author's modules as they are at one moment: each is read once.

    `contents` is what files held then; others are read when they are asked for.
    """

    def __init__(
        self, snippets: Path, contents: Mapping[Path, bytes] | None = None
    ) -> None:
        self.snippets = Path(snippets)
        self._contents = contents or {}
        self._files: dict[str, list[Path]] = {}
        self._modules: dict[Path, Module] = {}
        self._named: dict[Path, set[Path]] = {}
        self._found: dict[frozenset[str], tuple[set[Path], set[Path]]] = {}
        self._states: dict[frozenset[str], str] = {}
        self._changed: dict[Path, frozenset[str] | None] = {}

    def after(self, saved: Iterable[Path], contents: Mapping[Path, bytes]) -> Sources:
        """The modules after some files were saved, where no file came or went.

        What nobody has to look up again is taken over.
        """
        new = Sources(self.snippets, contents)
        new._files = self._files
        new._modules = {**self._modules}
        speak_alike = True
        for file in saved:
            old = new._modules.pop(file, None)
            if old:
                now = new.module(file)
                new._changed[file] = old.changed(now)
                alike = old.modules == now.modules and old.strings == now.strings
                speak_alike = speak_alike and alike
        if speak_alike:
            new._named, new._found = self._named, self._found
        return new

    def changed(self, file: Path) -> frozenset[str] | None:
        """The functions that were changed by a save, where nothing else was."""
        return self._changed.get(file)

    def held(self, file: Path) -> bytes:
        """What a file held at that moment."""
        known = self._contents.get(file)
        return file.read_bytes() if known is None else known

    def module(self, file: Path) -> Module:
        """A file below snippets/, taken apart."""
        if file not in self._modules:
            package = ".".join(file.relative_to(self.snippets).parent.parts)
            self._modules[file] = module(self.held(file), package)
        return self._modules[file]

    def files(self, name: str) -> list[Path]:
        """The file of a module, and those of the packages it stands in."""
        if name not in self._files:
            self._files[name] = _files(name, self.snippets)
        return self._files[name]

    def named(self, file: Path) -> set[Path]:
        """The files that a module names: beside it, or from `snippets` on."""
        if file not in self._named:
            texts = self.module(file).strings
            folders = {file.parent, self.snippets}
            found = {folder / text for text in texts for folder in folders}
            self._named[file] = {
                one for one in found if one.is_file() and self.snippets in one.parents
            }
        return self._named[file]

    def found(self, start: Iterable[str]) -> tuple[set[Path], set[Path]]:
        """The files below `snippets` that code needs: imported, and named, to run.

        `start` are modules' dotted names, such as "shared.draw"; names of modules that
        do not stand in `snippets` are passed by.
        """
        asked = frozenset(start)
        if asked not in self._found:
            self._found[asked] = self._follow(asked)
        modules, named = self._found[asked]
        return {*modules}, {*named}

    def _follow(self, start: frozenset[str]) -> tuple[set[Path], set[Path]]:
        waiting, seen = list(start), set[str]()
        modules, named = set[Path](), set[Path]()
        while waiting:
            name = waiting.pop()
            for file in () if name in seen else self.files(name):
                if file not in modules:
                    modules.add(file)
                    waiting += self.module(file).modules
                    named |= self.named(file)
            seen.add(name)
        return modules, named

    def state(self, start: Iterable[str]) -> str:
        """A digest of all files that code needs, as `found` says."""
        asked = frozenset(start)
        if asked not in self._states:
            modules, named = self.found(asked)
            digest = sha256()
            for file in sorted(modules | named):
                data = self.held(file)
                digest.update(f"{file}\0{len(data)}\0".encode() + data)
            self._states[asked] = digest.hexdigest()
        return self._states[asked]

    def code(self, start: Iterable[str]) -> str:
        """A digest of the code of all modules that code needs, without its comments."""
        digest = sha256()
        for file in sorted(self.found(start)[0]):
            known = self.module(file)
            alone = [b"", self.held(file)][known.broken]
            digest.update(f"{file}\0{known.digest()}\0{len(alone)}".encode() + alone)
        return digest.hexdigest()

    def said(self, file: Path) -> str:
        """A digest of a module but for the bodies of functions, or of another file."""
        if file.suffix == ".py" and self.snippets in file.parents:
            return self.module(file).said
        return sha256(self.held(file)).hexdigest()

    def reads(self, modules: Iterable[Path]) -> list[str]:
        """What modules say they read, sorted."""
        return sorted({one for file in modules for one in self.module(file).reads})


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
    return {known[name] for name in module(source.encode()).speaks_of() & known.keys()}


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
