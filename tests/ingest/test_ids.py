"""Sets of ids are sets, and small."""

import uuid
from sys import getsizeof

from hypothesis import given, settings
from hypothesis import strategies as st

from spacedb.ingest.ids import Ids

IDS = st.lists(st.integers(-3000, 3000) | st.integers(1_000_000_000, 1_000_000_100) | st.uuids())


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(IDS, IDS)
def test_as_sets_are(some: list[int | uuid.UUID], others: list[int | uuid.UUID]) -> None:
    ids = Ids(some)
    assert set(ids) == set(some)
    assert len(ids) == len(set(some))
    assert set(others) - ids == set(others) - set(some)
    ids |= set(others)
    assert sorted(map(str, ids)) == sorted(map(str, {*some, *others}))
    ids -= set(some)
    assert set(ids) == set(others) - set(some)
    assert not any(one in ids for one in some)
    assert bool(ids) == bool(set(others) - set(some))


def test_a_million_in_a_row_are_small() -> None:
    ids = Ids(range(1_000_000))
    assert len(ids) == 1_000_000
    assert getsizeof(ids._bits) + sum(map(getsizeof, ids._bits.values())) < 500_000
