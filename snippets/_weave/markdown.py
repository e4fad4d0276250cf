"""The Python-Markdown extension: weaves a page before anything else reads it."""

import atexit
import functools
import re
from html import escape
from pathlib import Path

from markdown import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from .bank import Bank, BankExtension
from .explore import ExploreExtension
from .faults import Fault, WeaveError
from .maths import MathExtension
from .quiz import QuizExtension
from .terms import TermsExtension
from .weave import Weaver


class WeaveExtension(Extension):
    """Puts code, figures, values and checked transcripts into a page.

    Which page is being converted, `page` says; where nobody sets it, it is asked of
    Zensical's rendering context. A page with faults raises WeaveError, or shows
    what `on_error(error)` returns. Where `late` is a dict, a figure's markup is kept
    in it, under the comment that stands for it in the page: what indexes the text
    then need not read thousands of coordinates.
    """

    def __init__(self, weaver, on_error=None):
        super().__init__()
        self.weaver = weaver
        self.page = self.late = None
        self._on_error, self.woven = on_error, None
        self.quoting, self.faults = False, 0

    def extendMarkdown(self, md):
        # After normalize_whitespace (30), which drops the stash's placeholders, and
        # before fenced code (25).
        md.preprocessors.register(_Weave(md, self), "weave", 28)
        md.treeprocessors.register(_Tables(md), "weave-tables", 15)
        md.postprocessors.register(_Code(md), "weave-code", 25)  # raw_html is 30
        MathExtension(
            self.weaver.cache, lambda error: self.fault(error.tex, str(error))
        ).extendMarkdown(md)
        QuizExtension(self).extendMarkdown(md)
        ExploreExtension(self).extendMarkdown(md)
        BankExtension().extendMarkdown(md)
        TermsExtension(self).extendMarkdown(md)

    def weave(self, uri, body, place_figure):
        """The body's text with its results, or what stands for its faults."""
        try:
            self.woven = self.weaver.weave(uri, body, place_figure)
            return self.woven[1]
        except WeaveError as error:
            self.woven = None
            return self.said(error)

    def fault(self, fragment, message):
        """Say what is wrong with a fragment of the woven text, with its line.

        What is quoted from another page says that page.
        """
        self.faults += 1
        if self.quoting:
            return ""
        page, text = self.woven
        fault = Fault(page.path, page.place(text, fragment), message)
        return self.said(WeaveError([fault]))

    def drawn(self, svg, alt):
        """A figure's markup with its accessible name, or what stands for it."""
        svg = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(alt)}" ', 1)
        if self.late is None:
            return svg
        mark = f"<!-- weave figure {len(self.late)} -->"
        self.late[mark] = svg
        return mark

    def said(self, error):
        if self._on_error is None:
            raise error
        return self._on_error(error)


class _Weave(Preprocessor):
    def __init__(self, md, extension):
        super().__init__(md)
        self.extension = extension

    def run(self, lines):
        uri = self.extension.page or self._asked()
        if uri is None:
            return lines
        self._ids = []
        text = self.extension.weave(uri, "\n".join(lines), self._figure)
        if self.extension.woven:
            text = Bank(self.extension, self.md, self).fill(uri, text)
        return f"{text.rstrip()}\n\n".split("\n")  # as normalize_whitespace leaves it

    def _figure(self, item, svg, alt):
        name = f"figure-{item.slug()}"
        self._ids.append(name)
        count = self._ids.count(name)
        name += f"-{count}" if count > 1 else ""
        return self.md.htmlStash.store(framed(name, self.extension.drawn(svg, alt)))

    def _asked(self):
        for processor in self.md.preprocessors:
            page = getattr(processor, "page", None)
            if hasattr(page, "path"):
                return page.path
        return None


def framed(name, drawing):
    return f'<figure class="drawn" id="{name}" data-search-exclude>{drawing}</figure>'


class _Tables(Treeprocessor):
    """Tables with a class for a style, which the policy forbids, and no empty head."""

    def run(self, root):
        for cell in root.iter():
            if cell.tag in ("th", "td"):
                _, _, side = cell.attrib.pop("style", "").partition("text-align: ")
                if side:
                    cell.set("class", side.rstrip(";"))
                if cell.tag == "th" and not cell.text and not len(cell):
                    cell.tag = "td"


class _Code(Postprocessor):
    """Takes the marks off names, operators, punctuation and blanks in programs.

    They look as all code does, and are two of three elements of a block.
    """

    _PLAIN = re.compile(r'<span class="[nopw]">([^<]*)</span>')

    def run(self, text):
        return self._PLAIN.sub(r"\1", text)


def red_box(error):
    """What the preview shows in the place of what must not be published."""
    faults = "".join(f"<pre>{escape(str(fault))}</pre>" for fault in error.faults)
    return (
        '<div class="admonition failure weave-faults" role="alert">'
        f'<p class="admonition-title">Not published like this</p>{faults}</div>'
    )


@functools.cache
def _weaver(root):
    """One for all pages: Zensical makes the extension anew for each."""
    weaver = Weaver(root)
    atexit.register(weaver.close)
    return weaver


def makeExtension(root="."):
    return WeaveExtension(_weaver(Path(root).resolve()))
