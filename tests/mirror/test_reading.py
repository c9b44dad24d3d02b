"""Reading pages while the source changes: whatever moves, no object is missed that was there all the while."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from spacedb.mirror.errors import MirrorError
from spacedb.mirror.reading import MOST_ROUNDS, CollectionReader

LIMIT = 10


@dataclass
class Page:
    count: int
    more: bool
    ids: list[Any]


def page(rows: list[int], offset: int) -> Page:
    return Page(len(rows), offset + LIMIT < len(rows), rows[offset : offset + LIMIT])


def read(rows: list[int], change: Any = None) -> CollectionReader:
    reading = CollectionReader()
    while not reading.done:
        if change:
            change(rows, reading)
        reading.take(page(rows, reading.offset))
    return reading


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 19, 20, 28, 100])
def test_all_of_a_collection_that_stands_still(count: int) -> None:
    reading = read(list(range(count)))
    assert list(reading.seen) == list(range(count))
    assert reading.complete
    assert reading.pages == max(1, -(-(count - 1) // (LIMIT - 1)))


def test_a_row_that_moves_up_into_a_page_already_read_is_not_lost() -> None:
    def change(rows: list[int], reading: CollectionReader) -> None:
        if reading.pages == 2 and 3 in rows:
            rows.remove(3)  # all behind it move up, and `count` stays the same
            rows.append(100)

    reading = read(list(range(40)), change)
    assert {*range(40), 100} == reading.seen.keys()


def test_a_new_row_in_a_page_already_read_is_found_in_another_round() -> None:
    def change(rows: list[int], reading: CollectionReader) -> None:
        if reading.pages == 2 and 100 not in rows:
            rows.insert(0, 100)

    reading = read(list(range(40)), change)
    assert reading.complete
    assert reading.rounds == 2
    assert {*range(40), 100} == reading.seen.keys()


def test_an_order_that_means_nothing_is_read_until_all_were_seen() -> None:
    shuffle = random.Random(5)

    def change(rows: list[int], reading: CollectionReader) -> None:
        if reading.rounds == 1:
            shuffle.shuffle(rows)
        else:
            rows.sort()

    reading = read(list(range(40)), change)
    assert reading.complete
    assert set(range(40)) == reading.seen.keys()


def test_a_count_that_is_wrong_is_told_and_not_waited_for() -> None:
    reading = CollectionReader()
    rows = list(range(25))
    while not reading.done:
        found = page(rows, reading.offset)
        reading.take(Page(27, bool(found.ids), found.ids))
    assert not reading.complete
    assert reading.rounds == MOST_ROUNDS
    assert list(reading.seen) == rows


@pytest.mark.parametrize("seed", range(200))
def test_whatever_happens_what_was_there_all_the_while_is_seen(seed: int) -> None:
    """Rows come and go between any two pages, in an order that does not change."""
    chance = random.Random(seed)
    rows = sorted(chance.sample(range(1000), chance.randrange(15, 120)))
    stayed = set(rows)

    def change(rows: list[int], reading: CollectionReader) -> None:
        for _ in range(chance.choice([0, 0, 1, 3])):
            if chance.random() < 0.5 and rows:
                gone = chance.choice(rows)
                rows.remove(gone)
                stayed.discard(gone)
            else:
                new = chance.randrange(1000)
                if new not in rows:
                    rows.append(new)
                    rows.sort()

    try:
        reading = read(rows, change)
    except MirrorError:
        pytest.fail("gave up")
    assert stayed <= reading.seen.keys()


def read_endlessly(tell: Callable[[CollectionReader], list[int]]) -> None:
    reading = CollectionReader()
    while not reading.done:
        reading.take(Page(10**9, True, tell(reading)))


def test_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spacedb.mirror.reading.MOST_PAGES", 50)
    with pytest.raises(MirrorError, match="there is no end to it: 50 pages"):
        read_endlessly(lambda reading: [reading.offset, reading.offset + 1])


def test_a_source_that_makes_no_sense_comes_to_an_end() -> None:
    with pytest.raises(MirrorError, match="faster than they can be read"):
        read_endlessly(lambda reading: [-reading.pages])
