"""What takes long to work out and never changes, handed from one process to the next.

A value stands under a digest of all that it was made of, so that it is either right or
not there. Whoever keeps it, `run.weaver` for a build, writes down one piece of JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

T = TypeVar("T")


class Memory:
    """Values as JSON, each under a digest."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}
        self._asked: dict[str, Any] = {}

    def get_or(
        self,
        kind: str,
        source: bytes,
        make: Callable[[], Any],
        read: Callable[[Any], T],
    ) -> T:
        """What `read` finds in what was made of a source before, or is made now."""
        key = sha256(f"{kind}\0".encode() + source).hexdigest()
        try:
            return read(self.get(key))
        except (LookupError, TypeError, ValueError):  # nothing, or no such thing
            self.put(key, make())
            return read(self._asked[key])

    def get(self, key: str) -> Any:
        """The value under a key, or None."""
        if key in self._kept:
            self._asked[key] = self._kept[key]
        return self._asked.get(key)

    def put(self, key: str, value: Any) -> None:
        self._kept.pop(key, None)
        self._asked[key] = value

    def take(self, kept: Any) -> None:
        """Take over what `given` gave in another process; anything else is nothing."""
        if isinstance(kept, dict):
            self._kept.update(kept)

    def given(self) -> dict[str, Any] | None:
        """All that was asked for in this process; None if all of it was taken over."""
        if self._asked.keys() <= self._kept.keys():
            return None
        self._kept.update(self._asked)
        return dict(self._asked)


MEMORY = Memory()
