"""Comments by giscus: a button that loads them, where they are configured."""

from __future__ import annotations

from html import escape

from mkdocs.exceptions import PluginError

_NEEDED = "repo", "repo-id", "category", "category-id"
ORIGIN = "https://giscus.app"
# What their page needs of the security policy.
RULES = {"script-src": [ORIGIN], "style-src": [ORIGIN], "frame-src": [ORIGIN]}


def button(given: str) -> str:
    """The button, from what giscus.app says to configure; else PluginError."""
    pairs = dict(part.strip().split("=", 1) for part in given.split(";") if "=" in part)
    missing = [name for name in _NEEDED if not pairs.get(name)]
    if missing:
        raise PluginError(
            f"GISCUS lacks {', '.join(missing)}: write it as "
            f"{';'.join(f'{name}=…' for name in _NEEDED)}"
        )
    data = " ".join(f'data-{name}="{escape(pairs[name])}"' for name in _NEEDED)
    return (
        f'\n<section class="weave-discuss" data-search-exclude {data}>'
        '<button class="md-button" type="button" hidden>'
        "Load the comments from giscus.app (GitHub)</button></section>"
    )
