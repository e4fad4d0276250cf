"""Translated functions in scripts: each of them once, under a short name.

What figures of several pages call is in a script of its own, which a browser loads
once. A function's text has marks for names: of other functions, of what explore.js
shares with all pages, and of its own locals. Where locals of several functions have
the same name, they have the same letter, because what is the same is packed best.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import chain
from string import ascii_lowercase, ascii_uppercase
from types import MappingProxyType
from typing import NamedTuple

from ..model import Functions

# No author's text has such characters.
_REFERENCE = re.compile("\ue00a([^\ue00b]+)\ue00b")
_LOCAL = re.compile("\ue00c([^\ue00d]+)\ue00d")

_ORDERED = re.compile("\ue00e([^\ue00f]*)\ue00f")

_NOTHING = MappingProxyType[str, str]({})
_WORTH = 4000  # as many characters, with their marks, have a script of their own


class Common(NamedTuple):
    """What is in one script for several pages.

    `names` are those that parts have there; `code` makes an object of them, as `linked`
    does of sets.
    """

    pages: frozenset[str]
    names: dict[str, str]
    code: str


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


def linked(sets: Mapping[str, Functions], common: Mapping[str, str] = _NOTHING) -> str:
    """JavaScript of a function that makes an object of sets of functions, by name.

    It takes what explore.js shares with all pages, and what is in `common`, under the
    names that it has there.
    """
    parts = {name: text for one in sets.values() for name, text in one.parts.items()}
    parts = {name: text for name, text in parts.items() if name not in common}
    called = Counter(_REFERENCE.findall("".join(parts.values())))
    called.update(name for one in sets.values() for name in one.given)
    once = {name for one in sets.values() for name in one.given if called[name] == 1}
    ranked = [name for name, _ in called.most_common()]
    own = [name for name in ranked if name in parts and name not in once]
    names = dict(zip(own, _unused(common), strict=False)) | {**common}
    texts = _texts(parts, names)
    given = []
    for name, one in sets.items():
        functions = [names.get(own) or texts[own] for own in one.given]
        given.append(f'"{name}":[{",".join(functions)}]')
    return _made(texts, names, called, ",".join(given))


def _unused(common: Mapping[str, str]) -> Iterator[str]:
    names = short_names(ascii_uppercase)
    return (name for name in names if name not in common.values())


def _made(
    texts: Mapping[str, str],
    names: Mapping[str, str],
    called: Iterable[str],
    given: str,
) -> str:
    """A function that makes an object of what is given, with the texts that have names.

    It takes what is called besides.
    """
    taken = sorted({names.get(name, name) for name in called if name not in texts})
    kept = [f"{names[name]}={text}" for name, text in texts.items() if name in names]
    code = f"const {','.join(kept)};" if kept else ""
    return f"({{{','.join(taken)}}})=>{{{code}return{{{given}}}}}"


def _texts(parts: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """The parts with names in the place of their marks."""
    letters, texts = _letters(parts.values()), dict[str, str]()
    for name, text in parts.items():
        text = _REFERENCE.sub(lambda m: names.get(m[1], m[1]), text)
        text = _LOCAL.sub(lambda m: letters[m[1]], text)
        texts[name] = _ORDERED.sub(lambda m: ",".join(sorted(m[1].split(","))), text)
    return texts


def commons(pages: Mapping[str, Iterable[Functions]]) -> list[Common]:
    """What several pages need of their figures, if that is worth a script.

    What more pages need comes first, because others may call it.
    """
    users, parts = defaultdict[str, set[str]](set), dict[str, str]()
    for page in sorted(pages):
        for one in pages[page]:
            parts |= one.parts
            for name in one.parts:
                users[name].add(page)
    groups = defaultdict[frozenset[str], list[str]](list)
    for name, own in users.items():
        groups[frozenset(own)].append(name)
    found, letters = list[Common](), short_names(ascii_uppercase)
    for uris, wanted in sorted(groups.items(), key=lambda one: -len(one[0])):
        if len(uris) == 1 or sum(len(parts[name]) for name in wanted) < _WORTH:
            continue
        before = [one.names for one in found if one.pages >= uris]
        known = {name: letter for names in before for name, letter in names.items()}
        for name in wanted:  # with what they call, which is not yet in another script
            called = {*_REFERENCE.findall(parts[name])} & parts.keys()
            wanted += sorted(called - known.keys() - {*wanted})
        names = dict(zip(wanted, letters, strict=False))
        texts = _texts({name: parts[name] for name in wanted}, known | names)
        called = {*_REFERENCE.findall("".join(parts[name] for name in wanted))}
        code = _made(texts, known | names, called, ",".join(names.values()))
        found.append(Common(uris, names, code))
    return found


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
