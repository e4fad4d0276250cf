"""A style sheet or a script that was saved is published by itself.

No page is made of one: where nothing else has changed since the last build of a
preview, there is nothing else to do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File

from ..read.site import held
from .assets import without_comments

KINDS = ".css", ".js"


class Styled:
    """What builds for a preview, in front of the builder that makes all pages.

    `may` says whether files may be published without that one.
    """

    def __init__(
        self,
        build: Callable[[], None],
        config: MkDocsConfig,
        may: Callable[[set[Path]], bool],
    ) -> None:
        self._build, self._may = build, may
        self._docs, self._config = Path(config.docs_dir), config
        self._roots = [self._docs, Path(config.config_file_path)]
        self._roots += map(Path, config.watch)
        self._last: dict[Path, bytes] = {}  # nothing is known of the first build

    def __call__(self) -> None:
        """Build, or publish what was saved."""
        now = {file: held(file) for root in self._roots for file in _below(root)}
        last, self._last = self._last, {}  # nor of one that fails
        saved = {file for file in now if now[file] != last.get(file)}
        alone = last.keys() == now.keys() and all(map(self._is_alone, saved))
        if saved and alone and self._may(saved):
            for file in map(self._file, saved):
                file.content_string = without_comments(file.content_string)
                file.copy_file()
        else:
            self._build()
        self._last = now

    def _is_alone(self, path: Path) -> bool:
        """Whether a file is a style sheet or a script that was published as it is."""
        return (
            path.suffix in KINDS
            and self._docs in path.parents
            and Path(self._file(path).abs_dest_path).exists()
        )

    def _file(self, path: Path) -> File:
        uri = path.relative_to(self._docs).as_posix()
        site = self._config.site_dir
        return File(uri, str(self._docs), site, self._config.use_directory_urls)


def _below(root: Path) -> Iterator[Path]:
    """A file, or the files below a folder; of the machinery only its templates.

    A preview goes on with the machinery with which it has begun.
    """
    if root.is_file():
        yield root
    for folder, inner, names in os.walk(root, followlinks=True):
        inner[:] = {*inner} - {"__pycache__"}
        if Path(folder).name == "_weave":
            inner[:], names = {*inner} & {"theme"}, []
        yield from (Path(folder, name) for name in names)
