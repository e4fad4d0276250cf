"""When each file was changed last, as git tells."""

from __future__ import annotations

import subprocess
from pathlib import Path


def last_changed(root: Path) -> dict[str, str]:
    """The date of the last commit of each file; none where git does not know."""

    def git(*words: str) -> str:
        told = "git", "-c", "core.quotePath=off", *words  # names as they are
        return subprocess.check_output(
            told, cwd=root, stderr=subprocess.DEVNULL, encoding="utf-8"
        )

    try:
        if git("rev-parse", "--is-shallow-repository").strip() != "false":
            return {}
        log = git("log", "--format=%x00%cs", "--name-only", "--relative", "--", ".")
    except (OSError, subprocess.CalledProcessError):
        return {}
    dates: dict[str, str] = {}
    for commit in log.split("\0")[1:]:
        date, *files = filter(None, commit.split("\n"))
        for file in files:
            dates.setdefault(file, date)
    return dates
