"""Figures to move: what stands on a page between `/// explore | task` and `///`.

    /// explore | Which is the largest rate that does not diverge?
        id: explore-square

    ![Ten steps down a parabola](figures/rate/explore_square.svg)

    What the reader should see.
    ///

The figure says what can be moved (see `shared.explorable`), so the block works on any
page. Without an id it gets one from the figure's name. Where one of its knobs is
enough, the option `knob: rate` hides the others and the table. The block comes whole
from the build: the figure, the sentence on it and its numbers in a table. The controls
are `hidden` until the script shows them; the functions that it calls are a script of
their own, translated from the figure's (see `draw.live`).
"""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from markdown import Markdown
from markdown.util import HTML_PLACEHOLDER_RE, AtomicString
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from ..model import Movable, MovableData, Shown
from . import places
from .context import Context, Placed
from .html import Element, add

_ID = re.compile(r"[A-Za-z][\w-]*", re.ASCII)


class ExploreExtension(BlocksExtension):  # type: ignore[misc]
    """Adds the block `explore`."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:
        md.block_level_elements += ["weave-explore"]
        block_mgr.register(Explore, {"context": self.context})


class _Found(NamedTuple):
    """A figure that can be moved: which part of the block it is, and what it is."""

    part: int
    placed: Placed
    movable: Movable


class Explore(Block):  # type: ignore[misc]  # pymdownx has no types
    NAME = "explore"
    ARGUMENT = True
    OPTIONS = {  # noqa: RUF012 (as in Block)
        "id": ("", None),
        "knob": ("", None),
        "at": ("", None),
    }

    def on_markdown(self) -> str:
        return "block"

    def on_create(self, parent: Element) -> Element:
        return add(parent, "weave-explore")

    def on_end(self, element: Element) -> None:
        found, own = self._figures(element), str(self.options["id"])
        if len(found) != 1:
            return self._refuse(
                element,
                "a block to explore holds one figure that can be moved, as in "
                "![what is seen](figures/rate/explore_square.svg), and here are "
                f"{len(found)}; its figure function calls shared.explorable.movable",
            )
        [(place, placed, movable)] = found
        data, shown, _ = movable
        name = own or placed.name.removeprefix("figure-")
        wrong = self._wrong_id(name)
        if wrong:
            return self._refuse(element, wrong, "id")
        knobs, only = [knob["name"] for knob in data["knobs"]], self.options["knob"]
        if only and only not in knobs:
            message = (
                f"this figure has no knob {only}: write knob: {' or '.join(knobs)}"
            )
            return self._refuse(element, message, "knob")
        element.attrib = {"id": name, "data-explore": _compact(data)}
        context: Context = self.config["context"]
        if context.scripts is not None and context.uri is not None:
            context.scripts.add(context.uri, movable)
        task = add(element, "p", self.argument, **{"class": "weave-task"})
        element.remove(task)
        element.insert(0, task)
        for number, part in enumerate(
            (
                _sentence(name, shown.says),
                _controls(name, data, shown, only),
                _numbers(shown, only),
            ),
            start=place + 2,
        ):
            element.insert(number, part)

    def _wrong_id(self, name: str) -> str:
        """What is wrong with an id; it is noted, so that no other block has it."""
        names = self.tracker.setdefault("names", [])
        if name in names:
            return f"two blocks to explore have the id {name}; give one another id"
        names.append(name)
        if _ID.fullmatch(name):
            return ""
        return (
            f"id: {name} cannot be an id; write letters, digits and hyphens, a letter "
            "first"
        )

    def _refuse(self, element: Element, message: str, option: str = "") -> None:
        """Show or raise a fault at an option, or at the line that opens this block."""
        context: Context = self.config["context"]
        at = places.At.read(self.options["at"])
        box = context.fault(at.lines.get(option, at.line), message)
        element.clear()
        element.tag = "div"
        add(element, "p", self.md.htmlStash.store(box))

    def _figures(self, element: Element) -> list[_Found]:
        """The figures that can be moved among the paragraphs of the block."""
        context: Context = self.config["context"]
        found = []
        for number, part in enumerate(element):
            match = HTML_PLACEHOLDER_RE.fullmatch((part.text or "").strip())
            placed = context.placed.get(int(match[1])) if match else None
            if part.tag == "p" and placed and placed.drawing.movable:
                found.append(_Found(number, placed, placed.drawing.movable))
        return found


def _compact(data: MovableData) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _sentence(name: str, text: str) -> Element:
    sentence = Element("p", {"class": "weave-says", "id": f"{name}-says"})
    sentence.attrib |= {"aria-live": "polite", "data-search-exclude": "yes"}
    sentence.text = AtomicString(text)
    return sentence


def _controls(name: str, data: MovableData, shown: Shown, only: str) -> Element:
    """A row for each knob, with its marks below it, and a row of buttons.

    With `only`, the row of that knob is the only one that is not hidden.
    """
    form = Element("form", {"autocomplete": "off", "hidden": "hidden"})
    form.set("data-search-exclude", "yes")
    for knob, told in zip(data["knobs"], shown.knobs, strict=True):
        own = f"{name}-{knob['name']}"
        row = add(form, "div", **{"class": "weave-knob", "data-knob": knob["name"]})
        if only and only != knob["name"]:
            row.set("hidden", "hidden")
        label = add(row, "label", **{"for": own})
        label.text = AtomicString(told.label)
        slider = add(row, "input", id=own, type="range", name=knob["name"])
        slider.attrib |= {"min": repr(knob["low"]), "max": repr(knob["high"])}
        slider.attrib |= {"step": repr(knob["step"]), "value": repr(knob["value"])}
        value = add(row, "output", **{"for": own, "aria-live": "off"})
        value.text = AtomicString(told.value)
        line = add(row, "div", **{"class": "weave-marks"}) if told.marks else row
        for text in told.marks:
            add(line, "span", **{"class": "weave-tick", "aria-hidden": "true"})
            button = add(line, "button", type="button")
            button.text = AtomicString(text)
    if data["click"] and not only:
        add(form, "p", "A click on the figure moves the start.")
    row = add(form, "p", **{"class": "weave-row"})
    if shown.again:
        again = add(row, "button", shown.again, type="button")
        again.set("class", "weave-again")
    add(row, "button", "Reset", type="reset")
    add(row, "a", "Link to this state", href=f"#{name}")
    return form


def _numbers(shown: Shown, only: str) -> Element:
    details = Element("details", {"class": "weave-numbers"})
    details.set("data-search-exclude", "yes")
    if only:
        details.set("hidden", "hidden")
    add(details, "summary", "The numbers")
    # Only tables without a class does the theme wrap, in what no key can scroll.
    group = add(details, "div", tabindex="0", role="group")
    group.attrib |= {"class": "weave-table", "aria-label": "The numbers"}
    table = add(group, "table", **{"class": "weave-rows"})
    head = add(add(table, "thead"), "tr")
    for column in shown.columns:
        cell = add(head, "th", scope="col")
        cell.text = AtomicString(column)
    body = add(table, "tbody")
    for k, row in enumerate(shown.rows):
        line = add(body, "tr")
        for text in [str(k), *row]:
            add(line, "td").text = AtomicString(text)
    return details
