"""Which functions a run can reach, so that an edit elsewhere does not run it again.

What an import executes belongs to everybody who imports the module: all that stands at
its top level, and the heads of its functions, with decorators and defaults. The body of
a function belongs to those who can reach it: by its name, from an item of the page,
from what imports execute, or from another body that is reached. A module that is handed
on as a whole is reached as a whole. Comments, layout and docstrings change nothing, but
for the docstrings of claims, which the page shows. Where code looks at other code, as
`globals` does, nothing can be said, and every byte counts.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

_LOOKS = {"globals", "locals", "eval", "exec", "compile", "__import__"}
_LOOKS_AT = {
    *("getsource", "getsourcelines", "getmodule", "getdoc", "_getframe"),
    *("currentframe", "import_module", "__globals__", "__dict__", "__doc__"),
    *("__code__", "__subclasses__", "__builtins__", "settrace", "setprofile"),
}
_LOOKS_AS = {("sys", "modules"), ("inspect", "stack"), ("gc", "get_objects")}
_Target = tuple[str, str]  # a module, and a name in it, "" for the module itself


class _Code(NamedTuple):
    """A piece of code: what it is, and what it speaks of.

    `names` are those that stand alone, `members` are (x, y) for each x.y, and `looks`
    says whether it looks at other code.
    """

    digest: str
    names: frozenset[str]
    members: frozenset[tuple[str, str]]
    looks: bool


class _Module(NamedTuple):
    """What an import executes, the bodies of functions, and all that is imported."""

    top: _Code
    bodies: dict[str, tuple[_Code, ...]]
    imports: dict[str, frozenset[_Target]]
    stars: frozenset[str]


class Reach:
    """What can be reached in some modules, given by their files below `snippets`.

    `roots` are (module, code): code that is run where the names of the module are
    known, and the modules by their last names. Without code, the module is reached as
    a whole. Afterwards `bodies` has the functions that count, as (module, name), and
    `whole` says whether all of every file does.
    """

    def __init__(
        self, roots: Iterable[tuple[str, str]], snippets: Path, files: Iterable[Path]
    ) -> None:
        self.bodies: set[_Target] = set()
        self.whole = False
        self._seen: set[_Target] = set()
        self._files: dict[str, Path] = {}
        self._modules: dict[str, _Module] = {}
        for file in files:
            self._read(file, [*file.relative_to(snippets).with_suffix("").parts])
        self._last = {name.rpartition(".")[2]: name for name in self._modules}
        self._waiting = [(name, m, m.top) for name, m in self._modules.items()]
        for name, code in roots:
            if code:
                self._wait_for_root(name, code)
            else:
                self._reach(name, "")
        while self._waiting:
            name, module, piece = self._waiting.pop()
            self.whole = self.whole or piece.looks
            for one in piece.names:
                self._name(name, module, one)
            for one, member in piece.members:
                self._name(name, module, one, member)

    def parts(self) -> Iterator[str]:
        """What the run depends on, as texts to make a digest of."""
        for name in sorted(self._files):
            module = None if self.whole else self._modules.get(name)
            digest = module.top.digest if module else _digest(self._files[name])
            yield f"{name} {digest}"
        for name, body in sorted(() if self.whole else self.bodies):
            for piece in self._modules[name].bodies[body]:
                yield f"{name} {body} {piece.digest}"

    def _read(self, file: Path, parts: list[str]) -> None:
        package = ".".join(parts[:-1])
        name = package if parts[-1] == "__init__" else ".".join(parts)
        self._files[name] = file
        try:
            self._modules[name] = _module(file.read_bytes(), package)
        except (SyntaxError, ValueError):  # which the run will say
            self.whole = True

    def _wait_for_root(self, name: str, code: str) -> None:
        try:
            root = _module(code.encode(), "")
        except (SyntaxError, ValueError):
            self.whole = True
            return
        own = self._modules.get(name)
        known = {last: frozenset([(m, "")]) for last, m in self._last.items()}
        if own:
            known |= {bound: frozenset[_Target]() for bound in own.bodies} | own.imports
        root = root._replace(imports=known | root.imports)
        pieces = [root.top, *(piece for body in root.bodies.values() for piece in body)]
        self._waiting += [(name, root, piece) for piece in pieces]

    def _name(self, name: str, module: _Module, used: str, member: str = "") -> None:
        """Reach what a name means in a module, or a member of it."""
        for target in module.imports.get(used, ()):
            meant = ".".join(filter(None, target))
            if target[1] and meant not in self._modules:
                self._reach(*target)
            else:
                self._reach(meant, member)
        if not module.imports.get(used):
            for origin in name, *module.stars:
                self._reach(origin, used)

    def _reach(self, name: str, used: str) -> None:
        """Reach a name of a module: a function, a module in it, or what it imports.

        Without a name, all of the module is reached.
        """
        module = self._modules.get(name)
        if (name, used) in self._seen:
            return
        self._seen.add((name, used))
        if used and f"{name}.{used}" in self._modules:
            self._reach(f"{name}.{used}", "")
        elif module and not used:
            for one in {*module.bodies, *module.imports}:
                self._reach(name, one)
        elif module and used in module.bodies:
            self.bodies.add((name, used))
            self._waiting += [(name, module, piece) for piece in module.bodies[used]]
        elif module and used in module.imports:
            for target in module.imports[used]:
                self._reach(*target)
        elif module:
            for star in module.stars:
                self._reach(star, used)


def _digest(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


@cache
def _module(source: bytes, package: str) -> _Module:
    """A module taken apart; raises SyntaxError or ValueError."""
    tree = ast.parse(source)
    imports: dict[str, set[_Target]] = {}
    stars = set[str]()
    for node in ast.walk(tree):
        match node:
            case ast.Import(aliases):
                for alias in aliases:
                    first = alias.name.split(".")[0]
                    bound = alias.asname or first
                    goal = alias.name if alias.asname else first
                    imports.setdefault(bound, set()).add((goal, ""))
            case ast.ImportFrom(module, aliases, level):
                base = _base(module or "", level, package)
                for alias in aliases:
                    if alias.name == "*":
                        stars.add(base)
                    else:
                        bound = alias.asname or alias.name
                        imports.setdefault(bound, set()).add((base, alias.name))
    bodies: dict[str, list[_Code]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            bodies.setdefault(node.name, []).append(_code(_without_docstring(node)))
            node.body = []
    return _Module(
        _code(_without_docstring(tree)),
        {name: tuple(pieces) for name, pieces in bodies.items()},
        {name: frozenset(targets) for name, targets in imports.items()},
        frozenset(stars),
    )


def _base(module: str, level: int, package: str) -> str:
    """The module that a `from` names, where it stands in a package."""
    parts = package.split(".")
    parts = parts[: len(parts) - level + 1] if level else []
    return ".".join(filter(None, [*parts, module]))


def _without_docstring(
    node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef,
) -> list[ast.stmt]:
    """The statements of a body; of a claim's, all, since the page shows it."""
    claims = not isinstance(node, ast.Module) and node.name.startswith("claim_")
    match node.body:
        case [ast.Expr(ast.Constant(str())), *rest] if not claims:
            return rest
    return node.body


def _code(statements: list[ast.stmt]) -> _Code:
    names, members = set[str](), set[tuple[str, str]]()
    looks, bases = False, set[ast.AST]()
    for node in (one for statement in statements for one in ast.walk(statement)):
        match node:
            case ast.Attribute(ast.Name(base) as name, member):
                bases.add(name)
                members.add((base, member))
                looks |= member in _LOOKS_AT or (base, member) in _LOOKS_AS
            case ast.Attribute(_, member):
                looks |= member in _LOOKS_AT
            case ast.Name(used):
                looks |= used in _LOOKS or used in _LOOKS_AT
                if node not in bases:
                    names.add(used)
    text = "\n".join(map(ast.dump, statements))
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _Code(digest, frozenset(names), frozenset(members), looks)
