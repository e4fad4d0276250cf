"""Figures to move: what stands on a page between `/// explore | question` and `///`.

    /// explore | At which rate will the steps begin to grow?
        id: explore-square

    ![Ten steps down a parabola](figures/rate/explore_square.svg)

    - [largest] Find the largest rate that does not diverge.

    What the reader should see.
    ///

The question asks for a prediction. The list has the tasks, each with the name of a
target of the figure: the page says when it is reached. The figure says what can be
moved (see `shared.explorable`), so the block works on any page. Without an id it gets
one from the figure's name. Where one of its knobs is enough, the option `knob: rate`
hides the others and the table. The block comes whole from the build: the figure, the
sentence on it and its numbers in a table. The controls are `hidden` until the script
shows them; the functions that it calls are a script of their own, translated from the
figure's (see `draw.live`).
"""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from markdown import Markdown
from markdown.util import HTML_PLACEHOLDER_RE, AtomicString
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from ..model import Formula, Movable, MovableData, Shown, did_you_mean
from . import places
from .context import Context, Placed
from .html import Element, add
from .maths import MathError, to_mathml

_ID = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
_VALUE = re.compile(
    r"(?:<mo>(?P<sign>[+−⋅])</mo>(?P<between>(?:</?mrow>)*))?<mn>(?P<number>\d{7})</mn>"
)
_TARGET = re.compile(r"\s*(?:\ue002\d+\ue003)?\[(?P<name>[^\]\n]*)\]\s*")


class _Wrong(Exception):
    """What is wrong with a block; `at` is the line, or the option that it is about."""

    def __init__(self, message: str, at: int | str | None = None) -> None:
        super().__init__(message)
        self.at = at


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
        context: Context = self.config["context"]
        try:
            self._build(element, context)
        except _Wrong as wrong:
            at = places.At.read(self.options["at"])
            line = at.lines.get(wrong.at) if isinstance(wrong.at, str) else wrong.at
            box = context.fault(line or at.line, str(wrong))
            element.clear()
            element.tag = "div"
            add(element, "p", self.md.htmlStash.store(box))

    def _build(self, element: Element, context: Context) -> None:
        found, own = self._figures(element, context), str(self.options["id"])
        if len(found) != 1:
            raise _Wrong(
                "a block to explore holds one figure that can be moved, as in "
                "![what is seen](figures/rate/explore_square.svg), and here are "
                f"{len(found)}; its figure function calls shared.explorable.movable"
            )
        [(place, placed, movable)] = found
        data, shown, _ = movable
        name = self._name(own or placed.name.removeprefix("figure-"))
        knobs, only = [knob["name"] for knob in data["knobs"]], self.options["knob"]
        if only and only not in knobs:
            raise _Wrong(
                f"this figure has no knob {only}: write knob: {' or '.join(knobs)}",
                "knob",
            )
        parts = list(element)
        figure, tasks = parts[place], _tasks(parts, [*data["targets"]])
        parts.remove(tasks)
        after = parts.index(figure) + 1
        element.clear()
        element.tag = "weave-explore"
        element.attrib = {"id": name, "data-explore": _compact(data)}
        if context.scripts is not None and context.uri is not None:
            context.scripts.add(context.uri, movable)
        question = add(element, "p", **{"class": "weave-task"})
        add(question, "small", "Before you move").tail = f" {self.argument}"
        element.extend(parts[:after])
        element.append(_sentence(name, shown.says))
        if shown.counts:
            counts = add(element, "p", **{"class": "weave-counts"})
            counts.attrib |= {"aria-live": "polite", "data-search-exclude": "yes"}
            counts.text = AtomicString(shown.counts)
        element.extend([self._formula(one, context) for one in shown.formulas])
        element.append(tasks)
        add(add(element, "noscript"), "p", "To be moved, this figure needs JavaScript.")
        element.append(_controls(name, data, shown, only))
        element.append(_numbers(shown, only))
        element.extend(parts[after:])

    def _formula(self, given: Formula, context: Context) -> Element:
        """A formula, in which each value says which it is."""
        try:
            mathml = to_mathml(given.tex, cache=context.weaver.cache)
        except MathError as error:
            raise _Wrong(f"the formula of this figure: {error}") from None
        mathml = _VALUE.sub(lambda match: _value(match, given), mathml)
        paragraph = Element("p", {"class": "weave-formula", "data-name": given.name})
        if not given.is_shown:
            paragraph.set("hidden", "hidden")
        paragraph.set("data-search-exclude", "yes")
        formula = add(paragraph, "span", **{"class": "maths"})
        formula.text = self.md.htmlStash.store(mathml)
        return paragraph

    def _name(self, name: str) -> str:
        """The id, if it can be one, and no other block has it."""
        names = self.tracker.setdefault("names", [])
        if name in names:
            raise _Wrong(
                f"two blocks to explore have the id {name}; give one another id", "id"
            )
        names.append(name)
        if not _ID.fullmatch(name):
            raise _Wrong(
                f"id: {name} cannot be an id; write letters, digits and hyphens, a "
                "letter first",
                "id",
            )
        return name

    def _figures(self, element: Element, context: Context) -> list[_Found]:
        """The figures that can be moved among the paragraphs of the block."""
        found = []
        for number, part in enumerate(element):
            match = HTML_PLACEHOLDER_RE.fullmatch((part.text or "").strip())
            placed = context.placed.get(int(match[1])) if match else None
            if part.tag == "p" and placed and placed.drawing.movable:
                found.append(_Found(number, placed, placed.drawing.movable))
        return found


def signed(sign: str, text: str) -> tuple[str, str]:
    """A sign and a number after it, as they are written by hand and by explore.js.

    >>> signed("+", "−2"), signed("−", "−2"), signed("⋅", "−2"), signed("+", "2")
    (('−', '2'), ('+', '2'), ('⋅', '(−2)'), ('+', '2'))
    """
    if not text.startswith("−"):
        return sign, text
    return ("−+"["+−".index(sign)], text[1:]) if sign in "+−" else (sign, f"({text})")


def _value(match: re.Match[str], given: Formula) -> str:
    """A value of a formula, and the sign before it, if it has one."""
    slot, text = given.stands[match["number"]]
    before = ""
    if match["sign"]:
        sign, text = signed(match["sign"], text)
        before = f'<mo data-sign="{match["sign"]}">{sign}</mo>{match["between"]}'
    return f'{before}<mn data-value="{slot}">{text}</mn>'


def _tasks(parts: list[Element], targets: list[str]) -> Element:
    """The list of tasks, each with its target and a place to say that it is reached."""
    listing = next((part for part in parts if part.tag == "ul"), None)
    written = " or ".join(f"- [{name}] Task" for name in targets)
    if listing is None:
        raise _Wrong(
            "a block to explore has a list of tasks, each with the name of a target: "
            f"write {written or '- [name] Task, and targets= in movable'}"
        )
    listing.set("class", "weave-targets")
    for item in listing:
        holder = item if (item.text or "").strip() else next(iter(item), item)
        text = holder.text or ""
        match = _TARGET.match(text)
        if not match or match["name"] not in targets:
            rest, line = places.taken(text)
            hint = did_you_mean(match["name"], targets) if match else ""
            raise _Wrong(
                f"'{rest.strip()}' names no target of this figure: write "
                f"{written or 'targets= in movable'}{hint}",
                line,
            )
        holder.text = text[match.end() :]
        item.set("data-target", match["name"])
        said = add(item, "span", **{"class": "weave-found", "aria-live": "polite"})
        said.set("data-search-exclude", "yes")
    return listing


def _compact(data: MovableData) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _sentence(name: str, text: str) -> Element:
    sentence = Element("p", {"class": "weave-says", "id": f"{name}-says"})
    sentence.attrib |= {"aria-live": "polite", "aria-atomic": "true"}
    sentence.set("data-search-exclude", "yes")
    sentence.text = AtomicString(text)
    return sentence


def _controls(name: str, data: MovableData, shown: Shown, only: str) -> Element:
    """A row for each knob, with its marks below it, and a row of buttons.

    With `only`, the row of that knob is the only one that is not hidden.
    """
    form = Element("form", {"autocomplete": "off", "hidden": "hidden"})
    form.set("data-search-exclude", "yes")
    pairs, waits = [*zip(data["knobs"], shown.knobs, strict=True)], False
    for knob, told in pairs:
        own = f"{name}-{knob['name']}"
        row = add(form, "div", **{"class": "weave-knob", "data-knob": knob["name"]})
        if only and only != knob["name"]:
            row.set("hidden", "hidden")
        label = add(row, "label", **{"for": own})
        label.text = AtomicString(told.label)
        if "names" in knob:
            choice = add(row, "select", id=own, name=knob["name"])
            for text in knob["names"]:
                option = add(choice, "option")
                option.text = AtomicString(text)
                if text == knob["value"]:
                    option.set("selected", "selected")
            continue
        if "of" in knob:
            value = add(row, "output", id=own, **{"aria-live": "off"})
            value.text = AtomicString(told.value)
            line = add(row, "div", **{"class": "weave-marks"})
            add(line, "button", "Look here", type="button")
            add(line, "button", "Take back", type="button", disabled="disabled")
            continue
        if (knob["low"], knob["high"], knob["step"]) == (0, 1, 1):
            add(row, "input", id=own, type="checkbox", name=knob["name"])
            continue
        slider = add(row, "input", id=own, type="range", name=knob["name"])
        slider.attrib |= {"min": repr(knob["low"]), "max": repr(knob["high"])}
        slider.attrib |= {"step": repr(knob["step"]), "value": repr(knob["value"])}
        value = add(row, "output", **{"for": own, "aria-live": "off"})
        value.text = AtomicString(told.value)
        line = add(row, "div", **{"class": "weave-marks"}) if told.marks else row
        if "marks" in knob and knob["marks"]["waits"]:
            line.attrib |= {"data-waits": "yes", "hidden": "hidden"}
            waits = waits or row.get("hidden") is None
        for text in told.marks:
            add(line, "span", **{"class": "weave-tick", "aria-hidden": "true"})
            button = add(line, "button", type="button")
            button.text = AtomicString(text)
    if data["click"] and not only:
        labels = {knob["name"]: told.label for knob, told in pairs}
        moved = " and ".join(labels[name] for name in data["click"])
        hint = f"Click or drag in the figure to set {moved}, or use arrow keys on it."
        add(form, "p", id=f"{name}-hint").text = AtomicString(hint)
    row = add(form, "p", **{"class": "weave-row"})
    if shown.again:
        again = add(row, "button", shown.again, type="button")
        again.set("class", "weave-again")
    if waits:
        theory = add(row, "button", "Values from theory", type="button")
        theory.attrib |= {"class": "weave-theory", "aria-expanded": "false"}
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
