"""The Python-Markdown extension: weaves a page before anything else reads it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import cast

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from pymdownx.blocks import BlocksProcessor

from ..model import Drawing, Item, Markup, WeaveError
from ..run.weaver import Weaver
from . import (
    bank,
    captions,
    exercise,
    explore,
    maths,
    names,
    places,
    quiz,
    raw,
    runs,
    skips,
    stations,
    terms,
    tidy,
)
from .context import Context, Kept, OnError, Scripts


class WeaveExtension(Extension):
    """Puts code, figures, tables, values and checked transcripts into a page.

    `which_page` returns the address of the page that is converted next, such as
    "rate.md", or None for text that is no page. Where there is no such function, the
    page is asked of Zensical's rendering context. A page with faults raises
    WeaveError, or shows what `on_error(error)` returns. With `kept`, the SVG of
    figures is kept there until the page is written; with `scripts`, the functions of
    figures that move are kept there, and without, these stand still.
    """

    def __init__(
        self,
        weaver: Weaver,
        which_page: Callable[[], str | None] | None = None,
        on_error: OnError | None = None,
        kept: Kept | None = None,
        scripts: Scripts | None = None,
    ) -> None:
        super().__init__()
        self.weaver, self._which_page = weaver, which_page
        self._on_error, self._kept, self._scripts = on_error, kept, scripts

    def extendMarkdown(self, md: Markdown) -> None:
        both = self._kept, self._scripts
        context = Context(self.weaver, self._on_error, *both)
        links = bank.Links(md)
        # After normalize_whitespace (30), which drops the stash's placeholders, and
        # before fenced code (25).
        weave = _Weave(md, context, self._which_page, links)
        md.preprocessors.register(weave, "weave", 28)
        register(md, context)
        links.register(md)
        terms.register(md, context)
        names.register(md, context)
        runs.register(md, context)
        stations.register(md, context)


def register(md: Markdown, context: Context) -> None:
    """Add what a page and what is quoted from pages have in common."""
    tidy.register(md)
    captions.register(md, context)
    skips.register(md)
    raw.register(md, lambda code: context.fault(*raw.indented(context.woven, code)))
    maths.MathExtension(context.weaver.cache, context.fault).extendMarkdown(md)
    quiz.QuizExtension(context).extendMarkdown(md)
    explore.ExploreExtension(context).extendMarkdown(md)
    exercise.ExerciseExtension(context).extendMarkdown(md)
    bank.BankExtension(context).extendMarkdown(md)


class _Weave(Preprocessor):
    def __init__(
        self,
        md: Markdown,
        context: Context,
        which_page: Callable[[], str | None] | None,
        links: bank.Links,
    ) -> None:
        super().__init__(md)
        self.context, self._links = context, links
        self._marks = 0
        self._which_page = which_page or self._asked_of_zensical

    def run(self, lines: list[str]) -> list[str]:
        uri = self.context.uri = self._which_page()
        if uri is None:
            return lines
        text = self._woven(uri, "\n".join(lines))
        return f"{text.rstrip()}\n\n".split("\n")  # as normalize_whitespace leaves it

    def _woven(self, uri: str, body: str) -> str:
        context = self.context
        try:
            context.woven = context.weaver.weave(uri, body, self._figure, self._markup)
        except WeaveError as error:
            return context.say(error)
        reader = cast(BlocksProcessor, self.md.parser.blockprocessors["blocks"])
        known = reader.blocks.keys()
        found, loose = places.blocks(context.woven, known)
        boxes = [quiz.complain(context, edge) for edge in loose]
        boxes += [context.fault(*wrong) for wrong in raw.foreign(context.woven)]
        boxes += [quiz.complain_of_open(context, b) for b in found if not b.closed]
        unread = [context.fault(*wrong) for b in found for wrong in quiz.unread(b)]
        stored = [self.md.htmlStash.store(box) for box in [*boxes, *unread]]
        if unread:
            return "\n\n".join(stored)
        return "\n\n".join([*stored, bank.filled(context, self.md, self._links, found)])

    def _figure(self, item: Item, drawing: Drawing, alt: str) -> str:
        placed, html = self.context.figure(item.slug(), drawing, alt)
        self.context.placed[self.md.htmlStash.html_counter] = placed
        return self.md.htmlStash.store(html)

    def _markup(self, item: Item, markup: Markup) -> str:
        self._marks += 1
        html = markup.html.replace("{id}", f"{item.form}-{self._marks}")
        return self.md.htmlStash.store(html)

    def _asked_of_zensical(self) -> str | None:
        for processor in self.md.preprocessors:
            path = getattr(getattr(processor, "page", None), "path", None)
            if path is not None:
                return str(path)
        return None


def red_box(error: WeaveError) -> str:
    """What the preview shows in the place of what must not be published."""
    faults = "".join(f"<pre>{escape(str(fault))}</pre>" for fault in error.faults)
    return (
        '<div class="admonition failure weave-faults" role="alert">'
        f'<p class="admonition-title">Not published like this</p>{faults}</div>'
    )
