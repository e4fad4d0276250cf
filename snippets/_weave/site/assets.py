"""What the build writes beside the pages, for builders that run no hook, too.

`python -m _weave.site.assets palette.css` prints the palette of the course, and
`explore-functions.js` in its place the functions of all figures that move.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from ..model import Drawing, Item
from ..run.weaver import Weaver

# A comment that has its lines for itself, and the empty line after it.
_COMMENT = re.compile(
    r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*\n\n?", re.MULTILINE | re.DOTALL
)


def without_comments(code: str) -> str:
    """A script or a style sheet as it is published: what explains it stays here.

    That is a fifth of what readers would load. What stands in a line beside code stays.

    >>> without_comments("/* Why. */\\n\\na { b: c }\\n  /** @type {D} */ e;\\n")
    'a { b: c }\\n  /** @type {D} */ e;\\n'
    """
    return _COMMENT.sub("", code)


def palette_css(snippets: Path) -> str:
    """The style sheet in which each role of `shared/palette.py` is a variable.

    The dark colours are for the screen alone: paper is always light.
    """
    palette = _module(snippets / "shared" / "palette.py")
    light = _variables(palette.LIGHT, palette.PAGE_LIGHT)
    dark = _variables(palette.DARK, palette.PAGE_DARK)
    return (
        "/* Written by the build from snippets/shared/palette.py. */\n"
        f":root {{\n{light}}}\n\n"
        f'@media screen {{\n[data-md-color-scheme="slate"] {{\n{dark}}}\n}}\n'
    )


def functions_js(root: Path) -> str:
    """The functions of all figures that move; the build writes them page by page."""
    weaver, scripts = Weaver(root), dict[str, str]()

    def keep(item: Item, drawing: Drawing, alt: str) -> str:
        if drawing.movable:
            scripts[drawing.movable.data["functions"]] = drawing.movable.script
        return ""

    weaver.prepare()
    for uri in weaver.site.pages():
        weaver.other(uri, keep)
    weaver.close()
    return "".join(scripts.values())


def _variables(figures: Mapping[str, str], page: Mapping[str, str]) -> str:
    named = {f"fig-{role}": colour for role, colour in figures.items()}
    named |= {f"page-{role}": colour for role, colour in page.items()}
    return "".join(f"  --{name}: {colour};\n" for name, colour in named.items())


def _module(file: Path) -> ModuleType:
    """A module of plain data, read anew for each build."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None  # it is a .py file
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    is_palette = sys.argv[1:] == ["palette.css"]
    here = Path.cwd()
    print(palette_css(here / "snippets") if is_palette else functions_js(here), end="")
