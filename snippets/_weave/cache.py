"""Keep what a run has found, under a key made of all that could change it."""

import contextlib
import hashlib
import json
import logging
import os
import re
import sys
import tempfile
import time
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Not under "mkdocs", whose warnings stop a strict build.
log = logging.getLogger("weave")

_HERE = Path(__file__).parent
_LIBRARIES = "numpy", "matplotlib", "contourpy", "scipy", "sympy"
_IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t]+(.*)", re.MULTILINE)
_QUOTED = re.compile(r"""["'](\w+)(?:\.py)?["']""")
_READS = re.compile(r"^READS = (\([^)]*\)|.*)", re.MULTILINE)
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
    read = [f"{file.name}\n".encode() + file.read_bytes() for file in files]
    read += [os.environ.get(name[1:]) for name in _patterns(files) if name[0] == "$"]
    items = [item._replace(line=0) for item in page.items]  # results have no lines
    return _hash(_MACHINERY, page.path, limit, json.dumps(items), *read)


def dependencies(page):
    """The files that a run of the page may read, sorted.

    The page's own module, those of its figures, those its expressions and
    transcripts mention; whatever these import or name as a file, and so on; and
    the style. Mentioning is enough: to run too often is cheap, to miss is wrong.
    What a module reads outside of `snippets/` it says itself, as patterns from the
    project's root, and as names of the environment: `READS = "docs/*.md", "$REPO_URL"`.
    """
    local = {file.stem: file for file in page.snippets.glob("*.py")}
    waiting = {page.stem, "draw"} | {item.module for item in page.items}
    for item in page.items:
        if item.kind != "figure":
            waiting |= {stem for stem in local if stem in item.text}
    waiting &= local.keys()
    found = set()
    while waiting:
        stem = waiting.pop()
        found.add(stem)
        waiting |= (_mentions(local[stem].read_bytes()) & local.keys()) - found
    beside = [file for file in page.snippets.iterdir() if file.suffix != ".py"]
    modules = [local[stem] for stem in found]
    patterns = [name for name in _patterns(modules) if name[0] != "$"]
    root = page.snippets.parent
    outside = {file for pattern in patterns for file in root.glob(pattern)}
    files = filter(Path.is_file, {*beside, *outside})  # the style, any data
    return sorted([*files, *modules])


def _patterns(files):
    """What the modules among the files say they read, sorted."""
    modules = (file for file in files if file.suffix == ".py")
    return sorted({name for file in modules for name in _reads(file.read_bytes())})


@lru_cache(maxsize=1000)
def _reads(source):
    """What a module says it reads, as its READS."""
    said = _READS.search(source.decode("utf-8", "replace"))
    return re.findall(r"""["']([^"'\n]+)["']""", said[1]) if said else []


@lru_cache(maxsize=1000)
def _mentions(source):
    """The names in the import lines of a source, and all that it quotes as a word.

    A module can be imported and a file be read by its name alone.
    """
    text = source.decode("utf-8", "replace")
    imports = " ".join(_IMPORT.findall(text))
    return frozenset(re.findall(r"\w+", imports)) | frozenset(_QUOTED.findall(text))


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
