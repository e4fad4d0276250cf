"""Run pages outside the build process, many at a time, each within its limit.

The build starts one server process. It imports the libraries once and forks a worker
for each page, so that a lesson can hang, exit or eat the stack without harm to
anything but itself, and always sees the files as they are now.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, InvalidStateError
from multiprocessing import AuthenticationError, get_context
from multiprocessing.connection import Client, Connection, Listener, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, NamedTuple

from ..model import Fault, Job, Outcome
from . import session

# A page past its limit stops itself and says where it was. One that cannot, because
# it is deep in a library, is killed so much later, in seconds.
_GRACE = 2
_ENDING = 5  # seconds that the process has, at the end of a build, to end by itself
# Forking after the system's libraries have started threads is unsafe on macOS. The
# tests force "spawn" on Linux, which is what Windows and macOS get.
_METHOD = os.environ.get("WEAVE_START_METHOD") or (
    "fork" if sys.platform == "linux" else "spawn"
)


class Server:
    """The build's side: hands out jobs, gets outcomes.

    The process starts with the first job, or with `begin`, and ends with the build;
    `environment` is what it is told besides. A job that cannot be run because the
    process is gone has one fault, which says so.
    """

    def __init__(
        self,
        snippets: Path,
        workers: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.snippets, self.environment = Path(snippets), dict(environment or {})
        self.workers = workers or os.cpu_count() or 1
        self._line: _Line | None = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Start the process, which loads its libraries, before there is a job."""
        with self._lock:
            self._begun()

    def submit(self, job: Job, limit: float) -> Future[Outcome]:
        with self._lock:
            return self._begun().send(job, limit)

    def _begun(self) -> _Line:
        if self._line is None or self._line.is_lost():
            process = _start(self.snippets, self.environment)
            self._line = _Line(process, self.snippets, self.workers)
        return self._line

    def cancel(self, future: Future[Outcome]) -> None:
        """End a job that nobody waits for any more."""
        with self._lock:
            if self._line is not None:
                self._line.cancel(future)

    def close(self) -> None:
        """End the server; what is still running is killed."""
        if self._line is not None:
            self._line.close()
            self._line = None


class _Line:
    """The connection to one server process, and the jobs that it has."""

    def __init__(
        self, process: subprocess.Popen[bytes], snippets: Path, workers: int
    ) -> None:
        self._process = process
        self._jobs: dict[int, tuple[Job, Future[Outcome]]] = {}
        self._lost = ""
        secret = os.urandom(16)
        with Listener(authkey=secret) as listener:
            order = (listener.address, secret, str(snippets), workers)
            assert self._process.stdin is not None  # it was asked for
            with contextlib.suppress(OSError):  # it has ended already
                self._process.stdin.write(repr(order).encode() + b"\n")
                self._process.stdin.close()
            waking = threading.Thread(
                target=_wake,
                args=(self._process, listener.address, secret),
                daemon=True,
            )
            waking.start()
            self._connection: Connection[Any, Any] = listener.accept()
        if self._process.poll() is not None:
            self._lose()
        else:
            threading.Thread(target=self._listen, daemon=True).start()

    def is_lost(self) -> bool:
        return bool(self._lost) or self._process.poll() is not None

    def send(self, job: Job, limit: float) -> Future[Outcome]:
        future: Future[Outcome] = Future()
        number = len(self._jobs)
        self._jobs[number] = job, future
        try:
            if self._lost:
                raise OSError(self._lost)
            self._connection.send((number, job, limit))
        except OSError:
            self._lose()
        return future

    def cancel(self, future: Future[Outcome]) -> None:
        for number, (job, known) in self._jobs.items():
            if known is future and not future.done():
                with contextlib.suppress(OSError):  # it has ended by itself
                    self._connection.send((number, None, 0.0))
                future.set_result(Outcome([], [fault_of(job, "it was called off")]))

    def close(self) -> None:
        with contextlib.suppress(OSError):  # it may be gone already
            self._connection.send(None)
        try:
            self._process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._connection.close()

    def _listen(self) -> None:
        try:
            while True:
                number, outcome = self._connection.recv()
                with contextlib.suppress(InvalidStateError):  # it was called off
                    self._jobs[number][1].set_result(outcome)
        except (EOFError, OSError):
            self._lose()

    def _lose(self) -> None:
        """The process is gone: say so of every job that it has not finished."""
        code = self._process.poll()
        ended = "" if code is None else f" (exit code {code})"
        self._lost = (
            f"the process that runs the lessons ended{ended} while it had this page: "
            "what it said stands above, in the terminal; build again"
        )
        for job, future in [*self._jobs.values()]:
            if not future.done():
                future.set_result(Outcome([], [fault_of(job, self._lost)]))


def _start(snippets: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", "from _weave.run.server import serve; serve()"],
        cwd=snippets.parent,
        env=os.environ
        | {
            "PYTHONPATH": str(snippets),
            "PYTHONHASHSEED": "0",  # the same order of sets on every build
            "TZ": "UTC",
            "MPLBACKEND": "svg",
            # One thread a lesson: as many lessons as there are cores run.
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            **_folder_of_matplotlib(snippets.parent),
            **environment,
        },
        stdin=subprocess.PIPE,
    )


def _folder_of_matplotlib(root: Path) -> dict[str, str]:
    """Where Matplotlib keeps what it knows of fonts: with us if not at home.

    Else it would look for all fonts again in each build, and say so in two lines.
    """
    if os.environ.get("MPLCONFIGDIR") or os.access(os.path.expanduser("~"), os.W_OK):
        return {}
    return {"MPLCONFIGDIR": str(root / ".cache" / "matplotlib")}


def _wake(process: subprocess.Popen[bytes], address: Any, secret: bytes) -> None:
    """Where the process ends before it has connected, end the wait for it."""
    process.wait()
    with contextlib.suppress(OSError, EOFError, AuthenticationError):
        Client(address, authkey=secret).close()


def fault_of(job: Job, message: str) -> Fault:
    """What is wrong with a whole job, at its first item."""
    return Fault(job.path, job.items[0].line if job.items else 1, message)


def serve() -> None:
    """The server's side, from the order in its standard input to the build's end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the build says when to end
    address, secret, snippets, workers = ast.literal_eval(sys.stdin.readline())
    with Client(address, authkey=secret) as build:
        if _METHOD == "fork":
            _preload()
        _Workers(build, Path(snippets), workers).run()


class _Running(NamedTuple):
    number: int
    job: Job
    limit: float
    process: BaseProcess
    deadline: float


class _Workers:
    """Forks a worker for each job, and kills those that are late."""

    def __init__(
        self, build: Connection[Any, Any], snippets: Path, workers: int
    ) -> None:
        self.build, self.snippets, self.workers = build, snippets, workers
        self._context = get_context(_METHOD)
        self._waiting: deque[tuple[int, Job, float]] = deque()
        self._running: dict[Any, _Running] = {}

    def run(self) -> None:
        while True:
            while self._waiting and len(self._running) < self.workers:
                self._begin(*self._waiting.popleft())
            ready = wait([self.build, *self._running], self._patience())
            if self.build in ready and not self._order():
                return
            for pipe in [*self._running]:
                if pipe in ready:
                    self._end(pipe, self._outcome(pipe))
                elif time.monotonic() >= self._running[pipe].deadline:
                    late = self._running[pipe]
                    fault = fault_of(late.job, session.too_long(late.limit))
                    self._end(pipe, Outcome([], [fault]))

    def _begin(self, number: int, job: Job, limit: float) -> None:
        ours, theirs = self._context.Pipe(duplex=False)
        arguments = theirs, str(self.snippets), job, limit
        # mypy knows no Process of a context that is only known at run time.
        process = self._context.Process(target=_work, args=arguments, daemon=True)  # type: ignore[attr-defined]
        process.start()
        theirs.close()
        deadline = time.monotonic() + limit + _GRACE
        self._running[ours] = _Running(number, job, limit, process, deadline)

    def _patience(self) -> float | None:
        """The seconds until the first deadline, if there is one."""
        deadlines = [worker.deadline for worker in self._running.values()]
        return max(0.0, min(deadlines) - time.monotonic()) if deadlines else None

    def _order(self) -> bool:
        """Take an order of the build; False where there will be no more."""
        try:
            job = self.build.recv()
        except (EOFError, OSError):
            job = None
        if job and job[1]:
            self._waiting.append(job)
            return True
        if job:
            self._call_off(job[0])
            return True
        for worker in self._running.values():
            worker.process.kill()
        return False

    def _call_off(self, number: int) -> None:
        """Forget a job that waits, or kill it; nobody is told."""
        self._waiting = deque(job for job in self._waiting if job[0] != number)
        for pipe, worker in [*self._running.items()]:
            if worker.number == number:
                self._kill(pipe)

    def _outcome(self, pipe: Any) -> Outcome:
        worker = self._running[pipe]
        try:
            outcome: Outcome = pipe.recv()
            return outcome
        except (EOFError, OSError):
            worker.process.join()
            message = "the lesson ended its own process "
            message += f"(exit code {worker.process.exitcode})"
            return Outcome([], [fault_of(worker.job, message)])

    def _end(self, pipe: Any, outcome: Outcome) -> None:
        self.build.send((self._kill(pipe).number, outcome))

    def _kill(self, pipe: Any) -> _Running:
        worker = self._running.pop(pipe)
        worker.process.kill()
        worker.process.join()
        pipe.close()
        return worker


def _preload() -> None:
    """Import what lessons use, and draw once, before any worker is forked."""
    import matplotlib.pyplot as plt

    # Imported so that the workers have them, with all that they import in turn.
    from ..draw import svg  # noqa: F401
    from . import room  # noqa: F401

    figure, axes = plt.subplots()
    axes.plot([0, 1], label="α")
    axes.legend()
    figure.savefig(io.StringIO(), format="svg")
    plt.close(figure)
    gc.freeze()  # what is imported stays: no worker needs to walk or copy it


def _work(pipe: Connection[Any, Any], snippets: str, job: Job, limit: float) -> None:
    gc.set_threshold(100_000)  # a lesson is short; its garbage ends with it
    if hasattr(os, "nice"):
        os.nice(5)  # the build, for which somebody waits, goes first
    from .room import Room  # which imports the libraries

    root = Path(snippets).parent
    # Of a lab, all that stands in its file stands in its job.
    own = [str(root / job.path)] if job.path.endswith(".py") else []
    room = Room(root, [*job.needs, *own])
    pipe.send(session.Session(Path(snippets), job).run(limit, room))
    pipe.close()
