"""Which functions a run can reach, so that an edit elsewhere does not run it again.

What an import executes belongs to everybody who imports the module: all that stands at
its top level, and the heads of its functions, with decorators and defaults. The body of
a function belongs to those who can reach it: by its name, from an item of the page,
from what imports execute, or from another body that is reached. A module that is handed
on as a whole is reached as a whole. Comments, layout and docstrings change nothing, but
for the docstrings of claims and of slips, which the page shows. Where code looks at
other code, as `globals` does, nothing can be said, and every byte counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from .depends import Sources
from .module import Module, Target


class Reach:
    """What can be reached in some modules, given by their files.

    `roots` has code by the module whose names are known where it runs, and with them
    all modules by their last names; `called` are functions, as (module, name), where
    no name stands for all of a module. Afterwards `bodies` has the functions that
    count, and `whole` says whether all of every file does.
    """

    def __init__(
        self,
        roots: Mapping[str, Iterable[Module]],
        called: Iterable[Target],
        sources: Sources,
        files: Iterable[Path],
    ) -> None:
        self.bodies: set[Target] = set()
        self.whole = False
        self._sources = sources
        self._seen: set[Target] = set()
        self._bound: dict[str, set[str]] = {}
        self._files: dict[str, Path] = {}
        self._modules: dict[str, Module] = {}
        for file in files:
            parts = [*file.relative_to(sources.snippets).with_suffix("").parts]
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            self._files[name], self._modules[name] = file, sources.module(file)
        self._last = {name.rpartition(".")[2]: name for name in self._modules}
        self._waiting = [(name, m, m.top) for name, m in self._modules.items()]
        for name, codes in roots.items():
            for code in codes:
                self._wait_for_root(name, code)
        for target in called:
            self._reach(*target)
        while self._waiting:
            name, known, piece = self._waiting.pop()
            self.whole = self.whole or piece.looks
            means = self._meant(name, known)
            for one in filter(means, piece.names):
                self._name(name, known, one)
            for one, member in piece.members:
                if means(one):
                    self._name(name, known, one, member)

    def parts(self) -> Iterator[str]:
        """What the run depends on, as texts to make a digest of."""
        for name, file in sorted(self._files.items()):
            known = self._modules[name]
            if self.whole or known.broken:
                yield f"{name} {sha256(self._sources.held(file)).hexdigest()}"
            else:
                yield f"{name} {known.top.digest}"
        for name, body in sorted(() if self.whole else self.bodies):
            for piece in self._modules[name].bodies[body]:
                yield f"{name} {body} {piece.digest}"

    def functions(self) -> dict[Path, set[str]]:
        """The functions that count, by file; nothing where every byte does."""
        found = (
            {} if self.whole else {file: set[str]() for file in self._files.values()}
        )
        for name, body in self.bodies if found else ():
            found[self._files[name]].add(body)
        return found

    def _wait_for_root(self, name: str, root: Module) -> None:
        own = self._modules.get(name)
        known = {last: frozenset([(m, "")]) for last, m in self._last.items()}
        if own:
            known |= {bound: frozenset[Target]() for bound in own.bodies} | own.imports
        self.whole = self.whole or root.broken
        root = root._replace(imports=known | root.imports)
        pieces = [root.top, *(piece for body in root.bodies.values() for piece in body)]
        self._waiting += [(name, root, piece) for piece in pieces]

    def _meant(self, name: str, known: Module) -> Callable[[str], bool]:
        """Whether a name can mean something of ours in a module."""
        own = self._modules.get(name, known)
        if known.stars or own.stars:
            return lambda _: True
        if name not in self._bound:
            at = len(name) + 1
            inner = {m[at:] for m in self._modules if m[:at] == f"{name}."}
            self._bound[name] = inner | own.imports.keys() | own.bodies.keys()
        bound, imports = self._bound[name], known.imports
        return lambda one: one in bound or one in imports

    def _name(self, name: str, known: Module, used: str, member: str = "") -> None:
        """Reach what a name means in a module, or a member of it."""
        for target in known.imports.get(used, ()):
            meant = ".".join(filter(None, target))
            if target[1] and meant not in self._modules:
                self._reach(*target)
            else:
                self._reach(meant, member)
        if not known.imports.get(used):
            for origin in name, *known.stars:
                self._reach(origin, used)

    def _reach(self, name: str, used: str) -> None:
        """Reach a name of a module: a function, a module in it, or what it imports."""
        known = self._modules.get(name)
        if (name, used) in self._seen:
            return
        self._seen.add((name, used))
        if used and f"{name}.{used}" in self._modules:
            self._reach(f"{name}.{used}", "")
        elif known and not used:
            for one in {*known.bodies, *known.imports}:
                self._reach(name, one)
        elif known and used in known.bodies:
            self.bodies.add((name, used))
            self._waiting += [(name, known, piece) for piece in known.bodies[used]]
        elif known and used in known.imports:
            for target in known.imports[used]:
                self._reach(*target)
        elif known:
            for star in known.stars:
                self._reach(star, used)
