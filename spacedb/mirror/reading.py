"""Reading a collection page by page while the source changes: the offset of the next page, and the completeness check.

Each page starts with the last object of the previous page. If it does not, objects have moved to lower offsets, and
some could fall between the two pages. The page is then requested again at a lower offset, until it starts with an
object that was already read. If objects were inserted, `count` exceeds the number of objects read, and the collection
is read once more. So every object that exists during the whole read is found, although the source has no snapshots.

The next offset depends on the pages alone. The stored pages of an interrupted run therefore lead to where it stopped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from spacedb.mirror.errors import MirrorError

MAX_ROUNDS = 3
MAX_STEPS_BACK = 100
MAX_PAGES = 50_000


class PageInfo(Protocol):
    """The metadata of a page: the number of objects in the collection, whether a page follows, the ids on this page."""

    @property
    def count(self) -> int: ...
    @property
    def has_next(self) -> bool: ...
    @property
    def ids(self) -> Sequence[Any]: ...


@dataclass
class CollectionReader:
    """The progress of reading one collection."""

    offset: int = 0
    """The offset of the next page."""
    count: int = 0
    """The number of objects, as of the last page."""
    done: bool = False
    complete: bool = False
    """Whether as many objects were read as the source counts. Valid once `done` is True."""
    pages: int = 0
    """The number of pages read."""
    seen: dict[Any, None] = field(default_factory=dict)
    """The ids of all objects read, in their order of appearance."""
    rounds: int = 1
    max_rounds: int = MAX_ROUNDS
    _contiguous: set[Any] = field(default_factory=set)
    """The ids read in this round without a gap."""
    _step: int = 0
    _steps_back: int = 0

    def add_page(self, page: PageInfo) -> None:
        """Add the page at `offset` and move on. Raises `MirrorError` if the collection does not come to an end."""
        if self.pages >= MAX_PAGES:
            raise MirrorError(f"the collection has no end: {MAX_PAGES} pages were read")
        self.pages += 1
        self.seen.update(dict.fromkeys(page.ids))
        if self.offset and not (page.ids and page.ids[0] in self._contiguous):
            self._step_back(page)
            return
        size_before = len(self._contiguous)
        self._contiguous.update(page.ids)
        has_new = len(self._contiguous) > size_before
        self.count, self._step = page.count, 0
        end = self.offset + len(page.ids)
        if page.has_next and end < page.count and has_new:
            self.offset = end - 1 if len(page.ids) > 1 else end
        else:
            self._end_round()

    def _step_back(self, page: PageInfo) -> None:
        """Lower the offset, first by the number of removed objects, then by twice the last step."""
        self._steps_back += 1
        if self._steps_back > MAX_STEPS_BACK:
            raise MirrorError("objects change their positions faster than they can be read")
        self._step = max(2 * self._step, self.count - page.count + 1, 1)
        self.offset = max(0, self.offset - self._step)

    def _end_round(self) -> None:
        self.complete = len(self.seen) >= self.count
        self.done = self.complete or self.rounds >= self.max_rounds
        if not self.done:
            self.rounds += 1
            self.offset = 0
            self._contiguous = set()

    def estimate_pages_left(self, page_size: int) -> int:
        if self.done:
            return 0
        return max(1, -(-(self.count - self.offset) // (page_size - 1)))
