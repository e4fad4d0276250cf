"""What must not stand in a page as it is: HTML, pictures, and code that nothing runs.

It is looked for in the woven text, so that it is found whether an author or a value
has put it there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import CodeBlockProcessor

from ..read.page import Woven
from .html import Element, add
from .places import strip

_FORMULA = re.compile(
    r"(?<!\\)\$\$(?:\\.|[^\\$])+\$\$|(?<!\\)\$(?!\s)(?:\\.|[^\\$\n])+?(?<!\s)\$(?!\d)"
)
_ALLOWED = (
    r"/div>|div(?: class=\"[\w -]*\")?(?: markdown)?>"
    r"|/?weave-progress(?: total=\"\d+\")?>"
)
_HTML = rf"<(?!{_ALLOWED})/?[a-zA-Z][\w-]*(?=[\s/>]|$)|<[!?](?!--)"
_RUN = "show code by name in ```python, and what it prints in ```pycon"
_SAID = {
    _HTML: "HTML can hold what nothing has computed: write Markdown, and "
    '<div class="…" markdown> around it',
    r"!\[": "a picture is drawn by Python: write it as "
    "![what is seen](figures/stem/name.svg)",
    r"^[ \t>]*(?:[-*+]\s+)?(?:>>>|In ?\[\d*\]:|Out ?\[\d*\]:)": "nothing runs what "
    f"stands behind this prompt: {_RUN}",
    r"^[ \t]*//(?=\s*[a-z]+[ \t]*(?:\||$))": "a block begins with three slashes, as in "
    "/// question | its prompt",
    "^(?:```|~~~)": f"nothing runs a block that a value has written: {_RUN}",
}
_FOREIGN = re.compile(
    "|".join(f"(?P<w{i}>{p})" for i, p in enumerate(_SAID)), re.MULTILINE
)
_INLINE_CODE = re.compile(r"`#!|`:::")


def foreign(woven: Woven) -> Iterator[tuple[int, str]]:
    """The line and the message of everything that must not stand there."""
    text = _FORMULA.sub(lambda match: re.sub(".", " ", match[0]), woven.without_code())
    for match in _FOREIGN.finditer(text):
        message = list(_SAID.values())[int((match.lastgroup or "w0")[1:])]
        yield woven.line(match.start()), f"{match[0].strip()}: {message}"
    for match in _INLINE_CODE.finditer(woven.text):
        yield (
            woven.line(match.start()),
            f"{match[0]}: typed Python is never run: write plain `code`, or {_RUN}",
        )


class Indented(CodeBlockProcessor):
    """Code by indentation is never run: it is a fault."""

    def __init__(self, parser: BlockParser, say: Callable[[str], str]) -> None:
        super().__init__(parser)
        self._say = say

    def run(self, parent: Element, blocks: list[str]) -> None:
        block = blocks.pop(0)
        code, rest = self.detab(block)
        stored = self.parser.md.htmlStash.store(self._say(strip(code)))
        add(parent, "p").text = stored
        if rest:
            blocks.insert(0, rest)


def register(md: Markdown, say: Callable[[str], str]) -> None:
    """Let code by indentation be said, wherever it stands."""
    md.parser.blockprocessors.register(Indented(md.parser, say), "code", 80)


def indented(woven: Woven | None, code: str) -> tuple[int | None, str]:
    """The line and the message of code that stands indented."""
    first = code.strip("\n").split("\n")[0].strip()
    at = woven.text.find(f"    {first}") if woven else -1
    message = f"{first}: nothing runs code by indentation: {_RUN}"
    return (woven.line(at + 4) if woven and at >= 0 else None), message
