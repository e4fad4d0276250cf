"""Figures that the reader can move: a figure function says what can be moved in it.

    figure, ax = draw.axes("x", "f(x)")
    draw.curve(ax, f, -2, 2)
    return movable(
        figure,
        ax,
        knobs=[Knob("rate", "rate η", 0.01, 1.0, 0.01, 0.1)],
        layers=[Layer(path, "path")],
        says=(speed, {"slow": ("path", "After 10 steps x = {1:4}."), …}),
        table=(path, ["k", "xₖ", "f(xₖ)"]),
    )

Each function gives what is drawn or said in one state. Its parameters have the names
of knobs and take floats, since the page runs it too, in JavaScript:
`_weave/draw/translate.py` says which Python can be translated.
"""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import matplotlib.pyplot as plt
import numpy as np

LINES = {"path": {"linewidth": 1}, "line": {"linestyle": "--"}}
LINES |= {"level": {"linewidth": 0.6}}
DOTTED = "path", "dots"


class Marks(NamedTuple):
    """Values of a knob with a name; `function` gives them, in the same order."""

    names: list
    function: Callable


class Knob(NamedTuple):
    """A slider from `low` to `high`, which starts at `value`."""

    name: str
    label: str
    low: float
    high: float
    step: float
    value: float
    marks: Marks | None = None


class Layer(NamedTuple):
    """What is drawn of a state: the points [x, y] that a function gives.

    The kind is "path" for dots on a line, with an open start, "dots", "line" for a
    dashed one or, for a function that gives a list of lines, "level". Without a role
    its colour is that of the sentence said.
    """

    function: Callable
    kind: str
    role: str | None = None


class Explorable(NamedTuple):
    """What can be moved in a figure, and what then is drawn and said.

    axes     the axes that the layers lie over
    knobs    each a Knob
    layers   each a Layer
    says     (function, sentences): the function gives the name of a sentence and the
             numbers in it; a sentence is (role, text), with {1:4} for the first
             number with four decimals
    table    (function, columns)
    click    the names of the knobs that a click sets
    again    (function, name, text): a button that sets the knob to what it gives
    """

    axes: Any
    knobs: list
    layers: list
    says: tuple
    table: tuple
    click: list
    again: tuple | None

    def parameters(self, function):
        """The knobs that a function asks for, by their names."""
        names = list(inspect.signature(function).parameters)
        for name in names:
            if name not in [knob.name for knob in self.knobs]:
                raise ValueError(
                    f"{function.__name__} asks for {name}, which is no knob"
                )
        return names

    def run(self, function):
        """What a function gives for the state that the knobs start with."""
        state = {knob.name: float(knob.value) for knob in self.knobs}
        return function(*(state[name] for name in self.parameters(function)))

    def said(self):
        """What is said of that state: the role, the text, and what stands in it."""
        function, sentences = self.says
        which, *numbers = self.run(function)
        if which not in sentences:
            raise ValueError(
                f"{function.__name__} gives {which!r}, which is no sentence"
            )
        return *sentences[which], [which, *numbers]


_of = WeakKeyDictionary()


def movable(figure, ax, knobs, layers, says, table, click=(), again=None):
    """Draw the state that the knobs start with, and say what can be moved.

    The arguments are those of `Explorable`; returns the figure.
    """
    given = Explorable(ax, knobs, layers, says, table, [*click], again)
    said, *_ = given.said()
    for function, kind, role in layers:
        points = given.run(function)
        for line in points if kind == "level" else [points]:
            _draw(ax, kind, np.transpose(line), color=role or said, gid="live")
    _of[figure] = given
    return figure


def explorable(figure):
    """What can be moved in a figure, or None."""
    return _of.get(figure)


def _draw(ax, kind, line, **style):
    """Draw one line or row of dots; the page hides it when it draws another state."""
    if kind not in {*LINES, *DOTTED}:
        raise ValueError(f"there is no kind {kind}: write path, dots, line or level")
    if kind in LINES:
        ax.plot(*line, **LINES[kind], **style)
    if kind in DOTTED:
        ax.plot(*line[:, 1:], "o", **style)
        ax.plot(*line[:, :1], "o", markerfacecolor="paper", **style)


def drawn_as(kind):
    """How a layer is drawn, in the attributes of SVG: its lines and its dots, or None.

    >>> drawn_as("level")
    ({'stroke-width': 0.6}, None)
    """
    style, line, dot = plt.rcParams, None, None
    if kind in LINES:
        width = LINES[kind].get("linewidth", style["lines.linewidth"])
        line = {"stroke-width": width}
        if LINES[kind].get("linestyle") == "--":
            dashes = [width * length for length in style["lines.dashed_pattern"]]
            line["stroke-dasharray"] = " ".join(f"{length:g}" for length in dashes)
    if kind in DOTTED:
        radius, edge = style["lines.markersize"] / 2, style["lines.markeredgewidth"]
        dot = {"r": radius, "stroke-width": edge}
    return line, dot
