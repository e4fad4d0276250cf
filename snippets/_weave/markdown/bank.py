"""The page of practice: the bank of all questions, and drills.

    /// bank
    ///

stands for every `/// question` of the pages before this one in the navigation, under
the same ids, so that an answer given there is known here. They are put in as woven
text, before anything reads it: formulas, links and figures become what they are in
their lesson. What is wrong with a question is said by its own page, and only there.

    //// drill | one-step

    /// question | …
    ///

    ////

holds variants of one question, of which a script shows one at a time.
"""

from __future__ import annotations

import re
import textwrap
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterator
from typing import Any

from markdown import Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from ..model import Drawing, Item
from ..read.page import Page, Stretch, Woven
from ..read.site import Site
from ..run.cache import MACHINERY, digest_of, version_of
from . import places
from .beliefs import beliefs, boxes, heading
from .context import Context
from .html import Element, add, framed
from .quiz import LEVELS

_FIGURE = re.compile("\ue000(?P<index>\\d+) (?P<name>[\\w-]+)\ue001")
_DRAWING = re.compile(r'<weave-drawing n="(\d+)"></weave-drawing>')
_HERE = re.compile(r"(?<=\]\()(?=#)")
_LINK = re.compile(r'(?<= href=")[\w./-]+\.md(?:#[\w-]+)?(?=")')
_IDS = re.compile(r'(?<=\bid=")|(?<=url\(#)|(?<=href="#)')
_KINDS = {
    "number": "a number",
    "one": "one choice",
    "several": "several choices",
    "order": "an order",
    "open": "an explanation",
}
# A question that nobody judges, by its header.
_OPEN = re.compile(r"\s*/{3,} question.*\n(?: +\w+:.*\n)*? +kind: *open *\n")
_KIND = re.compile(r'<weave-question\b[^>]* kind="(\w+)"')
_EDGE = re.compile(r"\s*/{3,}(?!/)\s*(?P<name>\w*)")
# The blocks in whose place stands what is converted on its own.
QUOTING = "bank", "drill", "beliefs"
_SLASHES = "/" * 20  # more than any block in a question has


def filled(
    context: Context, md: Markdown, links: Links, found: list[places.BlockText]
) -> str:
    """The page's marked text, with its bank, its drills and beliefs as HTML."""
    woven, uri = context.woven, context.uri
    assert woven is not None  # this is called for woven pages
    assert uri is not None
    parts = [
        block
        for block in found
        if block.name in QUOTING and block.closed and not block.inside
    ]
    if not parts:
        text, context.lone = places.marked(woven, found)
        return text
    own = sum(
        block.name == "question"
        and "drill" not in block.inside
        and not _OPEN.match(woven.text, block.start)
        for block in found
    )
    bank = Bank(context, md)
    # What is quoted is put in last: the marks count in the page as it was woven.
    inside = [(block.start, block.end) for block in parts]
    outer = [b for b in found if not any(s <= b.start < e for s, e in inside)]
    text, context.lone = places.marked(woven, outer, leave_out=inside)

    def stored(html: str) -> str:
        links.stashed[md.htmlStash.html_counter] = html
        return md.htmlStash.store(html)

    for block in parts:
        if block.name == "bank":
            put = stored(bank.of_lessons(uri, own))
        elif block.name == "drill":
            put = stored(bank.drill(block, found))
        else:
            listed = bank.beliefs(uri)
            put = "\n\n".join(f"{head}\n\n{stored(html)}" for head, html in listed)
        text = text.replace(places.hole(block.start), f"{block.indent}{put}\n")
    return text


def taken(page: Page) -> list[str]:
    """All that a bank could take of a page: its blocks, and the code that it shows.

    Where blocks are not closed as they were opened, it is the whole text.
    """
    depth, lines = 0, list[str]()
    for line in page.text.splitlines():
        edge = _EDGE.match(line)
        depth += 1 if edge and edge["name"] else 0
        if depth > 0:
            lines.append(line)
        depth -= 1 if edge and not edge["name"] else 0
        if depth < 0:
            return [page.text]
    parts = [part for part in page.parts if isinstance(part, Stretch)]
    code = [part.text for part in parts if not part.prose]
    said = [text for belief in beliefs(page.text) for text in belief]
    return [page.text] if depth else [*lines, *code, *said]


def pages_before(site: Site, uri: str) -> list[str]:
    """What the navigation names before a page; without one, all other pages."""
    named = [page for page in site.navigation() if page.endswith(".md")]
    if uri in named:
        named = named[: named.index(uri)]
    else:
        named = [page for page in site.pages() if "/" not in page]
    exists = {*site.pages()}
    return [page for page in named if page != uri and page in exists]


class Bank:
    """Makes a page's bank, and its drills.

    What it converts it keeps in the cache as HTML: more questions than on all other
    pages together would else be read again for each word that changes anywhere.
    """

    def __init__(self, context: Context, md: Markdown) -> None:
        self.context, self.weaver, self.md = context, context.weaver, md
        self.site = context.weaver.site

    def of_lessons(self, uri: str, total: int) -> str:
        """The questions of all pages before this one, which has `total` of its own."""
        parts, titles = [], {}
        own, asked = total, 0
        for page in pages_before(self.site, uri):
            figures: list[tuple[Drawing, str]] = []
            woven = self._woven(page, figures)
            questions = [*_questions(page, woven)] if woven else []
            if not questions:
                continue
            asked += len(questions)
            total += sum(not _OPEN.match(question) for question in questions)
            name = page.removesuffix(".md")
            titles[name] = self.site.title(page)
            opened = f"{_SLASHES} lesson | {titles[name]}\n    name: {name}\n"
            linked = f"[To the lesson]({page})"
            block = "\n\n".join([opened, linked, *questions, _SLASHES])
            html = self.html(block, name)
            assert html is not None  # it is quoted from a page
            parts.append(self._drawn(name, html, figures))
        head = Element("div")
        add(head, "weave-progress", total=str(total))
        if total - own < asked:
            said = f"{own} of this page and {total - own} of the {asked} of the lessons"
            rest = "the rest ask for an explanation, which nobody judges"
            add(head, "p", f"{_counted(total)} can be judged, {said}; {rest}.")
        kinds = {*_KIND.findall("".join(parts))}
        head.append(_filter(titles, kinds))
        inner = "".join(etree.tostring(part, "unicode", "html") for part in head)
        # Nothing else nests in an element of this name, at whose end the exclusion
        # from Material's search ends.
        return f"<weave-bank data-search-exclude>{inner}{''.join(parts)}</weave-bank>"

    def beliefs(self, uri: str) -> Iterator[tuple[str, str]]:
        """What the pages before this one say is believed: for each a heading, HTML."""
        for page in pages_before(self.site, uri):
            figures: list[tuple[Drawing, str]] = []
            woven = self._woven(page, figures)
            found = [*beliefs(woven.text)] if woven else []
            if found:
                name, title = page.removesuffix(".md"), self.site.title(page)
                html = self.html(boxes(found, page, uri), name)
                assert html is not None  # it is quoted from a page
                head = heading(found, title, page, uri)
                yield head, self._drawn(name, html, figures)

    def drill(self, block: places.BlockText, found: list[places.BlockText]) -> str:
        """A drill of this page.

        Its lines are no part of what is kept. So where something is wrong with it, it
        is converted again, with them.
        """
        page = self.context.own()
        assert page.woven is not None  # the drill stands in it
        inside = [b for b in found if block.start <= b.start < block.end]
        html = self.html(self._numbered(_named(page.woven, block, inside)))
        if html is None:
            around = (0, block.start), (block.end, len(page.woven.text))
            text, page.lone = places.marked(page.woven, inside, around)
            for start, _ in around:
                text = text.replace(places.hole(start), "")
            text = self._numbered(textwrap.dedent(text))
            html = self._converted(text, None, page)
        stored = self.md.htmlStash.rawHtmlBlocks
        return _DRAWING.sub(lambda match: str(stored[int(match[1])]), html)

    def _numbered(self, text: str) -> str:
        """A text that names its figures, which stand in the page's stash."""
        placed = self.context.placed

        def named(match: re.Match[str]) -> str:
            return f"\ue000{match[1]} {placed[int(match[1])].slug}\ue001"

        return HTML_PLACEHOLDER_RE.sub(named, text)

    def html(self, text: str, name: str | None = None) -> str | None:
        """What a text becomes, from the cache or converted now.

        With a name, it is quoted from the page of that name, which says what is wrong
        with it. Without one, a text with faults gives None.
        """
        versions = version_of("markdown"), version_of("pymdown-extensions")
        key = digest_of("quoted", MACHINERY, self._extensions(), *versions, text)
        html: str | None = self.weaver.cache.get(key)
        if html is None:
            context = self.context.quoting()
            html = self._converted(text, name, context)
            if not context.faults:
                self.weaver.cache.put(key, html)
            elif name is None:
                return None
        return html

    def _converted(self, text: str, name: str | None, context: Context) -> str:
        """Convert a text with a Markdown of its own; links stay as they are written."""
        from .extension import register

        extensions, configs = self._extensions()
        md = Markdown(extensions=extensions, extension_configs=configs)
        register(md, context)
        names: list[str] = []

        def frame(match: re.Match[str]) -> str:
            content = f'<weave-drawing n="{match["index"]}"></weave-drawing>'
            if name is None:  # it has its frame
                return md.htmlStash.store(content)
            names.append(match["name"])
            count = names.count(match["name"])
            own = f"bank-{name}-{match['name']}"
            own += f"-{count}" if count > 1 else ""
            return md.htmlStash.store(framed(own, content))

        quoted = _Quoted(md, _FIGURE, frame)
        md.preprocessors.register(quoted, "weave-quoted", 28)
        return md.convert(text)

    def _extensions(self) -> tuple[list[str], dict[str, Any]]:
        """The extensions of mkdocs.yml, and what is configured of them."""
        given = self.site.configuration().get("markdown_extensions", [])
        pairs = given.items() if isinstance(given, dict) else map(_pair, given)
        configs = {name: options or {} for name, options in pairs}
        # MkDocs and Zensical always add the first two. A quotation has no contents.
        names = ["tables", "fenced_code", *configs]
        left_out = {"toc", "_weave.markdown"}
        names = [name for name in dict.fromkeys(names) if name not in left_out]
        return names, {name: configs.get(name, {}) for name in names}

    def _woven(self, page: str, figures: list[tuple[Drawing, str]]) -> Woven | None:
        """A page with its results; its figures are kept, and only named in it."""

        def keep(item: Item, drawing: Drawing, alt: str) -> str:
            figures.append((drawing, alt))
            return f"\ue000{len(figures) - 1} {item.slug()}\ue001"

        return self.weaver.other(page, keep)

    def _drawn(self, name: str, html: str, figures: list[tuple[Drawing, str]]) -> str:
        """HTML with its drawings, whose ids are those of no other page."""

        def drawn(match: re.Match[str]) -> str:
            drawing, alt = figures[int(match[1])]
            return self.context.drawn(_IDS.sub(f"bank-{name}-", drawing.svg), alt)

        return _DRAWING.sub(drawn, html)


class _Quoted(Preprocessor):
    """Puts frames in the place of the figures that a quotation names."""

    def __init__(
        self,
        md: Markdown,
        pattern: re.Pattern[str],
        frame: Callable[[re.Match[str]], str],
    ) -> None:
        super().__init__(md)
        self._pattern, self._frame = pattern, frame

    def run(self, lines: list[str]) -> list[str]:
        return self._pattern.sub(self._frame, "\n".join(lines)).split("\n")


def _pair(extension: str | dict[str, Any]) -> tuple[str, Any]:
    if isinstance(extension, str):
        return extension, {}
    [(name, options)] = extension.items()
    return name, options


def _questions(page: str, woven: Woven) -> Iterator[str]:
    """The questions of a page as blocks, each with the id that it has there."""
    found, _ = places.blocks(woven, places.OURS)
    for block in found:
        if block.name == "question" and block.closed:
            yield _HERE.sub(page, _named(woven, block, [block]))


def _named(
    woven: Woven, block: places.BlockText, inside: list[places.BlockText]
) -> str:
    """The text of a block, in which each question has the id that it has there."""
    text, end = "", block.end
    for part in reversed(inside):
        if part.name == "question" and "id" not in part.lines:
            own = f"{part.indent}    id: {woven.page.stem}-{part.number}\n"
            text = own + woven.text[part.options : end] + text
            end = part.options
    return textwrap.dedent(woven.text[block.start : end] + text)


class BankExtension(BlocksExtension):  # type: ignore[misc]
    """Adds the blocks `lesson` and `drill`."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:
        md.block_level_elements += ["weave-bank", "weave-drill", "weave-drawing"]
        for block in LessonBlock, DrillBlock, BankBlock, BeliefsBlock:
            block_mgr.register(block, {"context": self.context})


class Links:
    """The links of HTML that is not in the tree, which builders would not see.

    For builders they stand in a paragraph at the end of the page; what these have
    made of them is put into the HTML, which stands in the stash, by its place there.
    """

    def __init__(self, md: Markdown) -> None:
        self.md = md
        self.stashed: dict[int, str] = {}
        self._part: Element | None = None

    def register(self, md: Markdown) -> None:
        # Between the inline text (20) and what MkDocs does with links (0).
        md.treeprocessors.register(_Shown(md, self), "weave-links", 12)
        md.treeprocessors.register(_Resolved(md, self), "weave-resolved", -20)

    def _found(self) -> list[str]:
        return sorted(set(_LINK.findall(" ".join(self.stashed.values()))))

    def show(self, root: Element) -> None:
        if self._found():
            self._part = add(root, "p")
            for target in self._found():
                add(self._part, "a", href=target)

    def resolve(self, root: Element) -> None:
        if self._part is None:
            return
        root.remove(self._part)
        made = [part.get("href", "") for part in self._part]
        leads = dict(zip(self._found(), made, strict=True))
        blocks = self.md.htmlStash.rawHtmlBlocks
        for index, html in self.stashed.items():
            blocks[index] = _LINK.sub(lambda match: leads[match[0]], html)
        self._part = None


class _Shown(Treeprocessor):
    def __init__(self, md: Markdown, links: Links) -> None:
        super().__init__(md)
        self._links = links

    def run(self, root: Element) -> None:
        self._links.show(root)


class _Resolved(Treeprocessor):
    def __init__(self, md: Markdown, links: Links) -> None:
        super().__init__(md)
        self._links = links

    def run(self, root: Element) -> None:
        self._links.resolve(root)


class _Part(Block):  # type: ignore[misc]  # pymdownx has no types
    """A block that holds blocks."""

    def on_markdown(self) -> str:
        return "block"


class LessonBlock(_Part):
    NAME = "lesson"
    ARGUMENT = True
    OPTIONS = {"name": ("", None), "at": ("", None)}  # noqa: RUF012 (as in Block)

    def on_create(self, parent: Element) -> Element:
        name = self.options["name"]
        details = add(parent, "details", id=f"bank-{name}")
        details.attrib |= {"class": "weave-lesson", "data-lesson": name}
        summary = add(details, "summary")
        add(summary, "span", self.argument, **{"class": "weave-title"})
        return details

    def on_end(self, element: Element) -> None:
        questions = _counted(len(element.findall("weave-question")))
        add(element[0], "span", questions, **{"class": "weave-count"})


class BankBlock(_Part):
    """Known by name; what it stands for is put in before blocks are read."""

    NAME = "bank"

    def on_create(self, parent: Element) -> Element:
        return add(parent, "div")


class BeliefsBlock(BankBlock):
    NAME = "beliefs"


_ASKED = {"weave-question", "div"}  # a question with a fault is a box


class DrillBlock(_Part):
    NAME = "drill"
    ARGUMENT = True
    OPTIONS = {"at": ("", None)}  # noqa: RUF012 (as in Block)

    def on_create(self, parent: Element) -> Element:
        exclude = {"data-search-exclude": "yes"}
        return add(parent, "weave-drill", id=f"drill-{self.argument}", **exclude)

    def on_end(self, element: Element) -> None:
        if not len(element) or {part.tag for part in element} - _ASKED:
            context: Context = self.config["context"]
            message = "a drill holds nothing but questions: write /// question in it"
            box = context.fault(places.At.read(self.options["at"]).line, message)
            element.clear()
            add(element, "p", self.md.htmlStash.store(box))
            return
        first, *others = list(element)
        row = Element("p", {"class": "weave-control", "hidden": "hidden"})
        add(row, "button", "Another", type="button")
        add(row, "span", f"1 of {1 + len(others)}", **{"aria-live": "polite"})
        add(row, "a", "Link to this one", href=f"#{first.get('id')}")
        element.insert(0, row)
        if not others:
            return
        # To a browser that runs scripts this is one text, until the script reads it:
        # tens of thousands of elements less.
        details = add(add(element, "noscript"), "details")
        add(details, "summary", f"{len(others)} more, with other numbers")
        for other in others:
            element.remove(other)
            details.append(other)


def _filter(lessons: dict[str, str], used: set[str]) -> Element:
    """Which questions to show, of the kinds used: a form that waits for the script."""
    form = Element("form", {"class": "weave-filter", "autocomplete": "off"})
    form.set("hidden", "hidden")
    states = {"open": "open", "solved": "solved"}
    levels = {level: level for level in LEVELS}
    kinds = {kind: text for kind, text in _KINDS.items() if kind in used}
    fields = {"lesson": lessons, "kind": kinds, "level": levels, "state": states}
    for name, choices in fields.items():
        field = add(form, "p")
        add(field, "label", name.capitalize(), **{"for": f"bank-by-{name}"})
        select = add(field, "select", id=f"bank-by-{name}", name=name)
        for choice, text in {"": "all", **choices}.items():
            add(select, "option", text, value=choice)
    row = add(form, "p", **{"class": "weave-row"})
    add(row, "button", "Unfold all", type="button")
    add(row, "output", **{"aria-live": "polite"})
    return form


def _counted(number: int) -> str:
    return f"{number} question{'' if number == 1 else 's'}"
