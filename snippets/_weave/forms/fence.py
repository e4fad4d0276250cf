"""Fenced blocks: code by name, and transcripts.

In a block of Python stand lines such as `--8<-- "descent.py:step"`, which copy a
function, class or constant, or all `imports`, out of `snippets/`. A block of `pycon`
is a transcript: it is run, and compared with what the page says.
"""

from __future__ import annotations

import builtins
import contextlib
import doctest
import inspect
import math
import re
import sys
import textwrap
from collections.abc import Callable
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any

from ..model import Fault, Item, Result, Text
from ..read.source import first_line, source
from ..run.depends import imported
from .form import Form

if TYPE_CHECKING:
    from ..read.page import Page
    from ..run.session import Session

_INCLUDE = re.compile(
    r'(?P<indent>[ \t]*)--8<--[ \t]+"(?P<file>[^":]+)(?::(?P<name>[^"]+))?"[ \t]*'
)
_PYTHON = {"python", "py", "python3", "py3"}
# What other programs read. It prints nothing, so nothing in it can be wrong.
_SHOWN = {"shell", "yaml", "toml", "html", "css", "javascript", "markdown"}
_PROMPT = re.compile(r"[ \t]*(?:>>>|In ?\[\d*\]:|Out ?\[\d*\]:)")


class Fence(Form):
    """A fenced block; of a transcript, the item is its text."""

    name = "transcript"
    pattern = r"""
        ^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^\n`]*)\n
         (?P<body>.*?)^[ \t]*(?P=fence)[ \t]*$
    """

    def read(self, match: re.Match[str], page: Page) -> None:
        language = match["info"].strip().strip("{}. ").split(" ")[0].lower()
        head = page.text[match.start() : match.start("body")]
        tail = page.text[match.end("body") : match.end()]
        body, included, position = [], False, match.start("body")
        for line in match["body"].splitlines(keepends=True):
            named = _named(line)
            body.append(_included(line, position, page) if named else line)
            included = included or named
            position += len(line)
        typed = [line for line in match["body"].splitlines() if not _named(line)]
        prompt = any(map(_PROMPT.match, typed))
        if prompt and language != "pycon":
            page.fault(match.start(), "a transcript is run in a ```pycon block only")
        elif language not in {"pycon", *_PYTHON, *_SHOWN}:
            page.fault(
                match.start(),
                f"nothing runs a block of {language or 'no language'}, or has printed "
                'it: show code by name in ```python, as in --8<-- "stem.py:name", and '
                "what it prints in ```pycon; a list or a table can say the rest. For "
                f"other programs there are {', '.join(sorted(_SHOWN))}",
            )
        elif language in _PYTHON and ("".join(typed).strip() or not included):
            page.fault(
                match.start(),
                "typed Python is never run: put it into snippets/ and name it, as in "
                f'--8<-- "{page.stem}.py:step"',
            )
        if language == "pycon":
            transcript = textwrap.dedent(match["body"])
            line_number = page.line(match.start("body"))
            page.items.append(Item(self.name, line_number, transcript))
            # It stands for an empty line, and only doctest has to be told so.
            body = [re.sub(r"<BLANKLINE>$", "", line) for line in body]
        page.verbatim(match.start(), head + "".join(body) + tail)

    def code(self, item: Item) -> str:
        lines = [line.lstrip() for line in item.text.splitlines()]
        return "\n".join(
            line[4:] for line in lines if line.startswith((">>> ", "... "))
        )

    def run(self, item: Item, session: Session) -> Result:
        """Run a transcript and compare it as doctest does; the page keeps its text."""
        if session.is_broken(session.stem):
            return Text()
        try:
            session.bind(item, self.code(item))
            for name in sorted(imported(self.code(item))):
                if (session.snippets / f"{name.replace('.', '/')}.py").exists():
                    session.module(name, item.line)
            test = doctest.DocTestParser().get_doctest(
                item.text, session.names, session.path, session.mark(item), 0
            )
            parts = doctest.DocTestParser().parse(item.text)
        except ValueError as error:
            message = re.sub(
                r"line \d+ of the docstring for \S+ (has )?", "", str(error)
            )
            number = re.search(r"line (\d+)", str(error))
            further = int(number[1]) - 1 if number else 0
            session.fault(item._replace(line=item.line + further), message)
            return Text()
        _complain_of_loose_text(parts, bool(test.examples), item, session)
        _complain_of_typed_tracebacks(test.examples, item, session)
        for example in test.examples:
            if example.options:
                message = (
                    "a doctest directive would be shown, and may hide a difference"
                )
                at = item._replace(line=item.line + example.lineno)
                session.fault(at, message)
        test.globs = session.names  # get_doctest copies; a page is one session
        if not test.examples:
            session.fault(item, "the transcript has no line that starts with >>>")
        before = _bindings(session)
        with contextlib.suppress(session.TooLong):  # which is a fault by now
            _Checked(session, item).run(test, out=_silent, clear_globs=False)
        for name in sorted(before.keys() & _bindings(session, before).keys()):
            message = f"the transcript changes {name}, which all that follows would use"
            session.fault(item, f"{message}: bind a name of the page's own instead")
        return Text()


class Named(Form):
    """Code by name: it can be imported, and the name still means what is shown."""

    name = "code"

    def called(self, item: Item) -> str:
        return item.text

    def run(self, item: Item, session: Session) -> Result:
        module = session.module(item.module, item.line)
        shown = getattr(module, item.text, None) if item.text else None
        if inspect.isroutine(shown) or hasattr(shown, "__wrapped__"):
            function: Any = shown
            code = getattr(inspect.unwrap(function), "__code__", None)
            file = item.module.replace(".", "/") + ".py"
            place = session.snippets / file
            first = first_line(session.snippets, file, item.text)
            if not code or (code.co_filename, code.co_firstlineno) != (
                str(place),
                first,
            ):
                session.faults.append(
                    Fault(
                        f"snippets/{file}",
                        first,
                        f"{item.text} means something else when the module has been "
                        "imported: name what the page shows once, and never replace "
                        f"it\n    for {session.path}:{item.line}",
                    )
                )
        return Text()


def _bindings(
    session: Session, before: dict[str, object] | None = None
) -> dict[str, object]:
    """What the author's modules and those of the course's sums bind, by dotted name.

    With what they have bound before, only what is bound to something else now.
    """
    modules = [m for m in [*sys.modules.values()] if session.is_own_module(m)]
    now = {
        f"{module.__name__}.{name}": value
        for module in [*modules, builtins, math, *_numpy()]
        for name, value in vars(module).items()
        if name != "_"  # which doctest itself binds to the last value
    }
    if before is None:
        return now
    return {n: v for n, v in now.items() if n in before and v is not before[n]}


def _numpy() -> list[ModuleType]:
    return [sys.modules["numpy"]] if "numpy" in sys.modules else []


def _named(line: str) -> bool:
    return line.lstrip().startswith("--8<--")


def _included(line: str, position: int, page: Page) -> str:
    match = _INCLUDE.fullmatch(line.rstrip("\n"))
    if not match:
        page.fault(position, f'write {line.strip()} as --8<-- "stem.py:name"')
        return ""
    try:
        code = source(page.snippets, match["file"], match["name"])
    except LookupError as error:
        page.fault(position, error.args[0])
        return ""
    page.sources.add((match["file"], match["name"]))
    if match["file"].endswith(".py"):
        module = match["file"].removesuffix(".py").replace("/", ".")
        line_number = page.line(position)
        page.items.append(Item(Named.name, line_number, match["name"] or "", module))
    return textwrap.indent(code, match["indent"]) + "\n"


def _complain_of_loose_text(
    parts: list[str | doctest.Example], examples: bool, item: Item, session: Session
) -> None:
    """Text between the examples would be shown, and nothing has printed it."""
    line = item.line
    for part in parts:
        if not isinstance(part, str):
            line += part.source.count("\n") + part.want.count("\n")
            continue
        if examples and part.strip():
            at = line + len(part) - len(part.lstrip("\n"))
            message = f"nothing printed this: {part.strip().splitlines()[0]}"
            session.fault(item._replace(line=at), message)
        line += part.count("\n")


_STACK = re.compile(r"Traceback \(.*\):\n(?P<stack>(?:[ \t].*\n)*)")


def _complain_of_typed_tracebacks(
    examples: list[doctest.Example], item: Item, session: Session
) -> None:
    """Doctest compares the last line of a traceback only; the others may say less."""
    for example in examples:
        match = _STACK.match(example.want)
        if match and match["stack"].strip() not in ("", "..."):
            at = item._replace(line=item.line + example.lineno + 1)
            typed = match["stack"].strip().splitlines()[0]
            message = f"nothing compares this line of a traceback: {typed}; write ..."
            session.fault(at, message)


def _silent(text: str) -> None:
    """What doctest says itself is said by faults."""


_Raised = (
    tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
)


class _Checked(doctest.DocTestRunner):
    """Doctest's own comparison; every difference becomes a fault of the page."""

    def __init__(self, session: Session, item: Item) -> None:
        super().__init__(verbose=False, optionflags=doctest.DONT_ACCEPT_TRUE_FOR_1)
        self.session, self.item = session, item

    def _at(self, example: doctest.Example) -> Item:
        return self.item._replace(line=self.item.line + example.lineno)

    def report_failure(
        self,
        out: Callable[[str], Any],
        test: doctest.DocTest,
        example: doctest.Example,
        got: str,
    ) -> None:
        wanted = example.want.rstrip("\n") or "nothing"
        self.session.fault(
            self._at(example),
            f"the transcript is false: {example.source.strip()}\n"
            f"    the page says {_shown(wanted)}\n"
            f"    the code says {_shown(got.rstrip() or 'nothing')}",
        )

    def report_unexpected_exception(
        self,
        out: Callable[[str], Any],
        test: doctest.DocTest,
        example: doctest.Example,
        exc_info: _Raised,
    ) -> None:
        message = f"the transcript's {example.source.strip()} raised"
        error = exc_info[1]
        self.session.fault(self._at(example), message, error)
        if isinstance(error, self.session.TooLong):
            raise error


def _shown(text: str) -> str:
    return text if "\n" not in text else "\n      " + text.replace("\n", "\n      ")
