"""A check: a sentence, then `` `{check} steps(0.3) < steps(0.1)` ``.

The expression must be true where it stands, in the page's session. The reader sees a
small mark, which opens to show what was checked and what both sides were.
"""

from __future__ import annotations

import ast
import inspect
import re
from html import escape
from typing import TYPE_CHECKING

from ..model import NO_CODE, Item, Markup, Result, typeset
from .form import Expression

if TYPE_CHECKING:
    from ..read.page import Page, Slot
    from ..run.session import Session

_SIDE = 60  # more characters of a value help nobody
_OTHER = re.compile(r"`\{(?:check|reason)\}[^`]*`|!\[")
_SENTENCE = re.compile(r"(?:.*[.!?:][\"”)*_]*\s+(?=[A-Z“*_$`(\d]))?(.*)", re.DOTALL)


class Check(Expression):
    """An expression that must be true; `given` is the sentence it stands behind."""

    name = word = "check"
    gives = Markup
    pattern = r"[ \t]*(?<!`)`\{check\}[ \t]*(?P<claim>[^`]*)`(?!`)(?P<stop>[.,;:!?]?)"

    def read(self, match: re.Match[str], page: Page) -> None:
        if slot := self.slot(match, page):
            # The mark stands behind the sentence, wherever the author put the stop.
            page.verbatim(match.start("stop"), match["stop"])
            page.parts.append(slot)

    def slot(self, match: re.Match[str], page: Page) -> Slot | None:
        """The place of a check, or None if there is a fault."""
        at = match.start("claim")
        claim = match["claim"].strip()
        try:
            tree = ast.parse(claim, mode="eval")
        except NO_CODE as error:
            message = str(error) or "it is too deep"
            page.fault(at, f"not a Python expression: {claim:.200} ({message})")
            return None
        if not any(isinstance(node, ast.Name) for node in ast.walk(tree)):
            page.fault(at, f"this check can never fail: {claim}")
            return None
        item = Item(self.name, page.line(at), claim, given=sentence(page.text, at))
        return page.slot(match.start(), item)

    def result(self, item: Item, session: Session) -> Result:
        held, sides = _checked(item.text, session.mark(item), session.names)
        values = " | ".join(map(_shown, sides.values()))
        if held is not True:
            was = f", whose sides are {values}" if values else ""
            session.fault(
                item,
                f"this is not true: {item.given}\n    the check is {item.text}{was}\n"
                "    correct the sentence, or what is checked",
            )
        shown = escape(item.text) + (f" · {escape(values)}" if values else "")
        told = escape(typeset(_told(item.text, session.names)))
        # A line would break before a button, but this one lies over such blanks.
        return Markup(
            '\xa0\xa0\xa0<button class="weave-check" type="button" '
            'popovertarget="{id}" aria-label="How this was checked">✓</button>'
            f'<span class="weave-checked" id="{{id}}" popover>Checked by the build: '
            f"<code>{shown}</code>{told}</span>"
        )


def sentence(text: str, at: int) -> str:
    """The sentence that ends before a place in a page's text.

    >>> sentence("It falls. Rate 0.5 needs *one* step `{check} x`.", 45)
    'Rate 0.5 needs *one* step'
    """
    paragraph = text[:at].rpartition("\n\n")[2].rpartition("`{check}")[0]
    words = " ".join(_OTHER.sub(" ", paragraph).split())
    match = _SENTENCE.fullmatch(words)
    return (match[1] if match else words).strip()[-200:]


def _checked(
    claim: str, mark: str, names: dict[str, object]
) -> tuple[object, dict[str, object]]:
    """What a claim is, and the values of its sides if it compares.

    Each side is computed once.
    """
    tree = ast.parse(claim, mark, "eval").body
    sides: dict[str, object] = {}
    if isinstance(tree, ast.Compare):
        parts = [tree.left, *tree.comparators]
        for side in parts:
            code = compile(ast.Expression(side), mark, "eval")
            sides[f"side {len(sides)}"] = eval(code, names)
        left, *others = [ast.Name(name, ast.Load()) for name in sides]
        tree = ast.copy_location(ast.Compare(left, tree.ops, [*others]), tree)
    code = compile(ast.fix_missing_locations(ast.Expression(tree)), mark, "eval")
    held = eval(code, names | sides)
    try:
        return bool(held), sides
    except ValueError:
        raise ValueError("it is an array: write .all() or .any()") from None


def _told(claim: str, names: dict[str, object]) -> str:
    """What the docstring says of a claim that is checked by name."""
    match ast.parse(claim, mode="eval").body:
        case ast.Call(ast.Name(name)) if name.startswith("claim_"):
            return " " + " ".join((inspect.getdoc(names[name]) or "").split())
    return ""


def _shown(value: object) -> str:
    # NumPy's floats are floats, too; sixteen digits help nobody.
    text = f"{value:.6g}" if isinstance(value, float) else " ".join(str(value).split())
    text = re.sub(r" at 0x[0-9a-f]+", "", text)  # another one in each run
    return text if len(text) <= _SIDE else f"{text[:_SIDE]}…"
