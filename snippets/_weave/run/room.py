"""A lesson's room: what its process may read, and that it changes nothing outside.

Python itself is asked, by its audit events: whatever a lesson opens, starts or calls
is an event, however its name was computed. So an outcome depends on nothing but what
its key is made of (see `depends`), and a run leaves nothing behind.
"""

from __future__ import annotations

import os
import random
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

import matplotlib
import numpy.random

from ..model import Left

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = {
    *("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate", "os.chmod"),
    *("os.chown", "os.link", "os.symlink", "os.utime", "shutil.rmtree"),
}
_IN_FOLDERS = {"os.remove", "os.rmdir"}
_LISTS = {"os.listdir", "os.scandir"}
_PROCESSES = {
    *("subprocess.Popen", "os.system", "os.fork", "os.forkpty", "os.posix_spawn"),
    *("os.exec", "os.spawn", "os.kill", "os.killpg", "signal.pthread_kill"),
}
# What stands between a lesson and the system.
_OURS = {__name__, "_weave.run.fresh"}
# Where a system keeps what belongs to no project: time zones, fonts, devices.
_SYSTEM = "/usr", "/etc", "/proc", "/dev", "/sys", "/opt", "/nix", "/System", "/Library"
# What of the environment the libraries and Python itself need.
_TECHNICAL = (
    *("PATH", "HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "WINDIR"),
    *("APPDATA", "LOCALAPPDATA", "XDG_", "MPL", "PYTHON", "OPENBLAS_", "OMP_", "TZ"),
)


class Room:
    """What one run may use: `needs` are its job's, `root` is the project's folder.

    `left` has what it reached for, the first thing first, even where the lesson has
    gone on.
    """

    def __init__(self, root: Path, needs: Iterable[str]) -> None:
        needs = set(needs)
        self.left: list[Left] = []
        self._root = os.path.realpath(root)
        self._files = {os.path.realpath(name) for name in needs if name[0] != "$"}
        self._folders = {_real(name) for name in needs if name.endswith("/")}
        self._declared = {name[1:] for name in needs if name[0] == "$"}
        self._written: set[str] = set()
        self._temporary = os.path.realpath(tempfile.gettempdir())
        machinery = os.path.realpath(Path(__file__).parent.parent)
        self._common = {*_SYSTEM, machinery, *_of_python(), *_of_matplotlib()}
        self._closed = False
        self._chance = _Chance()

    def close(self) -> None:
        """From now on the process can do nothing that its key does not know of."""
        for name in [*os.environ]:
            if name not in self._declared and not name.startswith(_TECHNICAL):
                del os.environ[name]
        self._closed = True
        threading.Thread.start = self._started  # type: ignore[assignment]
        sys.addaudithook(self._heard)

    def open(self) -> None:
        """The lesson has ended: what follows is the machinery's."""
        self._closed = False

    def drew_unseeded(self) -> bool:
        """Whether anything was drawn since the last call that nobody has seeded."""
        return self._chance.unseeded()

    def _heard(self, event: str, args: tuple[Any, ...]) -> None:
        if not self._closed:
            return
        if event == "open":
            self._opened(*args)
        elif event in _CHANGES:
            # What is named from an open folder, `shutil.rmtree` has told before.
            inside = [one for one in args[1:] if isinstance(one, int) and one != -1]
            paths = [one for one in args if isinstance(one, str | bytes | os.PathLike)]
            for path in [] if inside and event in _IN_FOLDERS else paths:
                self._changed(path)
        elif event in _LISTS:
            self._listed(args[0])
        elif event in _PROCESSES:
            self._started()
        elif event.startswith("socket."):
            self._refuse(
                "it asks another computer, or what this one is called: keep what is "
                "needed in a file beside the module"
            )

    def _started(self, *_: object) -> None:
        self._refuse(
            "it starts or ends a thread or a process, and what it gives may then "
            "depend on their order: compute one thing after the other"
        )

    def _opened(self, path: Any, mode: Any, flags: int) -> None:
        if isinstance(path, int):
            return
        if flags & _WRITES or (isinstance(mode, str) and set(mode) & set("wax+")):
            return self._changed(path)
        real = _real(path)
        if not (real in self._files or real in self._written or self._is_common(real)):
            self._refuse(
                f"it reads {self._name(real)}, of which the build does not know, and "
                "so would not notice when that changes: write its path from snippets/ "
                'on as one string, or name it in the module, as in READS = "notes/*"'
            )

    def _listed(self, path: Any) -> None:
        asks = sys._getframe(2).f_globals.get("__name__", "")
        if isinstance(path, int) or asks.startswith("importlib."):
            return
        real = _real(path or ".")
        below = any(self._is_within(file, real) for file in self._files)
        inside = any(self._is_within(real, folder) for folder in self._folders)
        if not (below or inside or self._is_common(real)):
            self._refuse(
                f"it lists {self._name(real)}, of which the build does not know: say "
                'in the module which files it reads, as in READS = "notes/*"'
            )

    def _changed(self, path: Any) -> None:
        real = _real(path)
        if real == os.path.realpath(os.devnull):
            return
        if self._is_within(real, self._root) or not (
            self._is_within(real, self._temporary) or self._is_common(real)
        ):
            self._refuse(
                f"it writes {self._name(real)}: a lesson leaves nothing behind; return "
                "what it computes, or write into tempfile.TemporaryDirectory()"
            )
        self._written.add(real)

    def _is_common(self, real: str) -> bool:
        """Whether a path belongs to Python or the system more closely than to us."""
        around = [f for f in self._common if self._is_within(real, f)]
        if self._is_within(real, self._root):
            around = [f for f in around if self._is_within(f, self._root)]
        return bool(around)

    @staticmethod
    def _is_within(path: str, folder: str) -> bool:
        return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)

    def _name(self, real: str) -> str:
        if self._is_within(real, self._root):
            return Path(real).relative_to(self._root).as_posix()
        return real

    def _refuse(self, message: str) -> None:
        if _asked_by_others():
            return
        error = Left(message)
        self.left.append(error)
        raise error


class _Chance:
    """Watches for random numbers that nobody has seeded.

    A generator of NumPy's that gets no seed says so, at its line.
    """

    def __init__(self) -> None:
        # mypy does not see what NumPy's module has imported.
        numpy.random.bit_generator.randbits = _no_seed  # type: ignore[attr-defined]
        self._before = self._states()
        self._seeded = False
        for module in random, numpy.random:
            module.seed = self._noting(module.seed)  # type: ignore[attr-defined]

    def unseeded(self) -> bool:
        """Whether numbers were drawn since the last call, and nothing was seeded."""
        before, self._before = self._before, self._states()
        return not self._seeded and before != self._before

    def _noting(self, seed: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*args: Any, **named: Any) -> None:
            self._seeded = bool(args or named)
            seed(*args, **named)

        return noted

    @staticmethod
    def _states() -> list[object]:
        drawn: Any = numpy.random.get_state(legacy=False)
        drawn = drawn["state"]
        return [random.getstate(), drawn["key"].tobytes(), drawn["pos"]]


def _no_seed(bits: int) -> int:
    raise ValueError("random numbers without a seed: write np.random.default_rng(7)")


def _real(path: Any) -> str:
    return os.path.realpath(os.fsdecode(path))


def _of_python() -> set[str]:
    folders = {*sysconfig.get_paths().values(), sys.prefix, sys.base_prefix}
    return {os.path.realpath(folder) for folder in folders}


def _of_matplotlib() -> set[str]:
    folders = matplotlib.get_cachedir(), matplotlib.get_configdir()
    return {os.path.realpath(folder) for folder in folders}


def _asked_by_others() -> bool:
    """Whether no lesson asks: the machinery does, or Matplotlib looks for fonts."""
    frame: FrameType | None = sys._getframe(1)
    nearest: str | None = None
    while frame:
        name = frame.f_globals.get("__name__", "")
        if name == "matplotlib.font_manager":
            return True
        library = name in _OURS or name.partition(".")[0] in sys.stdlib_module_names
        if nearest is None and not library:
            nearest = name
        frame = frame.f_back
    return (nearest or "").startswith("_weave.")
