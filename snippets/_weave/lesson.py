"""Run what one page names, in its own process."""

import contextlib
import doctest
import importlib
import inspect
import re
import signal
import sys
import traceback
import warnings
from importlib.machinery import FileFinder, SourceFileLoader
from pathlib import Path

from .cache import doctest_code
from .depends import by_name, mentions
from .faults import Fault, did_you_mean

# The sign of a number that stands alone; in running text it is not a hyphen.
_NEGATIVE = re.compile(r"^-(?=\d[\d.,]*(e[+-]?\d+)?\s?%?$)")


class TooLong(BaseException):
    """The lesson has run past its limit; raised wherever it is just then."""


class Lesson:
    """One page's session: its module, and its items from top to bottom.

    `run()` returns one string per item and the faults that were met. After a fault
    the session goes on, so that a build names all faults of a page at once; past its
    limit, in seconds, it ends.
    """

    def __init__(self, snippets, path, stem, items):
        self.snippets, self.path, self.stem, self.items = snippets, path, stem, items
        self.faults, self.names, self._drawn, self._broken = [], {}, {}, set()
        self._late = False

    def run(self, limit=None):
        if limit and hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, lambda *_: self._stop(limit))
            signal.setitimer(signal.ITIMER_REAL, limit)
        _import_afresh(self.snippets)
        sys.stdout = sys.stderr  # what a lesson prints is seen in the terminal
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("error", UserWarning)
        if (self.snippets / f"{self.stem}.py").exists() and self.items:
            module = self.module(self.stem, self.items[0].line)
            self.names = dict(vars(module)) if module else {}
        results = []
        for item in self.items:
            results.append("" if self._late else getattr(self, item.kind)(item))
        return results, self.faults

    def _stop(self, limit):
        self._late = True
        raise TooLong(too_long(limit))

    def value(self, item):
        """The text that an expression gives."""
        if self.stem in self._broken:
            return ""
        try:
            self._bind(item)
            code = compile(item.text, self._mark(item), "eval")
            text = str(eval(code, self.names))
            return _NEGATIVE.sub("−", text, count=1)
        except BaseException as error:
            if self._known_cause(item):
                return ""
            self.fault(item, f"`{{python}} {item.text}` raised", error)
            return ""

    def transcript(self, item):
        """Run a transcript and compare it as doctest does; gives nothing."""
        if self.stem in self._broken:
            return ""
        try:
            self._bind(item)
            test = doctest.DocTestParser().get_doctest(
                item.text, self.names, self.path, self._mark(item), 0
            )
            parts = doctest.DocTestParser().parse(item.text)
        except ValueError as error:
            said = re.sub(r"line \d+ of the docstring for \S+ (has )?", "", str(error))
            number = re.search(r"line (\d+)", str(error))
            self.fault(item._replace(line=item.line + int(number[1]) - 1), said)
            return ""
        line = item.line
        for part in parts:  # examples, and the text between them
            if not isinstance(part, str):
                line += part.source.count("\n") + part.want.count("\n")
                continue
            if test.examples and part.strip():
                at = line + len(part) - len(part.lstrip("\n"))
                message = f"nothing printed this: {part.strip().splitlines()[0]}"
                self.fault(item._replace(line=at), message)
            line += part.count("\n")
        for example in test.examples:
            if example.options:
                message = (
                    "a doctest directive would be shown, and may hide a difference"
                )
                self.fault(item._replace(line=item.line + example.lineno), message)
        test.globs = self.names  # get_doctest copies; a page is one session
        if not test.examples:
            self.fault(item, "the transcript has no line that starts with >>>")
        with contextlib.suppress(TooLong):  # which is a fault by now
            _Checked(self, item).run(test, out=lambda text: None, clear_globs=False)
        return ""

    def figure(self, item):
        """The markup that a figure function draws."""
        import matplotlib.pyplot as plt

        from .svg import render

        function = f"figure_{item.text}"
        name = f"figures/{item.module}/{item.text}.svg"
        slug = item.slug()
        place = f"snippets/{item.module}.py"
        module = self.module(item.module, item.line)
        if module is None:
            return ""
        if not hasattr(module, function):
            known = [known for known in vars(module) if known.startswith("figure_")]
            hint = did_you_mean(function, known)
            self.fault(item, f"{name}: there is no {function} in {place}{hint}")
            return ""
        try:
            draw = importlib.import_module("shared.draw")
            figure = getattr(module, function)(**item.arguments)
            if not isinstance(figure, plt.Figure):
                kind = type(figure).__name__
                code = inspect.unwrap(getattr(module, function)).__code__
                line = code.co_firstlineno
                message = f"{function} returned {kind}; it must return its Figure"
                self.faults.append(Fault(place, line, message))
                return ""
            count = self._drawn[slug] = self._drawn.get(slug, 0) + 1
            prefix = slug + (f"-{count}" if count > 1 else "")
            return render(figure, prefix, draw.PALETTE)
        except BaseException as error:
            self.fault(item, f"{name} could not be drawn", error)
            return ""
        finally:
            plt.close("all")

    def table(self, item):
        """The Markdown that a table function gives."""
        function, place = f"table_{item.text}", f"snippets/{item.module}.py"
        name = f"tables/{item.module}/{item.text}"
        module = self.module(item.module, item.line)
        if module is None:
            return ""
        if not hasattr(module, function):
            known = [known for known in vars(module) if known.startswith("table_")]
            hint = did_you_mean(function, known)
            self.fault(item, f"{name}: there is no {function} in {place}{hint}")
            return ""
        try:
            text = getattr(module, function)(**item.arguments)
        except BaseException as error:
            self.fault(item, f"{name} could not be made", error)
            return ""
        if not isinstance(text, str) or not text.startswith("|"):
            self.fault(item, f"{name}: {function} must return shared.tables.table(…)")
            return ""
        return text

    def module(self, stem, line):
        """A lesson's module, or None with a fault; imported once."""
        if stem in self._broken:
            return None
        try:
            return importlib.import_module(stem)
        except BaseException as error:
            self._broken.add(stem)
            missing = isinstance(error, ModuleNotFoundError) and error.name == stem
            if missing:
                known = [file.stem for file in self.snippets.glob("*.py")]
                message = f"there is no snippets/{stem}.py{did_you_mean(stem, known)}"
                self.faults.append(Fault(self.path, line, message))
            else:
                self.faults.append(self._located(line, "the import raised", error))
            return None

    def fault(self, item, message, error=None):
        if error is None:
            self.faults.append(Fault(self.path, item.line, message))
        else:
            self.faults.append(self._located(item.line, message, error))

    def _bind(self, item):
        """Make the lesson modules known that an item speaks of by name."""
        code = item.text if item.kind == "value" else doctest_code(item.text)
        for name in sorted(mentions(code, by_name(self.snippets))):
            short = name.split(".")[-1]
            if short not in self.names:
                module = self.module(name, item.line)
                if module is not None:
                    self.names[short] = module

    def _known_cause(self, item):
        """Whether a module that the item speaks of is broken, which has been said."""
        return any(f"{stem}." in item.text for stem in self._broken)

    def _mark(self, item):
        return f"<{self.path}:{item.line}>"

    def _short(self, file):
        return f"snippets/{Path(file).relative_to(self.snippets).as_posix()}"

    def _located(self, line, message, error):
        """A fault at the place where the author's own code raised."""
        if isinstance(error, SyntaxError) and error.filename:
            frames = [(error.filename, error.lineno, "")]
        else:
            stack = traceback.extract_tb(error.__traceback__)
            frames = [(frame.filename, frame.lineno, frame.name) for frame in stack]
        own = [
            (self._short(file), number, name)
            for file, number, name in frames
            if self.snippets in Path(file).parents
        ]
        kind = type(error).__name__
        said = f"{message} {kind}: {error}".rstrip(": ")
        if isinstance(error, TooLong):
            said = str(error)
        if isinstance(error, SystemExit):
            said = f"{message}: the lesson called exit()"
        if not own:
            return Fault(self.path, line, said)
        *callers, (place, number, _) = own
        shown = [*reversed(callers)]
        if len(shown) > 6:
            shown[3:-3] = []
        for file, caller_line, name in shown:
            said += f"\n    called from {file}:{caller_line} in {name}"
        return Fault(place, number, f"{said}\n    for {self.path}:{line}")


class _Checked(doctest.DocTestRunner):
    """Doctest's own comparison; every difference becomes a fault of the page."""

    def __init__(self, lesson, item):
        super().__init__(verbose=False, optionflags=doctest.DONT_ACCEPT_TRUE_FOR_1)
        self.lesson, self.item = lesson, item

    def _at(self, example):
        return self.item._replace(line=self.item.line + example.lineno)

    def report_failure(self, out, test, example, got):
        wanted = example.want.rstrip("\n") or "nothing"
        message = (
            f"the transcript is false: {example.source.strip()}\n"
            f"    the page says {_shown(wanted)}\n"
            f"    the code says {_shown(got.rstrip() or 'nothing')}"
        )
        self.lesson.fault(self._at(example), message)

    def report_unexpected_exception(self, out, test, example, exc_info):
        message = f"the transcript's {example.source.strip()} raised"
        self.lesson.fault(self._at(example), message, exc_info[1])
        if isinstance(exc_info[1], TooLong):
            raise exc_info[1]


def too_long(limit):
    return (
        f"the lesson was stopped after {limit:g} s: find the loop that does not end, "
        f"or give the page more time in its front matter, as in limit: {2 * limit:g}"
    )


def _shown(text):
    return text if "\n" not in text else "\n      " + text.replace("\n", "\n      ")


def _import_afresh(snippets):
    """Import snippets from their source, never from a compiled file.

    A .pyc file is trusted by the second and the size of its source: a sign flipped
    within a second of the last save would go unseen.
    """

    class Fresh(SourceFileLoader):
        def get_code(self, fullname):
            path = self.get_filename(fullname)
            return self.source_to_code(self.get_data(path), path)

    for folder in snippets, snippets / "shared":
        finder = FileFinder(str(folder), (Fresh, [".py"]))
        sys.path_importer_cache[str(folder)] = finder
