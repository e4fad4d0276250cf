"""One page's session, in a process of its own: its module, and its items in order."""

from __future__ import annotations

import importlib
import inspect
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

from ..forms import FORMS
from ..model import (
    Fault,
    Item,
    Job,
    Left,
    Outcome,
    Result,
    Text,
    WeaveError,
    did_you_mean,
)
from ..read.facts import give
from .depends import by_last_name, mentioned
from .fresh import import_afresh

if TYPE_CHECKING:
    from .room import Room


class TooLong(BaseException):
    """The page has run past its limit; raised wherever it is just then."""


class Session:
    """What the items of one page share: the names that are bound, and the faults.

    After a fault the session goes on, so that a build names all faults of a page at
    once; past its limit, in seconds, it ends.
    """

    TooLong = TooLong

    def __init__(self, snippets: Path, job: Job) -> None:
        self.snippets = snippets
        self.path, self.stem, self.items = job.path, job.stem, job.items
        self.facts = job.facts
        self.names: dict[str, Any] = {}
        self.faults: list[Fault] = []
        self.broken: set[str] = set()
        self._known = by_last_name(snippets)
        self._drawn: dict[str, int] = {}
        self._late = False

    def run(self, limit: float | None = None, room: Room | None = None) -> Outcome:
        """What the job gives; in a room, what reaches out of it is a fault."""
        if limit and hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, lambda *_: self._stop(limit))
            signal.setitimer(signal.ITIMER_REAL, limit)
        import_afresh(self.snippets)
        sys.stdout = sys.stderr  # what a lesson prints is seen in the terminal
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("error", UserWarning)
        if room:
            give(self.facts)
            room.close()
        if (self.snippets / f"{self.stem}.py").exists() and self.items:
            module = self.module(self.stem, self.items[0].line)
            self.names = dict(vars(module)) if module else {}
        results: list[Result] = []
        for item in self.items:
            results.append(Text() if self._late else FORMS[item.form].run(item, self))
            if room:
                self._complain_of_what_left(room, item)
        if limit and self._late and not self._said(too_long(limit)):
            self.faults.append(Fault(self.path, self.items[0].line, too_long(limit)))
        if room:
            room.open()
        return Outcome(results, self.faults)

    def _complain_of_what_left(self, room: Room, item: Item) -> None:
        """Say what a lesson has done outside its room, even if it has hidden that."""
        for error in room.left:
            if not self._said(str(error)):
                self.fault(item, "", error)
        if room.drew_unseeded():
            self.fault(
                item,
                "this draws from the random numbers that all modules share, and nobody "
                "has seeded them: use np.random.default_rng(7)",
            )

    def _said(self, text: str) -> bool:
        return any(text in fault.message for fault in self.faults)

    def _stop(self, limit: float) -> None:
        self._late = True
        raise TooLong(too_long(limit))

    def is_broken(self, stem: str) -> bool:
        """Whether a module could not be imported, which has been said."""
        return stem in self.broken

    def module(self, name: str, line: int) -> ModuleType | None:
        """A module by its dotted name, or None with a fault; imported once."""
        if name in self.broken:
            return None
        try:
            return importlib.import_module(name)
        except BaseException as error:
            self.broken.add(name)
            place = f"snippets/{name.replace('.', '/')}.py"
            if isinstance(error, ModuleNotFoundError) and error.name == name:
                known = [file.stem for file in self.snippets.glob("*.py")]
                message = f"there is no {place}{did_you_mean(name, known)}"
                self.faults.append(Fault(self.path, line, message))
            else:
                fault = self._located(line, "the import raised", error)
                if fault.path == self.path:  # it could not even be compiled
                    message = f"{fault.message}\n    for {self.path}:{line}"
                    fault = Fault(place, 1, message)
                self.faults.append(fault)
            return None

    def function(self, item: Item, name: str, prefix: str) -> Callable[..., Any] | None:
        """The function that an item calls by name, or None with a fault."""
        module = self.module(item.module, item.line)
        if module is None:
            return None
        wanted, place = prefix + item.text, f"snippets/{item.module}.py"
        function: Callable[..., Any] | None = getattr(module, wanted, None)
        if function is None:
            known = [known for known in vars(module) if known.startswith(prefix)]
            hint = did_you_mean(wanted, known)
            self.fault(item, f"{name}: there is no {wanted} in {place}{hint}")
        return function

    def bind(self, item: Item, code: str) -> None:
        """Make the modules known that an item's code speaks of by name."""
        for name in sorted(mentioned(code, self._known)):
            last = name.split(".")[-1]
            if last not in self.names:
                module = self.module(name, item.line)
                if module is not None:
                    self.names[last] = module

    def prefix(self, slug: str) -> str:
        """A prefix for the ids of a drawing, another one each time."""
        count = self._drawn[slug] = self._drawn.get(slug, 0) + 1
        return slug + (f"-{count}" if count > 1 else "")

    def mark(self, item: Item) -> str:
        """The name that an item's code has in tracebacks."""
        return f"<{self.path}:{item.line}>"

    def fault(
        self, item: Item, message: str, error: BaseException | None = None
    ) -> None:
        """Say what is wrong with an item; of an error, where it was raised."""
        if error is None:
            self.faults.append(Fault(self.path, item.line, message))
        else:
            self.faults.append(self._located(item.line, message, error))

    def fault_at(self, function: Callable[..., Any], message: str) -> None:
        """Say what is wrong with a function, at the line where it begins."""
        code: CodeType = inspect.unwrap(function).__code__
        place = self.place(code.co_filename)
        self.faults.append(Fault(place, code.co_firstlineno, message))

    def fault_in_functions(self, item: Item, error: WeaveError) -> None:
        """Say what is wrong in functions that an item needs, at their lines.

        What is wrong in code that is not the author's is said of the item.
        """
        for file, line, message in error.faults:
            if self.is_own(file):
                text = f"{message}\n    for {self.path}:{item.line}"
                self.faults.append(Fault(self.place(file), line, text))
            else:
                self.fault(item, f"{message}\n    in {file}:{line}")

    def is_own(self, file: str) -> bool:
        """Whether code of the author's stands in a file."""
        return _is_within(self.snippets, file)

    def is_own_module(self, module: ModuleType) -> bool:
        """Whether a module is the author's."""
        file = getattr(module, "__file__", None)
        return bool(file) and self.is_own(str(file))

    def place(self, file: str) -> str:
        """A file of the author's, as messages name it."""
        return f"snippets/{Path(file).relative_to(self.snippets).as_posix()}"

    def _located(self, line: int, message: str, error: BaseException) -> Fault:
        """A fault at the place where the author's own code raised."""
        if isinstance(error, SyntaxError) and error.filename:
            frames = [(error.filename, error.lineno or 1, "")]
        else:
            stack = traceback.walk_tb(error.__traceback__)
            codes = [(frame.f_code, number) for frame, number in stack]
            frames = [(code.co_filename, n, code.co_name) for code, n in codes]
        own = [
            (self.place(file), number, name)
            for file, number, name in frames
            if self.is_own(file)
        ]
        text = f"{message} {type(error).__name__}: {error}".rstrip(": ")
        if isinstance(error, TooLong):
            text = str(error)
        if isinstance(error, SystemExit):
            text = f"{message}: the lesson called exit()"
        if isinstance(error, Left):
            text = f"a lesson stays in its room: {error}"
        if not own:
            return Fault(self.path, line, text)
        *callers, (place, number, _) = own
        shown = [*reversed(callers)]
        if len(shown) > 6:
            shown[3:-3] = []
        for file, caller_line, name in shown:
            text += f"\n    called from {file}:{caller_line} in {name}"
        return Fault(place, number, f"{text}\n    for {self.path}:{line}")


def too_long(limit: float) -> str:
    """What is said of a page that has run past its limit."""
    return (
        f"the lesson was stopped after {limit:g} s: find the loop that does not end, "
        f"or give the page more time in its front matter, as in limit: {2 * limit:g}"
    )


@cache
def _is_within(snippets: Path, file: str) -> bool:
    """Whether a file is the author's; asked of every module after each transcript."""
    return snippets in Path(file).parents and "_weave" not in Path(file).parts
