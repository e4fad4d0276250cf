"""What `mkdocs serve` needs beside a build: to show early, and to follow quickly.

A first build waits for the home page only, a later one for the page that was saved
last. Pages whose code still runs say so, and so do those that quote others, because to
convert one of these takes as long as all the rest; when the code has ended the site is
built again, which costs little, because what is ready is kept.
"""

from __future__ import annotations

import contextlib
import math
import os
import socket
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from watchdog.observers.polling import PollingObserver

from ..run.cache import folder_beside
from ..run.weaver import Weaver
from .styled import Styled

_FIRST, _LATER = 6.0, 20.0  # seconds to wait for the one page that matters most
_BETWEEN = 3.0  # seconds between two builds that only fill in pages
_AGAIN = 1.0  # seconds until the bell rings again if nobody has heard it
_POLL = 0.1  # seconds between two looks at the files
_QUIET = 0.05  # seconds without a save before a build begins


class Preview:
    """One `mkdocs serve`, from its first build on."""

    _first: str | None  # the page that a build waits for
    _fills: bool  # whether a build only fills in what another one lacked

    def __init__(self, weaver: Weaver, config: MkDocsConfig) -> None:
        _check_port(*config.dev_addr)
        self._weaver = weaver
        self._later = False
        self.lacking: set[str] = set()  # the pages of this build that say so
        self._woken = -math.inf
        self._heard = True
        self._bell: Path | None = None
        weaver.when_done = self._fill_in

    def order(self) -> list[str]:
        """The pages, the one first that somebody waits for."""
        site = self._weaver.site
        if not self._later:
            return [page for page in site.navigation() if page.endswith(".md")]
        return sorted(site.pages(), key=self._saved, reverse=True)

    def wait(self) -> None:
        """Wait, but not for ever, for the page that matters most."""
        self._fills, self._heard = not self._heard, True
        self._first = first = next(iter(self.order()), None)
        until = time.monotonic() + (_LATER if self._later else _FIRST)
        while first and time.monotonic() < until and not self._weaver.is_ready(first):
            time.sleep(0.02)
        self._later = True
        self.lacking.clear()

    def lacks(
        self, uri: str, others: Sequence[str] = (), is_kept: bool = False
    ) -> bool:
        """Whether a page cannot be shown yet, since code of it or of others runs.

        `others` are those that it quotes: if it has to be converted, and was not saved
        itself, it is put off to a build that only fills in.
        """
        put_off = bool(others) and not (is_kept or self._fills or uri == self._first)
        lacks = put_off or not all(map(self._weaver.is_ready, [uri, *others]))
        if lacks:
            self.lacking.add(uri)
        return lacks

    def said(self) -> str:
        """What stands on such a page, as HTML."""
        done, total = self._weaver.progress()
        runs = f": its code is running. {done} of {total} lessons are ready"
        return (
            '<p class="weave-pending" role="status" data-search-exclude>This page is '
            f"still being made{runs if done < total else ''}. It will appear here by "
            "itself.</p>"
        )

    def built(self) -> None:
        """A build has ended; if what it lacked is there by now, the next begins."""
        self._fill_in()

    def follow(self, server: LiveReloadServer, config: MkDocsConfig) -> None:
        """Let the server look at the files more often, and hear the bell."""
        watched = []
        for path in config.docs_dir, config.config_file_path, *config.theme.dirs:
            with contextlib.suppress(KeyError):  # nobody watches the theme, mostly
                server.unwatch(path)
                watched.append(path)
        server.observer = PollingObserver(timeout=_POLL)
        server.build_delay = _QUIET
        for path in watched:
            server.watch(path)
        tests = self._weaver.site.root / "tests"  # a lesson lacks something without its
        if tests.is_dir():
            config.watch.append(str(tests))
        server.builder = Styled(server.builder, config, self._may_be_alone)
        # A file in it changes when a build is wanted.
        self._bell = folder_beside(self._weaver.cache.folder, "bell") / "rung"
        self._bell.touch()
        server.watch(str(self._bell.parent))
        self._fill_in()

    def _may_be_alone(self, files: set[Path]) -> bool:
        """Whether no page lacks anything, and no code reads one of these files."""
        return not (self.lacking or files & self._weaver.read())

    def _saved(self, uri: str) -> float:
        """When a page or its module was saved last."""
        site = self._weaver.site
        files = site.docs / uri, site.snippets / f"{Path(uri).stem}.py"
        times = [-math.inf]
        for file in files:
            with contextlib.suppress(OSError):  # many pages have no module
                times.append(file.stat().st_mtime)
        return max(times)

    def _fill_in(self) -> None:
        """Ask for a build if pages can be shown that the last one lacked."""
        bell = self._bell
        if not self.lacking or bell is None:
            return
        done, total = self._weaver.progress()
        if done == total or time.monotonic() - self._woken > _BETWEEN:
            self._woken = time.monotonic()
            self._heard = False
            self._ring(bell)

    def _ring(self, bell: Path) -> None:
        """Ring the bell until a build begins: at first, nobody may listen yet."""
        if self._heard:
            return
        with contextlib.suppress(OSError):  # the folder has gone: it ends
            bell.write_text(str(self._woken))
            again = threading.Timer(_AGAIN, self._ring, [bell])
            again.daemon = True
            again.start()


def _check_port(host: str, port: int) -> None:
    """Say at once that a port is in use, and not when all has been built."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as taken:
        if os.name == "posix":  # where it means what a server wants
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
        try:
            taken.bind((host, port))
        except OSError as error:
            raise PluginError(
                f"the preview cannot have the address {host}:{port} "
                f"({error.strerror}): perhaps one runs already. Take another, as in "
                f"`mkdocs serve -a {host}:{port + 1}`"
            ) from None
