"""What is wrong with a page, said with its place."""

import difflib
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing that is wrong: where it stands, and what to do about it."""

    path: str
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


class WeaveError(Exception):
    """A page that must not be published, with all its faults."""

    def __init__(self, faults):
        self.faults = list(faults)
        super().__init__("\n".join(map(str, self.faults)))


def did_you_mean(name, known):
    """A hint at the nearest known name, or an empty string.

    >>> did_you_mean("setp", ["step", "descend"])
    '; did you mean step?'
    >>> did_you_mean("newton", ["step", "descend"])
    ''
    """
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""
