"""The lines under a lesson: its code as files that run alone, and what was checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html import escape
from pathlib import Path

from ..read.page import Page


def line(
    module: str, page: Page | None, address: Callable[[str], str], checked: str = ""
) -> str:
    """The HTML of these lines, for a page and the module that its reader begins with.

    `address(stem)` returns the address of a module's download, as seen from the page;
    `checked` is what the function of that name has to say.
    """
    draws: dict[str, dict[str, str]] = {module: {}}
    for item in page.items if page else ():
        if item.form == "figure":
            link = f'<a href="#figure-{item.slug()}"><code>figure_{escape(item.text)}'
            # A function that draws several figures of a page leads to the first.
            draws.setdefault(item.module, {}).setdefault(
                item.text, f"{link}</code></a>"
            )
    parts = []
    for stem, links in draws.items():
        part = f'<a href="{address(stem)}" download>{stem}.py</a>'
        parts.append(part + (f" draws {', '.join(links.values())}" if links else ""))
    files = "files that run" if len(parts) > 1 else "one file that runs"
    text = f"The code of this page, as {files} alone: {'; '.join(parts)}."
    # The class is the theme's own for such lines.
    return (
        '\n<div class="md-source-file weave-source" id="code" data-search-exclude>'
        f"{'<br>'.join(filter(None, [text, checked]))}</div>"
    )


def checked(page: Page | None, tests: Path, address: str | None) -> str:
    """What the build checked on a page, and how many tests its lesson has, as HTML.

    `tests` is the file that tests the lesson, `address` that of the page which says
    more; where one of them is missing, so are its words.

    >>> checked(None, Path("nowhere.py"), None)
    ''
    """
    forms = Counter(item.form for item in page.items) if page else Counter()
    counts = {
        "value": forms["value"] + forms["table"],
        "transcript": forms["transcript"],
        "claim": forms["check"],
        "figure": forms["figure"],
    }
    said = ", ".join(_many(n, what) for what, n in counts.items() if n)
    if not said:
        return ""
    count = _tests_in(tests)
    also = f"; and by {_many(count, 'test')}" if count else ""
    more = f' <a href="{address}">All that was checked</a>.' if address else ""
    return f"Checked by the build: {said}{also}.{more}"


def _tests_in(file: Path) -> int:
    """How many tests a file has."""
    text = file.read_text("utf-8") if file.exists() else ""
    return len(re.findall(r"^def test_", text, re.MULTILINE))


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count != 1 else ''}"
