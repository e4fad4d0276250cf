"""What stands in mkdocs.yml and in the heads of pages, read by a YAML loader."""

from __future__ import annotations

import contextlib
import functools
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from ..model import Fault, WeaveError, did_you_mean

_HEAD = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
_OPEN_HEAD = re.compile(r"\A---[ \t]*\n\s*\w+:")
# What MkDocs, its theme and the machinery read there.
KEYS = {
    *("title", "description", "limit", "given", "station"),
    *("hide", "icon", "status", "template", "search", "tags", "subtitle"),
}


class Source(NamedTuple):
    """A page's file: its head as data, its body, and where the body begins.

    `lines` has the line of each key of the head.
    """

    path: str
    head: dict[str, Any]
    lines: dict[str, int]
    body: str
    first_line: int


class Station(NamedTuple):
    """A page of the short path, which leaves it before the heading `until`, an id."""

    uri: str
    title: str
    until: str


class Site:
    """The files of one project: its configuration and its pages."""

    def __init__(self, root: Path, docs: str = "docs") -> None:
        self.root = Path(root)
        self.docs, self.snippets = self.root / docs, self.root / "snippets"

    def path(self, uri: str) -> str:
        """A page's path as messages name it, such as docs/rate.md."""
        return (self.docs / uri).relative_to(self.root).as_posix()

    def pages(self) -> list[str]:
        """The addresses of all pages below the docs folder, sorted."""
        files = sorted(self.docs.rglob("*.md"))
        return [file.relative_to(self.docs).as_posix() for file in files]

    def contents(self) -> dict[Path, bytes]:
        """What each file below snippets/ holds, but for the machinery's."""
        found = dict[Path, bytes]()
        for folder, inner, names in os.walk(self.snippets, followlinks=True):
            inner[:] = {*inner} - {"_weave", "__pycache__"}
            found |= {Path(folder, name): held(Path(folder, name)) for name in names}
        return found

    def navigation(self) -> list[str]:
        """The pages that `nav:` in mkdocs.yml names, in its order."""
        return [*_leaves(self.configuration().get("nav", []))]

    def configuration(self) -> dict[str, Any]:
        """What stands in mkdocs.yml; empty where there is none."""
        file = self.root / "mkdocs.yml"
        return _configuration(file.read_text("utf-8")) if file.exists() else {}

    def title(self, uri: str) -> str:
        """The title in a page's head, or the name of its file."""
        return str(self.source(uri).head.get("title") or Path(uri).stem)

    def stations(self) -> list[Station]:
        """The pages of the short path, those with `station:` in their head."""
        found = []
        for uri in self.navigation():
            head = self._head_of(uri) if uri.endswith(".md") else {}
            if "station" in head:
                found.append(Station(uri, self.title(uri), str(head["station"])))
        return found

    def _head_of(self, uri: str) -> dict[str, Any]:
        """The head of a page; of one that cannot be read, which says so, nothing."""
        try:
            return self.source(uri).head
        except (WeaveError, OSError):
            return {}

    def text(self, uri: str) -> str:
        """What a page's file holds; raises WeaveError where that is no text."""
        try:
            return (self.docs / uri).read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            line = 1 + error.object.count(b"\n", 0, error.start)
            fault = Fault(self.path(uri), line, "this is not UTF-8")
            raise WeaveError([fault]) from None

    def source(self, uri: str) -> Source:
        """A page's file, taken apart; raises WeaveError where that is impossible."""
        text, path = self.text(uri), self.path(uri)
        match = _HEAD.match(text)
        if not match:
            if _OPEN_HEAD.match(text):
                message = "this head never ends: close it with a line ---"
                raise WeaveError([Fault(path, 1, message)])
            return Source(path, {}, {}, text, 1)
        first_line = 1 + text.count("\n", 0, match.end())
        head, lines = parsed_head(match[1], path)
        body = text[match.end() :]
        return Source(path, dict(head), dict(lines), body, first_line)


def held(file: Path) -> bytes:
    """What a file holds; nothing where it has gone just now."""
    with contextlib.suppress(OSError):
        return file.read_bytes()
    return b""


@functools.lru_cache(maxsize=200)
def parsed_head(text: str, path: str) -> tuple[dict[str, Any], dict[str, int]]:
    """What the head of a page says, which begins in line 2, and the line of each key.

    Raises WeaveError where it cannot be read, or says what nobody asks for.
    """
    try:
        node = yaml.compose(text, Loader=_Loader)
        head = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = getattr(error, "problem", None) or "this is no YAML"
        line = 2 + (mark.line if mark else 0)
        raise WeaveError(
            [Fault(path, line, f"in the page's head: {message}")]
        ) from None
    if node is None:
        return {}, {}
    if not isinstance(node, yaml.MappingNode):
        message = "in the page's head: write it as title: …, a key on each line"
        raise WeaveError([Fault(path, 2, message)])
    faults, lines = [], dict[str, int]()
    for key, _ in node.value:
        line = 2 + key.start_mark.line
        if not isinstance(key, yaml.ScalarNode):
            message = "in the page's head: a key is a word, as in title: …"
            raise WeaveError([Fault(path, line, message)])
        if key.value not in KEYS:
            hint = did_you_mean(key.value, KEYS) or f"; write {', '.join(sorted(KEYS))}"
            message = f"in the page's head: nothing reads {key.value}{hint}"
            faults.append(Fault(path, line, message))
        elif key.value in lines:
            message = f"in the page's head: {key.value} stands there twice"
            faults.append(Fault(path, line, message))
        lines[key.value] = line
    if faults:
        raise WeaveError(faults)
    return dict(head), lines


def _leaves(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for child in node.values():
            yield from _leaves(child)
    elif isinstance(node, list):
        for child in node:
            yield from _leaves(child)


class _Loader(yaml.SafeLoader):
    """Reads tags such as !ENV, which mean something to MkDocs only, as nothing."""


def _nothing(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> None:
    return None


_Loader.add_multi_constructor("", _nothing)


@functools.lru_cache(maxsize=8)
def _configuration(text: str) -> dict[str, Any]:
    # The loader only makes plain data; a safe one that knows no tags refuses !ENV.
    return yaml.load(text, Loader=_Loader) or {}
