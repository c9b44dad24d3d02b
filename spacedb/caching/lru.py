"""A cache of bounded size in bytes that evicts the least recently used entries."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from threading import Lock
from typing import Any

ENTRY_OVERHEAD = 400
"""The approximate bytes of an entry besides its value."""


class LRU:
    """Values by key, thread-safe. `limit` and `size` are in bytes."""

    def __init__(self, limit: int) -> None:
        self.limit, self.size = limit, 0
        self._entries: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, keys: Iterable[Hashable]) -> list[Any]:
        """The value of each key, None for those that are not cached."""
        values = []
        with self._lock:
            for key in keys:
                entry = self._entries.get(key)
                if entry is not None:
                    self._entries.move_to_end(key)
                values.append(entry and entry[0])
        return values

    def add(self, values: Iterable[tuple[Hashable, Any, int]]) -> None:
        """Add tuples of key, value and the size of the value in bytes."""
        with self._lock:
            for key, value, size in values:
                if key in self._entries:
                    self.size -= self._entries.pop(key)[1]
                self._entries[key] = value, size + ENTRY_OVERHEAD
                self.size += size + ENTRY_OVERHEAD
            while self.size > self.limit:
                self.size -= self._entries.popitem(last=False)[1][1]
