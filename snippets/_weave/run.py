"""Run lessons outside the build process, many at a time, each within its limit.

The build starts one server process. It imports the libraries once and forks a
worker for each lesson, so that a lesson can hang, exit or eat the stack without
harm to anything but itself, and always sees the files as they are now.
"""

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
from concurrent.futures import Future
from multiprocessing import AuthenticationError, get_context
from multiprocessing.connection import Client, Listener, wait
from pathlib import Path

from . import lesson
from .faults import Fault

# A lesson past its limit stops itself and says where it was. One that cannot, because
# it is deep in a library, is killed so much later, in seconds.
_GRACE = 2
# Forking after the system's libraries have started threads is unsafe on macOS.
_METHOD = "fork" if sys.platform == "linux" else "spawn"


class Server:
    """The build's side: hands out jobs, gets outcomes.

    `submit` returns a Future of `(results, faults)`, where `results` has one string
    per item. The process starts with the first job and ends with the build.
    """

    def __init__(self, snippets, workers=None):
        self.snippets = Path(snippets)
        self.workers = workers or os.cpu_count() or 1
        self._futures, self._lock = {}, threading.Lock()
        self._connection = self._process = None

    def submit(self, path, stem, items, limit):
        future = Future()
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
            number = len(self._futures)
            self._futures[number] = future
            self._connection.send((number, (path, stem, items), limit))
        return future

    def close(self):
        """End the server; what is still running is killed."""
        if self._process is not None:
            with contextlib.suppress(OSError):  # it may be gone already
                self._connection.send(None)
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._connection.close()
            self._process = None

    def _start(self):
        secret = os.urandom(16)
        with Listener(authkey=secret) as listener:
            command = "from _weave.run import serve; serve()"
            self._process = subprocess.Popen(
                [sys.executable, "-c", command],
                cwd=self.snippets.parent,
                env=os.environ
                | {
                    "PYTHONPATH": str(self.snippets),
                    "PYTHONHASHSEED": "0",  # the same order of sets on every build
                    "MPLBACKEND": "svg",
                    # One thread a lesson: as many lessons as there are cores run.
                    "OPENBLAS_NUM_THREADS": "1",
                    "OMP_NUM_THREADS": "1",
                },
                stdin=subprocess.PIPE,
            )
            order = (listener.address, secret, str(self.snippets), self.workers)
            self._process.stdin.write(repr(order).encode() + b"\n")
            self._process.stdin.close()
            process, address = self._process, listener.address
            threading.Thread(
                target=_wake, args=(process, address, secret), daemon=True
            ).start()
            self._connection = listener.accept()
        if process.poll() is not None:
            raise RuntimeError("the process that runs the lessons did not start")
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        try:
            while True:
                number, outcome = self._connection.recv()
                self._futures[number].set_result(outcome)
        except (EOFError, OSError):
            lost = RuntimeError("the process that runs the lessons ended early")
            for future in self._futures.values():
                if not future.done():
                    future.set_exception(lost)


def _wake(process, address, secret):
    """Where the process ends before it has connected, end the wait for it."""
    process.wait()
    with contextlib.suppress(OSError, EOFError, AuthenticationError):
        Client(address, authkey=secret).close()


def serve():
    """The server's side: fork a worker for each job, kill those that are late."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the build says when to end
    address, secret, snippets, workers = ast.literal_eval(sys.stdin.readline())
    with Client(address, authkey=secret) as build:
        if _METHOD == "fork":
            _preload()
        context = get_context(_METHOD)
        waiting, running = deque(), {}
        while True:
            while waiting and len(running) < workers:
                number, job, limit = waiting.popleft()
                ours, theirs = context.Pipe(duplex=False)
                process = context.Process(
                    target=_work, args=(theirs, snippets, job, limit)
                )
                process.start()
                theirs.close()
                running[ours] = (
                    number,
                    job,
                    limit,
                    process,
                    time.monotonic() + limit + _GRACE,
                )
            deadlines = [entry[-1] for entry in running.values()]
            patience = min(deadlines) - time.monotonic() if deadlines else None
            ready = wait([build, *running], patience and max(0, patience))
            if build in ready:
                try:
                    job = build.recv()
                except (EOFError, OSError):
                    job = None
                if job:
                    waiting.append(job)
                else:
                    for *_, process, _ in running.values():
                        process.kill()
                    return
            for pipe, (number, job, limit, process, deadline) in [*running.items()]:
                if pipe in ready:
                    outcome = _outcome(pipe, process, job)
                elif time.monotonic() >= deadline:
                    message = lesson.too_long(limit)
                    outcome = [], [_module_fault(job, message)]
                else:
                    continue
                process.kill()
                process.join()
                pipe.close()
                del running[pipe]
                build.send((number, outcome))


def _outcome(pipe, process, job):
    try:
        return pipe.recv()
    except (EOFError, OSError):
        process.join()
        message = f"the lesson ended its own process (exit code {process.exitcode})"
        return [], [_module_fault(job, message)]


def _module_fault(job, message):
    path, _, items = job
    return Fault(path, items[0].line if items else 1, message)


def _preload():
    """Import what lessons use, and draw once, before any worker is forked."""
    import matplotlib.pyplot as plt
    import numpy  # noqa: F401  (imported so that the workers have it)

    figure, axes = plt.subplots()
    axes.plot([0, 1], label="α")
    axes.legend()
    figure.savefig(io.StringIO(), format="svg")
    plt.close(figure)
    gc.freeze()  # what is imported stays: no worker needs to walk or copy it


def _work(pipe, snippets, job, limit):
    gc.set_threshold(100_000)  # a lesson is short; its garbage ends with it
    pipe.send(lesson.Lesson(Path(snippets), *job).run(limit))
    pipe.close()
