"""Translated functions in one script: each of them once, under a short name.

A function's text has marks for names: of other functions, of what explore.js shares
with all pages, and of its own locals. Where locals of several functions have the same
name, they have the same letter, because what is the same is packed best.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import chain
from string import ascii_lowercase, ascii_uppercase

from ..model import Functions

# No author's text has such characters.
_REFERENCE = re.compile("\ue00a([^\ue00b]+)\ue00b")
_LOCAL = re.compile("\ue00c([^\ue00d]+)\ue00d")

_ORDERED = re.compile("\ue00e([^\ue00f]*)\ue00f")


def reference(name: str) -> str:
    """What stands in a function for the name of another one, until it has one."""
    return f"\ue00a{name}\ue00b"


def shared(name: str, *given: str) -> str:
    """The call of a function that explore.js has for all pages."""
    return f"{reference(f'${name}')}({','.join(given)})"


def local(name: str) -> str:
    """What stands in a function for a name of its own."""
    return f"\ue00c{name}\ue00d"


def locals_(names: Iterable[str]) -> str:
    """Such names, which will stand in the order of their letters."""
    return f"\ue00e{','.join(map(local, names))}\ue00f"


def short_names(letters: str = ascii_lowercase) -> Iterator[str]:
    """a, b, c and so on: none of them is a word of JavaScript.

    >>> names = short_names()
    >>> [next(names) for _ in range(27)][-2:]
    ['z', 'a1']
    """
    yield from letters
    number = 1
    while True:
        yield from (f"{letter}{number}" for letter in letters)
        number += 1


def signed(functions: Functions) -> Functions:
    """The same functions under names made of all that they do, without unused ones.

    So what several figures of a page call is the same by its name. Where functions
    call each other in a circle, they have names that no other figure uses.
    """
    names, whole = dict[str, str](), "".join(functions.parts.values())

    def sign(key: str) -> str:
        if key.startswith("$"):
            return key
        if key not in names:
            names[key] = _digest(whole + key)  # for a circle that comes back to it
            own = _REFERENCE.sub(lambda m: sign(m[1]), functions.parts[key])
            names[key] = names[key] if names[key] in own else _digest(own)
        return names[key]

    given = [sign(key) for key in functions.given]
    parts = {
        names[key]: _REFERENCE.sub(lambda m: reference(sign(m[1])), text)
        for key, text in functions.parts.items()
        if key in names
    }
    return Functions(parts, given)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def linked(sets: Mapping[str, Functions]) -> str:
    """JavaScript of a function that makes an object of sets of functions, by name.

    It takes what explore.js shares with all pages.
    """
    parts = {name: text for one in sets.values() for name, text in one.parts.items()}
    called = Counter(_REFERENCE.findall("".join(parts.values())))
    called.update(dict.fromkeys(parts, 1))
    ranked = [name for name, _ in called.most_common()]
    names = dict(zip(ranked, short_names(ascii_uppercase), strict=False))
    letters = _letters(parts.values())
    code = ""
    for name, text in parts.items():
        text = _REFERENCE.sub(lambda m: names[m[1]], text)
        text = _LOCAL.sub(lambda m: letters[m[1]], text)
        text = _ORDERED.sub(lambda m: ",".join(sorted(m[1].split(","))), text)
        code += f",{names[name]}={text}"
    given = []
    for name, one in sets.items():
        given.append(f'"{name}":[{",".join(names[own] for own in one.given)}]')
    taken = [f"{name}:{names[name]}" for name in ranked if name.startswith("$")]
    return f"({{{','.join(taken)}}})=>{{const {code[1:]};return{{{','.join(given)}}}}}"


def _letters(parts: Iterable[str]) -> dict[str, str]:
    """A letter for each local name, such that no function has one of them twice.

    >>> _letters([local("x") + local("y") + local("x"), local("k") + local("x")])
    {'x': 'a', 'y': 'b', 'k': 'b'}
    """
    found = [_LOCAL.findall(text) for text in parts]
    beside = defaultdict[str, set[str]](set)
    for names in map(set, found):
        for name in names:
            beside[name] |= names
    letters = dict[str, str]()
    for name in dict.fromkeys(chain(*found)):
        taken = {letters.get(other) for other in beside[name]}
        letters[name] = next(one for one in short_names() if one not in taken)
    return letters
