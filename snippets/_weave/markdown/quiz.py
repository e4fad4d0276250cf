"""Questions: what stands on a page between `/// question | prompt` and `///`.

    /// question | From $x = 3$ with rate 0.1, where does one step lead?
        kind: number
        within: 0.005

    - [x] `{python} step(3.0, slope, 0.1)`
    - [ ] `{python} 3 + 0.1 * slope(3.0)`

        You added the gradient; it points uphill.

    The worked solution.
    ///

The first list holds the options, all after it is the worked solution. What stands
in an option after its first paragraph is what a reader hears who gave that answer.
A key with a percent sign makes a question that asks in percent. A question of kind
`open` has no options: what stands in it is a model answer, but for what a line `---`
parts from it, which belongs to the prompt. It leaves no record.
Keys, slips and verdicts are woven before this reads them: it gets text, compares it,
and evaluates nothing. The page is whole without JavaScript; what only a script can
serve is `hidden` until the script shows it. The form, which holds all but the
prompt, stays out of the site's search: nothing else nests in a form of its own kind,
and Material's search ends an exclusion at the first end tag of the same name.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

import yaml
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, AtomicString
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from ..model import did_you_mean
from . import places
from .context import Context
from .html import Element, add

_KINDS = "number", "one", "several", "order", "open"
LEVELS = "warm-up", "core", "break it", "open"
_USUAL = "core"  # is not said
_MARK = re.compile(r"\[(?P<mark>[^\]\n]*)\]\s*")
_VERDICTS = {"x": True, "X": True, "": False, "True": True, "False": False}
ID = re.compile(r"[A-Za-z][\w-]{0,79}")
_DIGITS = 8  # more than a reader would type
_EMPTY = "an option is empty: write what it says behind its mark"
# With the option as `places` writes it: a block that is not ours may hold another.
_LEFT_OVER = re.compile(
    r"^ {0,3}(?P<header>/{3,}.*)\n\s*at: (?P<at>\d+(?: [\w-]+=\d+)+)$", re.MULTILINE
)


_HOW = {
    "question": "A question starts with /// question | its prompt, then come its kind, "
    "within and id",
    "exercise": "An exercise starts with /// exercise | its task, then come solution: "
    "and slips:",
}


def _how(text: str) -> str:
    """How a block is written that a text speaks of."""
    begin = _HOW["exercise" if "exercise" in text else "question"]
    return f"{begin}, indented by four spaces, then an empty line; a line /// ends it"


class _Wrong(Exception):
    """What is wrong with a question, and the line or the option where."""

    def __init__(self, message: str, at: int | str | None = None) -> None:
        super().__init__(message)
        self.message, self.at = message, at


class QuizExtension(BlocksExtension):  # type: ignore[misc]
    """Adds the block `question`."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:
        md.block_level_elements += ["weave-question", "weave-progress"]
        block_mgr.register(Question, {"context": self.context})
        checked = _NothingLeftOver(md, self.context)
        md.treeprocessors.register(checked, "weave_questions", 25)  # inline is 20


def complain(context: Context, edge: places.Edge) -> str:
    """Say of a line of slashes that it begins or ends nothing."""
    return context.fault(edge.line, f"not understood: {edge.text}. {_how(edge.text)}")


def complain_of_open(context: Context, block: places.BlockText) -> str:
    """Say of a block that it would take in the rest of the page."""
    message = f"this {block.name} never ends: close it with a line {block.marks}"
    return context.fault(block.line, message)


def unread(block: places.BlockText) -> Iterator[tuple[int, str]]:
    """Options that are no words for YAML, that the build writes, or given twice."""
    for name, line in block.lines.items():
        if name == "at" or not isinstance(yaml.safe_load(name), str):
            message = f"{name}: a {block.name} has no such option"
            yield line, f"{message}. {_how(block.name)}"
    for name, line in block.again:
        first = block.lines[name]
        yield line, f"{name}: is given in line {first}, too: leave one of the two out"


class Question(Block):  # type: ignore[misc]  # pymdownx has no types
    NAME = "question"
    ARGUMENT = True
    OPTIONS = {  # noqa: RUF012 (as in Block)
        "kind": ("", None),
        "within": (0, None),
        "level": ("", None),
        "id": ("", None),
        "at": ("", None),
    }

    def on_markdown(self) -> str:
        return "block"

    def on_create(self, parent: Element) -> Element:
        return add(parent, "weave-question")

    def on_end(self, element: Element) -> None:
        context: Context = self.config["context"]
        at = places.At.read(self.options["at"])
        try:
            self._build(element)
        except _Wrong as wrong:
            line = at.lines.get(wrong.at) if isinstance(wrong.at, str) else wrong.at
            element.clear()
            element.tag = "div"
            box = context.fault(line or at.line, wrong.message)
            add(element, "p").text = self.md.htmlStash.store(box)

    def _build(self, element: Element) -> None:
        kind, within, name = self._header()
        level = self._level(kind)
        parts = list(element)
        if kind == "open":
            self._open(element, parts, name, level)
            return
        at = next((i for i, part in enumerate(parts) if part.tag in ("ul", "ol")), None)
        if at is None:
            raise _Wrong("a question needs a list of options: write - [x] for the key")
        prompt, listing, solution = parts[:at], parts[at], parts[at + 1 :]
        _all_in_one_list(solution)
        if kind == "order":
            options, answer = self._ordered(listing, name)
        else:
            options, answer = self._marked(kind, listing, within)
        if not solution:
            raise _Wrong(
                "a question needs its worked solution: write it after the options, "
                "before the closing ///"
            )
        form = self._form(element, kind, name, level, prompt)
        if kind == "number":
            element.set("within", repr(within))
            in_percent = any(option.right and option.percent for option in options)
            if in_percent:
                element.set("percent", "yes")
            _entry(form, name, options, within, in_percent)
        else:
            _choices(form, name, options, kind)
        check = add(form, "p", hidden="hidden", **{"class": "weave-control"})
        add(check, "button", "Check", type="submit")
        add(check, "span", **{"class": "weave-answered"})
        add(form, "output", id=f"{name}-said", **{"aria-live": "polite"})
        details = add(form, "details", **{"class": "weave-solution"})
        add(details, "summary", "Worked solution")
        add(add(details, "p"), "strong", f"Answer: {answer}")
        details.extend(solution)

    def _open(
        self, element: Element, parts: list[Element], name: str, level: str
    ) -> None:
        """A question whose answer nobody judges but the reader."""
        at = next((i for i, part in enumerate(parts) if part.tag == "hr"), None)
        prompt, answer = parts[: at or 0], parts[0 if at is None else at + 1 :]
        if not answer:
            raise _Wrong("an open question needs a model answer: write it before ///")
        form = self._form(element, "open", name, level, prompt)
        details = add(form, "details", **{"class": "weave-solution"})
        add(details, "summary", "Model answer")
        details.extend(answer)

    def _form(
        self, element: Element, kind: str, name: str, level: str, prompt: list[Element]
    ) -> Element:
        """The frame of a question with its prompt; returns the form in it."""
        element.clear()
        element.attrib = {"kind": kind, "id": name}
        fieldset = add(element, "fieldset")
        legend = add(fieldset, "legend", self.argument)
        if level != _USUAL:
            element.set("level", level)
            legend.text = None
            add(legend, "small", level).tail = f" {self.argument}"
        fieldset.extend(prompt)
        form = add(fieldset, "form", autocomplete="off", novalidate="novalidate")
        form.set("data-search-exclude", "yes")
        return form

    def _level(self, kind: str) -> str:
        level = self.options["level"] or ("open" if kind == "open" else _USUAL)
        if level not in LEVELS:
            hint = did_you_mean(str(level), LEVELS)
            raise _Wrong(
                f"there is no level '{level}'; write level: warm-up, core, break it "
                f"or open{hint}",
                "level",
            )
        return str(level)

    def _header(self) -> tuple[str, float, str]:
        kind, name = self.options["kind"], self.options["id"]
        if kind not in _KINDS:
            hint = did_you_mean(str(kind), _KINDS)
            raise _Wrong(
                f"there is no question of kind '{kind}'; write kind: number, one, "
                f"several, order or open{hint}"
            )
        try:
            within = _number(str(self.options["within"]))
        except ValueError:
            within = -1
        if within < 0:
            raise _Wrong(
                f"within: {self.options['within']} is not a tolerance; write a number "
                "that is not negative",
                "within",
            )
        name = name or self._default_name()
        if not isinstance(name, str) or not ID.fullmatch(name):
            raise _Wrong(
                f"id: {name} cannot be an id; write letters, digits and hyphens, a "
                "letter first",
                "id",
            )
        names = self.tracker.setdefault("names", [])
        if name in names:
            raise _Wrong(f"two questions have the id {name}; give one another id")
        names.append(name)
        return kind, within, name

    def _default_name(self) -> str:
        context: Context = self.config["context"]
        stem = context.woven.page.stem if context.woven else "question"
        return f"{stem}-{places.At.read(self.options['at']).number}"

    def _ordered(self, listing: Element, name: str) -> tuple[list[_Option], str]:
        """The options in the order they are shown, and the key."""
        if listing.tag != "ol":
            raise _Wrong(
                "kind: order needs its options in the right order, as 1. 2. 3."
            )
        options = [_Option(item, place) for place, item in enumerate(listing)]
        self._different(options)

        def shuffled(option: _Option) -> bytes:
            return hashlib.sha256(f"{name} {option.place}".encode()).digest()

        shown = sorted(options, key=shuffled)
        if shown == options:
            shown = options[1:] + options[:1]
        _letter(shown)
        return shown, ", ".join(option.letter for option in options)

    def _marked(
        self, kind: str, listing: Element, within: float
    ) -> tuple[list[_Option], str]:
        """The options with their verdicts, and the key."""
        options = [_Option(item, place) for place, item in enumerate(listing)]
        for option in options:
            option.verdict()
        right = [option for option in options if option.right]
        if not right:
            raise _Wrong("no option is marked right: write - [x] for the key")
        if kind != "several" and len(right) > 1:
            hint = " (or kind: several)" if kind == "one" else ""
            raise _Wrong(
                f"{len(right)} options are marked right, and kind: {kind} has one: "
                f"leave one - [x]{hint}",
                right[1].line,
            )
        if kind == "number":
            self._apart(options, right[0], within)
            return options, _written(right[0], within)
        self._different(options)
        _letter(options)
        *first, last = [option.letter for option in right]
        return options, f"{', '.join(first)} and {last}" if first else last

    def _apart(self, options: list[_Option], key: _Option, within: float) -> None:
        for option in options:
            if self._is_typed(option):
                raise _Wrong(
                    f"{option.text} is typed as a number: write the expression that "
                    "gives it, as in `{python} step(3.0, slope, 0.1)`",
                    option.line,
                )
            option.percent = option.text.endswith("%")
            try:
                option.value = _number(option.text.removesuffix("%"))
            except ValueError:
                raise _Wrong(
                    f"'{option.text}' is not a number, and kind: number needs numbers: "
                    "write it as 1.6, 1.6e0 or 8/5, or in percent as 16%",
                    option.line,
                ) from None
            if option.percent != key.text.endswith("%"):
                raise _Wrong(
                    f"of {key.text} and {option.text} one is in percent: write both "
                    "alike",
                    option.line,
                )
        for one, other in combinations(options, 2):
            if _equal(one.value, other.value, within):
                what = "the key and a slip" if key in (one, other) else "two slips"
                raise _Wrong(
                    f"{what} are equal: {one.text} and {other.text} (within {within:g})"
                    "; change the start, so that they differ, or leave one out",
                    other.line,
                )
        short = float(f"{key.value:.{_DIGITS}g}")
        if within and within >= (abs(key.value) or 1):
            raise _Wrong(
                f"within: {within:g} would take nearly any answer for {key.text}: "
                "write a tolerance that is smaller than the key",
                "within",
            )
        if "/" not in key.text and not _equal(short, key.value, within):
            raise _Wrong(
                f"the key {key.text} has more digits than a reader would type: give "
                "within: a tolerance, or print it with a format",
                key.line,
            )

    def _is_typed(self, option: _Option) -> bool:
        """Whether a lesson, which has a module, types what it could compute."""
        woven = self.config["context"].woven
        if not woven or not option.line:
            return False
        page = woven.page
        line = page.text.split("\n")[option.line - page.first_line]
        has_module = (page.snippets / f"{page.stem}.py").exists()
        return has_module and "{python}" not in line

    def _different(self, options: list[_Option]) -> None:
        if len(options) < 2:
            raise _Wrong("a choice needs at least two options")
        for one, other in combinations(options, 2):
            if self._content(one) == self._content(other):
                raise _Wrong(
                    f"two options are the same: {other.text}; change one or leave it "
                    "out",
                    other.line,
                )

    def _content(self, option: _Option) -> str:
        """An option's text, a figure in it by what it is called."""
        context: Context = self.config["context"]

        def stashed(match: re.Match[str]) -> str:
            placed = context.placed.get(int(match[1]))
            html = str(self.md.htmlStash.rawHtmlBlocks[int(match[1])])
            return f"figure {placed.slug}" if placed else html

        text = HTML_PLACEHOLDER_RE.sub(stashed, option.text)
        return _LOOKS.sub("", places.strip(text)).casefold()


class _Option:
    """One item of the list of options: its first paragraph, and what follows."""

    def __init__(self, item: Element, place: int) -> None:
        self.place, self.feedback, self.right = place, list(item), False
        self.letter, self.value, self.percent = "", math.nan, False
        _, self.line = places.taken(_begin(item))
        if (item.text or "").strip():
            text = item.text or ""
        elif self.feedback and self.feedback[0].tag == "p":
            text = self.feedback.pop(0).text or ""
        else:
            raise _Wrong(_EMPTY, self.line)
        self.text = _without_mark(text).strip()
        if not self.text:
            raise _Wrong(_EMPTY, self.line)

    def verdict(self) -> None:
        """Take the mark off and note whether the option is right."""
        match = _MARK.match(self.text)
        mark = match["mark"].strip() if match else None
        if mark not in _VERDICTS:
            shown = "no mark" if mark is None else f"the mark [{mark}]"
            raise _Wrong(
                f"an option has {shown}: write [x], [ ], or an expression that gives "
                f"True or False ({self.text.splitlines()[0]})",
                self.line,
            )
        self.right = _VERDICTS[mark]
        self.text = self.text[len(match[0]) if match else 0 :]
        if not self.text:
            raise _Wrong(_EMPTY, self.line)


def _begin(item: Element) -> str:
    """The text that an item of a list begins with."""
    first = item[0].text if len(item) and not (item.text or "").strip() else item.text
    return first or ""


def _without_mark(text: str) -> str:
    """An item's text without the mark at its beginning; formulas keep theirs."""
    return _ITEM_MARK.sub("", text, count=1)


# What makes no other answer of an option.
_LOOKS = re.compile(r"[\s*_`.,;:!?]+")
_ITEM_MARK = re.compile("\\s*\ue002\\d+\ue003")


class _NothingLeftOver(Treeprocessor):
    """A block of ours with a header that cannot be read is a fault."""

    def __init__(self, md: Markdown, context: Context) -> None:
        super().__init__(md)
        self.context = context

    def run(self, root: Element) -> None:
        for element in root.iter():
            text = element.text or ""
            left = not isinstance(text, AtomicString) and _LEFT_OVER.search(text)
            if left:
                line = places.At.read(left["at"]).line
                header = left["header"].strip()
                message = f"not understood: {header}. {_how(header)}"
                element.text = self.md.htmlStash.store(
                    self.context.fault(line, message)
                )


def _number(text: str) -> float:
    """The number that a text writes, as 1.6, 1.6e0 or 8/5; else ValueError."""
    try:
        return float(Fraction(text.strip().replace("−", "-")))
    except ArithmeticError:
        raise ValueError(text) from None


def _equal(a: float, b: float, within: float) -> bool:
    """Whether b counts as a; the script compares a reader's answer the same way."""
    return abs(a - b) <= within + 1e-9 * max(abs(a), within)


def _written(key: _Option, within: float) -> str:
    """A key as the answer shows it: one digit that the tolerance forgives, no zeros."""
    text = key.text.removesuffix("%").strip()
    if within and "/" not in text:
        digits = max(0, 1 - math.floor(math.log10(within)))
        text = min(text, f"{key.value:.{digits}f}", key=len)
        text = re.sub(r"\.0+$", "", text)
    text += "%" if key.percent else ""
    return text.replace("-", "−")


def _all_in_one_list(solution: list[Element]) -> None:
    """An option whose feedback was not indented ends the list; say so."""
    for part in solution:
        if part.tag == "ul":
            for item in part:
                begin, line = places.taken("".join(item.itertext()).strip())
                text = begin.split("\n")[0]
                match = _MARK.match(text)
                if match and match["mark"].strip() in _VERDICTS:
                    raise _Wrong(
                        "the list of options ended before this one: indent the "
                        f"feedback above by four spaces ({text})",
                        line,
                    )
        for item in part.iter("li"):
            first = item[0] if len(item) and not (item.text or "").strip() else item
            first.text = _without_mark(first.text or "")


def _letter(options: Sequence[_Option]) -> None:
    for place, option in enumerate(options):
        option.letter = chr(ord("A") + place)


def _feedback(parent: Element, option: _Option, **attributes: str) -> None:
    add(parent, "template", **attributes).extend(option.feedback)


def _entry(
    form: Element, name: str, options: list[_Option], within: float, in_percent: bool
) -> None:
    """A field for a number; key and slips go where only the script reads them."""
    row = add(form, "p", hidden="hidden", **{"class": "weave-control"})
    label = "Your answer" + (" in percent" if in_percent else "")
    label += f" (within {within:g})" if within else ""
    add(row, "label", label, **{"for": f"{name}-answer"})
    described = {"aria-describedby": f"{name}-said"}
    add(row, "input", id=f"{name}-answer", type="text", spellcheck="false", **described)
    for option in options:
        # The digits behind these are rounding, which processors do differently.
        data = {"data-value": repr(float(f"{option.value:.12g}"))}
        if option.right:
            data["data-right"] = "yes"
        _feedback(form, option, **data)


def _choices(form: Element, name: str, options: list[_Option], kind: str) -> None:
    """A list of options with letters; inputs and buttons wait for the script."""
    listing = add(form, "ul", **{"class": "weave-options"})
    control = {"class": "weave-control", "hidden": "hidden"}
    for option in options:
        item = add(listing, "li")
        own, letter = f"{name}-{option.letter}", option.letter
        if kind == "order":
            item.set("data-place", str(option.place))
            add(item, "span", letter, **{"class": "weave-letter"})
        else:
            if option.right:
                item.set("data-right", "yes")
            choice = add(item, "input", id=own, name=name, value=letter, **control)
            choice.set("type", "radio" if kind == "one" else "checkbox")
            choice.set("aria-labelledby", f"{own}-letter {own}-text")
            label = add(item, "label", letter, id=f"{own}-letter")
            label.attrib |= {"for": own, "class": "weave-letter"}
        text = add(item, "div", id=f"{own}-text")
        add(text, "p", option.text)
        if kind == "order":
            moves = add(item, "span", **control)
            for arrow, step, way in ("↑", "-1", "up"), ("↓", "1", "down"):
                move = add(moves, "button", arrow, type="button")
                move.attrib |= {"data-move": step, "aria-label": f"Move {letter} {way}"}
        _feedback(item, option)
