"""The first use of a term on a page leads to the glossary.

A term is an entry of `docs/reference/glossary.md`. A page that explains it, in bold
or because the entry leads there, does not send its reader away; neither do headings,
code, tables, questions or the reference itself.
"""

import re
import xml.etree.ElementTree as etree
from functools import lru_cache

from markdown import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

GLOSSARY = "reference/glossary.md"
_ENTRY = re.compile(
    r"^(?P<terms>\S.*) \{ #(?P<id>[\w-]+) \}\n:   .*\]\((?:\.\./)*(?P<page>[^)#]+)",
    re.MULTILINE,
)
_PASSED_BY = {"a", "code", "pre", "figure", "table", "strong", "summary", "details"}
_PASSED_BY |= {"h1", "h2", "h3", "h4", "weave-question", "weave-explore"}
_UNLINKED = {"admonition-title", "goal"}


class TermsExtension(Extension):
    """Links terms; `weave` is the page's WeaveExtension."""

    def __init__(self, weave):
        super().__init__()
        self.weave = weave

    def extendMarkdown(self, md):
        # After inline (20), and before the links of pages are resolved (0).
        md.treeprocessors.register(_Terms(md, self.weave), "weave-terms", 12)


class _Terms(Treeprocessor):
    def __init__(self, md, weave):
        super().__init__(md)
        self.weave = weave

    def run(self, root):
        file = self.weave.weaver.docs / GLOSSARY
        if not self.weave.woven or not file.exists():
            return
        page = self.weave.woven[0].path.removeprefix("docs/")
        self.pattern, self.ids, explained = _glossary(file.read_text("utf-8"))
        if page.startswith("reference/") or not explained:
            return
        self.known = {name for name, at in explained.items() if at == page}
        for bold in root.iter("strong"):
            self.known.add(self._id((bold.text or "").strip().rstrip(".:")))
        self._walk(root)

    def _id(self, text):
        match = self.pattern.fullmatch(text)
        return match and self.ids[match.lastindex - 1]

    def _walk(self, parent):
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

    def _linked(self, text):
        """The text up to its first new term, and the links with what follows each."""
        links, done = [], 0
        if not text or isinstance(text, AtomicString):
            return text, links
        rest = text
        for match in self.pattern.finditer(text):
            name = self.ids[match.lastindex - 1]
            if name in self.known:
                continue
            self.known.add(name)
            before = text[done : match.start()]
            if links:
                links[-1].tail = before
            else:
                rest = before
            address = f"{GLOSSARY}#{name}"
            links.append(etree.Element("a", {"class": "term", "href": address}))
            links[-1].text = match[0]
            links[-1].tail = text[match.end() :]
            done = match.end()
        return rest, links


@lru_cache(maxsize=4)
def _glossary(text):
    """A pattern with a group for each term, the terms' ids, and where they lead."""
    entries = [
        (term, match["id"], match["page"])
        for match in _ENTRY.finditer(text)
        for term in match["terms"].split(", ")
    ]
    entries.sort(key=lambda entry: -len(entry[0]))  # the longest term wins
    forms = "|".join(f"({_form(term)})" for term, _, _ in entries)
    pattern = re.compile(rf"(?<![\w-])(?:{forms})(?![\w-])", re.IGNORECASE)
    return pattern, [name for _, name, _ in entries], {i: p for _, i, p in entries}


def _form(term):
    """A term as it stands in a sentence, in the singular or the plural."""
    if term.endswith("um"):
        return re.escape(term[:-2]) + "(?:um|a)"
    if term.endswith("y"):
        return re.escape(term[:-1]) + "(?:y|ies)"
    return re.escape(term) + "(?:es|s)?"
