"""Figures to move: what stands on a page between `/// explore | task` and `///`.

    /// explore | Which is the largest rate that does not diverge?
    ![Ten steps down a parabola](figures/explore/square.svg)

    What the reader should see.
    ///

The figure says what can be moved (see `live`), so the block works on any page. Where
one of its knobs is enough, `knob: rate` below the first line, indented by four spaces,
hides the others and the table. The block comes whole from the build: the figure, the
sentence on it and its numbers in a table. The controls are `hidden` until the script
shows them; the functions it calls are those of the figure's module, in JavaScript (see
`translate`).
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from markdown import Markdown
from markdown.util import HTML_PLACEHOLDER_RE, AtomicString
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from . import places
from .context import Context, Placed
from .html import Element, add


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


class Explore(Block):  # type: ignore[misc]  # pymdownx has no types
    NAME = "explore"
    ARGUMENT = True
    OPTIONS = {  # noqa: RUF012 (as in Block)
        "knob": ("", None),
        "at": ("", None),
    }

    def on_markdown(self) -> str:
        return "block"

    def on_create(self, parent: Element) -> Element:
        return add(parent, "weave-explore")

    def on_end(self, element: Element) -> None:
        found = self._figures(element)
        if len(found) != 1:
            return self._refuse(
                element,
                "a block to explore holds one figure that can be moved, as in "
                "![what is seen](figures/explore/square.svg), and here are "
                f"{len(found)}; its figure function calls shared.explorable.movable",
            )
        [(place, placed)] = found
        data: dict[str, Any] = dict(placed.drawing.explore or {})
        name, shown = placed.name.removeprefix("figure-"), data.pop("shown")
        knobs, only = [knob["name"] for knob in data["knobs"]], self.options["knob"]
        if only and only not in knobs:
            said = f"this figure has no knob {only}: write knob: {' or '.join(knobs)}"
            return self._refuse(element, said, "knob")
        element.attrib = {"id": name, "data-explore": json.dumps(data)}
        task = add(element, "p", self.argument, **{"class": "weave-task"})
        element.remove(task)
        element.insert(0, task)
        for number, part in enumerate(
            (
                _said(name, shown["says"]),
                _controls(name, data, shown, only),
                _numbers(data["table"][1], shown["rows"], only),
            ),
            start=place + 2,
        ):
            element.insert(number, part)

    def _refuse(self, element: Element, message: str, option: str = "") -> None:
        """Show or raise a fault at an option, or at the line that opens this block."""
        context: Context = self.config["context"]
        at = places.At.read(self.options["at"])
        said = context.fault(at.lines.get(option, at.line), message)
        element.clear()
        element.tag = "div"
        add(element, "p", self.md.htmlStash.store(said))

    def _figures(self, element: Element) -> list[_Found]:
        """The figures that can be moved among the paragraphs of the block."""
        context: Context = self.config["context"]
        found = []
        for number, part in enumerate(element):
            match = HTML_PLACEHOLDER_RE.fullmatch((part.text or "").strip())
            placed = context.placed.get(int(match[1])) if match else None
            if part.tag == "p" and placed and placed.drawing.explore is not None:
                found.append(_Found(number, placed))
        return found


def _said(name: str, text: str) -> Element:
    said = Element("p", {"class": "weave-says", "id": f"{name}-says"})
    said.attrib |= {"aria-live": "polite", "data-search-exclude": "yes"}
    said.text = AtomicString(text)
    return said


def _controls(
    name: str, data: dict[str, Any], shown: dict[str, Any], only: str
) -> Element:
    """A row for each knob, with its marks below it, and a row of buttons.

    With `only`, the row of that knob is the only one that is not hidden.
    """
    form = Element("form", {"autocomplete": "off", "hidden": "hidden"})
    form.set("data-search-exclude", "yes")
    for knob in data["knobs"]:
        own = f"{name}-{knob['name']}"
        row = add(form, "div", **{"class": "weave-knob", "data-knob": knob["name"]})
        if only and only != knob["name"]:
            row.set("hidden", "hidden")
        label = add(row, "label", **{"for": own})
        label.text = AtomicString(knob["label"])
        slider = add(row, "input", id=own, type="range", name=knob["name"])
        slider.attrib |= {"min": repr(knob["low"]), "max": repr(knob["high"])}
        slider.attrib |= {"step": repr(knob["step"]), "value": repr(knob["value"])}
        value = add(row, "output", **{"for": own, "aria-live": "off"})
        value.text = AtomicString(shown["values"][knob["name"]])
        if "marks" not in knob:
            continue
        line = add(row, "div", **{"class": "weave-marks"})
        names = knob["marks"]["names"]
        for text, at in zip(names, shown["marks"][knob["name"]], strict=True):
            add(line, "span", **{"class": "weave-tick", "aria-hidden": "true"})
            button = add(line, "button", type="button")
            button.text = AtomicString(f"{text} {at}")
    if data["click"] and not only:
        add(form, "p", "A click on the figure moves the start.")
    row = add(form, "p", **{"class": "weave-row"})
    if "again" in data:
        again = add(row, "button", data["again"][2], type="button")
        again.set("class", "weave-again")
    add(row, "button", "Reset", type="reset")
    add(row, "a", "Link to this state", href=f"#{name}")
    return form


def _numbers(columns: list[str], rows: list[list[str]], only: str) -> Element:
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
    for column in columns:
        cell = add(head, "th", scope="col")
        cell.text = AtomicString(column)
    body = add(table, "tbody")
    for k, row in enumerate(rows):
        line = add(body, "tr")
        for text in [str(k), *row]:
            add(line, "td").text = AtomicString(text)
    return details
