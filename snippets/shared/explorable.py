"""Figures that the reader can move: a figure function says what can be moved in it."""

from typing import Any, NamedTuple
from weakref import WeakKeyDictionary


class Explorable(NamedTuple):
    """What can be moved in a figure, and what then is drawn and said.

    axes     the axes that the live layers lie over
    knobs    dicts: name, label, low, high, step, value; and `marks`, a dict of names
             and, in `values`, the function that gives their values
    layers   (function, kind, role): the function's points, drawn as "path", "dots",
             "line" or, for a list of lines, "level", in the colour of a role; role
             None is the role of what is being said
    says     (function, sentences): the function gives the number of a sentence and
             the numbers in it; a sentence is (role, text), with {1:4} for the first
             number with four decimals
    table    (function, columns)
    click    the knobs that a click sets
    again    (function, name, text): a button that sets the knob to what it gives

    Every function is one that can be translated to JavaScript; its arguments are the
    names of knobs. The artists that show the default state have the gid "live": the
    page hides them when it draws another state.
    """

    axes: Any
    knobs: list
    layers: list
    says: tuple
    table: tuple
    click: list = []  # noqa: RUF012 (nobody changes it)
    again: tuple | None = None


_of = WeakKeyDictionary()


def movable(figure, **parts):
    """Say what can be moved in a figure (see `Explorable`); returns the figure."""
    _of[figure] = Explorable(**parts)
    return figure


def explorable(figure):
    """What can be moved in a figure, or None."""
    return _of.get(figure)
