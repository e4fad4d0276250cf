"""What travels with a figure that the reader can move.

The figure function says it with `shared.explorable.movable`; here it becomes the data
of the custom element, its functions become a script, and what they give for the first
state becomes what the page shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from hashlib import sha256
from typing import Any

from ..model import (
    Call,
    Formula,
    KnobData,
    LayerData,
    Movable,
    MovableData,
    Shown,
    ShownKnob,
)
from .translate import Script, translated

_NUMBER = re.compile(r"\{(\d):(\d)\}")
_NO_VALUE = 9_000_000  # what stands in a formula for its values is larger


def described(
    figure: Any, given: Any, palette: Container[str], explorable: Any, numbers: Any
) -> Movable:
    """What the page and its script need to know of a figure that can be moved.

    `given` is a `shared.explorable.Explorable`, `explorable` and `numbers` are the
    modules of that name. Raises ValueError for what cannot be moved like this, and
    WeaveError for functions that cannot be translated.
    """
    axes = [given.axes, *(layer.axes for layer in given.layers if layer.axes)]
    if {scale for ax in axes for scale in (ax.get_xscale(), ax.get_yscale())} != {
        "linear"
    }:
        raise ValueError("a figure to explore needs linear axes")
    for role, _ in given.says[1].values():
        if role not in palette:
            raise ValueError(f"{role} is no role: write one of shared/palette.py")
    chosen = {knob.name for knob in given.knobs if isinstance(knob, explorable.Choice)}
    asked = {knob.name for knob in given.knobs if isinstance(knob, explorable.Asked)}
    script = translated(dict.fromkeys(_functions(given)), chosen, asked)
    name = sha256(script.code.encode()).hexdigest()[:8]
    return Movable(
        _data(figure, given, explorable, script, name),
        _shown(given, numbers),
        script.functions,
    )


def _functions(given: Any) -> list[Callable[..., Any]]:
    """All functions that the page calls."""
    functions = [layer.function for layer in given.layers]
    functions += [given.says[0], given.table[0]]
    functions += [pair[0] for pair in _pairs(given) if pair]
    functions += [target.function for target in given.targets.values()]
    return functions + [marks.function for marks in map(_marks, given.knobs) if marks]


def _pairs(given: Any) -> list[Any]:
    """What some figures have: a function, first, and what is said with it."""
    return [given.again, given.formula, given.adds, given.field]


def _marks(knob: Any) -> Any:
    """The marks of a slider, if it has some; a choice has none."""
    return getattr(knob, "marks", None)


def _data(
    figure: Any, given: Any, explorable: Any, script: Script, name: str
) -> MovableData:
    def call(function: Callable[..., Any]) -> Call:
        return script.places[function], given.parameters(function)

    function, sentences = given.says
    data: MovableData = {
        "functions": name,
        "box": _box(figure, given.axes),
        "limits": _limits(given.axes),
        "knobs": [_knob(knob, call, explorable) for knob in given.knobs],
        "layers": [_layer(layer, call, figure, explorable) for layer in given.layers],
        "says": {"run": call(function), "sentences": sentences},
        "table": call(given.table[0]),
        "click": given.click,
        "targets": {name: call(one.function) for name, one in given.targets.items()},
    }
    if given.again:
        data["again"] = call(given.again[0])
    if given.formula:
        data["formula"] = call(given.formula[0])
    if given.adds:
        function, sentences = given.adds
        data["adds"] = {"run": call(function), "sentences": sentences}
    if given.field:
        run, reach, shades, first = given.field
        data["field"] = {
            "run": call(run),
            "size": len(first),
            "reach": reach,
            "shades": shades,
        }
    return data


def _knob(
    knob: Any, call: Callable[[Callable[..., Any]], Call], explorable: Any
) -> KnobData:
    if isinstance(knob, explorable.Asked):
        value = [*knob.value]
        return {"name": knob.name, "of": knob.of, "most": knob.most, "value": value}
    if isinstance(knob, explorable.Choice):
        if not knob.takes(knob.value):
            raise ValueError(f"{knob.value} is no name of the choice {knob.name}")
        return {"name": knob.name, "names": knob.names, "value": knob.value}
    if not knob.low <= knob.value <= knob.high:
        raise ValueError(f"the knob {knob.name} starts outside of its range")
    data: KnobData = {
        "name": knob.name,
        "low": knob.low,
        "high": knob.high,
        "step": knob.step,
        "value": knob.value,
    }
    if knob.marks:
        names, function, waits = knob.marks
        data["marks"] = {"names": names, "run": call(function), "waits": waits}
    return data


def _layer(
    layer: Any,
    call: Callable[[Callable[..., Any]], Call],
    figure: Any,
    explorable: Any,
) -> LayerData:
    line, dot = explorable.drawn_as(layer.kind)
    data: LayerData = {"run": call(layer.function)}
    if layer.role:
        data["role"] = layer.role
    if layer.kind == "level":
        data["many"] = True
    if line:
        data["line"] = line
    if dot:
        data["dot"] = dot
    if layer.axes:
        data |= {"box": _box(figure, layer.axes), "limits": _limits(layer.axes)}
    return data


def _limits(ax: Any) -> list[float]:
    """Left, right, bottom and top of the axes, in the units of the data."""
    return [*map(float, [*ax.get_xlim(), *ax.get_ylim()])]


def _box(figure: Any, ax: Any) -> list[float]:
    """Left, top, width and height of the axes, in the units of the drawing."""
    width, height = 72 * figure.get_size_inches()
    at = ax.get_position()
    box = at.x0 * width, (1 - at.y1) * height, at.width * width, at.height * height
    return [round(float(length), 2) for length in box]


def _shown(given: Any, numbers: Any) -> Shown:
    """What stands on the page: all of the state that the knobs start with."""
    _, text, said = given.said()
    function, columns = given.table
    told = filled(text, said, numbers.written)
    if given.adds:
        adds, sentences = given.adds
        said = given.run(adds)
        told += " " + filled(sentences[said[0]], said, numbers.written)
    return Shown(
        told,
        [_shown_knob(knob, given, numbers) for knob in given.knobs],
        columns,
        [[numbers.written(x, 4) for x in row] for row in given.run(function)],
        given.again[1] if given.again else None,
        _formulas(given, numbers) if given.formula else [],
        _counted(given.field.counts()) if given.field else None,
    )


def _counted(counts: dict[str, int]) -> str:
    """The counts of a map, as explore.js writes them.

    >>> _counted({"minimum": 22801, "saddle": 0})
    'minimum 22,801 · saddle 0'
    """
    return " · ".join(f"{kind} {number:,}" for kind, number in counts.items())


def _formulas(given: Any, numbers: Any) -> list[Formula]:
    """The formulas of a figure, of which one is shown."""
    function, formulas = given.formula
    values = given.run(function)
    if isinstance(formulas, str):
        formulas, values = {"": formulas}, ["", *values]
    if values[0] not in formulas:
        raise ValueError(f"{values[0]!r} is the name of no formula")
    return [
        _formula(name, tex, values if name == values[0] else [], numbers)
        for name, tex in formulas.items()
    ]


def _formula(name: str, tex: str, values: Sequence[Any], numbers: Any) -> Formula:
    """A formula with its values, or with empty places for them."""
    stands = dict[str, tuple[str, str]]()

    def number(match: re.Match[str]) -> str:
        place = str(_NO_VALUE + 1 + len(stands))
        text = filled(match[0], values, numbers.written) if values else ""
        stands[place] = f"{match[1]}:{match[2]}", text
        return f"{{{place}}}"

    return Formula(name, _NUMBER.sub(number, tex), stands, bool(values))


def _shown_knob(knob: Any, given: Any, numbers: Any) -> ShownKnob:
    names, function, _ = _marks(knob) or ([], None, False)
    values = given.run(function) if function else []
    if len(values) > len(names):
        raise ValueError(f"the marks of {knob.name} are more values than names")
    texts = [
        f"{name} {numbers.short(x)}" for name, x in zip(names, values, strict=False)
    ]
    texts += names[len(values) :]
    match knob.value:
        case str(value):
            pass
        case tuple():
            value = f"{len(knob.value)} of {knob.most}"
        case number:
            value = numbers.short(number)
    return ShownKnob(knob.label, value, texts)


def filled(text: str, said: Sequence[Any], written: Callable[[float, int], str]) -> str:
    """A sentence with its numbers, as explore.js says it.

    >>> from shared.numbers import written
    >>> filled("x = {1:2} after {2:0} steps", ["path", 0.25, 12], written)
    'x = 0.25 after 12 steps'
    """
    fill: Callable[[re.Match[str]], str] = lambda match: written(
        said[int(match[1])], int(match[2])
    )
    return _NUMBER.sub(fill, text)
