"""What the build writes beside the pages, for builders that run no hook, too.

`python -m _weave.site.assets palette.css` prints the palette of the course; in its
place `explore-functions.js` prints the functions of all figures that move, and
`python.js` the Python for the reader's browser.
"""

from __future__ import annotations

import ast
import base64
import gzip
import json
import re
import runpy
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from ..markdown.context import published
from ..model import Drawing, Functions, Item
from ..run.carried import plain, undocumented
from ..run.weaver import Weaver

_BROWSER = Path(__file__).parent.parent / "browser"
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
    palette = runpy.run_path(str(snippets / "shared/palette.py"))
    light = _variables(palette["LIGHT"], palette["PAGE_LIGHT"])
    dark = _variables(palette["DARK"], palette["PAGE_DARK"])
    return (
        "/* Written by the build from snippets/shared/palette.py. */\n"
        f":root {{\n{light}}}\n\n"
        f'@media screen {{\n[data-md-color-scheme="slate"] {{\n{dark}}}\n}}\n'
    )


def python_js() -> str:
    """The script with the Python for the reader's browser, loaded when it is asked for.

    It only binds texts: MicroPython and its program, packed; what it may import; and
    the worker in which it is to run. So it works from a folder, where pages load
    neither modules nor anything else but scripts.
    """
    licence = (_BROWSER / "micropython-LICENSE.txt").read_text("utf-8").strip()
    script = (_BROWSER / "micropython.mjs").read_text("utf-8")
    # A worker made of a text is no module: neither export nor await stands at its top.
    script = script.replace("export async function", "async function")
    script = script.replace("export default _createMicroPythonModule;", "")
    script = script.replace("import.meta.url", "location.href")
    files = {
        file.name: _bare(file.read_text("utf-8"))
        for file in sorted(_BROWSER.glob("*.py"))
    }
    parts = {
        "script": _packed(f"(async () => {{ {script} }})();".encode()),
        "program": _packed((_BROWSER / "micropython.wasm").read_bytes()),
        "worker": without_comments((_BROWSER / "worker.js").read_text("utf-8")),
        "files": files,
    }
    return f"/*! {licence} */\nglobalThis.weavePython = {json.dumps(parts)};\n"


def _packed(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, mtime=0)).decode()


def _bare(code: str) -> str:
    """Python without comments and docstrings, which a browser need not load."""
    tree = ast.parse(code)
    tree.body = [*map(plain, undocumented(tree.body))]
    return ast.unparse(tree)


def functions_js(root: Path) -> str:
    """The functions of all figures that move; the build writes them page by page."""
    sets = dict[str, Functions]()

    def keep(item: Item, drawing: Drawing, alt: str) -> str:
        if drawing.movable:
            sets[drawing.movable.data["functions"]] = drawing.movable.functions
        return ""

    with closing(Weaver(root)) as weaver:
        weaver.prepare()
        for uri in weaver.site.pages():
            weaver.other(uri, keep)
    return published(sets) if sets else ""


def _variables(figures: Mapping[str, str], page: Mapping[str, str]) -> str:
    named = {f"fig-{role}": colour for role, colour in figures.items()}
    named |= {f"page-{role}": colour for role, colour in page.items()}
    return "".join(f"  --{name}: {colour};\n" for name, colour in named.items())


if __name__ == "__main__":
    here = Path.cwd()
    given = {
        "palette.css": lambda: palette_css(here / "snippets"),
        "python.js": python_js,
    }
    print(given.get(sys.argv[1], lambda: functions_js(here))(), end="")
