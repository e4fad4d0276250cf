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
        targets={"bounces": Target(bounces, {"rate": 0.9})},
    )

Each function gives what is drawn or said in one state, or whether a target is reached
in it. Its parameters have the names of knobs and take floats, or the name that was
chosen of several, since the page runs it too, in JavaScript:
`_weave/draw/translate.py` says which Python can be translated.
"""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import matplotlib.pyplot as plt
import numpy as np

LINES = {"path": {"linewidth": 1}, "line": {"linestyle": "--"}}
LINES |= {"level": {"linewidth": 0.6}, "curve": {}}
DOTTED = "path", "dots"


class Marks(NamedTuple):
    """Values of a knob with a name; `function` gives them, in the same order.

    It may give fewer, where the last ones are none. Marks that answer a question or a
    task wait: they are shown when all tasks are done, or when the reader asks for them.
    """

    names: list
    function: Callable
    waits: bool = False


class Knob(NamedTuple):
    """A slider from `low` to `high`, which starts at `value`.

    From 0 to 1 with a step of 1 it is a switch, which is on above ½.
    """

    name: str
    label: str
    low: float
    high: float
    step: float
    value: float
    marks: Marks | None = None

    def takes(self, value):
        """Whether the slider can stand at a value.

        >>> Knob("x", "x", 0.1, 1.0, 0.2, 0.5).takes(0.7)
        True
        """
        steps = (value - self.low) / self.step
        return self.low <= value <= self.high and abs(steps - round(steps)) < 1e-9


class Choice(NamedTuple):
    """A list of names, of which one is chosen; the functions are given it as a text.

    What the page, its addresses and its targets say is the name, too.
    """

    name: str
    label: str
    names: list
    value: str

    def takes(self, value):
        """Whether a value is one of the names."""
        return value in self.names


class Asked(NamedTuple):
    """Places at which the reader asked: values of the knob `of`, one after another.

    There is one at least, and `most` at most. The functions get all of them, as a
    tuple; the page says how many there are, and has buttons that add the knob's
    present value, and take the last one back.
    """

    name: str
    label: str
    of: str
    most: int
    value: tuple

    def takes(self, value):
        """Whether there can be these places.

        >>> Asked("looks", "looks", "x", 2, (0.0,)).takes((1.0, 2.0, 3.0))
        False
        """
        return 1 <= len(value) <= self.most


class Layer(NamedTuple):
    """What is drawn of a state: the points [x, y] that a function gives.

    The kind is "path" for dots on a line, with an open start, "dots", "curve" for a
    line, "line" for a dashed one or, for a function that gives a list of lines, thin
    ones, "level". Without a role its colour is that of the sentence said. It lies over
    `axes`, if it has some of its own in the figure.
    """

    function: Callable
    kind: str
    role: str | None = None
    axes: Any = None


class Field(NamedTuple):
    """Where each point of a grid belongs: a map that is painted below the layers.

    function  gives it for the two knobs that a click sets, and others: the index of a
              shade, or -1
    reach     the grid's first and last coordinate, along both axes
    shades    (colour, opacity, what is counted with it) for each index
    first     the indices for the state that the knobs start with, n × n; the figure
              function has painted them, with the gid "field"
    """

    function: Callable
    reach: tuple
    shades: list
    first: Any

    def counts(self):
        """Return how many points there are of each kind.

        >>> shades = [("path", 0.5, "left"), ("soft", 0.5, "right"), ("ink", 1, "left")]
        >>> Field(None, (-1, 1), shades, np.array([[0, 1], [2, -1]])).counts()
        {'left': 2, 'right': 1}
        """
        kinds = dict.fromkeys((kind for _, _, kind in self.shades), 0)
        for index, (_, _, kind) in enumerate(self.shades):
            kinds[kind] += int(np.sum(self.first == index))
        return kinds


class Target(NamedTuple):
    """What the reader can be asked to reach: `function` says whether a state does.

    The proof that one does is `at`: values that the sliders of some knobs can take,
    while the others stand where they start.
    """

    function: Callable
    at: dict


class Explorable(NamedTuple):
    """What can be moved in a figure, and what then is drawn and said.

    axes     the axes that the layers lie over, and in which a click counts
    knobs    each a Knob, a Choice, or an Asked
    layers   each a Layer
    says     (function, sentences): the function gives the name of a sentence and the
             numbers in it; a sentence is (role, text), with {1:4} for the first
             number with four decimals
    adds     as `says`, for a second sentence after that; a sentence is a text
    table    (function, columns)
    click    the names of the knobs that a click sets
    again    (function, text): a button that sets what a click sets, in that order
    targets  each a Target, by the name that a page calls it
    formula  (function, TeX): {1:4} in the TeX is the first number that the function
             gives, with four decimals; or (function, formulas) as for `says`, where
             the function gives the name of a TeX before the numbers in it
    field    a Field
    """

    axes: Any
    knobs: list
    layers: list
    says: tuple
    table: tuple
    click: list
    again: tuple | None
    targets: dict
    formula: tuple | None = None
    field: Field | None = None
    adds: tuple | None = None

    def parameters(self, function):
        """The knobs that a function asks for, by their names."""
        names = list(inspect.signature(function).parameters)
        for name in names:
            if name not in [knob.name for knob in self.knobs]:
                raise ValueError(
                    f"{function.__name__} asks for {name}, which is no knob"
                )
        return names

    def run(self, function, at=()):
        """What a function gives for the state that the knobs start with.

        `at` has other values for some knobs.
        """
        state = {knob.name: knob.value for knob in self.knobs} | dict(at)
        values = [state[name] for name in self.parameters(function)]
        return function(
            *(x if isinstance(x, str | tuple) else float(x) for x in values)
        )

    def said(self):
        """What is said of that state: the role, the text, and what stands in it."""
        function, sentences = self.says
        which, *numbers = self.run(function)
        if which not in sentences:
            raise ValueError(
                f"{function.__name__} gives {which!r}, which is no sentence"
            )
        return *sentences[which], [which, *numbers]

    def check(self):
        """Raise ValueError for a target that is there from the start, or never."""
        for name, (function, at) in self.targets.items():
            for knob, value in at.items():
                if not any(one.name == knob and one.takes(value) for one in self.knobs):
                    raise ValueError(f"{name}: no slider gives {knob} = {value}")
            reached = [self.run(function), self.run(function, at)]
            if any(one not in (True, False) for one in reached):
                raise ValueError(f"{name}: {reached[0]!r} is neither True nor False")
            if reached != [False, True]:
                where = "where it starts" if reached[0] else f"at {at}"
                said = "is reached" if reached[0] else "is not reached"
                raise ValueError(f"the target {name} {said} {where}")


_of = WeakKeyDictionary()


def movable(figure, ax, *, click=(), targets=(), **parts):
    """Draw the state that the knobs start with, and say what can be moved.

    The arguments are those of `Explorable`; returns the figure.
    """
    parts = {"again": None, **parts}
    given = Explorable(ax, click=[*click], targets=dict(targets), **parts)
    given.check()
    said, *_ = given.said()
    for function, kind, role, own in given.layers:
        points = given.run(function)
        line = _joined(points) if kind == "level" else points
        if len(line):
            _draw(own or ax, kind, np.transpose(line), color=role or said, gid="live")
    _of[figure] = given
    return figure


def explorable(figure):
    """What can be moved in a figure, or None."""
    return _of.get(figure)


def _joined(lines):
    """Return lines as one, with gaps between them; pieces that meet become longer.

    >>> _joined([[[0, 0], [1, 1]], [[3, 0], [2, 0]], [[2, 0], [1, 1]]])
    [[0, 0], [1, 1], [2, 0], [3, 0], [nan, nan]]
    """
    ends, lines = {}, [[*line] for line in lines]
    for line in lines:
        for end in line[0], line[-1]:
            ends.setdefault(tuple(end), []).append(line)
    joined, used = [], set()
    for line in lines:
        if id(line) in used:
            continue
        used.add(id(line))
        for _ in range(2):  # on from its end, and then from its beginning
            line.reverse()
            while other := next(
                (one for one in ends.get(tuple(line[-1]), ()) if id(one) not in used),
                None,
            ):
                used.add(id(other))
                line += other[1:] if other[0] == line[-1] else other[-2::-1]
        joined += [*line, [np.nan, np.nan]]
    return joined


def _draw(ax, kind, line, **style):
    """Draw one line or row of dots; the page hides it when it draws another state."""
    if kind not in {*LINES, *DOTTED}:
        raise ValueError(
            f"there is no kind {kind}: write path, dots, curve, line or level"
        )
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
