"""A figure: `![alt text](figures/stem/name.svg)` is what `figure_name()` draws.

Arguments may stand behind the name: `figures/rate/choice.svg?rate=0.9`. An alt text
takes values, checks and reasons; of these two nothing is read out.
"""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING

from ..model import Drawing, Item, Result, Text, WeaveError
from .check import Check
from .form import ARGUMENTS, Form, arguments, check_arguments
from .reason import Reason
from .value import Value

if TYPE_CHECKING:
    from ..read.page import Page
    from ..run.session import Session

_ALT = r"(?:[^\[\]`]|\[[^\[\]`]*\]|`[^`]*`)*"
_TARGET = re.compile(
    r"\s*figures/(?P<module>\w+)/(?P<name>\w+)\.svg"
    rf"{ARGUMENTS}\s*"
)
INSIDE = re.compile("|".join(f.pattern for f in (Value, Check, Reason)), re.VERBOSE)


class Figure(Form):
    """A figure function by name, drawn in the page's process."""

    name, gives = "figure", Drawing
    pattern = rf"!\[(?P<alt>{_ALT})\]\((?P<target>\s*[./]*figures/[^)]*)\)"

    def read(self, match: re.Match[str], page: Page) -> None:
        target = _TARGET.fullmatch(match["target"])
        if not target:
            return page.fault(
                match.start(),
                f"{match['target'].strip()}: write a figure as figures/stem/name.svg, "
                "drawn by figure_name() in snippets/stem.py",
            )
        name = f"figures/{target['module']}/{target['name']}.svg"
        if len(match["alt"].split()) < 2:
            page.fault(match.start(), f"{name} needs alt text that says what is seen")
        if page.text.startswith("{", match.end()):
            page.fault(
                match.start(),
                f"{name} takes no attributes: its function says how it is drawn",
            )
        given = target["given"] or ""
        wrong = check_arguments(given)
        if wrong:
            return page.fault(match.start(), f"{name}: {wrong}")
        alt: list[str | int] = []
        end = match.start("alt")
        for inner in INSIDE.finditer(page.text, *match.span("alt")):
            alt.append(page.text[end : inner.start()])
            end = inner.end() - len(inner["stop"] or "")
            form: Value | Check | Reason = Value()
            if inner["claim"] is not None:
                form = Check()
            elif inner["ground"] is not None:
                form = Reason()
            if slot := form.slot(inner, page):
                alt.append(slot.number)
        alt.append(page.text[end : match.end("alt")])
        line = page.line(match.start())
        item = Item(self.name, line, target["name"], target["module"], given)
        page.parts.append(page.slot(match.start(), item)._replace(alt=tuple(alt)))

    def called(self, item: Item) -> str:
        return f"figure_{item.text}"

    def run(self, item: Item, session: Session) -> Result:
        name = f"figures/{item.module}/{item.text}.svg"
        function = session.function(item, name, "figure_")
        if function is None:
            return Text()
        import matplotlib
        import matplotlib.pyplot as plt
        from matplotlib.figure import Figure as MatplotlibFigure

        from ..draw.svg import render

        show, plt.show = plt.show, _no_window
        try:
            importlib.import_module("shared.draw")  # which sets the style
            palette = importlib.import_module("shared.palette").LIGHT
            settings = dict(matplotlib.rcParams)
            figure = function(**arguments(item))
            now = matplotlib.rcParams
            changed = [name for name in settings if now[name] != settings[name]]
            if changed:
                matplotlib.rcParams.update(settings)
                message = (
                    f"{function.__name__} changes {', '.join(changed)} for the figures "
                    "that follow: use with plt.rc_context({…})"
                )
                session.fault_at(function, message)
            if not isinstance(figure, MatplotlibFigure):
                kind = type(figure).__name__
                message = (
                    f"{function.__name__} returned {kind}; it must return its Figure"
                )
                session.fault_at(function, message)
                return Text()
            return render(figure, session.prefix(item.slug()), palette)
        except WeaveError as error:
            session.fault_in_functions(item, error)
            return Text()
        except BaseException as error:
            session.fault(item, f"{name} could not be drawn", error)
            return Text()
        finally:
            plt.show = show
            plt.close("all")


def _no_window(*_: object, **__: object) -> None:
    raise RuntimeError("there is no window to show it in: return the figure")


def drawn(result: Result) -> Drawing:
    """A figure's result; of one that could not be drawn, an empty drawing."""
    return result if isinstance(result, Drawing) else Drawing("")
