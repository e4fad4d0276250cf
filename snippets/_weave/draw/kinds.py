"""What kind of value an expression has: as far as two languages could differ on it."""

from __future__ import annotations

from functools import reduce
from typing import Any, NamedTuple


class Kind(NamedTuple):
    """A kind of values.

    A "list", which may be a tuple, a range or an array, holds values of the kind `of`;
    that is None as long as it is empty. Its `size` is None where it is not the same in
    every run. A "function" is one of those in `calls`. What is of one kind here and of
    another there is "mixed": it can be handed on, and nothing else.
    """

    name: str
    of: Kind | None = None
    calls: frozenset[Any] = frozenset()
    size: int | None = None

    def __str__(self) -> str:
        return _SPOKEN.get(self.name, f"a {self.name}")


INT, FLOAT, BOOL, TEXT, MIXED = map(Kind, ("int", "float", "bool", "text", "mixed"))
NUMBER = Kind("number")  # an integer or a float, nobody knows which
_DEEPEST = 4
_SPOKEN = {
    "int": "an integer",
    "bool": "a truth value",
    "number": "an integer here and a float there",
    "mixed": "one thing here and another there",
}


def list_of(of: Kind | None, size: int | None = None) -> Kind:
    """A list of values of a kind, and of a size, if it is known.

    >>> list_of(list_of(INT)).of.of.name
    'int'
    """
    depth, inner = 1, of
    while inner is not None:
        depth, inner = depth + 1, inner.of
    return Kind("list", of if depth <= _DEEPEST else MIXED, size=size)


def is_number(kind: Kind) -> bool:
    """Whether values of this kind can be reckoned with."""
    return kind in (INT, FLOAT, NUMBER)


def is_list(kind: Kind) -> bool:
    """Whether values of this kind hold others, in an order."""
    return kind.name == "list"


def joined(*kinds: Kind | None) -> Kind | None:
    """The kind of a value that has one of these kinds; None is a kind not yet known.

    >>> joined(None, INT).name, joined(INT, FLOAT).name, joined(INT, TEXT).name
    ('int', 'number', 'mixed')
    >>> joined(list_of(INT, 2), list_of(INT, 3)) == list_of(INT)
    True
    """
    return reduce(_both, kinds, None)


def _both(one: Kind | None, other: Kind | None) -> Kind | None:
    if one is None or other is None or one == other:
        return one if other is None else other
    if is_number(one) and is_number(other):
        return NUMBER
    if is_list(one) and is_list(other):
        size = one.size if one.size == other.size else None
        return list_of(_both(one.of, other.of), size)
    if one.name == other.name == "function":
        return Kind("function", calls=one.calls | other.calls)
    return MIXED
