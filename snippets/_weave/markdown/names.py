"""The block "Names used here": what the code of a page speaks of.

It stands folded before the first code and says how to type along: the imports that
make the page's session, and each name that the code uses and that nothing above has
shown or bound. All of it is read from the sources: signatures, the first sentences of
docstrings, formulas of landscapes, short constants. Where nothing is unknown, there is
no block.
"""

from __future__ import annotations

import ast
import builtins
import doctest
import posixpath
import re
import symtable
import textwrap
import xml.etree.ElementTree as etree
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, AtomicString

from ..forms.fence import Fence
from ..model import NO_CODE, typeset
from ..read.page import Page
from ..read.site import Site
from ..read.source import parsed, source
from ..run.depends import by_last_name, imported
from .context import Context
from .html import Element, add

GALLERY = "reference/landscapes.md"
_LANDSCAPES = "shared.landscapes"
_OF_A_LANDSCAPE = "f", "grad", "hess", "minima"
_FENCE = re.compile(Fence.pattern, re.MULTILINE | re.DOTALL | re.VERBOSE)
_SHOWN = re.compile(r'--8<--[ \t]+"(?P<file>[^":\n]+)(?::(?P<name>\w+))?"')
ShownOn = Mapping[tuple[str, str], str]
_WIDEST = 60  # columns of a constant that is written out


def register(md: Markdown, context: Context) -> None:
    # Before inline (20), which makes formulas of those of the landscapes.
    md.treeprocessors.register(Names(md, context), "weave-names", 22)


def said(page: Page, uri: str, shown_on: ShownOn) -> str:
    """All that the block of a page says, as one text; empty where there is none."""
    found = used(page)
    if found is None:
        return ""
    return etree.tostring(block(found, "", uri, page.snippets, shown_on), "unicode")


class Names(Treeprocessor):
    """Puts the block before the first code of the page."""

    def __init__(self, md: Markdown, context: Context) -> None:
        super().__init__(md)
        self.context = context

    def run(self, root: Element) -> None:
        woven, uri = self.context.woven, self.context.uri
        found = used(woven.page) if woven else None
        place = next((i for i, part in enumerate(root) if self._is_code(part)), 0)
        if found is None or uri is None or not place:
            return
        if (root[place - 1].text or "").rstrip().endswith(":"):
            place -= 1  # the sentence that announces the code stays beside it
        # Stashed, because MkDocs does not know yet what stands under the page.
        link = f'<a href="#code">{found.module}.py</a>'
        link = self.md.htmlStash.store(link)
        site = self.context.weaver.site
        root.insert(place, block(found, link, uri, site.snippets, pages(site)))

    def _is_code(self, part: Element) -> bool:
        stored = self.md.htmlStash.rawHtmlBlocks
        numbers = HTML_PLACEHOLDER_RE.findall("".join(part.itertext()))
        return any('<div class="highlight">' in str(stored[int(n)]) for n in numbers)


class Defined(NamedTuple):
    """Where a name is bound: the module, and the statement, or all of the module.

    A statement that imports is one that leads to a library.
    """

    module: str
    node: ast.stmt | ast.Module


class Used(NamedTuple):
    """The module that a reader of a page begins with, its imports, and its names.

    One of the names may be that of a module's member, such as `regression.hessian`.
    """

    module: str
    imports: list[str]
    names: dict[str, Defined]


def used(page: Page) -> Used | None:
    """What the code of a page speaks of and does not show; None for nothing."""
    own, snippets = _module(page), page.snippets
    if own is None:
        return None
    modules, known = by_last_name(snippets), {*vars(builtins)}
    libraries, others = set[str](), set[str]()
    names: dict[str, Defined] = {}
    spoken: dict[str, str] = {}
    ours = False
    for code, origin in codes(page):
        bound = _symbols(code, "is_assigned", "is_imported")
        for name in sorted(_symbols(code, "is_referenced") - known - bound):
            found = _defined(snippets, own, name)
            if found is None and origin:
                found = _defined(snippets, origin, name)
                if found and not isinstance(found.node, ast.Import):
                    others.add(f"from {found.module} import {name}")
            if found is None and name in modules:
                others.add(_importing(modules[name]))
                found = _whole(snippets, modules[name])
            match found:
                case Defined(module, ast.Module()):
                    spoken[name] = module
                case Defined(_, ast.Import() | ast.ImportFrom() as node):
                    libraries.add(ast.unparse(node))
                case Defined():
                    names[name] = found
        for name, module in spoken.items():
            for member in sorted(_members(code, name)):
                found = _defined(snippets, module, member)
                if found:
                    names.setdefault(f"{name}.{member}", found)
        ours = ours or any(_tree(snippets, module) for module in imported(code))
        known |= bound | names.keys()
    if not (ours or names or libraries or spoken):
        return None
    return Used(
        own, [*sorted(libraries), f"from {own} import *", *sorted(others)], names
    )


def _module(page: Page) -> str | None:
    """The page's own module, else the first of those that draw something for it."""
    if (page.snippets / f"{page.stem}.py").exists():
        return page.stem
    return next((item.module for item in page.items if item.module), None)


def codes(page: Page) -> list[tuple[str, str]]:
    """The code of a page in its order: each example, and each thing shown by name.

    With it comes the module where it stands; an example stands in none.
    """
    found: list[tuple[str, str]] = []
    for match in _FENCE.finditer(page.text):
        body = match["body"]
        with_prompts = ">>> " in body
        if with_prompts:
            examples = doctest.DocTestParser().get_examples(textwrap.dedent(body))
            found += [(example.source, "") for example in examples]
        for named in _SHOWN.finditer(body):
            try:
                code = source(page.snippets, named["file"], named["name"])
            except LookupError:  # a fault of the page, which its parser has noted
                continue
            origin = named["file"].removesuffix(".py").replace("/", ".")
            found.append((textwrap.dedent(code), origin))
    return found


@lru_cache(maxsize=4000)
def _symbols(code: str, *tests: str) -> frozenset[str]:
    """The names at the top of some code, or global in it, of which a test is true."""

    def walk(table: symtable.SymbolTable) -> Iterator[str]:
        top = table.get_type() == "module"
        for symbol in table.get_symbols():
            if (top or symbol.is_global()) and any(getattr(symbol, t)() for t in tests):
                yield symbol.get_name()
        for child in table.get_children():
            yield from walk(child)

    return frozenset(walk(symtable.symtable(code, "<code>", "exec")))


def _members(code: str, name: str) -> set[str]:
    """The x of each `name.x` in some code."""
    return {
        node.attr
        for node in ast.walk(parsed(code))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    }


# Where names come from


def _file(snippets: Path, module: str) -> Path:
    return snippets.joinpath(*module.split(".")).with_suffix(".py")


def _tree(snippets: Path, module: str) -> ast.Module | None:
    """One of our modules; None for a library's."""
    file = _file(snippets, module)
    try:
        return parsed(file.read_text("utf-8")) if file.is_file() else None
    except NO_CODE:  # which is said where it is run
        return None


def _whole(snippets: Path, module: str) -> Defined | None:
    tree = _tree(snippets, module)
    return Defined(module, tree) if tree else None


def _defined(snippets: Path, module: str, name: str) -> Defined | None:
    """Where a name of a module is bound; what is imported from ours is followed."""
    tree = _tree(snippets, module)
    for node in tree.body if tree else ():
        match node:
            case ast.FunctionDef(name=bound) | ast.ClassDef(name=bound):
                if bound == name:
                    return Defined(module, node)
            case ast.Assign(targets=targets):
                if name in {
                    n.id
                    for t in targets
                    for n in ast.walk(t)
                    if isinstance(n, ast.Name)
                }:
                    return Defined(module, node)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                for alias in aliases:
                    if name == (alias.asname or alias.name.split(".")[0]):
                        return _through(snippets, module, node, alias)
    return None


def _through(
    snippets: Path, module: str, node: ast.Import | ast.ImportFrom, alias: ast.alias
) -> Defined | None:
    """What an import leads to; in a library, to an import of that name alone."""
    if isinstance(node, ast.Import):
        whole = _whole(snippets, alias.name)
        return whole or Defined(module, ast.Import([alias]))
    base = node.module or ""
    whole = _whole(snippets, f"{base}.{alias.name}")
    if whole or _tree(snippets, base):
        return whole or _defined(snippets, base, alias.name)
    return Defined(module, ast.ImportFrom(base, [alias], 0))


def _importing(module: str) -> str:
    package, _, last = module.rpartition(".")
    return f"from {package} import {last}" if package else f"import {last}"


# The block


def block(
    found: Used, link: str, uri: str, snippets: Path, shown_on: ShownOn
) -> Element:
    """The block; `shown_on` has the page on which a name of a file is shown."""
    details = Element("details", {"class": "weave-names", "data-search-exclude": "yes"})
    add(details, "summary", "Names used here")
    how = f"To type along, save {link}, start Python in its folder, and begin with"
    add(details, "p", how)
    code = add(add(add(details, "div", **{"class": "highlight"}), "pre"), "code")
    code.text = AtomicString("\n".join(found.imports))
    hills = [name for name, at in found.names.items() if _landscape(at)]
    others = [name for name in found.names if name not in hills]
    listing = add(details, "ul") if found.names else details
    folder = posixpath.dirname(uri) or "."
    for name in hills:
        _add_landscape(listing, name, found.names[name], folder)
    if hills:
        _add_members(listing, hills[0], snippets)
    for name in others:
        at = found.names[name]
        shown = f"{at.module.replace('.', '/')}.py", name.split(".")[-1]
        address = shown_on.get(shown, "")
        signature, about = _said(name, at, snippets)
        if address == uri:
            address, about = "", f"{about} It is shown below."
        item = add(listing, "li")
        after = _code(item, signature, address, folder)
        _say(item, after, f": {about}" if about else "")
    return details


def _add_landscape(listing: Element, name: str, at: Defined, folder: str) -> None:
    """A landscape by its formula; the name leads to its figure."""
    landscape = _landscape(at)
    address = f"{GALLERY}#{landscape['name']}" if at.module == _LANDSCAPES else ""
    shown = _code(add(listing, "li"), name, address, folder)
    shown.tail = f": ${landscape['tex']}$. {landscape['about']}"


def _add_members(listing: Element, name: str, snippets: Path) -> None:
    """What can be asked of a landscape, such as the first of the page."""
    at = _defined(snippets, _LANDSCAPES, "Landscape")
    assert at is not None  # the class of all landscapes
    assert isinstance(at.node, ast.ClassDef)
    item = add(listing, "li")
    members = {n.name: n for n in at.node.body if isinstance(n, ast.FunctionDef)}
    for member in _OF_A_LANDSCAPE:
        node = members[member]
        call = "" if node.decorator_list else f"({', '.join(_arguments(node))})"
        code = _code(item, f"{name}.{member}{call}")
        _say(item, code, f": {_sentence(node)} ")


def _said(name: str, at: Defined, snippets: Path) -> tuple[str, str]:
    """How a function, a class or a constant is written, and what it is."""
    match at.node:
        case ast.FunctionDef() as node:
            return f"{name}({', '.join(_arguments(node))})", _sentence(node)
        case ast.ClassDef() as node:
            return name, _sentence(node)
        case ast.Assign(value=value) as node:
            if isinstance(value, ast.Call) and ast.unparse(value.func).startswith("_"):
                value = value.args[0]  # a helper of the module makes an array of it
            written = f"{name} = {ast.unparse(value)}"
            lines = _file(snippets, at.module).read_text("utf-8").split("\n")
            about = _first(_comment(lines[: node.lineno - 1]))
            return written if len(written) <= _WIDEST else name, about
    raise TypeError(at.node)  # _defined gives no others


def _comment(lines: list[str]) -> str:
    """The comment above the last of the lines, or above what stands beside them."""
    words: list[str] = []
    while lines and lines[-1].strip():
        line = lines.pop()
        if line.startswith("# "):
            words.insert(0, line[2:])
        elif words:
            break
    return " ".join(words)


def _code(item: Element, text: str, address: str = "", folder: str = ".") -> Element:
    """Some code, with a link where there is an address; returns what a tail follows."""
    parent = item
    if address:
        parent = add(item, "a", href=posixpath.relpath(address, folder))
    add(parent, "code").text = AtomicString(text)
    return parent if address else item[-1]


def _say(item: Element, after: Element, text: str) -> None:
    """A docstring's words behind an element; what stands in backquotes is code."""
    first, *parts = text.split("`")
    after.tail = AtomicString(typeset(first))
    for place, part in enumerate(parts):
        if place % 2:
            item[-1].tail = AtomicString(typeset(part))
        else:
            add(item, "code").text = AtomicString(part)


def _arguments(node: ast.FunctionDef) -> list[str]:
    """A function's parameters, one text each, without self."""
    written = ast.unparse(ast.Lambda(node.args, ast.Constant(0)))
    whole = written.removeprefix("lambda").removesuffix(": 0").strip()
    return [part for part in whole.split(", ") if part != "self"]


def _sentence(node: ast.FunctionDef | ast.ClassDef) -> str:
    """The first sentence of a docstring, without the word Return."""
    text = " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())
    return _first(text).removeprefix("Return ")


def _first(text: str) -> str:
    return re.split(r"(?<=[.!?]) ", text)[0]


def _landscape(at: Defined) -> dict[str, str]:
    """What a landscape says of itself; empty for what is none."""
    match at.node:
        case ast.Assign(value=ast.Call(func=ast.Name("Landscape"), keywords=words)):
            return {
                str(word.arg): str(word.value.value)
                for word in words
                if isinstance(word.value, ast.Constant)
            }
    return {}


def pages(site: Site) -> dict[tuple[str, str], str]:
    """The pages that show things by name: {(file, name): page}."""
    found: dict[tuple[str, str], str] = {}
    for uri in site.pages():
        for match in _SHOWN.finditer((site.docs / uri).read_text("utf-8", "replace")):
            found.setdefault((match["file"], match["name"]), uri)
    return found
