"""Keep what a run has found, under a key made of all that could change it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ..forms import FORMS
from ..model import Job
from .depends import by_last_name, needed, reads

# Not under "mkdocs", whose warnings stop a strict build.
log = logging.getLogger("weave")

_HERE = Path(__file__).parent.parent
_LIBRARIES = "numpy", "matplotlib", "contourpy", "scipy", "sympy"
_KEPT_FOR = 30 * 24 * 3600


def digest_of(*parts: object) -> str:
    """A digest of bytes and of what `str` makes of all else, each with its length."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()


def version_of(name: str) -> str:
    """The version of an installed package, or "none"."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


# Read once: a server that runs the old machinery must not fill the cache of the new.
MACHINERY = digest_of(
    sys.version,
    *(f"{name} {version_of(name)}" for name in _LIBRARIES),
    *(file.read_bytes() for file in sorted(_HERE.glob("**/*.py"))),
)


def key(job: Job, limit: float, snippets: Path) -> str:
    """The cache key of a job: whatever changes its results changes the key."""
    return key_of(job, limit, snippets, dependencies(job, snippets))


def key_of(job: Job, limit: float, snippets: Path, files: list[Path]) -> str:
    """The cache key of a job that may read these files."""
    root = snippets.parent
    read: list[object] = []
    for file in files:
        read += [file.relative_to(root), file.read_bytes()]
    read += [os.environ.get(name[1:]) for name in reads(files) if name[0] == "$"]
    items = [item._replace(line=0) for item in job.items]  # results have no lines
    return digest_of(MACHINERY, job.path, limit, json.dumps(items), *read)


def dependencies(job: Job, snippets: Path) -> list[Path]:
    """The files that a run may read, sorted.

    The page's own module, those that its items need, whatever these import or name
    as a file, and so on; and what they say they read outside of `snippets/`.
    """
    known = by_last_name(snippets)
    drawing = "draw", "palette", "explorable", "numbers"
    start = {job.stem, *(f"shared.{name}" for name in drawing)}
    for item in job.items:
        start |= FORMS[item.form].modules(item, known)
    files = needed(start, snippets)
    patterns = [name for name in reads(files) if name[0] != "$"]
    root = snippets.parent
    files |= {file for pattern in patterns for file in root.glob(pattern)}
    return sorted(filter(Path.is_file, files))


class Cache:
    """Values on disk, one JSON file each; damage is a miss, never an error.

    An entry carries its own checksum and is written beside its place, then moved
    there, so that a killed build or a full disk leaves no half-written entry.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self._complained = False

    def get(self, key: str) -> Any:
        """The value kept under the key, or None."""
        file = self.folder / f"{key}.json"
        try:
            checksum, _, data = file.read_bytes().partition(b"\n")
            if checksum.decode() != digest_of(key, data):
                return None
            value = json.loads(data)
        except (OSError, ValueError):
            return None
        with contextlib.suppress(OSError):  # what cannot be written can be read
            os.utime(file)
        return value

    def put(self, key: str, value: Any) -> None:
        """Keep a value; a cache that cannot be written costs time, no more."""
        data = json.dumps(value).encode()
        half = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
                half = file.name
                file.write(digest_of(key, data).encode() + b"\n" + data)
            os.replace(half, self.folder / f"{key}.json")
        except OSError as error:
            if half:
                Path(half).unlink(missing_ok=True)
            if not self._complained:
                log.warning(
                    "cannot write the cache %s (%s): the build is right, "
                    "but the next one will run every lesson again",
                    self.folder,
                    error.strerror,
                )
            self._complained = True

    def prune(self) -> None:
        """Remove what no build has asked for in a month."""
        oldest = time.time() - _KEPT_FOR
        for file in self.folder.glob("*"):
            # Another build may have removed it, or the folder is read-only.
            with contextlib.suppress(OSError):
                if file.stat().st_mtime < oldest:
                    file.unlink()
