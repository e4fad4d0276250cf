"""Exercises: what stands on a page between `/// exercise | title` and `///`.

What the author writes, `forms.exercise` says; what the build found out stands in front
of it: the answers of the solution and of each slip, the solution, and its lines in
another order. The block comes whole from the build, with the help as a ladder to be
unfolded; the editor waits for the script. What the code may use, `runs` carries.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.util import HTML_PLACEHOLDER_RE, AtomicString
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from ..read.page import Page
from . import places
from .context import Context
from .html import Element, add
from .quiz import ID
from .raw import foreign

_NARROW = 24  # characters of code for which a phone has room
_KINDS = {
    "write": "Write it",
    "line": "Fill in the line",
    "repair": "Repair it",
    "order": "Put it in order",
}
# exercise.js says the same.
_KEYS = (
    "Tab indents a line. To leave the editor, press Escape, then Tab. "
    "Ctrl and Enter run the code."
)
_NO_PROOF = (
    "an exercise names its solution in the first line under its header, as in "
    "solution: descent.py:step, then its slips"
)


class ExerciseExtension(BlocksExtension):  # type: ignore[misc]
    """Adds the block `exercise`."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:
        md.block_level_elements += ["weave-exercise"]
        block_mgr.register(Exercise, {"context": self.context})


class _Wrong(Exception):
    """What is wrong with an exercise, and the line where."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class Exercise(Block):  # type: ignore[misc]  # pymdownx has no types
    NAME = "exercise"
    ARGUMENT = True
    OPTIONS = dict.fromkeys(
        ("solution", "slips", "kind", "from", "within", "draws", "id", "at"), ("", None)
    )

    def on_markdown(self) -> str:
        return "block"

    def on_create(self, parent: Element) -> Element:
        return add(parent, "weave-exercise")

    def on_end(self, element: Element) -> None:
        context: Context = self.config["context"]
        try:
            self._build(element)
        except _Wrong as wrong:
            at = places.At.read(self.options["at"])
            box = context.fault(wrong.line or at.line, str(wrong))
            element.clear()
            element.tag = "div"
            add(element, "p").text = self.md.htmlStash.store(box)

    def _build(self, element: Element) -> None:
        proved, *parts = [*element] or [Element("p")]
        found = self._proof(proved)
        code, mixed, *parts = parts
        at = next((i for i, part in enumerate(parts) if part.tag == "ul"), None)
        if at is None:
            raise _Wrong("write an empty line before the list of cases")
        task, listing, hints = parts[:at], parts[at], parts[at + 1 :]
        _show_cases(listing, found["cases"], found.pop("shows"))
        name, kind = self._name(found["name"]), str(self.options["kind"] or "write")
        says, lines = found.pop("says"), found.pop("lines")
        element.clear()
        element.attrib = {"id": name, "kind": kind, "data-exercise": _compact(found)}
        fieldset = add(element, "fieldset")
        legend = add(fieldset, "legend")
        add(legend, "small", _KINDS[kind]).tail = f" {self.argument}"
        fieldset.extend(task)
        add(fieldset, "p", "Your function will be tried on these cases:")
        fieldset.append(listing)
        if "draws" in found:
            line = add(fieldset, "p", "Its points are drawn on ")
            figure = f"#{found['draws']['figure']}"
            add(line, "a", "the figure above", href=figure).tail = ", too."
        fieldset.append(_editor(name, found["starter"], kind))
        for number, rung in enumerate(_rungs(hints), start=1):
            more = f" {number}" if number > 1 else ""
            _folded(fieldset, f"Hint{more}", rung)
        if kind not in ("line", "order") and lines > 1:
            _folded(fieldset, "The lines of the solution, in another order", [mixed])
        _folded(fieldset, "Solution", [code])
        for text in says:
            if wrong := next(_wrong_in(text), None):
                raise _Wrong(f"a slip says “{text}”: {wrong}")
            add(add(fieldset, "template"), "p", text)

    def _proof(self, first: Element) -> Any:
        """What the build found out, if it is there."""
        match = HTML_PLACEHOLDER_RE.fullmatch((first.text or "").strip())
        stored = self.md.htmlStash.rawHtmlBlocks
        text = str(stored[int(match[1])]) if match else ""
        if not text.startswith("{"):
            raise _Wrong(_NO_PROOF)
        return json.loads(text)

    def _name(self, function: str) -> str:
        context: Context = self.config["context"]
        stem = context.woven.page.stem if context.woven else "exercise"
        name = str(self.options["id"] or f"{stem}-{function}").replace("_", "-")
        names = self.tracker.setdefault("names", [])
        if not ID.fullmatch(name) or name in names:
            raise _Wrong(
                f"id: {name} is that of another exercise, or none at all: write id: "
                "and letters, digits and hyphens, a letter first"
            )
        names.append(name)
        return name


def _wrong_in(told: str) -> Iterator[str]:
    """What may not stand on a page: it may not be told either, nor may a value."""
    page = Page("", told, Path())
    yield from (fault.message for fault in page.faults)
    yield from (f"nothing fills in a {item.form} there" for item in page.items)
    if not page.items:
        yield from (says for _, says in foreign(page.woven([], lambda *_: "")))


def _compact(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _show_cases(listing: Element, cases: list[str], shows: list[str]) -> None:
    """Say what each case gives; the list holds nothing but the cases."""
    listing.set("class", "weave-cases")
    items = [*listing]
    if len(items) != len(cases):
        _, line = places.taken("".join(items[-1].itertext()))
        raise _Wrong(
            "every entry of the list is a case, in backquotes and nothing else: "
            "- `step(quad1.grad, 2.0, 0.1)`",
            line,
        )
    for item, case, shown in zip(items, cases, shows, strict=True):
        item.clear()
        one = add(item, "code")
        one.tail = " gives "
        at = case.find("(") + 1 if len(case) > _NARROW else 0
        one.text = AtomicString(case[:at] if at else case)
        if at:
            add(one, "wbr").tail = AtomicString(case[at:])
        add(item, "code").text = AtomicString(shown)


def _editor(name: str, starter: str, kind: str) -> Element:
    """The editor with its buttons, which wait for the script."""
    form = Element("form", {"autocomplete": "off", "hidden": "hidden"})
    form.attrib |= {"class": "weave-control", "data-search-exclude": "yes"}
    add(form, "label", "Your code", **{"for": f"{name}-code"})
    frame = add(form, "div", **{"class": "weave-code"})
    rows = starter.count("\n") + 1
    numbers = add(frame, "pre", **{"aria-hidden": "true"})
    numbers.text = AtomicString("\n".join(map(str, range(1, rows + 1))))
    area = add(frame, "textarea", id=f"{name}-code", rows=str(rows), wrap="off")
    area.attrib |= {"spellcheck": "false", "autocapitalize": "off"}
    area.attrib |= {"autocorrect": "off", "aria-describedby": f"{name}-keys"}
    area.text = AtomicString(starter)
    add(form, "p", _KEYS, id=f"{name}-keys", **{"class": "weave-keys"})
    row = add(form, "p")
    add(row, "button", "Check", type="submit")
    stop = add(row, "button", "Stop", type="button", disabled="disabled")
    stop.set("class", "weave-stop")
    add(row, "button", "Start again", type="reset")
    for way in ("up", "down") if kind == "order" else ():
        move = add(row, "button", f"Line {way}", type="button")
        move.set("data-line", way)
    add(row, "span", **{"class": "weave-answered"})
    said = add(form, "output", id=f"{name}-said")
    said.set("aria-live", "polite")
    return form


def _rungs(hints: list[Element]) -> list[list[Element]]:
    """The hints one by one: a paragraph, with the list or the code that follows it."""
    rungs: list[list[Element]] = []
    for part in hints:
        for item in part.iter("li"):
            item.text = places.strip(item.text or "")
        if part.tag == "p" or not rungs:
            rungs.append([])
        rungs[-1].append(part)
    return rungs


def _folded(parent: Element, title: str, parts: list[Element]) -> None:
    details = add(parent, "details", **{"class": "weave-solution"})
    details.set("data-search-exclude", "yes")
    add(details, "summary", title)
    details.extend(parts)
