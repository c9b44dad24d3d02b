"""The filter backend: when it makes a filter set."""

from typing import Any

import pytest
from django.test import Client

from spacedb.rest.filters import FilterSet

pytestmark = pytest.mark.django_db


@pytest.fixture
def filter_sets(monkeypatch: pytest.MonkeyPatch) -> list[type[FilterSet]]:
    """The class of each filter set that a test makes."""
    made: list[type[FilterSet]] = []
    init = FilterSet.__init__

    def record(self: FilterSet, *args: Any, **kwargs: Any) -> None:
        made.append(type(self))
        init(self, *args, **kwargs)

    monkeypatch.setattr(FilterSet, "__init__", record)
    return made


@pytest.mark.parametrize("path", ["/2.3.0/launches/", "/2.2.0/launch/"])
def test_filter_sets_are_made_for_filters_only(client: Client, filter_sets: list[type[FilterSet]], path: str) -> None:
    for query in ("", "limit=1&offset=1&ordering=net&mode=list&format=json&search=a", "unknown=1&status__unknown=1"):
        assert client.get(f"{path}?{query}").status_code == 200
    assert filter_sets == []
    assert client.get(f"{path}?id=").status_code == 200
    assert client.get(f"{path}?net__gte=zebra").status_code == 400
    assert len(filter_sets) == 2
