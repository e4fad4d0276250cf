"""Style sheets and scripts: those that the build writes, and who needs which."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

# What only the pages load that have such an element.
_NEEDED = {
    "<weave-explore": "explore(?:-functions)?",
    "<weave-bank": "practice",
}
_TAG = (
    r'\s*<(?:script src|link rel="stylesheet" href)="[^"]*assets/(?:js|css)/{}'
    r'\.(?:js|css)"[^>]*>(?:</script>)?'
)
_TAGS = {element: re.compile(_TAG.format(name)) for element, name in _NEEDED.items()}


def without_unneeded(html: str) -> str:
    """A page without the files of elements that it does not have."""
    for element, tag in _TAGS.items():
        if element not in html:
            html = tag.sub("", html)
    return html


def palette_css(snippets: Path) -> str:
    """The style sheet that gives the roles of figures their colours in the dark.

    The light ones come with each figure, and paper is always light.
    """
    dark = _module(snippets / "shared" / "palette.py").DARK
    rules = "".join(f"    --fig-{role}: {colour};\n" for role, colour in dark.items())
    return (
        "/* Written by the build from snippets/shared/palette.py. */\n"
        '@media screen {\n  [data-md-color-scheme="slate"] {\n'
        f"{rules}  }}\n}}\n"
    )


def _module(file: Path) -> ModuleType:
    """A module of plain data, read anew for each build."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None  # it is a .py file
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
