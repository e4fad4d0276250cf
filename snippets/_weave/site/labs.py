"""Labs: notebooks that are kept as scripts, run like pages, and shown as pages.

A lab is a py:percent script in `docs/labs/`. Its cells run where pages run, under the
same kind of key: the lab itself, and every module it imports. mkdocs-jupyter gets the
finished notebook in the place of the script and makes the page; `tidy` keeps what a
page of this site is made of, and leaves out the style sheets and scripts of a
notebook program. Under cells that the reader's browser can run stands a button that
does so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from ..forms import cells
from ..markdown import runs
from ..markdown.html import framed, written
from ..model import Cells, Fault, Job, Text, WeaveError
from ..read import transcripts
from ..read.site import parsed_head
from ..run.cache import MACHINERY, digest_of, version_of
from ..run.carried import imported_by
from ..run.depends import imported
from ..run.weaver import Weaver
from .bundle import unfold

_LEFT_OUT = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)
_CODE = '<div class="highlight lab-cell"><pre><code>'
_OUTPUT = '<pre class="lab-output">'
_SHOWN = ".jp-MarkdownOutput, .highlight-ipynb, .jp-OutputArea-output"
_LINK = re.compile(r"\[([^\]]*)\]\(([\w./]+\.(?:md|py))(#[^)]*)?\)")
_RENDERERS = "mkdocs-jupyter", "nbconvert", "jupytext", "beautifulsoup4"
_SETUP = (
    "# What this notebook imports from the course comes with it.\n"
    "# Run this cell first; there is no need to read it.\n"
)


class Lab:
    """A lab under way: reads the script, and starts its run.

    Raises WeaveError where the script is no text.
    """

    def __init__(self, weaver: Weaver, uri: str) -> None:
        self._weaver, self.uri, self.name = weaver, uri, Path(uri).stem
        self.path = weaver.site.path(uri)
        self.text = weaver.site.text(uri)
        version = version_of("jupytext")
        kept = self._kept(lambda: _cells(self.text), "cells", version, self.text)
        self._cells = [_Cell(*one) for one in kept]
        self._codes = [cell.source for cell in self._cells if cell.kind == "code"]
        item = cells.item(_placed(self._codes, self.text))
        self._run = weaver.start(Job(self.path, self.name, [item]))

    def _kept(self, make: Callable[[], Any], *of: object) -> Any:
        """What is made of some things, kept from now on; the first says what it is."""
        return self._weaver.cache.get_or(digest_of(MACHINERY, *of), make)

    def meta(self) -> dict[str, Any]:
        """What the head of the script says of the page; raises WeaveError as a page."""
        head = next(iter(self._cells), None)
        raw = head.source if head and head.kind == "raw" else ""
        given, _ = parsed_head(raw.strip("-\n"), self.path)
        return {key: given.get(key) for key in ("title", "description")}

    def outputs(self) -> list[list[cells.Output]]:
        """What each code cell gave; raises WeaveError where one failed."""
        outcome = self._run.outcome()
        if outcome.faults:
            raise WeaveError(outcome.faults)
        [result] = outcome.results
        assert isinstance(result, Cells)  # it is what such an item gives
        return result.outputs

    def line(self, link: str) -> int:
        """The line of the script in which a link stands."""
        before, _, _ = self.text.partition(f"]({link}")
        return 1 + before.count("\n")

    def fault(self, link: str) -> WeaveError:
        message = f"there is no page {link}, as seen from docs/labs"
        return WeaveError([Fault(self.path, self.line(link), message)])

    def download(self, address: Callable[[str], str | None]) -> str:
        """The notebook as a file that runs on its own, with nothing run yet.

        `address` gives the published address of what the lab links to, if it has one.
        """

        def linked(match: re.Match[str]) -> str:
            text, target, anchor = match.groups("")
            goal = address(target)
            return f"[{text}]({goal}{anchor})" if goal else text

        state = self._weaver.sources.state(imported(self.text))
        carried: str = self._kept(self._carried, "carried", self.text, state)
        made = [
            _cell(cell.kind, _LINK.sub(linked, cell.source))
            for cell in self._cells
            if cell.kind != "raw"
        ]
        # The title comes first.
        made.insert(1, _cell("code", _SETUP + carried, source_hidden=True))
        return _notebook(made)

    def _carried(self) -> str:
        """The code of the course that it needs, as a program that unpacks it."""
        sources = self._weaver.sources
        modules, named = sources.found(imported(self.text))
        return unfold(modules | named, sources.snippets)

    def finished(self) -> str:
        """The notebook with its outputs, in which figures are only numbered.

        Raises WeaveError where a cell failed.
        """
        made, given, numbers = [], iter(self.outputs()), count()
        for cell in self._cells:
            if cell.kind == "raw":
                continue
            new = _cell(cell.kind, cell.source)
            made.append(new)
            if cell.kind == "code":
                new["outputs"] = [
                    _printed(output.text)
                    if isinstance(output, Text)
                    else _displayed(next(numbers))
                    for output in next(given)
                ]
        # mkdocs-jupyter keeps pages by what stands in the notebook.
        versions = [f"{name} {version_of(name)}" for name in _RENDERERS]
        return _notebook(made, made_with=[MACHINERY, *versions])

    def page(self, html: str, drawn: Callable[[str, str], str]) -> str:
        """The page that mkdocs-jupyter made, as markup of this site.

        `drawn(svg, alt)` returns what stands for a drawing on the page.
        """
        version = version_of("beautifulsoup4")
        parts: list[str | int] = self._kept(lambda: tidy(html), "lab", version, html)
        if not parts:
            message = (
                "mkdocs-jupyter made no page of this: its include needs "
                "labs/*.py and labs/*.ipynb"
            )
            raise WeaveError([Fault(self.path, 1, message)])
        outputs = [output for cell in self.outputs() for output in cell]
        figures = [output for output in outputs if not isinstance(output, Text)]

        def shown(part: str | int) -> str:
            if isinstance(part, str):
                return part
            drawing, alt = figures[part]
            return framed(f"figure-{part + 1}", drawn(drawing.svg, alt))

        return "\n".join(map(shown, _under_cells(parts, self._runs())))

    def _runs(self) -> list[str]:
        """What stands under each code cell, and at the end of the page."""
        codes, sources = self._codes, self._weaver.sources
        reasons = transcripts.left_out(sources.snippets, self.uri)

        def buttons() -> list[str]:
            found = transcripts.cells(codes)
            why_not = transcripts.cells_why_not(found, reasons)
            there = [n for n, why in enumerate(why_not) if codes[n] and not why]
            html = [""] * len(codes)
            for number in there:
                button = runs.offered()
                above = [str(there.index(at)) for at in found[number].above]
                button.set("data-above", " ".join(above))
                html[number] = written(button)
            return html

        under: list[str] = self._kept(buttons, "runs", codes, sorted(reasons.items()))
        run = [codes[number] for number, button in enumerate(under) if button]
        if not run:
            return under

        def given() -> str:
            return written(runs.given(imported_by(run, sources)))

        return [
            *under,
            self._kept(given, "given", run, sources.code(imported(self.text))),
        ]


def _under_cells(parts: list[str | int], under: list[str]) -> list[str | int]:
    """The parts of a page, with what stands under each code cell and its outputs."""
    found, waiting = list[str | int](), list[str]()
    given = iter(under)
    for part in parts:
        output = isinstance(part, int) or part.startswith(_OUTPUT)
        if not output:
            found += waiting
            waiting = []
        found.append(part)
        if isinstance(part, str) and part.startswith(_CODE):
            waiting = [next(given)]
    return [*found, *waiting, *given]


class _Cell(NamedTuple):
    kind: str
    source: str


def _cells(text: str) -> list[list[str]]:
    """The kind and the source of each cell of a script."""
    import jupytext

    cells = jupytext.reads(text, "py:percent").cells
    return [[cell.cell_type, cell.source] for cell in cells]


def _placed(codes: Iterable[str], text: str) -> list[tuple[int, str]]:
    """The code cells of a script, each with the line in which it begins.

    One that does not stand there as it is, such as a magic, has that of the last.
    """
    found, line, at = [], 1, 0
    for code in codes:
        cell = re.compile(rf"^# *%%.*\n{re.escape(code)}$", re.MULTILINE)
        if code and (here := cell.search(text, at)):
            line, at = 2 + text.count("\n", 0, here.start()), here.end()
        found.append((line, code))
    return found


def tidy(html: str) -> list[str | int]:
    """What a page of this site keeps of a notebook's; a figure is its number."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(_LEFT_OUT.sub("", html), "html.parser")
    parts: list[str | int] = []
    for element in soup.select(_SHOWN):
        classes = element["class"]
        if "jp-MarkdownOutput" in classes:
            for anchor in element.select(".anchor-link"):
                anchor["class"], anchor["title"] = "headerlink", "Link to this section"
            for block in element.select(".highlight > pre"):
                block.name = "code"
                block.wrap(soup.new_tag("pre"))
            parts.append(element.decode_contents())
        elif "highlight-ipynb" in classes:
            assert element.pre is not None  # a program stands in one
            code = element.pre.decode_contents()
            parts.append(f"{_CODE}{code}</code></pre></div>")
        elif element.find(class_="lab-figure"):
            parts.append(int(element.get_text()))
        else:
            assert element.pre is not None  # what was printed stands in one
            text = element.pre.decode_contents().rstrip("\n")
            parts.append(f"{_OUTPUT}<samp>{text}</samp></pre>")
    return parts


def _cell(kind: str, source: str, **jupyter: bool) -> dict[str, Any]:
    metadata = {"jupyter": jupyter} if jupyter else {}
    cell: dict[str, Any] = {"cell_type": kind, "metadata": metadata, "source": source}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _printed(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def _displayed(number: int) -> dict[str, Any]:
    """The place of a figure; its coordinates need not pass through the notebook."""
    data = {"text/html": f'<p class="lab-figure">{number}</p>'}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _notebook(made: list[dict[str, Any]], **metadata: Any) -> str:
    for number, cell in enumerate(made):
        cell["id"] = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}} | metadata
    notebook = {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


NOTHING = _notebook([])  # for a lab that is not ready
