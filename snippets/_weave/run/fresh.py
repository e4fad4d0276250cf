"""Import snippets from their source, never from a compiled file."""

from __future__ import annotations

import os
import sys
from importlib.machinery import FileFinder, SourceFileLoader
from pathlib import Path
from types import CodeType


def import_afresh(snippets: Path) -> None:
    """Let what is imported from now on be as its source is.

    A .pyc file is trusted by the second and the size of its source: a sign flipped
    within a second of the last save would go unseen.
    """

    class Fresh(SourceFileLoader):
        def get_code(self, fullname: str) -> CodeType:
            path = self.get_filename(fullname)
            code: CodeType = self.source_to_code(self.get_data(path), path)
            return code

    for folder, folders, _ in os.walk(snippets, followlinks=True):
        folders[:] = [name for name in folders if name not in ("_weave", "__pycache__")]
        sys.path_importer_cache[folder] = FileFinder(folder, (Fresh, [".py"]))
