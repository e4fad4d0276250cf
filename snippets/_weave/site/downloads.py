"""The line under a lesson: its code as files that run alone, and who draws what."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

from ..read.page import Page


def line(module: Path | None, page: Page | None, address: Callable[[str], str]) -> str:
    """The HTML of that line, for a page and the module of its own.

    `address(stem)` returns the address of a module's download, as seen from the page.
    """
    draws: dict[str, dict[str, str]] = {module.stem: {}} if module else {}
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
    text = f"The code of this page, as files that run alone: {'; '.join(parts)}."
    if len(parts) == 1:
        text = text.replace("as files that run", "as one file that runs")
    # The class is the theme's own for such lines.
    return (
        '\n<div class="md-source-file weave-source" id="code" data-search-exclude>'
        f"{text}</div>"
    )
