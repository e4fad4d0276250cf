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

import re
import xml.etree.ElementTree as etree
from collections import defaultdict

from markdown.treeprocessors import Treeprocessor
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block

from .cache import _MACHINERY, _hash, _version

_FENCE = r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[ \t]*$"
_BLOCK = re.compile(
    rf"{_FENCE}|^(?P<marks>/{{3,}}) *(?P<name>bank|drill)\b.*?^(?P=marks)[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
_QUESTION = re.compile(
    rf"{_FENCE}|^(?P<marks>/{{3,}})(?P<head>[ \t]*question[ \t]*\|[^\n]*\n"
    r"(?:[ \t]{4}[^\n]*\n)*)(?P<body>.*?^)(?P=marks)[ \t]*$",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_OWN_ID = re.compile(r"^[ \t]+id:", re.MULTILINE)
_PAGE = re.compile(r"^ *- (?:[^:\n]+: )?[\"']?(\w+\.md)[\"']? *$", re.MULTILINE)
_TITLE = re.compile(r"^title:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.MULTILINE)
_FIGURE = re.compile("\x02weave (?P<index>\\d+) (?P<name>[\\w-]+)\x03")
_DRAWING = re.compile(r"<!-- bank figure (\d+) -->")
_HERE = re.compile(r"(?<=\]\()(?=#)")
_LINK = re.compile(r'(?<= href=")[\w./-]+\.md(?:#[\w-]+)?(?=")')
_IDS = re.compile(r'(?<=\bid=")|(?<=url\(#)|(?<=href="#)')
_KINDS = {
    "number": "a number",
    "one": "one choice",
    "several": "several choices",
    "order": "an order",
}
_LESSON = "/" * 20  # more than any block in a question has


class Bank:
    """Fills a page's bank, and makes its drills.

    What it converts it keeps in the cache as HTML: more questions than on all other
    pages together would else be read again for each word that changes anywhere.
    """

    def __init__(self, weave, md, preprocessor):
        self.weave, self.weaver, self.md = weave, weave.weaver, md
        self.preprocessor = preprocessor

    def fill(self, uri, text):
        """The text of a page with its bank and its drills in their places."""
        names = [match["name"] for match in _BLOCK.finditer(text)]
        if not any(names):
            return text
        own = _count(_BLOCK.sub("", text))

        stashed = {}

        def filled(match):
            if not match["marks"]:
                return match[0]
            is_bank = match["name"] == "bank"
            html = self._bank(uri, own) if is_bank else self._html(match[0])
            stashed[self.md.htmlStash.html_counter] = html
            return self.md.htmlStash.store(html)

        text = _BLOCK.sub(filled, text)
        # Not before: the parts were converted with the page's own processors.
        self.md.links.stashed = [*stashed]
        self.md.links.found = set(_LINK.findall(" ".join(stashed.values())))
        return text

    def _bank(self, uri, total):
        parts, titles = [], {}
        for page in self._pages_before(uri):
            figures = []
            questions = list(_questions(page, self._woven(page, figures)))
            if not questions:
                continue
            total += len(questions)
            name = page.removesuffix(".md")
            titles[name] = self._title(page)
            opened = f"{_LESSON} lesson | {titles[name]}\n    name: {name}\n"
            linked = f"[To the lesson]({page})"
            block = "\n\n".join([opened, linked, *questions, _LESSON])
            parts.append(self._drawn(name, self._html(block, name), figures))
        head = etree.Element("div")
        _add(head, "weave-progress", total=str(total))
        head.append(_filter(titles))
        head = "".join(etree.tostring(part, "unicode", "html") for part in head)
        # Nothing else nests in an element of this name, at whose end the exclusion
        # from Material's search ends.
        return f"<weave-bank data-search-exclude>{head}{''.join(parts)}</weave-bank>"

    def _pages_before(self, uri):
        """What the navigation names before this page; without one, all other pages."""
        named, docs = _PAGE.findall(self._config()), self.weaver.docs
        if uri in named:
            named = named[: named.index(uri)]
        else:
            named = sorted(file.name for file in docs.glob("*.md"))
        return [name for name in named if name != uri and (docs / name).exists()]

    def _config(self):
        file = self.weaver.root / "mkdocs.yml"
        return file.read_text("utf-8") if file.exists() else ""

    def _title(self, page):
        found = _TITLE.search(self.weaver.text(page))
        return found[1] if found else page.removesuffix(".md")

    def _woven(self, page, figures):
        """A page's text; its figures are kept, and only named in it."""

        def keep(item, svg, alt):
            figures.append((svg, alt))
            return f"\x02weave {len(figures) - 1} {item.slug()}\x03"

        return self.weaver.other(page, keep)

    def _drawn(self, name, html, figures):
        """HTML with its drawings, whose ids are those of no other page."""

        def drawn(match):
            svg, alt = figures[int(match[1])]
            return self.weave.drawn(_IDS.sub(f"bank-{name}-", svg), alt)

        return _DRAWING.sub(drawn, html)

    def _html(self, text, name=None):
        """What a part becomes, from the cache or converted now.

        With a name, it is quoted from the page of that name.
        """
        key = _hash("fragment", _MACHINERY, self._config(), *self._made_with(), text)
        html = self.weaver.cache.get(key)
        if html is None:
            faults = self.weave.faults
            blocks = self.md.parser.blockprocessors["blocks"]
            kept, blocks.trackers = blocks.trackers, defaultdict(dict)
            self.weave.quoting = name is not None
            try:
                html = self._converted(self._with_frames(text, name))
            finally:
                self.weave.quoting, blocks.trackers = False, kept
            if self.weave.faults == faults:
                self.weaver.cache.put(key, html)
        return html

    def _made_with(self):
        md = self.md
        parts = md.parser.blockprocessors, md.inlinePatterns, md.treeprocessors
        types = [str(type(part)) for group in parts for part in group]
        return [*types, _version("markdown"), _version("pymdown-extensions")]

    def _with_frames(self, text, name):
        names = []

        def framed(match):
            names.append(match["name"])
            count = names.count(match["name"])
            own = f"bank-{name}-{match['name']}" + (f"-{count}" if count > 1 else "")
            return self.md.htmlStash.store(
                f'<figure class="drawn" id="{own}" data-search-exclude>'
                f"<!-- bank figure {match['index']} --></figure>"
            )

        return _FIGURE.sub(framed, text)

    def _converted(self, text):
        """Convert a part by itself, as the rest of the page will be.

        Links stay as they were written, and what builders add for themselves, such
        as the page's title, is left to the page.
        """
        md, lines = self.md, text.split("\n")
        preprocessors = list(md.preprocessors)
        for preprocessor in preprocessors[preprocessors.index(self.preprocessor) + 1 :]:
            lines = preprocessor.run(lines)
        root = md.parser.parseDocument(lines).getroot()
        for processor in md.treeprocessors:
            if type(processor).__module__.startswith(_OURS):
                root = _or(processor.run(root), root)
        html = md.serializer(root).strip()
        html = html.removeprefix(f"<{md.doc_tag}>").removesuffix(f"</{md.doc_tag}>")
        for processor in md.postprocessors:
            html = processor.run(html)
        return html.strip()


_OURS = "markdown.", "pymdownx.", "_weave."


def _or(new, old):
    return old if new is None else new


def _count(text):
    return sum(bool(match["marks"]) for match in _QUESTION.finditer(text))


def _questions(page, text):
    """The questions of a page as blocks, each with the id that it has there."""
    number = 0
    for match in _QUESTION.finditer(text):
        if match["marks"]:
            number += 1
            head = match["head"]
            if not _OWN_ID.search(head):
                head += f"    id: {page.removesuffix('.md')}-{number}\n"
            block = f"{match['marks']}{head}{match['body']}{match['marks']}"
            yield _HERE.sub(page, block)


class BankExtension(BlocksExtension):
    """Adds the blocks `lesson` and `drill`, and the links of what is kept as HTML."""

    def extendMarkdownBlocks(self, md, block_mgr):
        md.block_level_elements += ["weave-bank", "weave-drill"]
        block_mgr.register(Lesson, {})
        block_mgr.register(Drill, {})
        md.links = _Links(md)
        # Between the inline text (20) and what MkDocs does with links (0).
        md.treeprocessors.register(md.links, "weave-links", 12)
        md.treeprocessors.register(_Resolved(md), "weave-resolved", -20)


class _Links(Treeprocessor):
    """Lets the builder see the links of HTML that is not in the tree."""

    def __init__(self, md):
        super().__init__(md)
        self.found, self.stashed, self.part = set(), [], None

    def run(self, root):
        if self.found:
            self.part = _add(root, "p")
            for target in sorted(self.found):
                _add(self.part, "a", href=target)


class _Resolved(Treeprocessor):
    """Puts into that HTML what the builder has made of its links."""

    def run(self, root):
        links, blocks = self.md.links, self.md.htmlStash.rawHtmlBlocks
        if links.part is None:
            return
        root.remove(links.part)
        made = [part.get("href") for part in links.part]
        leads = dict(zip(sorted(links.found), made, strict=True))
        for index in links.stashed:
            blocks[index] = _LINK.sub(lambda match: leads[match[0]], blocks[index])
        links.found, links.stashed, links.part = set(), [], None


class _Part(Block):
    """A block that holds blocks."""

    def on_markdown(self):
        return "block"


class Lesson(_Part):
    NAME = "lesson"
    ARGUMENT = True
    OPTIONS = {"name": ("", None)}  # noqa: RUF012 (as in Block)

    def on_create(self, parent):
        name = self.options["name"]
        details = _add(parent, "details", id=f"bank-{name}")
        details.attrib |= {"class": "weave-lesson", "data-lesson": name}
        summary = _add(details, "summary")
        _add(summary, "span", self.argument, **{"class": "weave-title"})
        return details

    def on_end(self, element):
        questions = _counted(len(element.findall("weave-question")))
        _add(element[0], "span", questions, **{"class": "weave-count"})


class Drill(_Part):
    NAME = "drill"
    ARGUMENT = True

    def on_create(self, parent):
        exclude = {"data-search-exclude": "yes"}
        return _add(parent, "weave-drill", id=f"drill-{self.argument}", **exclude)

    def on_end(self, element):
        first, *others = list(element)
        row = etree.Element("p", {"class": "weave-control", "hidden": "hidden"})
        _add(row, "button", "Another", type="button")
        _add(row, "span", f"1 of {1 + len(others)}", **{"aria-live": "polite"})
        _add(row, "a", "Link to this one", href=f"#{first.get('id')}")
        element.insert(0, row)
        if not others:
            return
        # To a browser that runs scripts this is one text, until the script reads it:
        # tens of thousands of elements less.
        details = _add(_add(element, "noscript"), "details")
        _add(details, "summary", f"{len(others)} more, with other numbers")
        for other in others:
            element.remove(other)
            details.append(other)


def _filter(lessons):
    """Which questions to show: a form that waits for the script."""
    form = etree.Element("form", {"class": "weave-filter", "autocomplete": "off"})
    form.set("hidden", "hidden")
    states = {"open": "open", "solved": "solved"}
    for name, choices in ("lesson", lessons), ("kind", _KINDS), ("state", states):
        field = _add(form, "p")
        _add(field, "label", name.capitalize(), **{"for": f"bank-by-{name}"})
        select = _add(field, "select", id=f"bank-by-{name}", name=name)
        for choice, text in {"": "all", **choices}.items():
            _add(select, "option", text, value=choice)
    row = _add(form, "p", **{"class": "weave-row"})
    _add(row, "button", "Unfold all", type="button")
    _add(row, "output", **{"aria-live": "polite"})
    return form


def _counted(number):
    return f"{number} question{'' if number == 1 else 's'}"


def _add(parent, tag, text=None, **attributes):
    element = etree.SubElement(parent, tag, attributes)
    element.text = text
    return element
