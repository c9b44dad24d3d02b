"""Memory of bounded size."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from threading import Lock
from typing import Any

ENTRY = 400
"""About how many bytes an entry takes beside what it holds."""


class LRU:
    """Values by key, of no more bytes than it may hold; those that were used last stay (least recently used go)."""

    def __init__(self, limit: int) -> None:
        self.limit, self.size = limit, 0
        self._entries: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, keys: Iterable[Hashable]) -> list[Any]:
        """The value of each key, None for what is not here."""
        found = []
        with self._lock:
            for key in keys:
                entry = self._entries.get(key)
                if entry is not None:
                    self._entries.move_to_end(key)
                found.append(entry and entry[0])
        return found

    def add(self, values: Iterable[tuple[Hashable, Any, int]]) -> None:
        """Keys, values and their sizes in bytes."""
        with self._lock:
            for key, value, size in values:
                if key in self._entries:
                    self.size -= self._entries.pop(key)[1]
                self._entries[key] = value, size + ENTRY
                self.size += size + ENTRY
            while self.size > self.limit:
                self.size -= self._entries.popitem(last=False)[1][1]
