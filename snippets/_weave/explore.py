"""Figures to move: what stands on a page between `/// explore | task` and `///`.

    /// explore | Which is the largest rate that does not diverge?
    ![Ten steps down a parabola](figures/explore/square.svg)

    What the reader should see.
    ///

The figure says what can be moved (see `live`), so the block works on any page. It
comes whole from the build: the figure, the sentence on it and its numbers in a
table. The controls are `hidden` until the script shows them; the functions it calls
are those of the figure's module, in JavaScript (see `translate`).
"""

import json
import re
import xml.etree.ElementTree as etree
from html import unescape

from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, AtomicString
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block

from .live import short

_DATA = re.compile(r" data-explore=(?P<quote>[\"'])(?P<json>.*?)(?P=quote)", re.S)
_MARK = re.compile(r"<!-- weave figure \d+ -->")
_NAME = re.compile(r'<figure class="drawn" id="figure-([\w-]+)"')


class ExploreExtension(BlocksExtension):
    """Adds the block `explore`; `weave` is the page's WeaveExtension."""

    def __init__(self, weave):
        super().__init__()
        self.weave = weave

    def extendMarkdownBlocks(self, md, block_mgr):
        md.block_level_elements += ["weave-explore"]
        block_mgr.register(Explore, {"weave": self.weave})
        ended = _Ended(md, block_mgr)
        md.treeprocessors.register(ended, "weave_explorables", 26)


class Explore(Block):
    NAME = "explore"
    ARGUMENT = True

    def on_markdown(self):
        return "block"

    def on_create(self, parent):
        self.tracker.setdefault("open", []).append(self)
        return etree.SubElement(parent, "weave-explore")

    def on_end(self, element):
        self.tracker["open"].remove(self)
        found = [self._figure(part) for part in element]
        places = [place for place, figure in enumerate(found) if figure]
        if len(places) != 1:
            return self.refuse(
                element,
                "a block to explore holds one figure that can be moved, as in "
                "![what is seen](figures/explore/square.svg), and here are "
                f"{len(places)}; its figure function sets figure.explore",
            )
        [place] = places
        index, name, data = found[place]
        self._without_data(index)
        shown = data.pop("shown")
        element.attrib = {"id": name, "data-explore": json.dumps(data)}
        task = _add(element, "p", self.argument, **{"class": "weave-task"})
        element.remove(task)
        element.insert(0, task)
        place += 2
        for part in (
            _said(name, shown["says"]),
            _controls(name, data, shown["marks"]),
            _numbers(data["table"][1], shown["rows"]),
        ):
            element.insert(place, part)
            place += 1

    def refuse(self, element, message):
        """Show or raise a fault at the line that opens this block."""
        weave = self.config["weave"]
        text = weave.woven[1]
        header = rf"^ *///+ *explore *\| *{re.escape(self.argument)} *$"
        start = re.search(header, text, re.MULTILINE)
        said = weave.fault(text[start.start() if start else 0 :], message)
        element.clear()
        element.tag = "div"
        _add(element, "p", self.md.htmlStash.store(said))

    def _svg(self, html):
        late = self.config["weave"].late
        mark = _MARK.search(html)
        return late[mark[0]] if mark and late else html

    def _figure(self, part):
        """The figure that a paragraph is: its place in the stash, id and data."""
        match = HTML_PLACEHOLDER_RE.fullmatch((part.text or "").strip())
        if part.tag != "p" or not match:
            return None
        html = str(self.md.htmlStash.rawHtmlBlocks[int(match[1])])
        name, data = _NAME.search(html), _DATA.search(self._svg(html))
        return name and data and (int(match[1]), name[1], json.loads(_plain(data)))

    def _without_data(self, index):
        """The data stands in the block's own element: once is enough."""
        blocks, late = self.md.htmlStash.rawHtmlBlocks, self.config["weave"].late
        mark = _MARK.search(blocks[index])
        if mark and late:
            late[mark[0]] = _DATA.sub("", late[mark[0]], count=1)
        else:
            blocks[index] = _DATA.sub("", blocks[index], count=1)


class _Ended(Treeprocessor):
    """A block that never ends would take in the rest of the page."""

    def __init__(self, md, blocks):
        super().__init__(md)
        self.blocks = blocks

    def run(self, root):
        for block in self.blocks.trackers["explore"].pop("open", []):
            part = _add(root, "div")
            block.refuse(part, "this block never ends: close it with a line ///")


def _plain(match):
    return unescape(match["json"])


def _add(parent, tag, text=None, **attributes):
    element = etree.SubElement(parent, tag, attributes)
    element.text = text
    return element


def _said(name, text):
    said = etree.Element("p", {"class": "weave-says", "id": f"{name}-says"})
    said.attrib |= {"aria-live": "polite", "data-search-exclude": "yes"}
    said.text = AtomicString(text)
    return said


def _controls(name, data, marks):
    """A row for each knob, with its marks below it, and a row of buttons."""
    form = etree.Element("form", {"autocomplete": "off", "hidden": "hidden"})
    form.set("data-search-exclude", "yes")
    for knob in data["knobs"]:
        own = f"{name}-{knob['name']}"
        row = _add(form, "div", **{"class": "weave-knob", "data-knob": knob["name"]})
        label = _add(row, "label", **{"for": own})
        label.text = AtomicString(knob["label"])
        slider = _add(row, "input", id=own, type="range", name=knob["name"])
        slider.attrib |= {"min": repr(knob["low"]), "max": repr(knob["high"])}
        slider.attrib |= {"step": repr(knob["step"]), "value": repr(knob["value"])}
        value = _add(row, "output", **{"for": own, "aria-live": "off"})
        value.text = AtomicString(short(knob["value"]))
        if "marks" not in knob:
            continue
        line = _add(row, "div", **{"class": "weave-marks"})
        names = knob["marks"]["names"]
        for text, at in zip(names, marks[knob["name"]], strict=True):
            _add(line, "span", **{"class": "weave-tick", "aria-hidden": "true"})
            button = _add(line, "button", type="button")
            button.text = AtomicString(f"{text} {short(at)}")
    if data["click"]:
        _add(form, "p", "A click on the figure moves the start.")
    row = _add(form, "p", **{"class": "weave-row"})
    if "again" in data:
        again = _add(row, "button", data["again"][2], type="button")
        again.set("class", "weave-again")
    _add(row, "button", "Reset", type="reset")
    _add(row, "a", "Link to this state", href=f"#{name}")
    return form


def _numbers(columns, rows):
    details = etree.Element("details", {"class": "weave-numbers"})
    details.set("data-search-exclude", "yes")
    _add(details, "summary", "The numbers")
    # Only tables without a class does the theme wrap, in what no key can scroll.
    group = _add(details, "div", tabindex="0", role="group")
    group.attrib |= {"class": "weave-table", "aria-label": "The numbers"}
    table = _add(group, "table", **{"class": "weave-rows"})
    head = _add(_add(table, "thead"), "tr")
    for column in columns:
        cell = _add(head, "th", scope="col")
        cell.text = AtomicString(column)
    body = _add(table, "tbody")
    for k, row in enumerate(rows):
        line = _add(body, "tr")
        for text in [str(k), *row]:
            _add(line, "td").text = AtomicString(text)
    return details
