"""The theme's templates: compiled once for many builds, and listed without its icons.

MkDocs asks the theme for an environment of Jinja's, lists all templates in it, and
leaves out those whose names begin with a dot. Of Material's 14,500 nearly all do: they
are icons, in one folder. Jinja has a place for compiled templates, which MkDocs does
not use.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from pathlib import Path

from jinja2 import BytecodeCache, Environment, FileSystemLoader
from jinja2.bccache import Bucket
from mkdocs.theme import Theme

from ..memory import MEMORY
from ..run.cache import digest_of


class QuickTheme(Theme):
    """A theme in the place of another one, which gives the same templates sooner."""

    def __init__(self, theme: Theme) -> None:
        vars(self).update(vars(theme))

    def get_env(self) -> Environment:
        env = super().get_env()
        env.loader = _Loader(self.dirs)
        env.bytecode_cache = _Compiled()
        return env


class _Loader(FileSystemLoader):
    """Lists no template in a folder whose name begins with a dot."""

    def list_templates(self) -> list[str]:
        found = set[str]()
        for path in self.searchpath:
            for folder, inner, names in os.walk(path):
                if folder == path:
                    for name in [name for name in inner if name.startswith(".")]:
                        inner.remove(name)
                here = Path(folder).relative_to(path)
                found.update((here / name).as_posix() for name in names)
        return sorted(found)


class _Compiled(BytecodeCache):
    """Templates as they were compiled, in this process or an earlier one.

    Jinja puts a checksum of the template's source and Python's version before each.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        known = MEMORY.get(_key(bucket))
        if isinstance(known, str):
            bucket.bytecode_from_string(b64decode(known))

    def dump_bytecode(self, bucket: Bucket) -> None:
        MEMORY.put(_key(bucket), b64encode(bucket.bytecode_to_string()).decode())


def _key(bucket: Bucket) -> str:
    return digest_of(f"template {bucket.key} {bucket.checksum}")
