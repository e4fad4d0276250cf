"""One line in the terminal that moves while lessons run."""

from __future__ import annotations

import logging
import sys
import threading
import time

from ..run.weaver import Weaver

log = logging.getLogger("mkdocs.weave")


class Progress:
    """Says how many lessons have run, as long as some have not.

    Nothing moves where the output is no terminal, or where MkDocs is to be quiet.
    """

    def __init__(self, weaver: Weaver) -> None:
        self._weaver, self._thread = weaver, threading.Thread()

    def begin(self) -> None:
        """Show the line, if anything runs."""
        done, total = self._weaver.progress()
        if done < total and not self._thread.is_alive():
            self._thread = threading.Thread(target=self._show, daemon=True)
            self._thread.start()

    def _show(self) -> None:
        start, moves = time.monotonic(), sys.stderr.isatty()
        moves = moves and log.isEnabledFor(logging.INFO)
        ended = 0  # how often in a row: the next build may just begin
        while ended < 3:
            done, total = self._weaver.progress()
            ended = ended + 1 if done == total else 0
            seconds = time.monotonic() - start
            if moves and not ended:
                # It ends where it began: whatever is said next replaces it.
                print(
                    f"\r{done} of {total} lessons have run, {seconds:.0f} s\033[K\r",
                    end="",
                    file=sys.stderr,
                    flush=True,
                )
            time.sleep(0.2)
        if moves:
            print("\033[K", end="", file=sys.stderr, flush=True)
        if total:
            log.info("%d lessons have run, %.0f s", total, seconds)
