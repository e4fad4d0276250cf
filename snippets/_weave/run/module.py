"""A piece of Python taken apart once: what it imports, names, reads and speaks of.

`depends` follows the files, `reach` the functions; both ask here, for modules and for
the code on pages.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from ..memory import MEMORY
from ..model import NO_CODE

# Builtins, and members of whatever, with which code looks at other code.
_LOOKS = {"globals", "locals", "eval", "exec", "compile", "__import__"}
_LOOKS_AT = {
    *("getsource", "getsourcelines", "getmodule", "getdoc", "_getframe"),
    *("currentframe", "import_module", "__globals__", "__dict__", "__doc__"),
    *("__code__", "__subclasses__", "__builtins__", "settrace", "setprofile"),
}
_LOOKS_AS = {("sys", "modules"), ("inspect", "stack"), ("gc", "get_objects")}
_TOLD = "exercises"  # the package whose docstrings pages show, as those of claims
Target = tuple[str, str]  # a module, and a name in it, "" for the module itself


class Code(NamedTuple):
    """Some statements: what they are, and what they speak of.

    `digest` changes with all but comments and layout. `names` stand alone, `members`
    are (x, y) for each x.y, and `looks` says whether the code looks at other code.
    """

    digest: str
    names: frozenset[str]
    members: frozenset[Target]
    looks: bool


class Module(NamedTuple):
    """A source: what an import executes, the bodies of functions, and what it names.

    `imports` has what each imported name may stand for, `stars` the modules of which
    all is imported, `modules` every dotted name that may be a module, `strings` what
    could be the name of a file, `reads` what stands in READS. `said` is a digest of the
    text but for the bodies of functions: their heads, their docstrings, comments beside
    them. A source that cannot be parsed is `broken`, and names nothing.
    """

    top: Code
    bodies: dict[str, list[Code]]
    imports: dict[str, frozenset[Target]]
    stars: frozenset[str]
    modules: frozenset[str]
    strings: frozenset[str]
    reads: tuple[str, ...]
    said: str
    broken: bool

    def speaks_of(self) -> set[str]:
        """The x of each x.y, wherever it stands."""
        codes = [self.top, *(code for body in self.bodies.values() for code in body)]
        return {name for code in codes for name, _ in code.members}

    def digest(self) -> str:
        """What changes with all but comments, layout and docstrings of functions."""
        bodies = [
            (name, [code.digest for code in body]) for name, body in self.bodies.items()
        ]
        return f"{self.top.digest} {bodies}"

    def changed(self, now: Module) -> frozenset[str] | None:
        """The functions whose bodies are others now; None where more is other."""
        rest, rest_now = (one._replace(bodies={}, said="") for one in (self, now))
        if rest != rest_now or self.broken or self.bodies.keys() != now.bodies.keys():
            return None
        others = (one for one in now.bodies if self.bodies[one] != now.bodies[one])
        return frozenset(others)


@cache
def module(source: bytes, package: str = "") -> Module:
    """A source taken apart; `package` is where its relative imports begin."""

    def made() -> list[Any]:
        return _as_json(_taken_apart(source, package))

    return MEMORY.get_or(f"module in {package}", source, made, _from_json)


def _taken_apart(source: bytes, package: str) -> Module:
    try:
        tree = ast.parse(source)
    except NO_CODE:  # the run says so, with its line
        return _BROKEN._replace(said=sha256(source).hexdigest())
    imports: dict[str, set[Target]] = {}
    stars, modules, strings, reads = set[str](), set[str](), set[str](), list[str]()
    for node in ast.walk(tree):
        match node:
            case ast.Import(aliases):
                for alias in aliases:
                    modules.add(alias.name)
                    first = alias.name.split(".")[0]
                    bound = alias.asname or first
                    goal = alias.name if alias.asname else first
                    imports.setdefault(bound, set()).add((goal, ""))
            case ast.ImportFrom(name, aliases, level):
                base = _base(name or "", level, package)
                modules.add(base)
                for alias in aliases:
                    modules.add(f"{base}.{alias.name}")
                    bound = alias.asname or alias.name
                    if alias.name == "*":
                        stars.add(base)
                    else:
                        imports.setdefault(bound, set()).add((base, alias.name))
            case ast.Constant(str(text)) if _could_be_a_file(text):
                strings.add(text)
            case ast.Assign([ast.Name("READS")], value) if not reads:
                given = ast.literal_eval(value)
                reads += [given] if isinstance(given, str) else given
    bodies: dict[str, list[Code]] = {}
    said = source.splitlines()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            told = package == _TOLD or node.name.startswith("claim_")
            body = _without_docstring(node)
            if body and body[0].lineno > node.lineno:
                for line in range(body[0].lineno - 1, node.end_lineno or 0):
                    said[line] = b""
            body = node.body if told else body
            bodies.setdefault(node.name, []).append(_code(body))
            node.body = []
    return Module(
        _code(_without_docstring(tree)),
        bodies,
        {name: frozenset(targets) for name, targets in imports.items()},
        frozenset(stars),
        frozenset(filter(None, modules)),
        frozenset(strings),
        tuple(reads),
        sha256(b"\n".join(said)).hexdigest(),
        broken=False,
    )


def _base(name: str, level: int, package: str) -> str:
    """The module that a `from` names, where it stands in a package."""
    parts = package.split(".")
    parts = parts[: len(parts) - level + 1] if level else []
    return ".".join(filter(None, [*parts, name]))


def _could_be_a_file(text: str) -> bool:
    """Whether a string has a dot, and nothing that is in no name."""
    return (
        "." in text
        and len(text) < 100
        and text.isprintable()
        and not text.startswith(("/", "."))
    )


def _without_docstring(
    node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef,
) -> list[ast.stmt]:
    """The statements of a body but for its docstring."""
    match node.body:
        case [ast.Expr(ast.Constant(str())), *rest]:
            return rest
    return node.body


def _code(statements: Iterable[ast.stmt]) -> Code:
    names, members = set[str](), set[Target]()
    looks, bases = False, set[ast.AST]()
    for node in (one for statement in statements for one in ast.walk(statement)):
        match node:
            case ast.Attribute(ast.Name(base) as name, member):
                bases.add(name)
                members.add((base, member))
                looks |= member in _LOOKS_AT or (base, member) in _LOOKS_AS
            case ast.Attribute(_, member):
                looks |= member in _LOOKS_AT
            case ast.Call(ast.Name("eval") as name, [_, ast.Dict(), *_]):
                bases.add(name)  # it sees what it is given
            case ast.Name(used) if node not in bases:
                looks |= used in _LOOKS or used in _LOOKS_AT
                names.add(used)
    text = "\n".join(map(ast.dump, statements))
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Code(digest, frozenset(names), frozenset(members), looks)


_NOTHING = Code("", frozenset(), frozenset(), looks=False)
_BROKEN = Module(
    _NOTHING, {}, {}, frozenset(), frozenset(), frozenset(), (), "", broken=True
)


def _as_json(module: Module) -> list[Any]:
    return [
        _code_as_json(module.top),
        {name: [*map(_code_as_json, body)] for name, body in module.bodies.items()},
        {name: sorted(targets) for name, targets in module.imports.items()},
        *(sorted(part) for part in (module.stars, module.modules, module.strings)),
        module.reads,
        module.said,
        module.broken,
    ]


def _from_json(kept: list[Any]) -> Module:
    top, bodies, imports, stars, modules, strings, reads, said, broken = kept
    return Module(
        _code_from_json(top),
        {name: [*map(_code_from_json, body)] for name, body in bodies.items()},
        {name: _pairs(targets) for name, targets in imports.items()},
        frozenset(stars),
        frozenset(modules),
        frozenset(strings),
        tuple(reads),
        said,
        broken,
    )


def _code_as_json(code: Code) -> list[Any]:
    return [code.digest, sorted(code.names), sorted(code.members), code.looks]


def _code_from_json(kept: list[Any]) -> Code:
    digest, names, members, looks = kept
    return Code(digest, frozenset(names), _pairs(members), looks)


def _pairs(kept: list[list[str]]) -> frozenset[Target]:
    return frozenset((one, other) for one, other in kept)
