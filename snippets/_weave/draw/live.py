"""What travels with a figure that the reader can move.

The figure function says it with `shared.explorable.movable`; here it becomes the data
of the custom element, after each function has been run for the default state.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

KINDS = "path", "dots", "line", "level"
_NUMBER = re.compile(r"\{(\d):(\d)\}")


def described(
    figure: Any, given: Any, palette: Mapping[str, str], numbers: Any
) -> dict[str, Any]:
    """The data of an explorable: what the script needs, and in `shown` the page.

    `given` is a `shared.explorable.Explorable`, `numbers` the module `shared.numbers`.
    Raises ValueError for what cannot be moved like this.
    """
    ax, knobs = given.axes, [dict(knob) for knob in given.knobs]
    state = {knob["name"]: knob["value"] for knob in knobs}
    if {ax.get_xscale(), ax.get_yscale()} != {"linear"}:
        raise ValueError("a figure to explore needs linear axes")
    roles = {"paper", "soft"} | {role for _, _, role in given.layers if role}
    marks = {}
    for knob in knobs:
        if not knob["low"] <= knob["value"] <= knob["high"]:
            raise ValueError(f"the knob {knob['name']} starts outside of its range")
        if "marks" in knob:
            mark = knob["marks"] = dict(knob["marks"])
            values = _run(mark["values"], state)
            mark["values"] = _called(mark["values"], state)
            if len(values) != len(mark["names"]):
                raise ValueError(f"{mark['values'][0]} gives not one value a mark")
            marks[knob["name"]] = [numbers.short(value) for value in values]
    for function, kind, _ in given.layers:
        if kind not in KINDS:
            raise ValueError(f"there is no kind {kind}: write {', '.join(KINDS)}")
        _run(function, state)
    function, sentences = given.says
    roles |= {role for role, _ in sentences}
    table, columns = given.table
    rows = [[numbers.written(x, 4) for x in row] for row in _run(table, state)]
    told = {
        "box": _box(figure, ax),
        "limits": [*map(float, [*ax.get_xlim(), *ax.get_ylim()])],
        "knobs": knobs,
        "layers": [
            [_called(run, state), kind, role] for run, kind, role in given.layers
        ],
        "says": [_called(function, state), sentences],
        "table": [_called(table, state), columns],
        "click": given.click,
        "colours": {role: palette[role] for role in sorted(roles)},
        "shown": {
            "says": sentence(_run(function, state), sentences, numbers.written)[1],
            "values": {knob["name"]: numbers.short(knob["value"]) for knob in knobs},
            "marks": marks,
            "rows": rows,
        },
    }
    if given.again:
        run, *rest = given.again
        told["again"] = [_called(run, state), *rest]
    return told


def _box(figure: Any, ax: Any) -> list[float]:
    """Left, top, width and height of the axes, in the units of the drawing."""
    width, height = 72 * figure.get_size_inches()
    at = ax.get_position()
    box = at.x0 * width, (1 - at.y1) * height, at.width * width, at.height * height
    return [round(float(length), 2) for length in box]


def _called(function: Callable[..., Any], state: Mapping[str, Any]) -> list[Any]:
    """A function as the script calls it: its name, and the knobs that it asks for."""
    names = [*inspect.signature(function).parameters]
    for name in names:
        if name not in state:
            raise ValueError(f"{function.__name__} asks for {name}, which is no knob")
    return [function.__name__, names]


def _run(function: Callable[..., Any], state: Mapping[str, Any]) -> Any:
    return function(*(state[name] for name in _called(function, state)[1]))


def sentence(
    said: Sequence[float],
    sentences: Sequence[tuple[str, str]],
    written: Callable[[float, int], str],
) -> tuple[str, str]:
    """The role and the text of what a state is said to be; as in explore.js.

    >>> from shared.numbers import written
    >>> said = [("path", "x = {1:2} after {2:0} steps")]
    >>> sentence([0, 0.25, 12], said, written)
    ('path', 'x = 0.25 after 12 steps')
    """
    role, text = sentences[int(said[0])]
    fill: Callable[[re.Match[str]], str] = lambda match: written(
        said[int(match[1])], int(match[2])
    )
    return role, _NUMBER.sub(fill, text)
