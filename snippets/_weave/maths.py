"""Turns the TeX of a page into MathML when the page is built.

Temml does it, inside V8. Nothing of either reaches the reader: a browser draws MathML
by itself, and bad TeX stops the build instead of showing red on a page.
"""

import atexit
import functools
import hashlib
import os
import re
from html import escape, unescape
from pathlib import Path
from xml.etree import ElementTree

from markdown import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from pymdownx.arithmatex import ArithmatexExtension

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

    def __init__(self, tex, message):
        self.tex = tex
        super().__init__(f"{message}, in {tex.strip()}")


def to_mathml(tex, display=False, cache=None):
    """The `<math>` element for a formula; kept in `cache`, if there is one.

    >>> to_mathml("x_1")
    '<math><msub><mi>x</mi><mn>1</mn></msub></math>'
    """
    key = _key(tex, display)
    mathml = cache.get(key) if cache is not None else None
    if mathml is None:
        mathml = _convert(tex, display)
        if cache is not None:
            cache.put(key, mathml)
    return mathml


def plain(mathml):
    """A formula on one line, for a table of contents.

    >>> plain("<math><mfrac><mn>1</mn><msup><mi>n</mi><mn>2</mn></msup></mfrac></math>")
    '1/n^2'
    """
    return " ".join(_plain(ElementTree.fromstring(mathml)).split())


class Memory(dict):
    """The cache when nobody gives another: it lasts as long as the process."""

    put = dict.__setitem__


class MathExtension(Extension):
    r"""`$…$`, and `$$…$$` or `\begin{…}…\end{…}` in a paragraph of its own.

    TeX that cannot be shown raises MathError, or shows what `on_error(error)`
    returns.
    """

    def __init__(self, cache=None, on_error=None):
        super().__init__()
        self.cache = Memory() if cache is None else cache
        self._on_error = on_error

    def said(self, error):
        if self._on_error is None:
            raise error
        return self._on_error(error)

    def extendMarkdown(self, md):
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

    def __init__(self, pattern, md, extension):
        super().__init__(pattern, md)
        self.extension = extension

    def handleMatch(self, match, data):
        rest = re.split("[\n\x02]", data[match.start() :], maxsplit=1)[0]
        error = MathError(
            rest,
            f"{match[0]} stands alone in running text: write $…$, or $$…$$ in a "
            r"paragraph of its own, or \$ for a dollar",
        )
        box = self.md.htmlStash.store(self.extension.said(error))
        return box, match.start(), match.end()


class _Formulas(Treeprocessor):
    """Puts MathML in the place of every formula that arithmatex has found."""

    def __init__(self, md, extension):
        super().__init__(md)
        self.extension = extension

    def run(self, root):
        for heading in root.iter():
            if re.fullmatch("h[1-6]", str(heading.tag)):
                self._label(heading)
        for element in root.iter():
            if element.get("class") == "arithmatex":
                mathml = self._mathml(element)
                if element.tag == "div" and len(plain(mathml)) > _WIDE:
                    # It may scroll sideways, so the keyboard must reach it.
                    element.set("tabindex", "0")
                    element.set("role", "group")
                    element.set("aria-label", "Formula")
                element.set("class", "maths")
                element.text = self.md.htmlStash.store(mathml)
                if element.tag == "span" and element.tail:
                    # Browsers would begin a line with the comma after a formula.
                    after = re.match(r"[,.;:!?)\]'’”-]*", element.tail)[0]
                    element.text += after
                    element.tail = element.tail[len(after) :]

    def _mathml(self, element):
        tex = element.text[2:-2]  # without the \( \) or \[ \] of arithmatex
        display = element.tag == "div"
        if display:  # arithmatex escapes these, and only these
            tex = unescape(tex)
        try:
            return to_mathml(tex, display, self.extension.cache)
        except MathError as error:
            return self.extension.said(error)

    def _label(self, heading):
        """Without this, the table of contents would say x2 where x² is meant."""
        formulas = heading.findall(".//*[@class='arithmatex']")
        if formulas and not heading.get("data-toc-label"):
            names = {element.text: plain(self._mathml(element)) for element in formulas}
            text = "".join(names.get(part, part) for part in heading.itertext())
            heading.set("data-toc-label", escape(unescape(text), quote=False))


@functools.cache
def _source():
    return _TEMML.read_text(encoding="utf-8")


@functools.cache
def _salt():
    return hashlib.sha256(_TEMML.read_bytes() + Path(__file__).read_bytes()).hexdigest()


def _key(tex, display):
    return hashlib.sha256(f"{_salt()} {bool(display)} {tex}".encode()).hexdigest()


@functools.cache
def _v8(process):
    """V8 with Temml in it, one for each process: its threads do not survive a fork."""
    from py_mini_racer import MiniRacer

    v8 = MiniRacer()
    v8.eval(_source() + _CONVERT)
    # Left to the interpreter's own end, V8 waits for ever on threads that are gone.
    atexit.register(lambda: os.getpid() == process and v8.close())
    return v8


def _convert(tex, display):
    # Temml would read (5,1) as one number, and number or centre the lines of align*.
    source = re.sub(r"(?<=\d),(?=\d)", ", ", tex)
    source = re.sub(r"\\(begin|end){(align|gather)\*}", r"\\\1{\2ed}", source)
    markup, error = _v8(os.getpid()).call("convert", source, bool(display))
    if error is not None:
        raise MathError(tex, error.split(": \n")[0].strip())
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
        if node.tag in ("msqrt", "mroot") and _TALL.isdisjoint(
            inner.tag for inner in node[0].iter()
        ):
            node.set("class", "tml-low")
    # In running text Temml cuts a formula into rows, between which it may break. An
    # operator that is a row by itself would lose the space around it.
    row = root[0] if len(root) else None
    for after in root[1:]:
        if row.tag == after.tag == "mrow" and [child.tag for child in after] == ["mo"]:
            row.extend(after)
            root.remove(after)
        else:
            row = after
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)


def _as_classes(tex, classes, style):
    names = [classes or ""]
    for part in filter(None, style.split(";")):
        if part not in _CLASSES:
            raise MathError(tex, f"this needs the style {part}, which maths.css lacks")
        names.append(_CLASSES[part])
    names = " ".join(filter(None, names))
    return f' class="{names}"' if names else ""


def _plain(node):
    parts = [_plain(child) for child in node]
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
