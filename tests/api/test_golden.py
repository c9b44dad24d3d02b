"""The whole response of every endpoint and mode of each version, recorded in `__snapshots__/`.

The responses contain one object of the starter catalogue, if it has any of that kind, and an example with a value for
every key. When a response is meant to change, run
`pytest tests/api/test_golden.py --snapshot-update` and read the difference before committing it.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from syrupy.assertion import SnapshotAssertion

from spacedb.rest.versions import versions
from tests.datasets import SMALL_EXAMPLE_COUNT
from tests.endpoints import endpoints, modes, modes_of_single_objects
from tests.examples import DAY, FIRST_MOMENT, examples
from tests.snapshots import JSONFileExtension

SNAPSHOTS = Path(__file__).parent / "__snapshots__"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.dataset("golden"),
    pytest.mark.vendor_neutral,
    pytest.mark.usefixtures("recording_time", "time_before_examples"),
]

RECORDING_TIME = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


@pytest.fixture
def recording_time(set_time: Callable[[dt.datetime], None]) -> None:
    """Set the time, because planned launches and events of the starter catalogue become previous ones."""
    set_time(RECORDING_TIME)


RICH = {121, 231, 358, "0d0acc45-bcf8-4d06-8093-be999f9233ba"}
"""The ids of the agency, spacecraft, flight and launch of the starter catalogue that have the most values."""


def recorded_elsewhere(path: str, mode: str) -> str | None:
    """Return the path of the list whose snapshot contains the same objects as this one, a part of that list."""
    whole = f"{path.rstrip('/').rpartition('/')[0]}/"
    view, others = endpoints()[path], endpoints()
    return whole if whole in others and others[whole].modes.get(mode) is view.modes[mode] else None


def name_of(path: str, mode: str) -> str:
    """Name a snapshot: "2.3.0/launches.upcoming.list" is the mode "list" of /2.3.0/launches/upcoming/."""
    version, *names = path.strip("/").split("/")
    return f"{version}/{'.'.join([*names, mode])}"


@pytest.mark.parametrize(("path", "mode"), modes())
def test_list(client: Client, snapshot: SnapshotAssertion, path: str, mode: str) -> None:
    page = client.get(f"{path}?mode={mode}&limit=100").json()
    view, results = endpoints()[path], page["results"]
    if (recorded := recorded_elsewhere(path, mode)) is None:
        example_ids = {row["id"] for row in examples(view.modes[mode], SMALL_EXAMPLE_COUNT)}
        real = [row for row in results if row["id"] not in example_ids]
        rich = [row for row in real if row["id"] in RICH] or real[:1]
        page["results"] = [*rich, next(row for row in reversed(results) if row["id"] in example_ids)]
    else:
        page["results"] = [row["id"] for row in results]
        same = {row["id"]: row for row in client.get(f"{recorded}?mode={mode}&limit=100").json()["results"]}
        assert all(list(row.items()) == list(same[row["id"]].items()) for row in results)
    assert page == snapshot(name=name_of(path, mode), extension_class=JSONFileExtension)


@pytest.mark.parametrize("path", endpoints())
def test_detail(client: Client, snapshot: SnapshotAssertion, path: str) -> None:
    view = endpoints()[path]
    first = client.get(f"{path}?limit=1").json()["results"][0]["id"]
    detail = client.get(f"{path}{first}/").json()
    if view.detail_mode in view.modes:
        [listed] = client.get(f"{path}?limit=1&mode={view.detail_mode}").json()["results"]
        assert list(detail.items()) == list(listed.items())
    else:
        assert detail == snapshot(name=name_of(path, "detail_page"), extension_class=JSONFileExtension)


@pytest.mark.dataset("dashboard")
@pytest.mark.parametrize(("path", "mode"), modes_of_single_objects())
def test_single_object(
    client: Client, snapshot: SnapshotAssertion, set_time: Callable[[dt.datetime], None], path: str, mode: str
) -> None:
    """At a time between the first and the second example."""
    set_time(FIRST_MOMENT + 2 * DAY)
    body = client.get(f"{path}?mode={mode}").json()
    assert body == snapshot(name=name_of(path, mode), extension_class=JSONFileExtension)


@pytest.mark.parametrize("version", versions())
def test_root(client: Client, snapshot: SnapshotAssertion, version: str) -> None:
    response = client.get(f"/{version}/").json()
    assert response == snapshot(name=f"{version}/index", extension_class=JSONFileExtension)


def test_no_snapshot_is_left_over() -> None:
    expected = {name_of(path, mode) for path, mode in modes()} | {f"{version}/index" for version in versions()}
    expected |= {name_of(path, mode) for path, mode in modes_of_single_objects()}
    expected |= {
        name_of(path, "detail_page") for path, view in endpoints().items() if view.detail_mode not in view.modes
    }
    recorded = {str(file.relative_to(SNAPSHOTS).with_suffix("")) for file in SNAPSHOTS.rglob("*.json")}
    assert recorded == expected
