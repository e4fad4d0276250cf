"""Turns the TeX of a page into MathML when the page is built.

Temml does it, inside V8. Nothing of either reaches the reader: a browser draws MathML
by itself, and bad TeX stops the build instead of showing red on a page.
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import os
import re
from collections.abc import Callable
from html import escape, unescape
from pathlib import Path
from typing import Any, Protocol
from xml.etree import ElementTree

from markdown import Extension, Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from pymdownx.arithmatex import ArithmatexExtension

from . import places
from .html import Element

_TEMML = Path(__file__).with_name("temml.min.js")
_CONVERT = """
function convert(tex, display) {
  try {
    return [temml.renderToString(tex, {
      displayMode: display, throwOnError: true, strict: true, wrap: "tex"
    }), null];
  } catch (error) {
    return [null, String(error.message)];
  }
}
"""
# A security policy forbids style attributes; these classes of maths.css stand for
# what Temml writes into them. Cells have no padding unless a class gives it.
_CLASSES = {
    "display:block math": "",
    "math-depth:0": "tml-acc",
    "font-weight:bold": "tml-bold",
    "padding-left:1em": "tml-quad",
    "padding-left:5.9776pt": "tml-pl",
    "padding-right:5.9776pt": "tml-pr",
    "padding-left:0.1389em": "tml-pl-small",
    "padding-right:0.1389em": "tml-pr-small",
    "padding-left:0.4em": "tml-pl",
    "padding-right:0.4em": "tml-pr",
    **dict.fromkeys(
        f"padding-{side}:0{unit}" for side in ("left", "right") for unit in ("em", "pt")
    ),
    **{
        f"border-{side}:0.06em solid": f"tml-line-{side}"
        for side in ("left", "right", "top", "bottom")
    },
    "margin-left:-0.1667em": "tml-back",
    "padding:3pt": "tml-box",
    "border:1px solid": "",
}
_CHILDREN = dict.fromkeys(("mfrac", "msub", "msup", "munder", "mover", "mroot"), 2)
_CHILDREN |= dict.fromkeys(("msubsup", "munderover"), 3)
_TALL = {"mfrac", "msubsup", "mover", "munder", "munderover", "mtable", "msqrt"}
_ACCENTS = str.maketrans("ˆ~‾˙¨→", "\u0302\u0303\u0304\u0307\u0308\u20d7")
_SIGNS = {
    "mfrac": ("", "/"),
    "msub": ("", "_"),
    "msup": ("", "^"),
    "msubsup": ("", "_", "^"),
}
_SPACED = tuple("=+−<>≤≥≈→∈∼")
# A display formula with more characters than this may be wider than a small phone.
_WIDE = 18


class MathError(ValueError):
    """TeX that cannot be shown; `tex` is the text as it stands in the page."""

    def __init__(self, tex: str, message: str) -> None:
        self.tex = tex
        super().__init__(f"{message}, in {tex.strip()}")


class Keeper(Protocol):
    """What keeps formulas from one build to the next."""

    def get(self, key: str) -> Any: ...
    def put(self, key: str, value: Any) -> None: ...


def to_mathml(tex: str, display: bool = False, cache: Keeper | None = None) -> str:
    """The `<math>` element for a formula; kept in `cache`, if there is one.

    Raises MathError.

    >>> to_mathml("x_1")
    '<math><msub><mi>x</mi><mn>1</mn></msub></math>'
    """
    key = _key(tex, display)
    mathml: str | None = cache.get(key) if cache is not None else None
    if mathml is None:
        mathml = _convert(tex, display)
        if cache is not None:
            cache.put(key, mathml)
    return mathml


def plain(mathml: str) -> str:
    """A formula on one line, for a table of contents.

    >>> plain("<math><mfrac><mn>1</mn><msup><mi>n</mi><mn>2</mn></msup></mfrac></math>")
    '1/n^2'
    """
    return " ".join(_on_one_line(ElementTree.fromstring(mathml)).split())


class Memory(dict[str, Any]):
    """The cache when nobody gives another: it lasts as long as the process."""

    put = dict.__setitem__


def _raise(line: int | None, message: str) -> str:
    raise ValueError(message if line is None else f"line {line}: {message}")


class MathExtension(Extension):
    r"""`$…$`, and `$$…$$` or `\begin{…}…\end{…}` in a paragraph of its own.

    Of TeX that cannot be shown, `fault(line, message)` raises or returns what the
    page shows; where there is no such function, it is a ValueError.
    """

    def __init__(
        self,
        cache: Keeper | None = None,
        fault: Callable[[int | None, str], str] = _raise,
    ) -> None:
        super().__init__()
        self.cache: Keeper = Memory() if cache is None else cache
        self.fault = fault

    def extendMarkdown(self, md: Markdown) -> None:
        ArithmatexExtension(
            generic=True, inline_syntax=["dollar"], block_syntax=["dollar", "begin"]
        ).extendMarkdown(md)
        # As in Pandoc, a dollar before a digit closes nothing: "from $5 to ($6)".
        dollar = md.inlinePatterns["arithmatex-inline"]
        dollar.compiled_re = re.compile(f"(?:{dollar.pattern})(?!\\d)", re.DOTALL)
        # After code (190); "$$" before the formulas (189.9), which would take half of
        # it; the others after them, and before the backslash escapes (180).
        stray = md.inlinePatterns.register
        stray(_Stray(r"(?<!\\)\$\$", md, self), "maths-stray-dollars", 189.95)
        stray(_Stray(r"\\{1,2}[(\[]|(?<!\\)\$(?!\d)", md, self), "maths-stray", 185)
        # After the inline text (20); before smart quotes, abbreviations, and the table
        # of contents, none of which may look inside a formula.
        md.treeprocessors.register(_Formulas(md, self), "maths", 15)


class _Stray(InlineProcessor):
    """A delimiter that begins no formula would be shown to the reader."""

    def __init__(self, pattern: str, md: Markdown, extension: MathExtension) -> None:
        super().__init__(pattern, md)
        self.extension = extension

    def handleMatch(  # type: ignore[override]
        self, match: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        line = places.line_beside(data, match.start(), match.end())
        after = places.strip(data[match.end() :])
        rest = re.split("[\n\x02]", after, maxsplit=1)[0]
        error = MathError(
            match[0] + rest,
            f"{match[0]} stands alone in running text: write $…$, or $$…$$ in a "
            r"paragraph of its own, or \$ for a dollar",
        )
        box = self.md.htmlStash.store(self.extension.fault(line, str(error)))
        return box, match.start(), match.end()


class _Formulas(Treeprocessor):
    """Puts MathML in the place of every formula that arithmatex has found."""

    def __init__(self, md: Markdown, extension: MathExtension) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, root: Element) -> None:
        formulas = [e for e in root.iter() if e.get("class") == "arithmatex"]
        mathml = {element: self._mathml(element) for element in formulas}
        for heading in root.iter():
            if re.fullmatch("h[1-6]", str(heading.tag)):
                _label(heading, mathml)
        for element, markup in mathml.items():
            if element.tag == "div" and len(_text_of(markup)) > _WIDE:
                # It may scroll sideways, so the keyboard must reach it.
                element.set("tabindex", "0")
                element.set("role", "group")
                element.set("aria-label", "Formula")
            element.set("class", "maths")
            element.text = self.md.htmlStash.store(markup)
            if element.tag == "span" and element.tail:
                # Browsers would begin a line with the comma after a formula.
                after = re.match(r"[,.;:!?)\]'’”-]*", element.tail)
                assert after is not None  # it matches an empty text, too
                element.text += after[0]
                element.tail = element.tail[after.end() :]

    def _mathml(self, element: Element) -> str:
        """The MathML of a formula, or what stands for its fault."""
        # Without the \( \) or \[ \] of arithmatex.
        tex, line = places.taken((element.text or "")[2:-2])
        display = element.tag == "div"
        if display:  # arithmatex escapes these, and only these
            tex = unescape(tex)
        parts = _statements(tex) if display else [tex]
        try:
            return "".join(
                to_mathml(part, display, self.extension.cache) for part in parts
            )
        except MathError as error:
            return self.extension.fault(line, str(error))


def _label(heading: Element, mathml: dict[Element, str]) -> None:
    """Without this, the table of contents would say x2 where x² is meant."""
    inside = [element for element in heading.iter() if element in mathml]
    if inside and not heading.get("data-toc-label"):
        names = {e.text: _text_of(mathml[e]) for e in inside}
        text = "".join(names.get(part, part) for part in heading.itertext())
        heading.set("data-toc-label", escape(unescape(text), quote=False))


def _text_of(markup: str) -> str:
    """A formula on one line; of what is none, such as a red box, nothing."""
    return plain(f"<mrow>{markup}</mrow>") if markup.startswith("<math") else ""


def _statements(tex: str) -> list[str]:
    r"""What `\quad` or `\qquad` parts, where it stands in nothing: lines of a phone.

    >>> _statements(r"a = b, \qquad c"), _statements(r"\frac{a \qquad b}{2}")
    (['a = b,', 'c'], ['\\frac{a \\qquad b}{2}'])
    """
    parts = [part.strip() for part in re.split(r"\\q?quad\b", tex)]
    pairs = ("{", "}"), (r"\begin", r"\end"), (r"\left", r"\right")
    whole = (part.count(a) == part.count(b) for part in parts for a, b in pairs)
    return parts if all(parts) and all(whole) else [tex]


@functools.cache
def _source() -> str:
    return _TEMML.read_text(encoding="utf-8")


@functools.cache
def _salt() -> str:
    return hashlib.sha256(_TEMML.read_bytes() + Path(__file__).read_bytes()).hexdigest()


def _key(tex: str, display: bool) -> str:
    return hashlib.sha256(f"{_salt()} {bool(display)} {tex}".encode()).hexdigest()


@functools.cache
def _v8(process: int) -> Any:
    """V8 with Temml in it, one for each process: its threads do not survive a fork."""
    from py_mini_racer import MiniRacer

    v8 = MiniRacer()
    v8.eval(_source() + _CONVERT)
    # Left to the interpreter's own end, V8 waits for ever on threads that are gone.
    atexit.register(_close, v8, process)
    return v8


def _close(v8: Any, process: int) -> None:
    if os.getpid() == process:
        v8.close()


def _convert(tex: str, display: bool) -> str:
    # Temml would read (5,1) as one number, and number or centre the lines of align*.
    source = re.sub(r"(?<=\d),(?=\d)", ", ", tex)
    source = re.sub(r"\\(begin|end){(align|gather)\*}", r"\\\1{\2ed}", source)
    markup, error = _v8(os.getpid()).call("convert", source, bool(display))
    if error is not None:
        message = error.split(": \n")[0].strip()
        # What Temml says when it stumbles over itself helps nobody.
        if re.match("Cannot read propert|undefined|.* is not a function", message):
            message = "Temml cannot read this: a part is missing, or one too many"
        raise MathError(tex, message)
    # An empty cell at the end of a row comes with Temml's whole inner state.
    markup = re.sub(r"level:[^\"]*?max-size:[^;\"]*;", "", markup)
    mathml = re.sub(
        r'(?: class="([^"]*)")? style="([^"]*)"',
        lambda match: _as_classes(tex, *match.groups()),
        markup,
    )
    root = ElementTree.fromstring(mathml)
    # What Temml lets pass and browsers then show wrongly, or not at all.
    for node in root.iter():
        if len(node) != _CHILDREN.get(node.tag, len(node)):
            raise MathError(tex, f"Temml makes a broken {node.tag} of this")
        if node.tag == "menclose" and node.get("notation") not in ("top", "bottom"):
            raise MathError(tex, "only lines above and below can be drawn")
        if node.tag == "mo" and not node.attrib and not node.text and not len(node):
            raise MathError(tex, r"\\ breaks lines only inside aligned and the like")
        # Browsers know these of each sign, and draw nothing by them.
        for known in ("fence", "separator", *["stretchy"] * (node.text == "−")):
            node.attrib.pop(known, None)
        # As a sign it would stand between two wide blanks beside its neighbours' own.
        if node.tag == "mo" and node.text in ("…", "⋯"):
            node.tag = "mi"
        if node.tag in ("msqrt", "mroot") and _TALL.isdisjoint(
            inner.tag for inner in node[0].iter()
        ):
            node.set("class", "tml-low")
    # In running text Temml cuts a formula into rows, between which it may break. An
    # operator that is a row by itself would lose the space around it.
    row = root[0] if len(root) else None
    for after in root[1:]:
        alone = [child.tag for child in after] == ["mo"]
        if row is not None and row.tag == after.tag == "mrow" and alone:
            row.extend(after)
            root.remove(after)
        else:
            row = after
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)


def _as_classes(tex: str, classes: str | None, style: str) -> str:
    names = [classes or ""]
    for part in filter(None, style.split(";")):
        if part not in _CLASSES:
            raise MathError(tex, f"this needs the style {part}, which maths.css lacks")
        names.append(_CLASSES[part])
    listed = " ".join(filter(None, names))
    return f' class="{listed}"' if listed else ""


def _on_one_line(node: Element) -> str:
    parts = [_on_one_line(child) for child in node]
    if node.tag in _SIGNS:
        text = ""
        for sign, child, part in zip(_SIGNS[node.tag], node, parts, strict=True):
            if part.startswith("′"):
                sign = ""
            elif sign:
                part = part.replace(" ", "")
            if child.tag == "mrow" and len(part) > 1 and (sign or node.tag == "mfrac"):
                part = f"({part})"
            text += sign + part
        return text
    if node.tag == "mover":
        return parts[0] + parts[1].strip().translate(_ACCENTS)
    if node.tag == "munderover":
        return f"{parts[0]}_{parts[1]}^{parts[2]}".replace(" ", "")
    text = (node.text or "").replace("\u2061", "")
    if node.tag == "msqrt":
        text = "√"
    if node.tag == "mspace" and node.get("width", "0pt") != "0pt":
        text = " "
    if node.tag == "mo" and text in _SPACED and node.get("form") != "prefix":
        text = f" {text} "
    return text + "".join(parts)
