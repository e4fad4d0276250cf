"""The first use of a term on a page leads to the glossary.

A term is an entry of `docs/reference/glossary.md`. A page that explains it, in bold
or because the entry leads there, does not send its reader away; neither do headings,
code, tables, questions or the reference itself.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from .context import Context
from .html import Element

GLOSSARY = "reference/glossary.md"
_ENTRY = re.compile(
    r"^(?P<terms>\S.*) \{ #(?P<id>[\w-]+) \}\n:   .*\]\((?:\.\./)*(?P<page>[^)#]+)",
    re.MULTILINE,
)
_PASSED_BY = {"a", "code", "pre", "figure", "table", "strong", "summary", "details"}
_PASSED_BY |= {"h1", "h2", "h3", "h4", "weave-question", "weave-explore"}
_UNLINKED = {"admonition-title", "goal"}


def register(md: Markdown, context: Context) -> None:
    # After inline (20), and before the links of pages are resolved (0).
    md.treeprocessors.register(Terms(md, context), "weave-terms", 11)


class Terms(Treeprocessor):
    """Links the first use of each term on a page."""

    def __init__(self, md: Markdown, context: Context) -> None:
        super().__init__(md)
        self.context = context
        self.known: set[str] = set()
        self.glossary = _glossary("")

    def run(self, root: Element) -> None:
        file, page = self.context.weaver.site.docs / GLOSSARY, self.context.uri
        if not self.context.woven or page is None or not file.exists():
            return
        self.glossary = _glossary(file.read_text("utf-8"))
        if page.startswith("reference/") or not self.glossary.pages:
            return
        explained = self.glossary.pages.items()
        self.known = {name for name, at in explained if at == page}
        for bold in root.iter("strong"):
            name = self.glossary.id_of((bold.text or "").strip().rstrip(".:"))
            self.known |= {name} if name else set()
        self._walk(root)

    def _walk(self, parent: Element) -> None:
        if parent.tag in _PASSED_BY or _UNLINKED & {*parent.get("class", "").split()}:
            return
        children = [*parent]
        parent.text, links = self._linked(parent.text)
        parent[:0] = links
        for child in children:
            self._walk(child)
            child.tail, links = self._linked(child.tail)
            place = [*parent].index(child) + 1
            parent[place:place] = links

    def _linked(self, text: str | None) -> tuple[str | None, list[Element]]:
        """The text up to its first new term, and the links with what follows each."""
        links: list[Element] = []
        if not text or isinstance(text, AtomicString):
            return text, links
        rest, done = text, 0
        for match in self.glossary.pattern.finditer(text):
            name = self.glossary.name(match)
            if name in self.known:
                continue
            self.known.add(name)
            before = text[done : match.start()]
            if links:
                links[-1].tail = before
            else:
                rest = before
            address = f"{GLOSSARY}#{name}"
            links.append(Element("a", {"class": "term", "href": address}))
            links[-1].text = match[0]
            links[-1].tail = text[match.end() :]
            done = match.end()
        return rest, links


class _Glossary(NamedTuple):
    """A pattern with a group for each term, the terms' ids, and where these lead."""

    pattern: re.Pattern[str]
    ids: list[str]
    pages: dict[str, str]

    def name(self, match: re.Match[str]) -> str:
        return self.ids[(match.lastindex or 1) - 1]

    def id_of(self, text: str) -> str | None:
        match = self.pattern.fullmatch(text)
        return self.name(match) if match else None


@lru_cache(maxsize=4)
def _glossary(text: str) -> _Glossary:
    entries = [
        (term, match["id"], match["page"])
        for match in _ENTRY.finditer(text)
        for term in match["terms"].split(", ")
    ]
    entries.sort(key=lambda entry: -len(entry[0]))  # the longest term wins
    forms = "|".join(f"({_form(term)})" for term, _, _ in entries) or "(?!)"
    pattern = re.compile(rf"(?<![\w-])(?:{forms})(?![\w-])", re.IGNORECASE)
    ids = [name for _, name, _ in entries]
    return _Glossary(pattern, ids, {name: page for _, name, page in entries})


def _form(term: str) -> str:
    """A term as it stands in a sentence, in the singular or the plural."""
    if term.endswith("um"):
        return re.escape(term[:-2]) + "(?:um|a)"
    if term.endswith("y"):
        return re.escape(term[:-1]) + "(?:y|ies)"
    return re.escape(term) + "(?:es|s)?"
