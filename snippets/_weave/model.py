"""What the rooms hand to each other: faults, items, and what a run gives.

This is the only place where any of it becomes JSON.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any, NamedTuple, NotRequired, TypedDict

# What Python raises where it cannot take code apart: the last two, where it is deep.
NO_CODE = SyntaxError, ValueError, RecursionError, MemoryError


class Fault(NamedTuple):
    """One thing that is wrong: where it stands, and what to do about it."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class WeaveError(Exception):
    """A page that must not be published, with all its faults."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(map(str, self.faults)))


class Left(BaseException):
    """A lesson has reached out of its room; no `except Exception` hides it."""


class Item(NamedTuple):
    """Something on a page that a run fills in.

    `form` is the name of the form that found it, "figure" or "value" for instance,
    and `line` its line in the page's file. What `text` holds is the form's own
    business: an expression, a transcript, the name of a function, cells. `module` is
    the module whose function is called, and `given` are the function's arguments as
    the page writes them, `rate=0.9&name=quad1`.
    """

    form: str
    line: int
    text: str
    module: str = ""
    given: str = ""

    def slug(self) -> str:
        """A name for ids: the module, the function and the values of its arguments."""
        values = [part.partition("=")[2] for part in self.given.split("&") if part]
        words = [re.sub(r"[^\w-]", "_", value) for value in values]
        return "-".join([self.module, self.text, *words])


class Text(NamedTuple):
    """Markdown that stands in the place of an item."""

    text: str = ""


class Markup(NamedTuple):
    """HTML that stands in the place of an item; `{id}` in it is an id of its own."""

    html: str


Call = tuple[int, list[str]]
"""How the browser calls a function: its place, and the knobs that it takes."""


class MarksData(TypedDict):
    names: list[str]
    run: Call
    waits: bool


class KnobData(TypedDict):
    """A number from `low` to `high`, one of several `names`, or up to `most` numbers.

    These are values `of` another knob.
    """

    name: str
    value: float | str | list[float]
    of: NotRequired[str]
    most: NotRequired[int]
    names: NotRequired[list[str]]
    low: NotRequired[float]
    high: NotRequired[float]
    step: NotRequired[float]
    marks: NotRequired[MarksData]


class LayerData(TypedDict):
    """A layer of `many` lines gives a list of them; its role may be the sentence's.

    What is drawn has `line` and `dot` as attributes of SVG. Where its axes are others
    than the figure's, it has a `box` and `limits` of its own.
    """

    run: Call
    role: NotRequired[str]
    many: NotRequired[bool]
    line: NotRequired[dict[str, Any]]
    dot: NotRequired[dict[str, Any]]
    box: NotRequired[list[float]]
    limits: NotRequired[list[float]]


class FieldData(TypedDict):
    """A map of `size` × `size` points; the shades are (role, opacity, kind)."""

    run: Call
    size: int
    reach: tuple[float, float]
    shades: list[tuple[str, float, str]]


class SaysData(TypedDict):
    run: Call
    sentences: dict[str, tuple[str, str]]


class AddsData(TypedDict):
    """What a second sentence says: the function that gives its name, and the texts."""

    run: Call
    sentences: dict[str, str]


class MovableData(TypedDict):
    """What docs/assets/js/explore.js reads; its types are written there, too.

    `functions` is the name under which the functions are found, `box` and `limits`
    say where the axes lie, in the units of the drawing and in those of the data.
    """

    functions: str
    box: list[float]
    limits: list[float]
    knobs: list[KnobData]
    layers: list[LayerData]
    says: SaysData
    table: Call
    click: list[str]
    targets: dict[str, Call]
    again: NotRequired[Call]
    adds: NotRequired[AddsData]
    formula: NotRequired[Call]
    field: NotRequired[FieldData]


class ShownKnob(NamedTuple):
    """What the page shows of a knob: its label, its value and its marks, as texts."""

    label: str
    value: str
    marks: list[str]


class Formula(NamedTuple):
    """A formula of a figure: its name among several, or ""; and whether it is shown.

    The TeX has a number of its own in the place of each value; `stands` says what for:
    the value's place among those of the function, with its digits, and the value.
    """

    name: str
    tex: str
    stands: dict[str, tuple[str, str]]
    is_shown: bool


class Shown(NamedTuple):
    """What the page shows of the state in which a figure stands at first.

    The sentence, the knobs, the columns and rows of the table, and what the button
    says that takes another step, if there is one; its formulas; the counts of a map.
    """

    says: str
    knobs: list[ShownKnob]
    columns: list[str]
    rows: list[list[str]]
    again: str | None
    formulas: list[Formula]
    counts: str | None


class Functions(NamedTuple):
    """Functions in JavaScript, as `draw.link` takes them.

    `parts` has the text of each, by a name of its own; `given` says which of them the
    page calls, each by its place.
    """

    parts: dict[str, str]
    given: list[str]


class Movable(NamedTuple):
    """What can be moved in a figure, and the functions for it."""

    data: MovableData
    shown: Shown
    functions: Functions


class Drawing(NamedTuple):
    """A figure: its SVG without an accessible name, and what can be moved in it."""

    svg: str
    movable: Movable | None = None


class Cells(NamedTuple):
    """What the code cells of a lab gave: for each cell a list of its outputs.

    An output is a text, or a drawing with its alt text.
    """

    outputs: list[list[Text | tuple[Drawing, str]]]


Result = Text | Markup | Drawing | Cells


class Facts(NamedTuple):
    """What a page says of itself, and what it holds, for pages that speak of others.

    `goal` is Markdown, "" where the page has none; `minutes` lead to where the short
    path leaves the page, None off that path. The rest counts: items by their form,
    lines of transcripts, code by name, questions, answers, checks by the name of a
    claim, sentences that name a theorem, and phrases with given numbers; and
    transcripts by why the reader's browser cannot run them, "" for those that it can.
    """

    uri: str
    title: str
    goal: str
    minutes: int | None
    forms: dict[str, int]
    lines: int
    code: int
    questions: int
    answers: int
    named_checks: int
    theorems: int
    given: int
    tried: dict[str, int]


class Job(NamedTuple):
    """What a run is asked for: a page's path, its module's stem, and its items.

    `needs` are the files that it may read, and $NAMES of the environment; `facts` are
    those of all pages, for a run that asks for them.
    """

    path: str
    stem: str
    items: list[Item]
    needs: tuple[str, ...] = ()
    facts: tuple[Facts, ...] | None = None


class Outcome(NamedTuple):
    """What a run gave: one result for each item, and the faults that it met."""

    results: list[Result]
    faults: list[Fault]


def to_json(outcome: Outcome) -> Any:
    """An outcome as plain lists, which `from_json` reads."""
    return [[_as_list(result) for result in outcome.results], outcome.faults]


def from_json(data: Any) -> Outcome:
    """The outcome that `to_json` wrote; ValueError where it is none."""
    try:
        results, faults = data
        return Outcome(
            [_from_list(one) for one in results], [Fault(*f) for f in faults]
        )
    except (TypeError, ValueError, LookupError) as error:
        raise ValueError(f"this is no outcome: {error}") from None


def _as_list(result: Result) -> list[Any]:
    match result:
        case Text(text):
            return ["text", text]
        case Markup(html):
            return ["markup", html]
        case Drawing(svg, movable):
            return ["drawing", svg, movable]
        case Cells(outputs):
            return [
                "cells",
                [[_output_as_list(one) for one in cell] for cell in outputs],
            ]


def _output_as_list(output: Text | tuple[Drawing, str]) -> list[Any]:
    if isinstance(output, Text):
        return ["text", output.text]
    drawing, alt = output
    return ["figure", drawing.svg, alt]


def _from_list(data: Any) -> Result:
    kind, *rest = data
    if kind == "text":
        return Text(*map(_text, rest))
    if kind == "markup":
        return Markup(*map(_text, rest))
    if kind == "drawing":
        svg, movable = rest
        return Drawing(_text(svg), movable and _movable(*movable))
    if kind == "cells":
        return Cells([[_output_from_list(one) for one in cell] for cell in rest[0]])
    raise ValueError(f"there is no result of kind {kind}")


def _text(data: Any) -> str:
    if not isinstance(data, str):
        raise ValueError(f"{data!r} is no text")
    return data


def _movable(data: MovableData, shown: list[Any], functions: list[Any]) -> Movable:
    says, knobs, columns, rows, again, formulas, counts = shown
    told = [ShownKnob(*knob) for knob in knobs]
    read = [
        Formula(
            name, tex, {at: (slot, text) for at, (slot, text) in stands.items()}, on
        )
        for name, tex, stands, on in formulas
    ]
    given = Functions(*functions)
    return Movable(data, Shown(says, told, columns, rows, again, read, counts), given)


def _output_from_list(data: Any) -> Text | tuple[Drawing, str]:
    kind, *rest = data
    return Text(*rest) if kind == "text" else (Drawing(rest[0]), rest[1])


def typeset(words: str) -> str:
    r"""A docstring's words with the quotation marks and signs of a page.

    >>> typeset('Say "halves" if the loss\'s slope is zero.')
    'Say “halves” if the loss’s slope is zero.'
    >>> typeset("the step from x - h to -0.5, well-known")
    'the step from x − h to −0.5, well-known'
    """
    words = re.sub(r"(?<= )-(?= )|(?<![\w-])-(?=\d)", "−", words)
    return re.sub(r"(?:^|(?<=\w))'(?!')", "’", re.sub('"([^"]*)"', r"“\1”", words))


def powers(text: str) -> str:
    """A text with powers of ten where Python writes an exponent, but not in code.

    >>> powers("1e-08 and `1e-3`"), powers("−4.1e−08").split("\\xa0")
    ('10⁻⁸ and `1e-3`', ['−4.1', '·', '10⁻⁸'])
    """
    return _EXPONENT.sub(_power, text)


def _power(match: re.Match[str]) -> str:
    factor, sign, size = match.groups()
    if size is None:
        return match[0]
    power = "10" + (sign + size).translate(_RAISED)
    return power if factor == "1" else f"{factor}\xa0·\xa0{power}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint at the nearest known name, or an empty string.

    The ending of a file, which many have in common, makes no two names alike.

    >>> did_you_mean("setp", ["step", "descend"])
    '; did you mean step?'
    >>> did_you_mean("newton", ["step", "descend"])
    ''
    >>> did_you_mean("coordinate.py", ["rate.py"])
    ''
    >>> did_you_mean("raet.py", ["rate.py"])
    '; did you mean rate.py?'
    """
    plain = {_ENDING.sub("", one): one for one in known}
    near = difflib.get_close_matches(_ENDING.sub("", name), plain, n=1)
    return f"; did you mean {plain[near[0]]}?" if near else ""


_ENDING = re.compile(r"\.(?:py|md)$")
_EXPONENT = re.compile(r"`[^`]*`|(?<![\w.])(\d[\d.]*)e([+−-]?)0*(\d+)(?!\w)")
_RAISED = str.maketrans("0123456789−-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻", "+")
