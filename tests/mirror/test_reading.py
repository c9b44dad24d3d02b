"""Reading a changing collection: no object is missed that exists during the whole read."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from spacedb.mirror.errors import MirrorError
from spacedb.mirror.reading import MAX_ROUNDS, CollectionReader

pytestmark = pytest.mark.vendor_neutral

PAGE_SIZE = 10


@dataclass
class Page:
    count: int
    has_next: bool
    ids: list[Any]


def page(rows: list[int], offset: int) -> Page:
    return Page(len(rows), offset + PAGE_SIZE < len(rows), rows[offset : offset + PAGE_SIZE])


def read(rows: list[int], change: Any = None) -> CollectionReader:
    reader = CollectionReader()
    while not reader.done:
        if change:
            change(rows, reader)
        reader.add_page(page(rows, reader.offset))
    return reader


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 19, 20, 28, 100])
def test_unchanged_collection(count: int) -> None:
    reader = read(list(range(count)))
    assert list(reader.seen) == list(range(count))
    assert reader.complete
    assert reader.pages == max(1, -(-(count - 1) // (PAGE_SIZE - 1)))


def test_object_that_moves_to_a_page_already_read() -> None:
    def change(rows: list[int], reader: CollectionReader) -> None:
        if reader.pages == 2 and 3 in rows:
            rows.remove(3)  # the following objects move up, and `count` stays the same
            rows.append(100)

    reader = read(list(range(40)), change)
    assert {*range(40), 100} == reader.seen.keys()


def test_new_object_on_a_page_already_read_needs_another_round() -> None:
    def change(rows: list[int], reader: CollectionReader) -> None:
        if reader.pages == 2 and 100 not in rows:
            rows.insert(0, 100)

    reader = read(list(range(40)), change)
    assert reader.complete
    assert reader.rounds == 2
    assert {*range(40), 100} == reader.seen.keys()


def test_random_order_is_read_until_all_objects_were_seen() -> None:
    shuffle = random.Random(5)

    def change(rows: list[int], reader: CollectionReader) -> None:
        if reader.rounds == 1:
            shuffle.shuffle(rows)
        else:
            rows.sort()

    reader = read(list(range(40)), change)
    assert reader.complete
    assert set(range(40)) == reader.seen.keys()


def test_wrong_count() -> None:
    reader = CollectionReader()
    rows = list(range(25))
    while not reader.done:
        ids = page(rows, reader.offset).ids
        reader.add_page(Page(27, bool(ids), ids))
    assert not reader.complete
    assert reader.rounds == MAX_ROUNDS
    assert list(reader.seen) == rows


@pytest.mark.parametrize("seed", range(200))
def test_random_changes(seed: int) -> None:
    """Rows are inserted and deleted between pages. The order does not change."""
    chance = random.Random(seed)
    rows = sorted(chance.sample(range(1000), chance.randrange(15, 120)))
    permanent = set(rows)

    def change(rows: list[int], reader: CollectionReader) -> None:
        for _ in range(chance.choice([0, 0, 1, 3])):
            if chance.random() < 0.5 and rows:
                deleted = chance.choice(rows)
                rows.remove(deleted)
                permanent.discard(deleted)
            else:
                new = chance.randrange(1000)
                if new not in rows:
                    rows.append(new)
                    rows.sort()

    try:
        reader = read(rows, change)
    except MirrorError:
        pytest.fail("gave up")
    assert permanent <= reader.seen.keys()


def read_forever(ids: Callable[[CollectionReader], list[int]]) -> None:
    reader = CollectionReader()
    while not reader.done:
        reader.add_page(Page(10**9, True, ids(reader)))


def test_endless_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spacedb.mirror.reading.MAX_PAGES", 50)
    with pytest.raises(MirrorError, match="the collection has no end: 50 pages were read"):
        read_forever(lambda reader: [reader.offset, reader.offset + 1])


def test_unrelated_pages() -> None:
    with pytest.raises(MirrorError, match="faster than they can be read"):
        read_forever(lambda reader: [-reader.pages])
