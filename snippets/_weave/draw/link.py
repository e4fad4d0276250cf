"""Translated functions in one script: each of them once, under a short name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from string import ascii_letters

from ..model import Functions
from .library import helpers

_REFERENCE = re.compile("\ue00a(\\w+)\ue00b")  # no author's text has such characters


def reference(name: str) -> str:
    """What stands in a function for the name of another one, until it has one."""
    return f"\ue00a{name}\ue00b"


def short_names() -> Iterator[str]:
    """a, b, c and so on: none of them is a word of JavaScript.

    >>> names = short_names()
    >>> [next(names) for _ in range(53)][-3:]
    ['Y', 'Z', 'a1']
    """
    yield from ascii_letters
    number = 1
    while True:
        yield from (f"{letter}{number}" for letter in ascii_letters)
        number += 1


def signed(functions: Functions) -> Functions:
    """The same functions under names made of all that they do, without unused ones.

    So what several figures of a page call is the same by its name. Where functions
    call each other in a circle, they have names that no other figure uses.
    """
    names, whole = dict[str, str](), "".join(functions.parts.values())

    def sign(key: str) -> str:
        if key not in names:
            names[key] = _digest(whole + key)  # for a circle that comes back to it
            own = _REFERENCE.sub(lambda m: sign(m[1]), functions.parts[key])
            names[key] = names[key] if names[key] in own else _digest(own)
        return names[key]

    given = {letter: sign(key) for letter, key in functions.given.items()}
    parts = {
        names[key]: _REFERENCE.sub(lambda m: reference(names[m[1]]), text)
        for key, text in functions.parts.items()
        if key in names
    }
    return Functions(parts, given)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def linked(sets: Mapping[str, Functions]) -> str:
    """JavaScript that evaluates to an object of sets of functions, by their names."""
    parts = {name: text for one in sets.values() for name, text in one.parts.items()}
    letters = {
        name: f"{short}$" for name, short in zip(parts, short_names(), strict=False)
    }
    code = ""
    for name, text in parts.items():
        text = _REFERENCE.sub(lambda m: letters[m[1]], text)
        is_plain = text.startswith("(")
        code += (
            f"function {letters[name]}{text}"
            if is_plain
            else f"const {letters[name]}={text};"
        )
    given = []
    for name, one in sets.items():
        pairs = [f"{letter}:{letters[own]}" for letter, own in one.given.items()]
        given.append(f'"{name}":{{{",".join(pairs)}}}')
    result = f"return{{{','.join(given)}}}"
    return f'(()=>{{"use strict";{helpers(code)}{code}{result}}})()'
