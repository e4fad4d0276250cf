"""Waiting for other processes, without a word on how fast they are."""

import re
import time
from pathlib import Path


def until(condition, patience=120):
    """Wait until the condition gives something true, and return that.

    Whoever waits in vain gives up after so many seconds, with a TimeoutError.
    """
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise TimeoutError


def ended(pid):
    """Whether a process is no more, or only waits for its parent to hear of it."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return True
    return re.search(r"State:\s+Z", status) is not None


def written(file):
    """The text of a file, as soon as there is some."""
    return until(lambda: file.exists() and file.read_text("utf-8"))
