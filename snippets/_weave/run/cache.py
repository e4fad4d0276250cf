"""Keep what a run has found, under a key made of all that could change it."""

from __future__ import annotations

import atexit
import contextlib
import functools
import hashlib
import json
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

from ..forms import FORMS
from ..model import Job
from .depends import Sources, by_last_name
from .module import Module, Target, module
from .reach import Reach

# Not under "mkdocs", whose warnings stop a strict build.
log = logging.getLogger("weave")

_HERE = Path(__file__).parent.parent
_LIBRARIES = "numpy", "matplotlib", "contourpy", "scipy", "sympy"
# By these NumPy and its OpenBLAS round as another processor would.
_PROCESSOR = "OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES"
_KEPT_FOR = 30 * 24 * 3600


def folder_beside(cache: Path, name: str) -> Path:
    """A folder beside that of a cache; where none may be written, one for the while."""
    folder = cache.parent / name
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        folder = Path(tempfile.mkdtemp(prefix="weave-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def digest_of(*parts: object) -> str:
    """A digest of bytes and of what `str` makes of all else, each with its length."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()


@functools.cache
def version_of(name: str) -> str:
    """The version of an installed package, or "none"."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def _machinery(*patterns: str) -> str:
    files = {file for pattern in patterns for file in _HERE.glob(pattern)}
    return digest_of(
        sys.version,
        *(f"{name} {os.environ.get(name)}" for name in _PROCESSOR),
        *(f"{name} {version_of(name)}" for name in _LIBRARIES),
        *(file.read_bytes() for file in sorted(files)),
    )


# Read once: a server that runs the old machinery must not fill the cache of the new.
MACHINERY = _machinery("**/*.py", "**/*.js")
# What a run may import of it.
IMPORTED = (
    *("*.py", "forms/*.py", "run/*.py", "draw/*.py", "read/*.py"),
    "browser/judge.py",
)
RUNNING = _machinery(*IMPORTED)
# What draws each figure; the machinery itself calls all but the first.
_DRAWING = "shared.draw", "shared.palette", "shared.explorable", "shared.numbers"


class Needs(NamedTuple):
    """What a run may read: the modules that it imports, other files, and `READS`."""

    modules: set[Path]
    data: set[Path]
    reads: list[str]

    @property
    def files(self) -> list[Path]:
        """All files, sorted."""
        return sorted(filter(Path.is_file, self.modules | self.data))


def needs(job: Job, sources: Sources) -> Needs:
    """What a run may read.

    The page's own module, those that its items need, whatever these import or name
    as a file, and so on; and what they say they read outside of `snippets/`.
    """
    known = by_last_name(sources.snippets)
    start = {job.stem, *_DRAWING, *(item.module for item in job.items if item.module)}
    for root in roots_of(job)[0][job.stem]:
        start |= root.modules | {known[n] for n in root.speaks_of() & known.keys()}
    modules, named = sources.found(start)
    modules = {file for file in modules if _HERE not in file.parents}  # see RUNNING
    given = sources.reads(modules)
    return Needs(modules, named | outside(given, sources.snippets.parent), given)


def outside(reads: Iterable[str], root: Path) -> set[Path]:
    """The files that modules say they read, by patterns from the project's root."""
    patterns = [one for one in reads if one[0] not in "$@"]
    return {file for pattern in patterns for file in root.glob(pattern)}


def roots_of(job: Job) -> tuple[dict[str, list[Module]], list[Target]]:
    """Where the run of a job begins, as `Reach` asks for it."""
    codes = [FORMS[item.form].code(item) for item in job.items]
    codes = [*filter(None, codes)]
    # Parsed together, or one by one where one of them cannot be parsed.
    together = module("\n".join(codes).encode())
    roots = [module(code.encode()) for code in codes] if together.broken else [together]
    called = [(item.module, FORMS[item.form].called(item)) for item in job.items]
    drawing = [(name, "") for name in _DRAWING[1:]]
    return {job.stem: roots}, [*drawing, *(one for one in called if all(one))]


def reached(job: Job, sources: Sources, given: Needs) -> Reach:
    """What the run of a job can reach in the modules that it needs."""
    return Reach(*roots_of(job), sources, given.modules)


def key(job: Job, limit: float, root: Path, given: Needs, reach: Reach) -> str:
    """The cache key of a job: whatever changes its results changes the key.

    `given` is what the job needs, and `reach` what it can reach in that.
    """
    read: list[object] = [*reach.parts()]
    read.append(state_of(given.data, given.reads, root, job))
    items = [item._replace(line=0) for item in job.items]  # results have no lines
    return digest_of(RUNNING, job.path, limit, json.dumps(items), *read)


def state_of(files: Iterable[Path], reads: Iterable[str], root: Path, job: Job) -> str:
    """A digest of what a run reads beside modules: files, environment, facts."""
    parts: list[object] = []
    for file in sorted(filter(Path.is_file, files)):
        parts += [file.relative_to(root), file.read_bytes()]
    parts += [os.environ.get(name[1:]) for name in reads if name[0] == "$"]
    return digest_of(json.dumps(job.facts), *parts)


class Cache:
    """Values on disk, one JSON file each; damage is a miss, never an error.

    An entry carries its own checksum and is written beside its place, then moved
    there, so that a killed build or a full disk leaves no half-written entry. Where
    one process builds again and again, what a build and the one before it asked for
    stays in memory; nobody changes a value that he was given.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self._complained = False
        self._held: list[dict[str, Any]] = []

    def turn(self) -> None:
        """Begin another build in this process."""
        self._held = [{}, *self._held[:1]]

    def has(self, key: str) -> bool:
        """Whether something is kept under the key; it may prove to be damaged."""
        return (self.folder / f"{key}.json").exists()

    def get(self, key: str) -> Any:
        """The value kept under the key, or None."""
        for held in self._held:
            if key in held:
                self._held[0][key] = held[key]
                return held[key]
        value = self._read(key)
        if self._held and value is not None:
            self._held[0][key] = value
        return value

    def _read(self, key: str) -> Any:
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

    def get_or(self, key: str, make: Callable[[], Any]) -> Any:
        """The value kept under the key, or what is made now, and kept from now on."""
        value = self.get(key)
        if value is None:
            value = make()
            self.put(key, value)
        return value

    def prune(self) -> None:
        """Remove what no build has asked for in a month."""
        oldest = time.time() - _KEPT_FOR
        for file in self.folder.glob("*"):
            # Another build may have removed it, or the folder is read-only.
            with contextlib.suppress(OSError):
                if file.stat().st_mtime < oldest:
                    file.unlink()
