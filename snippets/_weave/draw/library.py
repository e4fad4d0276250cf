"""What translated functions may call of Python, and how JavaScript says it."""

from __future__ import annotations

import functools
import math
import re
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

# What the translated code may need besides itself; each is put in where it is named.
_HELPERS = {
    "$fail": "(what) => { throw new RangeError(what); }",
    "$div": '(a, b) => (b === 0 ? $fail("division by zero") : a / b)',
    "$whole": '(n) => (Number.isSafeInteger(n) ? n : $fail("an integer beyond 2**53"))',
    "$square": "(x) => $math((x) => x * x, x)",
    "$at": """(list, i) => {
  const place = i < 0 ? i + list.length : i;
  return place in list ? list[place] : $fail("index out of range");
}""",
    "$exactly": '(list, n) => (list.length === n ? list : $fail("cannot unpack"))',
    "$kept": """(f) => {
  let given = [], result;
  return (...now) => {
    if (now.length !== given.length || now.some((x, i) => !Object.is(x, given[i]))) {
      result = f(...now);
      given = now;
    }
    return result;
  };
}""",
    "$math": """(f, x) => {
  const y = f(x);
  const isNew = Number.isNaN(y) ? !Number.isNaN(x) : Number.isFinite(x);
  return Number.isFinite(y) || !isNew ? y : $fail("math domain or range");
}""",
    "$range": """(...given) => {
  const numbers = [];
  const [low, high, step] = given.length === 1 ? [0, ...given, 1] : [...given, 1];
  if (step === 0) $fail("a step of zero");
  for (let i = low; step > 0 ? i < high : i > high; i += step) numbers.push(i);
  return numbers;
}""",
    "$least": "(...given) => given.reduce((least, x) => (x < least ? x : least))",
    "$most": "(...given) => given.reduce((most, x) => (x > most ? x : most))",
}


def helpers(text: str) -> str:
    """The helpers that a text names, and those that they name."""
    named: set[str] = set()
    while True:
        code = [f"const {name}={_bare(_HELPERS[name])};" for name in sorted(named)]
        found = set(re.findall(r"\$[a-z]+", "".join([text, *code]))) & {*_HELPERS}
        if found == named:
            return "".join(code)
        named = found


def _bare(code: str) -> str:
    """Without the spaces that only people need."""
    return re.sub(r"\s*(\n|[-+*/=<>?:,;{}()&|]+)\s*", lambda m: m[1].strip(), code)


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
        abs: BuiltIn("Math.abs({})", joined),
        float: BuiltIn("{}", _always(FLOAT)),
        min: BuiltIn("$least({})", joined, 2, 9),
        max: BuiltIn("$most({})", joined, 2, 9),
        len: BuiltIn("{}.length", _always(INT), 1, 1, is_list, "not a list"),
        range: BuiltIn(
            "$range({})", _always(list_of(INT)),
            1, 3, INT.__eq__, "not an integer",
        ),
        math.floor: BuiltIn("$whole(Math.floor({}))", _always(INT)),
        math.ceil: BuiltIn("$whole(Math.ceil({}))", _always(INT)),
        math.fabs: BuiltIn("Math.abs({})", _always(FLOAT)),
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
        elementary = BuiltIn(f"$math(Math.{name},{{}})", _always(FLOAT))
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
