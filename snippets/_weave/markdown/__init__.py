"""Puts results into the page while Python-Markdown converts it.

`makeExtension` is for builders that know extensions by name, such as Zensical.
"""

from __future__ import annotations

import atexit
import functools
from pathlib import Path

from ..run.weaver import Weaver
from .extension import WeaveExtension


@functools.cache
def _weaver(root: Path) -> Weaver:
    """One for all pages: Zensical makes the extension anew for each."""
    weaver = Weaver(root)
    atexit.register(weaver.close)
    return weaver


def makeExtension(root: str = ".") -> WeaveExtension:
    return WeaveExtension(_weaver(Path(root).resolve()))
