"""Keep what a run has found, under a key made of all that could change it."""

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

from .depends import by_name, imports, mentions, needed, reads

# Not under "mkdocs", whose warnings stop a strict build.
log = logging.getLogger("weave")

_HERE = Path(__file__).parent
_LIBRARIES = "numpy", "matplotlib", "contourpy", "scipy", "sympy"
_KEPT_FOR = 30 * 24 * 3600


def _hash(*parts):
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()


def _version(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


# Read once: a server that runs the old machinery must not fill the cache of the new.
_MACHINERY = _hash(
    sys.version,
    *(f"{name} {_version(name)}" for name in _LIBRARIES),
    *(file.read_bytes() for file in sorted(_HERE.glob("*.py"))),
)


def key(page, limit):
    """The cache key of a page: whatever changes its results changes the key."""
    files = dependencies(page)
    read = [
        f"{file.relative_to(page.snippets.parent)}\n".encode() + file.read_bytes()
        for file in files
    ]
    read += [os.environ.get(name[1:]) for name in reads(files) if name[0] == "$"]
    items = [item._replace(line=0) for item in page.items]  # results have no lines
    return _hash(_MACHINERY, page.path, limit, json.dumps(items), *read)


def dependencies(page):
    """The files that a run of the page may read, sorted.

    The page's own module, those of its figures and tables, those its expressions and
    transcripts mention; whatever these import or name as a file, and so on.
    """
    known = by_name(page.snippets)
    start = {page.stem, "shared.draw"} | {item.module for item in page.items}
    for item in page.items:
        if item.kind in ("value", "transcript"):
            code = item.text
            if item.kind == "transcript":
                code = doctest_code(code)
            start |= mentions(code, known) | imports(code)
    files = needed(sorted(start), page.snippets)
    patterns = [name for name in reads(files) if name[0] != "$"]
    root = page.snippets.parent
    files |= {file for pattern in patterns for file in root.glob(pattern)}
    return sorted(filter(Path.is_file, files))


def doctest_code(text):
    """What stands behind the prompts of a transcript."""
    lines = [line.lstrip() for line in text.splitlines()]
    return "\n".join(line[4:] for line in lines if line.startswith((">>> ", "... ")))


class Cache:
    """Results on disk, one JSON file each; damage is a miss, never an error.

    An entry carries its own checksum and is written beside its place, then moved
    there, so that a killed build or a full disk leaves no half-written entry.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self._complained = False

    def get(self, key):
        """The value kept under the key, or None."""
        file = self.folder / f"{key}.json"
        try:
            checksum, _, data = file.read_bytes().partition(b"\n")
            if checksum.decode() != _hash(key, data):
                return None
            value = json.loads(data)
        except (OSError, ValueError):
            return None
        with contextlib.suppress(OSError):  # what cannot be written can be read
            os.utime(file)
        return value

    def put(self, key, value):
        """Keep a value; a cache that cannot be written costs time, no more."""
        data = json.dumps(value).encode()
        half = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
                half = file.name
                file.write(_hash(key, data).encode() + b"\n" + data)
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

    def prune(self):
        """Remove what no build has asked for in a month."""
        oldest = time.time() - _KEPT_FOR
        for file in self.folder.glob("*"):
            # Another build may have removed it, or the folder is read-only.
            with contextlib.suppress(OSError):
                if file.stat().st_mtime < oldest:
                    file.unlink()
