"""What the processors of one conversion share: the page, its figures, its faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from ..draw.link import commons, linked
from ..model import Drawing, Fault, Functions, Movable, WeaveError
from ..read.page import Woven
from ..run.weaver import Weaver
from .html import framed, labelled

OnError = Callable[[WeaveError], str]

# Comments that no author writes: they have a character of Unicode's private area.
_PLACE = re.compile("<!-- \ue004(\\d+) -->(?:[^<]*<!-- \ue004 -->)?")
_MATH = re.compile("<math\\b.*?</math>", re.DOTALL)
_TAG = re.compile("<[^>]*>")


class Kept:
    """The drawings and formulas of all pages, kept out of the HTML until it is written.

    What indexes the text then need not read thousands of coordinates and elements.
    Only this class knows what stands for them until then.
    """

    def __init__(self) -> None:
        self._kept: list[str] = []

    def keep(self, markup: str, text: str = "") -> str:
        """Keep markup; returns what stands for it in the HTML, with a text to find."""
        self._kept.append(markup)
        end = f"{text}<!-- \ue004 -->" if text else ""
        return f"<!-- \ue004{len(self._kept) - 1} -->{end}"

    def without_maths(self, html: str) -> str:
        """The HTML with all its formulas kept; the text of each stays."""
        return _MATH.sub(lambda m: self.keep(m[0], _TAG.sub("", m[0])), html)

    def packed(self, html: str) -> tuple[str, list[str]]:
        """The HTML with places counted from 0, and the markup for these."""
        numbers = [*dict.fromkeys(int(n) for n in _PLACE.findall(html))]
        places = {number: place for place, number in enumerate(numbers)}
        return self._renumbered(html, places), [self._kept[n] for n in numbers]

    def unpacked(self, html: str, markup: list[str]) -> str:
        """The HTML that was packed, in this build; its markup is kept again."""
        first = len(self._kept)
        self._kept += markup
        return self._renumbered(html, {n: first + n for n in range(len(markup))})

    @staticmethod
    def _renumbered(html: str, numbers: dict[int, int]) -> str:
        def other(match: re.Match[str]) -> str:
            old = int(match[1])
            return match[0].replace(f"\ue004{old} ", f"\ue004{numbers[old]} ", 1)

        return _PLACE.sub(other, html)

    def restore(self, html: str) -> str:
        """The HTML with all that was kept in its place."""
        return _PLACE.sub(lambda match: self._kept[int(match[1])], html)


class Scripts:
    """The functions of the figures that move: one script for each page that has some.

    What several pages need has a script of its own, which these load before it.
    """

    def __init__(self) -> None:
        self._of_pages: dict[str, dict[str, Functions]] = {}
        self._files = dict[str, str]()  # until another figure is added
        self._paths: dict[str, list[str]] = {}

    def add(self, uri: str, movable: Movable) -> None:
        """Note that a page needs the functions of a figure."""
        self.add_all(uri, {movable.data["functions"]: movable.functions})

    def add_all(self, uri: str, functions: Mapping[str, Sequence[Any]]) -> None:
        """Note all functions of a page, by the name of their set."""
        self._files = {}
        for name, one in functions.items():
            self._of_pages.setdefault(uri, {})[name] = Functions(*one)

    def of(self, uri: str) -> dict[str, Functions]:
        """What has been noted of a page."""
        return self._of_pages.get(uri, {})

    def paths(self, uri: str) -> list[str]:
        """Where the scripts of a page are published, in their order."""
        self.files()
        return self._paths.get(uri, [])

    def files(self) -> dict[str, str]:
        """All scripts, by where they are published."""
        if not self._files:
            self._paths = {}
            pages = {uri: sets.values() for uri, sets in self._of_pages.items()}
            found = commons(pages)
            for one in found:
                code = f"(globalThis.weaveCommon??=[]).push({one.code});"
                self._put(code, one.pages)
            for uri, sets in self._of_pages.items():
                own = [one.names for one in found if uri in one.pages]
                names = {name: letter for one in own for name, letter in one.items()}
                self._put(f"globalThis.weaveFunctions={linked(sets, names)};", [uri])
        return self._files

    def _put(self, code: str, pages: Iterable[str]) -> None:
        path = f"assets/js/explore-{sha256(code.encode()).hexdigest()[:8]}.js"
        self._files[path] = f'"use strict";{code}\n'
        for uri in pages:
            self._paths.setdefault(uri, []).append(path)


def published(sets: Mapping[str, Functions]) -> str:
    """One script with these sets of functions, which explore.js makes.

    >>> published({"f1": Functions({"half": "(x)=>x/2"}, ["half"])})[39:]
    '({})=>{return{"f1":[(x)=>x/2]}};\\n'
    """
    return f'"use strict";globalThis.weaveFunctions={linked(sets)};\n'


class Placed(NamedTuple):
    """A figure of the page: its id, what it is called, and what was drawn.

    Two figures with the same slug are one, drawn twice.
    """

    name: str
    slug: str
    drawing: Drawing


class Context:
    """One conversion: of a page, or of what the bank quotes from pages.

    `woven` is None until the page has been woven, and stays so where it could not be.
    What is quoted has no faults of its own: its page says them. Still, `faults`
    counts them, since nothing that has faults is kept in the cache. `lone` are the
    lines of the dollars that could carry no mark (see `places`).
    """

    def __init__(
        self,
        weaver: Weaver,
        on_error: OnError | None,
        kept: Kept | None,
        scripts: Scripts | None,
    ) -> None:
        self.weaver, self.on_error = weaver, on_error
        self.kept, self.scripts = kept, scripts
        self.uri: str | None = None
        self.woven: Woven | None = None
        self.placed: dict[int, Placed] = {}
        self.quotes_page = False
        self.faults = 0
        self.lone: list[int] = []
        self._names: list[str] = []

    def quoting(self) -> Context:
        """A context for what this page quotes from another."""
        context = Context(self.weaver, self.on_error, self.kept, self.scripts)
        context.quotes_page = True
        return context

    def own(self) -> Context:
        """A context for a part of this page that is converted on its own."""
        context = Context(self.weaver, self.on_error, self.kept, self.scripts)
        context.uri, context.woven = self.uri, self.woven
        return context

    def fault(self, line: int | None, message: str) -> str:
        """Say what is wrong in a line; returns what stands in its place.

        What carries no line is the next of the lone dollars.
        """
        self.faults += 1
        if line is None:
            line = self.lone.pop(0) if self.lone else 1
        if self.quotes_page:
            return ""
        path = self.woven.page.path if self.woven else (self.uri or "?")
        return self.say(WeaveError([Fault(path, line, message)]))

    def say(self, error: WeaveError) -> str:
        """Raise an error, or return what stands for it on the page."""
        if self.on_error is None:
            raise error
        return self.on_error(error)

    def name(self, slug: str) -> str:
        """An id for a figure, another one for each time it is shown."""
        self._names.append(slug)
        count = self._names.count(slug)
        return f"figure-{slug}" + (f"-{count}" if count > 1 else "")

    def drawn(self, svg: str, alt: str) -> str:
        """A drawing with its accessible name, or what stands for it until later."""
        svg = labelled(svg, alt)
        return svg if self.kept is None else self.kept.keep(svg)

    def figure(self, slug: str, drawing: Drawing, alt: str) -> tuple[Placed, str]:
        """A figure of this page, and its HTML."""
        placed = Placed(self.name(slug), slug, drawing)
        return placed, framed(placed.name, self.drawn(drawing.svg, alt))
