"""Reading a collection page by page while its source may change: which page is next, and when nothing is missing.

Each page begins with the last object of the page before. If it does not, objects have moved up, and some would fall
between the two pages: then the page is asked for anew, further up, until it begins with one that is known. Where new
objects came in between, `count` tells of more than were seen, and the collection is read once more. So no object that
was there all the while is missed, though the source has no such thing as a snapshot.

What happens here depends on the pages alone: those that were kept from an interrupted run lead to where it stopped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from spacedb.mirror.errors import MirrorError

MOST_ROUNDS = 3
MOST_STEPS_BACK = 100
MOST_PAGES = 50_000


class PageInfo(Protocol):
    """What a page says: which part of how many objects it is, and whether another follows."""

    @property
    def count(self) -> int: ...
    @property
    def more(self) -> bool: ...
    @property
    def ids(self) -> Sequence[Any]: ...


@dataclass
class CollectionReader:
    """How far the reading of a collection has come.

    `complete` says at the end whether as many objects were seen as there are.
    """

    offset: int = 0
    """Where the next page begins."""
    count: int = 0
    done: bool = False
    complete: bool = False
    pages: int = 0
    seen: dict[Any, None] = field(default_factory=dict)
    """The ids of all objects, in the order in which they came."""
    rounds: int = 1
    _chain: set[Any] = field(default_factory=set)
    """The ids seen in this round without a gap."""
    _step: int = 0
    _steps: int = 0

    def take(self, page: PageInfo) -> None:
        """Go on after the page at `offset`. Raises `MirrorError` where there is no end to it."""
        if self.pages >= MOST_PAGES:
            raise MirrorError(f"there is no end to it: {MOST_PAGES} pages")
        self.pages += 1
        self.seen.update(dict.fromkeys(page.ids))
        if self.offset and not (page.ids and page.ids[0] in self._chain):
            self._step_back(page)
            return
        news = len(self._chain)
        self._chain.update(page.ids)
        news = len(self._chain) - news
        self.count, self._step = page.count, 0
        end = self.offset + len(page.ids)
        if page.more and end < page.count and news:
            self.offset = end - 1 if len(page.ids) > 1 else end
        else:
            self._end_round()

    def _step_back(self, page: PageInfo) -> None:
        """Something before this page is gone: ask further up, at first by as many as there are fewer."""
        self._steps += 1
        if self._steps > MOST_STEPS_BACK:
            raise MirrorError("its objects change places faster than they can be read")
        self._step = max(2 * self._step, self.count - page.count + 1, 1)
        self.offset = max(0, self.offset - self._step)

    def _end_round(self) -> None:
        self.complete = len(self.seen) >= self.count
        self.done = self.complete or self.rounds == MOST_ROUNDS
        if not self.done:
            self.rounds += 1
            self.offset = 0
            self._chain = set()

    def pages_left(self, limit: int) -> int:
        """How many pages are still to come, as far as can be told now."""
        if self.done:
            return 0
        return max(1, -(-(self.count - self.offset) // (limit - 1)))
