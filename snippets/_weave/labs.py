"""Labs: notebooks that are kept as scripts, run like lessons, and shown as pages.

A lab is a py:percent script in `docs/labs/`. Its cells run where lessons run, under
the same cache key: the lab itself, and every module it mentions. mkdocs-jupyter gets
the finished notebook and makes the page; `tidy` keeps what a page of this site is
made of, and leaves out the style sheets and scripts of a notebook program.
"""

import ast
import contextlib
import io
import json
import re
import traceback
from pathlib import Path
from types import SimpleNamespace

from .bundle import carried, unfold
from .faults import Fault, WeaveError
from .page import Item
from .weave import LIMIT, _Run

_LEFT_OUT = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)
_SHOWN = ".jp-MarkdownOutput, .highlight-ipynb, .jp-OutputArea-output"
_CALL = "__import__('_weave.labs', fromlist=['run']).run({!r}, {!r})"
_LINK = re.compile(r"\[([^\]]*)\]\(([\w./]+\.(?:md|py))(#[^)]*)?\)")
_SETUP = (
    "# What this notebook imports from the course comes with it.\n"
    "# Run this cell first; there is no need to read it.\n"
)


class Lab:
    """A lab under way: reads the script, and starts its run."""

    def __init__(self, weaver, uri):
        import jupytext

        self.weaver, self.name = weaver, Path(uri).stem
        file = weaver.docs / uri
        self.path = file.relative_to(weaver.root).as_posix()
        self.text = file.read_text("utf-8")
        self.cells = jupytext.reads(self.text, "py:percent").cells
        at, code = 0, []
        for cell in self.cells:
            at = max(at, self.text.find(cell.source, at))
            if cell.cell_type == "code":
                code.append((1 + self.text.count("\n", 0, at), cell.source))
        item = Item("value", 1, _CALL.format(self.path, code))
        page = SimpleNamespace(
            path=self.path, stem=self.name, snippets=weaver.snippets, items=[item]
        )
        self._run = _Run(weaver, page, LIMIT)

    def meta(self):
        """What the head of the script says of the page."""
        import yaml

        head = self.cells[0]
        given = head.cell_type == "raw" and yaml.safe_load(head.source.strip("-\n"))
        return {key: (given or {}).get(key) for key in ("title", "description")}

    def outputs(self):
        """What each code cell gave; raises WeaveError where one failed."""
        results, faults = self._run.outcome()
        if not faults:
            given = json.loads(results[0])
            faults = given["faults"]
        if faults:
            raise WeaveError(list(map(Fault._make, faults)))
        return given["outputs"]

    def download(self, address):
        """The notebook as a file that runs on its own, with nothing run yet.

        `address` gives the published address of what the lab links to, if it has one.
        """

        def linked(match):
            text, target, anchor = match.groups("")
            goal = address(target)
            return f"[{text}]({goal}{anchor})" if goal else text

        setup = _SETUP + unfold(
            carried(self.text, self.weaver.snippets), self.weaver.snippets
        )
        cells = [_cell("code", setup, jupyter={"source_hidden": True})]
        for cell in self.cells:
            if cell.cell_type != "raw":
                source = _LINK.sub(linked, cell.source)
                cells.append(_cell(cell.cell_type, source))
        cells[0], cells[1] = cells[1], cells[0]  # the title comes first
        return _notebook(cells)

    def finished(self, outputs):
        """The notebook for mkdocs-jupyter, and its figures as (markup, alt)."""
        cells, figures, given = [], [], iter(outputs)
        for cell in self.cells:
            if cell.cell_type == "raw":
                continue
            cells.append(_cell(cell.cell_type, cell.source))
            for kind, *content in next(given) if cell.cell_type == "code" else ():
                if kind == "figure":
                    cells[-1]["outputs"].append(_displayed(len(figures)))
                    figures.append(content)
                else:
                    cells[-1]["outputs"].append(_printed(*content))
        return _notebook(cells), figures


def tidy(html, figure):
    """The page that mkdocs-jupyter made, as markup of this site.

    `figure(number)` returns the markup of the figure of that number.
    """
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(_LEFT_OUT.sub("", html), "html.parser")
    parts = []
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
            code = f"<pre><code>{element.pre.decode_contents()}</code></pre>"
            parts.append(f'<div class="highlight">{code}</div>')
        elif element.find(class_="lab-figure"):
            parts.append(figure(int(element.get_text())))
        else:
            text = element.pre.decode_contents().rstrip("\n")
            parts.append(f'<pre class="lab-output"><samp>{text}</samp></pre>')
    return "\n".join(parts)


def run(path, cells):
    """Run cells, (line, source) each, as one session; returns JSON.

    What a cell prints, the value of its last line, and every figure that it made
    are its outputs, as in a notebook.
    """
    names, outputs = {"__name__": "__main__"}, []
    for line, source in cells:
        try:
            outputs.append(_run_cell(path, line, source, names, outputs))
        except BaseException as error:
            fault = _located(path, line, error)
            return json.dumps({"outputs": [], "faults": [fault]})
    return json.dumps({"outputs": outputs, "faults": []})


def _run_cell(path, line, source, names, before):
    import matplotlib.pyplot as plt

    printed, value = io.StringIO(), None
    tree = ast.increment_lineno(ast.parse(source, path), line - 1)
    last = (
        tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    )
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, path, "exec"), names)
        if last:
            value = eval(compile(ast.Expression(last.value), path, "eval"), names)
    given = [("text", printed.getvalue())] if printed.getvalue() else []
    if value is not None and not isinstance(value, plt.Figure):
        given.append(("text", repr(value)))
    drawn = sum(output[0] == "figure" for cell in before for output in cell)
    try:
        for number in plt.get_fignums():
            drawn += 1
            given.append(("figure", *_drawn(plt.figure(number), path, drawn)))
    finally:
        plt.close("all")
    return given


def _drawn(figure, path, number):
    from shared import draw

    from .svg import render

    if not figure.get_label():
        raise ValueError(
            "a figure of a lab says what is seen: figure.set_label('Ten steps …')"
        )
    prefix = f"lab-{Path(path).stem}-{number}"
    return render(figure, prefix, draw.PALETTE), figure.get_label()


def _located(path, line, error):
    """A fault at the line of the lab that raised, and where that was called from."""
    said = f"the lab raised {type(error).__name__}: {error}".rstrip(": ")
    if isinstance(error, SyntaxError) and error.filename == path:
        return path, line + error.lineno - 1, said
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame.lineno for frame in frames if frame.filename == path]
    inner = [f for f in frames if Path(f.filename).parent.name == "snippets"]
    if inner:
        said += f"\n    in snippets/{Path(inner[-1].filename).name}:{inner[-1].lineno}"
    return path, own[-1] if own else line, said


def _cell(kind, source, **metadata):
    cell = {"cell_type": kind, "metadata": metadata, "source": source}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _printed(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


def _displayed(number):
    """The place of a figure; its coordinates need not pass through the notebook."""
    data = {"text/html": f'<p class="lab-figure">{number}</p>'}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _notebook(cells):
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = {
        "cells": cells,
        "metadata": metadata,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
