"""What may stand on a page as a result: numbers and words, and no markup by accident.

Where a value stands says what it may be: alone on its line ("block") it is Markdown
that a function has written; as the number of an option ("option") it has all its
digits; in a row of a table ("row") it keeps to its cell; else it is a part of a
sentence or of a formula.
"""

from __future__ import annotations

import re

_LONGEST = {"block": 200_000, "": 200}
_NO_NUMBER = re.compile(r"(?<![\w.])-?(?:nan|inf)(?!\w)", re.IGNORECASE)
_INNER = re.compile(
    r"\b(?:np|numpy|datetime|sympy)\.\w+\(|\b(?:array|dtype|Fraction|Decimal)\("
    r"|<(?:class|function|generator|bound|built-in|module)\b|<[\w.]+ .*\bat 0x"
    r"|^b['\"]"
)
_DIGITS = re.compile(r"\d\.\d{10,}")
_ALL_DIGITS = re.compile(r"\d\.\d{16,}")
_CODE = re.compile(r"(`+)[^`].*?\1")
_FORMULA = re.compile(r"\$[^$\n]+\$")
# What a sentence would take for markup, and what begins a block.
_MARKUP = re.compile(
    r"`|\]\(|\]\[|\[\^|!\[|&#?\w+;|\{:?\s*[#.]|<[/!?a-zA-Z]|~~|\^\^"
    r"|(?<!\\)\*(?=[^\s*])[^*]*(?<=\S)\*|(?<![^\W_])_(?=\S)[^_]*(?<=\S)_(?![^\W_])"
    r"|^\s*(?:[#>]|(?:[-+*]|\d+[.)]|/{3,}|={3,}|-{3,})(?:\s|$))"
)


def what_is_wrong(value: object, text: str, place: str = "") -> str | None:
    """Why a text cannot stand on a page as a value, or None.

    >>> what_is_wrong(None, "None")
    'it is None: give it a value'
    >>> what_is_wrong(0.25, "0.25")
    """
    longest = _LONGEST["block" if place == "block" else ""]
    said = _CODE.sub("", text) if place == "block" else text
    found = _NO_NUMBER.search(said) or _INNER.search(said)
    if value is None or not text.strip():
        return f"it is {text.strip() or 'empty'}: give it a value"
    if not text.replace("\n", "").isprintable():
        return "it has a character that cannot be printed"
    if len(text) > longest:
        return f"it has {len(text):,} characters, and may have {longest:,}"
    if found and "$" not in text:
        return f"{found[0]} is no result: print a number, as in f'{{x:.3f}}'"
    digits = _ALL_DIGITS if isinstance(value, str) else _DIGITS
    if place != "option" and place != "block" and digits.search(text):
        return "it has more digits than a reader can use: print it as in f'{x:.3f}'"
    if place == "block":
        fence = re.search(r"^\s*(?:`{3,}|~{3,})|--8<--", text, re.MULTILINE)
        return "it has a fenced block, which is never run" if fence else None
    if "\n" in text:
        return "it has several lines: give it a line of its own on the page"
    if place == "row" and re.search(r"(?<!\\)\|", text):
        return "it has a |, which would end its cell of the table"
    markup = _MARKUP.search(_FORMULA.sub("", text))
    if markup:
        return (
            f"{markup[0]!r} in it would be markup: write the markup on the page, or "
            "give what a function returns as Markdown a line of its own"
        )
    return None
