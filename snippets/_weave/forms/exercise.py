"""An exercise: its header names the function to write, and mistakes in writing it.

    /// exercise | Write `step`, which takes one step downhill
        solution: descent.py:step
        slips: uphill, by_height, without_rate

    The task.

    - `step(quad1.grad, 2.0, 0.125)`

    A hint.
    ///

The list has the cases: expressions, in each of which the function is called. Slips are
functions of `snippets/exercises/`, in the module with the page's stem; the docstring of
a slip is what the reader is told who made this mistake. The run proves that the
solution can be told from what the reader begins with, and from every slip.

`draws: explore-step places.on_curve(quad1.f, descend(quad1.grad, 2.0))` names a figure
of the page that readers can move, and points that are drawn on it.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import inspect
import json
import math
import re
import symtable
import sys
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

from ..browser import judge
from ..model import NO_CODE, Item, Markup, Result, did_you_mean
from ..read.source import source
from .fence import Named
from .form import Form

if TYPE_CHECKING:
    from ..read.page import Page
    from ..run.session import Session

KINDS = "write", "line", "repair", "order"
FEWEST = 3  # slips, of which each is one that readers make
MOST = 100_000  # lines of code that the cases may take
WITHIN = 1e-9
FEWEST_POINTS, MOST_POINTS = 2, 1000  # that are drawn
_DIGITS = 12  # of what is kept of an answer
_CASE = re.compile(
    r"^[ \t]*- (?P<ticks>`+)(?P<case>.+?)(?P=ticks)[ \t]*$", re.MULTILINE
)
_END = re.compile(r"^[ \t]*/{3,}[ \t]*$", re.MULTILINE)
_OPTION = re.compile(r"^[ \t]*(\w+):[ \t]*(.*?)[ \t]*$", re.MULTILINE)


class _Wrong(Exception):
    """What is wrong with the header of an exercise."""


class Exercise(Form):
    """The header of an exercise; what it gives is JSON for the block."""

    name, gives = "exercise", Markup
    pattern = r"""
        ^(?P<inset>[ ]{4,})solution:[ ]*(?P<solution>\S+)[ ]*\n
         (?P<options>(?:(?P=inset)\w+:[^\n]*\n)*)
    """

    def read(self, match: re.Match[str], page: Page) -> None:
        before = page.text[: match.start()].rstrip("\n").rpartition("\n")[2]
        page.folded(match.start(), match[0])
        if not re.match(r"[ \t]*/{3,}[ \t]*exercise\b", before):
            return page.fault(match.start(), _NOT_HERE)
        try:
            item, code = self._read(match, page)
        except (_Wrong, LookupError) as error:
            return page.fault(match.start(), str(error.args[0]))
        page.folded(match.end(), "\n")
        page.parts.append(page.slot(match.end(), item)._replace(indent=""))
        # What stands in the solution, and its lines in another order.
        for part in code:
            page.folded(match.end(), f"\n\n```python\n{part}\n```\n")

    def _read(self, match: re.Match[str], page: Page) -> tuple[Item, list[str]]:
        # Of one that is given twice the first: the block says so with its line.
        options = dict(reversed(_OPTION.findall(match["options"])))
        file, _, name = match["solution"].partition(":")
        slips = [slip for slip in re.split(r"[ ,]+", options.get("slips", "")) if slip]
        kind, begin = options.get("kind", "write"), options.get("from", "")
        if not file.endswith(".py") or not name.isidentifier():
            raise _Wrong(
                f"solution: {match['solution']} names no function: write the file and "
                f"the name, as in solution: {page.stem}.py:step"
            )
        if len(slips) < FEWEST:
            raise _Wrong(
                f"an exercise has {FEWEST} slips at least, and this one {len(slips)}: "
                "write slips: and the names of functions of "
                f"snippets/exercises/{page.stem}.py, each a mistake that readers make"
            )
        if kind not in KINDS:
            hint = did_you_mean(kind, KINDS)
            raise _Wrong(
                f"there is no exercise of kind '{kind}'; write kind: "
                f"{', '.join(KINDS[:-1])} or {KINDS[-1]}{hint}"
            )
        if begin and kind not in ("line", "repair"):
            raise _Wrong(f"from: {begin} needs a kind: write kind: line or repair")
        own = f"exercises/{page.stem}.py"
        code = source(page.snippets, file, name)
        page.sources.add((file, name))
        page.reads.add(own)
        mistakes = {slip: source(page.snippets, own, slip) for slip in slips}
        for one, text in {name: code, **mistakes}.items():
            if not _is_function(text):
                raise _Wrong(
                    f"{one} is no function with a body of its own lines: write "
                    f"def {one}(…): and what it does below"
                )
        line, module = page.line(match.start()), _module(file)
        page.items.append(Item(Named.name, line, name, module))
        for slip in slips:
            page.items.append(Item(Named.name, line, slip, _module(own)))
        cases = self._cases(match.end(), page)
        try:
            within = float(options.get("within", WITHIN))
        except ValueError:
            within = math.nan
        if not 0 <= within < 1:
            raise _Wrong(f"within: {options['within']} is no relative tolerance")
        given = {
            "name": name,
            "solution": module,
            "slips": slips,
            "mistakes": _module(own),
            "cases": cases,
            "within": within,
            "uses": sorted({*_used(code)}.union(*map(_used, mistakes.values()))),
            "lines": len(shuffled(code).split("\n")),
            "starter": starter(code, kind, begin, mistakes),
        }
        if "draws" in options:
            figure, _, points = options["draws"].partition(" ")
            if not re.search(rf"^ +id: {re.escape(figure)}$", page.text, re.MULTILINE):
                raise _Wrong(
                    f"draws: no figure to move on this page has the id {figure}: write "
                    "one, and an expression that gives points"
                )
            given["draws"] = {"figure": figure, "points": points.strip()}
        return Item(self.name, line, json.dumps(given), _module(own)), [
            code,
            shuffled(code),
        ]

    def _cases(self, start: int, page: Page) -> list[str]:
        end = _END.search(page.text, start)
        text = page.text[start : end.start() if end else None]
        cases = [match["case"].strip() for match in _CASE.finditer(text)]
        if not cases:
            raise _Wrong(
                "an exercise has a list of cases: write - `step(quad1.grad, 2.0, 0.1)`"
            )
        return cases

    def code(self, item: Item) -> str:
        return "\n".join(asked(json.loads(item.text)))

    def run(self, item: Item, session: Session) -> Result:
        given = json.loads(item.text)
        if session.is_broken(session.stem) or any(
            session.module(one, item.line) is None
            for one in (given["solution"], item.module)
        ):
            return Markup("")
        try:
            session.bind(item, self.code(item))
            return Markup(_Proof(item, session, given).markup())
        except _Wrong as wrong:
            session.fault(item, str(wrong))
        except BaseException as error:
            session.fault(item, f"the exercise {given['name']} raised", error)
        return Markup("")


class _Proof:
    """What solution, starter and slips give on the cases, and that they differ."""

    def __init__(self, item: Item, session: Session, given: dict[str, Any]) -> None:
        self.item, self.session, self.given = item, session, given
        self.name, self.cases = given["name"], given["cases"]
        self.within = given["within"]

    def markup(self) -> str:
        """The JSON that the block reads, if all is as it must be."""
        solution = getattr(importlib.import_module(self.given["solution"]), self.name)
        for case in asked(self.given):
            self._complain_of_case(case)
        gives, error = self._answers(solution, f"the solution {self.name}")
        if error:
            number, raised = error
            message = f"the solution raises on {self.cases[number]}:"
            self.session.fault(self.item, message, raised)
        for case, one in zip(self.cases, gives, strict=True):
            if "<" in judge.shown(one):
                raise _Wrong(
                    f"{case} gives {judge.shown(one)}, and a right answer could not be "
                    "told: return numbers, texts, or lists of them"
                )
        if all(self._same(gives, self._of_starter())):
            raise _Wrong(
                "what the reader begins with is right on all cases: take out more, "
                "or add a case"
            )
        module, found = importlib.import_module(self.item.module), {"": gives}
        says = []
        for slip in self.given["slips"]:
            function = getattr(module, slip)
            told = (inspect.getdoc(function) or "").split("\n\n")[0]
            if not told:
                self.session.fault_at(
                    function,
                    f"the slip {slip} has no docstring: write what the reader is told "
                    "who made this mistake",
                )
            says.append(" ".join(told.split()))
            answers, _ = self._answers(function, f"the slip {slip}")
            for other, known in found.items():
                if all(self._same(known, answers)):
                    what = f"the slip {other}" if other else "the solution"
                    self.session.fault_at(
                        function,
                        f"{slip} gives what {what} gives on all cases: add a case "
                        "that tells them apart, or leave it out"
                        f"\n    for {self.session.path}:{self.item.line}",
                    )
            found[slip] = answers
        kept = {
            "name": self.name,
            "cases": self.cases,
            "gives": _short(gives),
            "slips": [_short(found[slip]) for slip in self.given["slips"]],
            "within": self.within,
            "starter": self.given["starter"],
            "lines": self.given["lines"],
            "says": says,
            "shows": [judge.shown(one) for one in gives],
        }
        if "draws" in self.given:
            kept["draws"] = self.given["draws"]
            self._complain_of_points(solution)
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    def _complain_of_case(self, case: str) -> None:
        try:
            tree = ast.parse(case, mode="eval")
        except NO_CODE as error:
            raise _Wrong(f"not a Python expression: {case[:80]} ({error})") from None
        called = [n.func for n in ast.walk(tree) if isinstance(n, ast.Call)]
        if not any(isinstance(f, ast.Name) and f.id == self.name for f in called):
            raise _Wrong(f"the case {case} does not call {self.name}")

    def _complain_of_points(self, solution: object) -> None:
        code = self.given["draws"]["points"]
        points = judge.points(code, {**self.session.names, self.name: solution})
        if not FEWEST_POINTS <= len(points) <= MOST_POINTS:
            raise _Wrong(
                f"draws: {code} gives {len(points)} points and not from "
                f"{FEWEST_POINTS} to {MOST_POINTS}, which are pairs of finite numbers"
            )

    def _same(self, known: list[Any], answers: list[Any]) -> list[bool]:
        return judge.equal(known, answers, self.within)

    def _answers(self, function: object, what: str) -> Any:
        """What the cases give with a function in the place of the one asked for."""
        names = {**self.session.names, self.name: function}
        try:
            with _Counted(self.session.is_own):
                return judge.answers(self.cases, names)
        except _Counted.TooMany:
            raise _Wrong(
                f"{what} takes more than {MOST:,} lines of code on the cases, which a "
                "reader's browser would wait for: ask for fewer steps"
            ) from None

    def _of_starter(self) -> Any:
        names = dict(self.session.names)
        try:
            exec(compile(self.given["starter"], "starter", "exec"), names)
            found, _ = judge.answers(self.cases, names)
        except Exception:  # what is to be put in order is no program yet
            return [None for _ in self.cases]
        return found


class _Counted:
    """Counts the lines of the author's code that are run, and stops at too many.

    Lines and not seconds: they are the same on every machine.
    """

    class TooMany(BaseException):
        """No `except Exception` hides it."""

    def __init__(self, is_own: Callable[[str], bool]) -> None:
        self.lines, self._is_own = 0, is_own

    def __enter__(self) -> _Counted:
        self._before = sys.gettrace()
        sys.settrace(self._called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _called(self, frame: FrameType, event: str, _: object) -> Any:
        return self._counted if self._is_own(frame.f_code.co_filename) else None

    def _counted(self, frame: FrameType, event: str, _: object) -> Any:
        self.lines += event == "line"
        if self.lines > MOST:
            raise self.TooMany
        return self._counted


def asked(given: dict[str, Any]) -> list[str]:
    """The expressions in which an exercise calls the reader's function."""
    drawn = [given["draws"]["points"]] if "draws" in given else []
    return [*given["cases"], *drawn]


def _module(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def _used(code: str) -> set[str]:
    """The names that a function asks its module for: the reader may use them, too."""
    table = symtable.symtable(code, "<solution>", "exec")
    # At its top stand decorators and default values.
    names = {s.get_name() for s in table.get_symbols() if s.is_referenced()}
    tables = [*table.get_children()]
    while tables:
        one = tables.pop()
        tables += one.get_children()
        names |= {s.get_name() for s in one.get_symbols() if s.is_global()}
    return names


def _short(answer: Any) -> Any:
    """An answer without the digits that no comparison looks at."""
    if isinstance(answer, list):
        return [_short(one) for one in answer]
    if isinstance(answer, float):
        return float(f"{answer:.{_DIGITS}g}")
    return answer


def _is_function(code: str) -> bool:
    """Whether a source is that of one function, whose body begins on a line."""
    match ast.parse(code).body:
        case [ast.FunctionDef(body=[first, *_])]:
            return not code.split("\n")[first.lineno - 1][: first.col_offset].strip()
    return False


def _parts(code: str) -> tuple[list[str], str, list[str]]:
    """The head of a function, what its docstring says before examples, its body."""
    lines = code.split("\n")
    [function] = [n for n in ast.parse(code).body if isinstance(n, ast.FunctionDef)]
    first, *rest = function.body
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    begin = first.lineno - 1
    said = ""
    if documented and rest:
        said = (ast.get_docstring(function) or "").partition(">>>")[0].strip()
        begin = first.end_lineno or begin
        first = rest[0]
    head = lines[: (function.body[0].lineno - 1)]
    return head, said, lines[begin:]


def _quoted(said: str) -> list[str]:
    if not said:
        return []
    if "\n" not in said:
        return [f'    """{said}"""']
    inner = [f"    {line}".rstrip() for line in said.split("\n")]
    return [f'    """{inner[0].strip()}', *inner[1:], '    """']


def starter(code: str, kind: str, begin: str, mistakes: dict[str, str]) -> str:
    """What the reader begins with.

    >>> print(starter("def half(x):\\n    return x / 2", "write", "", {}))
    def half(x):
        ...
    """
    head, said, body = _parts(code)
    head += _quoted(said)
    if kind == "write":
        return "\n".join([*head, "    ..."])
    if kind == "order":
        return "\n".join([*head, shuffled(code)])
    if kind == "repair":
        if begin not in mistakes:
            raise _Wrong(
                "what is repaired is one of the slips: write from: "
                f"{' or '.join(mistakes)}"
            )
        _, _, body = _parts(renamed(mistakes[begin], _name(code)))
        return "\n".join([*head, *body])
    found = [
        i for i, line in enumerate(body) if begin and line.strip().startswith(begin)
    ]
    if len(found) != 1:
        raise _Wrong(
            f"from: {begin} is the beginning of {len(found)} lines of the solution: "
            "write how the one line begins that the reader fills in"
        )
    [at] = found
    body[at] = re.match(r"\s*", body[at])[0] + "..."  # type: ignore[index]
    return "\n".join([*head, *body])


def _name(code: str) -> str:
    [function] = [n for n in ast.parse(code).body if isinstance(n, ast.FunctionDef)]
    return function.name


def renamed(code: str, name: str) -> str:
    """A mistake, as code that the reader may write: under the name asked for."""
    return re.sub(rf"\b{_name(code)}\b", name, code)


def shuffled(code: str) -> str:
    """The lines of a function's body in another order, the same in every build."""
    _, _, body = _parts(code)
    lines = [line for line in body if line.strip()]

    def place(numbered: tuple[int, str]) -> bytes:
        return hashlib.sha256(f"{numbered[0]} {numbered[1]}".encode()).digest()

    order = [line for _, line in sorted(enumerate(lines), key=place)]
    return "\n".join(order if order != lines else [*lines[1:], lines[0]])


_NOT_HERE = (
    "solution: is the first line under the header of an exercise, as in "
    "/// exercise | Write `step`"
)
