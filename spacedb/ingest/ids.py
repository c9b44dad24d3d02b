"""Sets of ids that stay small: of a million objects that are numbered in a row, a few hundred kilobytes."""

from collections.abc import Iterable, Iterator, MutableSet
from typing import Any

BITS = 1024


class Ids(MutableSet[Any]):
    """A set of ids. Numbers are bits of longer numbers; UUIDs are kept as they are."""

    def __init__(self, ids: Iterable[Any] = ()) -> None:
        self._bits: dict[int, int] = {}
        self._others: set[Any] = set()
        self |= ids  # type: ignore[arg-type]

    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> "Ids":
        return cls(it)

    def add(self, value: Any) -> None:
        if isinstance(value, int):
            place, bit = divmod(value, BITS)
            self._bits[place] = self._bits.get(place, 0) | 1 << bit
        else:
            self._others.add(value)

    def discard(self, value: Any) -> None:
        if isinstance(value, int):
            place, bit = divmod(value, BITS)
            self._bits[place] = self._bits.get(place, 0) & ~(1 << bit)
        else:
            self._others.discard(value)

    def __contains__(self, value: Any) -> bool:
        if isinstance(value, int):
            place, bit = divmod(value, BITS)
            return bool(self._bits.get(place, 0) >> bit & 1)
        return value in self._others

    def __len__(self) -> int:
        return sum(bits.bit_count() for bits in self._bits.values()) + len(self._others)

    def __iter__(self) -> Iterator[Any]:
        for place, bits in self._bits.items():
            for bit in range(bits.bit_length()):
                if bits >> bit & 1:
                    yield place * BITS + bit
        yield from self._others
