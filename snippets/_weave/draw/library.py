"""What translated functions may call of Python, and how JavaScript says it.

Where JavaScript has nothing that does the same, explore.js has a function for it, which
all pages with figures to move share.
"""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from .kinds import (
    BOOL,
    FLOAT,
    INT,
    NUMBER,
    Kind,
    is_list,
    is_number,
    joined,
    list_of,
)
from .link import shared


class BuiltIn(NamedTuple):
    """A function of Python's or NumPy's, and how JavaScript says it.

    Its arguments are of kinds that it `takes`; of theirs the kind of its result is
    made by `gives`.
    """

    form: str
    gives: Callable[..., Kind | None]
    least: int = 1
    most: int = 1
    takes: Callable[[Kind], bool] = is_number
    otherwise: str = "not a number"


@functools.cache
def built_in() -> dict[int, BuiltIn]:
    """What can be called besides functions that are translated, by its id."""
    known: dict[Any, BuiltIn] = {
        abs: BuiltIn(shared("abs", "{}"), joined),
        float: BuiltIn("{}", _always(FLOAT)),
        min: BuiltIn(shared("least", "{}"), joined, 2, 9),
        max: BuiltIn(shared("most", "{}"), joined, 2, 9),
        len: BuiltIn("{}.length", _always(INT), 1, 1, is_list, "not a list"),
        range: BuiltIn(
            shared("range", "{}"), _always(list_of(INT)),
            1, 3, INT.__eq__, "not an integer",
        ),
        math.floor: BuiltIn(shared("floor", "{}"), _always(INT)),
        math.ceil: BuiltIn(shared("ceil", "{}"), _always(INT)),
        math.fabs: BuiltIn(shared("abs", "{}"), _always(FLOAT)),
        math.isfinite: BuiltIn("Number.isFinite({})", _always(BOOL)),
        math.isnan: BuiltIn("Number.isNaN({})", _always(BOOL)),
    }  # fmt: skip
    numpy: Any = sys.modules.get("numpy")  # without it, no lesson calls it
    for name in (
        "sqrt",
        "cbrt",
        "exp",
        "log",
        "sin",
        "cos",
        "tan",
        "sinh",
        "cosh",
        "tanh",
    ):
        elementary = BuiltIn(shared(name, "{}"), _always(FLOAT))
        for library in filter(None, (math, numpy)):
            known[getattr(library, name)] = elementary
    if numpy:
        known[numpy.ndim] = BuiltIn("0", _always(INT))
        known[numpy.array] = BuiltIn(
            "[...{}]", _array, 1, 1, _is_vector, "not a list of numbers"
        )
    return {id(function): one for function, one in known.items()}


def _always(kind: Kind) -> Callable[..., Kind]:
    return lambda *_: kind


def _array(listing: Kind | None) -> Kind:
    """The kind of an array made of numbers: floats, if one of them is a float."""
    of = listing.of if listing else None
    return list_of(FLOAT if of == NUMBER else of)


def _is_vector(kind: Kind) -> bool:
    return is_list(kind) and (kind.of is None or is_number(kind.of))
