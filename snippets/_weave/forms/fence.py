"""Fenced blocks: code by name, and transcripts.

In a block of Python stand lines such as `--8<-- "descent.py:step"`, which copy a
function, class or constant, or all `imports`, out of `snippets/`. A block of `pycon`
is a transcript: it is run, and compared with what the page says.
"""

from __future__ import annotations

import contextlib
import doctest
import re
import textwrap
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ..model import Item, Result, Text
from ..read.source import source
from .form import Form

if TYPE_CHECKING:
    from ..read.page import Page
    from ..run.session import Session

_INCLUDE = re.compile(
    r'(?P<indent>[ \t]*)--8<--[ \t]+"(?P<file>[^":]+)(?::(?P<name>[^"]+))?"[ \t]*'
)
_TYPED = {"python", "py", "python3", "py3", "pyi", "python-console"}


class Fence(Form):
    """A fenced block; of a transcript, the item is its text."""

    name = "transcript"
    pattern = r"""
        ^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^\n`]*)\n
         (?P<body>.*?)^[ \t]*(?P=fence)[ \t]*$
    """

    def read(self, match: re.Match[str], page: Page) -> None:
        language = match["info"].strip().strip("{}. ").split(" ")[0]
        head = page.text[match.start() : match.start("body")]
        tail = page.text[match.end("body") : match.end()]
        body, included, position = [], False, match.start("body")
        for line in match["body"].splitlines(keepends=True):
            named = _named(line)
            body.append(_included(line, position, page) if named else line)
            included = included or named
            position += len(line)
        typed = [line for line in match["body"].splitlines() if not _named(line)]
        prompt = any(line.lstrip().startswith(">>> ") for line in typed)
        if prompt and language != "pycon":
            page.fault(match.start(), "a transcript is run in a ```pycon block only")
        elif language in _TYPED and ("".join(typed).strip() or not included):
            page.fault(
                match.start(),
                "typed Python is never run: put it into snippets/ and name it, as in "
                f'--8<-- "{page.stem}.py:step"',
            )
        if language == "pycon":
            transcript = textwrap.dedent(match["body"])
            line_number = page.line(match.start("body"))
            page.items.append(Item(self.name, line_number, transcript))
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
        with contextlib.suppress(session.TooLong):  # which is a fault by now
            _Checked(session, item).run(test, out=_silent, clear_globs=False)
        return Text()


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
