"""What a page gives the reader's Python: "Run it yourself" under each transcript.

The functions of the modules that the page's code may use stand once, at its end. Labs
(`site.labs`) have the same under their cells.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE

from ..forms.exercise import asked
from ..model import Item, WeaveError
from ..read.page import Page
from ..read.transcripts import gone, left_out, transcripts
from ..run.carried import Carried, carried
from ..run.depends import Sources
from .context import Context
from .html import Element, add

_PROMPT = '<span class="gp">'


def register(md: Markdown, context: Context) -> None:
    md.block_level_elements += ["weave-run", "weave-python"]
    # After quiz's (25), before inline (20).
    md.treeprocessors.register(_Runs(md, context), "weave-runs", 21)


def exercises(items: Sequence[Item]) -> list[dict[str, Any]]:
    """What the headers of a page's exercises say."""
    return [json.loads(item.text) for item in items if item.form == "exercise"]


def carried_by(page: Page, sources: Sources, reasons: dict[str, str]) -> Carried:
    """What the transcripts and the exercises of a page need of the modules."""
    found = exercises(page.items)
    codes = [case for one in found for case in asked(one)]
    for one in transcripts(page.items):
        if one.why_not(reasons) is None:
            codes += [one.before, one.code]
    names = {name for one in found for name in one["uses"]}
    modules = (one[key] for key in ("solution", "mistakes") for one in found)
    own = dict.fromkeys([page.stem, *modules])
    return carried(codes, names, own, sources)


def offered() -> Element:
    """The button under code that readers can run; exercise.js makes more of it."""
    element = Element("weave-run", {"data-search-exclude": "yes"})
    button = add(element, "button", "Run it yourself", type="button")
    button.attrib |= {"class": "weave-control", "hidden": "hidden"}
    return element


def given(needs: Carried) -> Element:
    """What the code of a page needs, for the reader's Python."""
    modules = json.dumps(needs.modules, ensure_ascii=False)
    return Element(
        "weave-python",
        {"hidden": "hidden", "data-modules": modules, "data-setup": needs.setup},
    )


class _Runs(Treeprocessor):
    def __init__(self, md: Markdown, context: Context) -> None:
        super().__init__(md)
        self.context = context

    def run(self, root: Element) -> None:
        woven, uri = self.context.woven, self.context.uri
        if woven is None or uri is None:
            return
        found = transcripts(woven.page.items)
        try:
            reasons = left_out(woven.page.snippets, uri)
            if lost := gone(woven.page.snippets, uri, found):
                raise WeaveError(lost)
        except WeaveError as error:
            self.context.faults += 1
            add(root, "p").text = self.md.htmlStash.store(self.context.say(error))
            return
        places = [*self._transcripts(root)]
        runs = 0
        for (parent, place), one in zip(places, found, strict=True):
            if one.code and one.why_not(reasons) is None:
                runs += 1
                element = offered()
                if one.before:
                    element.set("data-before", one.before)
                parent.insert([*parent].index(place) + 1, element)
        if runs or root.find(".//weave-exercise") is not None:
            needs = carried_by(woven.page, self.context.weaver.sources, reasons)
            root.append(given(needs))

    def _transcripts(self, parent: Element) -> Iterator[tuple[Element, Element]]:
        """The transcripts as they are shown, in their order, each with its parent."""
        stored = self.md.htmlStash.rawHtmlBlocks
        for child in [*parent]:
            match = HTML_PLACEHOLDER_RE.fullmatch((child.text or "").strip())
            if match and _PROMPT in str(stored[int(match[1])]):
                yield parent, child
            yield from self._transcripts(child)
