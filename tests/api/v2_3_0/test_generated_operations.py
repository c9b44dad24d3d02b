"""All 116 operations of the client that is generated from the official OpenAPI document parse our responses.

The generator does not support discriminators: for a list with modes, its client uses the first class that matches, and
stores all other keys in `additional_properties`. No key is lost. So every object is also parsed with the class of its
`response_mode`, and compared with the response.
"""

import json
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from flights.models import DockingEvent
from tests.generated_client import PACKAGE
from tests.official import Official

SINGLE_OBJECTS = ("/2.3.0/api-throttle/", "/2.3.0/dashboard/starship/")
"""The document describes an array, but upstream returns a single object, which the generated operation rejects."""

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.dataset("small and dashboard"),
    pytest.mark.vendor_neutral,
    pytest.mark.usefixtures("time_between_examples"),
]


class Operations:
    """The operations of the generated client, by documented path."""

    def __init__(self, client: Any, official: Official) -> None:
        self.client = client
        self.official = official
        self.lengths = Counter[str]()
        """The length of the longest list at each path of keys."""

    def call(self, path: str, *ids: Any, **query: Any) -> tuple[Any, Any]:
        """Call the operation of a documented path, and return its result and the JSON of the response."""
        get = self.official.gets[path]
        tag, name = (text.replace("-", "_") for text in (get["tags"][0], get["operationId"]))
        module = import_module(f"{PACKAGE}.api.{tag}.{name}")
        response = module.sync_detailed(*ids, client=self.client, **query)
        return response.parsed, json.loads(response.content)

    def check(self, path: str, body: Any) -> None:
        """Assert that the class of the component of an object parses it without a loss."""
        model = getattr(import_module(f"{PACKAGE}.models"), self.official.object_component(path, body))
        assert json.loads(json.dumps(model.from_dict(body).to_dict()).replace("+00:00", "Z")) == body, path
        for keys, length in lists_in(body, path):
            self.lengths[keys] = max(self.lengths[keys], length)

    def check_list(self, path: str) -> None:
        """Call the operations of a list in all modes, and that of the detail of an object."""
        page: Any = None
        for mode in self.official.modes(path) or [""]:
            page, body = self.call(path, **({"mode": self._mode(path, mode)} if mode else {}))
            assert page.count == len(page.results) == len(body["results"]) > 0
            assert [str(row.id) for row in page.results] == [str(row["id"]) for row in body["results"]]
            for row in body["results"]:
                self.check(path, row)
        detail = f"{path}{{id}}/"
        parsed, body = self.call(detail, page.results[0].id)
        assert type(parsed).__name__ == self.official.object_component(detail, body)
        self.check(detail, body)

    def _mode(self, path: str, mode: str) -> Any:
        """Return the member of the enumeration of the operation."""
        name = self.official.gets[path]["operationId"].title().replace("_", "") + "Mode"
        return getattr(import_module(f"{PACKAGE}.models"), name)(mode)


def lists_in(value: Any, path: str) -> Iterator[tuple[str, int]]:
    """Yield the path of keys to each list in an object, with its length."""
    for key, nested in value.items():
        if isinstance(nested, list):
            yield f"{path}.{key}", len(nested)
        for item in nested if isinstance(nested, list) else [nested]:
            if isinstance(item, dict):
                yield from lists_in(item, f"{path}.{key}")


@pytest.fixture
def operations(official_client: Any, reference: Path) -> Operations:
    """All ports are occupied, because the document does not allow a free one."""
    DockingEvent.objects.update(departure=None)
    return Operations(official_client, Official(reference))


def test_lists_and_details(operations: Operations) -> None:
    """No list of any response is empty for all objects."""
    lists = [path for path in operations.official.gets if "{" not in path and path not in SINGLE_OBJECTS]
    for path in lists:
        operations.check_list(path)
    assert 2 * len(lists) + len(SINGLE_OBJECTS) == len(operations.official.gets) == 116
    assert [keys for keys, length in operations.lengths.items() if not length] == []


def test_single_objects(operations: Operations) -> None:
    """The generated operation fails, but the class of the component parses the object."""
    for path in SINGLE_OBJECTS:
        with pytest.raises((TypeError, ValueError)):
            operations.call(path)
        for mode in operations.official.modes(path) or [""]:
            operations.check(path, operations.client.get_httpx_client().get(path, params={"mode": mode}).json())
    assert [keys for keys, length in operations.lengths.items() if not length] == []
    assert operations.lengths.keys() >= {
        f"/2.3.0/dashboard/starship/.{time}.{key}"
        for time in ("upcoming", "previous")
        for key in ("launches", "events")
    }
