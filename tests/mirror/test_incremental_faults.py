"""Faulty responses to the requests of changes and of parts: no partial data, no lost pages, no request too many."""

from typing import Any

import pytest

from flights.models import Launch
from spacedb.mirror import client
from spacedb.mirror.daily_budget import DailyBudget
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.models import MirroredCollection
from tests.mirror.conftest import Copy, FakeClock
from tests.mirror.fake_source import TRANSIENT, Fault, no_fault, respond
from tests.mirror.simulated_source import SimulatedSource, small_source

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_neutral]

READINGS = {"changes": 0, "changes of another collection": 1, "part": 2}
"""The number of requests of a run before each reading."""
ENDPOINTS = "launches", "events", "launches/upcoming"
BUDGET = DailyBudget(40)

each_reading = pytest.mark.parametrize("number", READINGS.values(), ids=READINGS)


@pytest.fixture
def source(source: Any, clock: FakeClock) -> SimulatedSource:
    return small_source(clock.monotonic)


@pytest.fixture
def changed(copy: Copy, source: SimulatedSource) -> str:
    """The id of a launch that has changed."""
    copy.clock.time += 30 * 3600
    launch = source.launches()[0]
    launch |= {"name": "Changed", "last_updated": source.now}
    return str(launch["id"])


@each_reading
@pytest.mark.parametrize("fault", TRANSIENT.values(), ids=TRANSIENT)
def test_transient_error_is_retried(
    fault: Fault, number: int, copy: Copy, source: SimulatedSource, changed: str
) -> None:
    source.faults = [*[no_fault] * number, fault, fault]
    requests = copy.run(hours=0, daily_budget=BUDGET)
    assert requests[number : number + 3] == [ENDPOINTS[number]] * 3
    assert len([line for line in copy.reporter.messages if "trying again" in line]) == 2
    assert Launch.objects.get(pk=changed).name == "Changed"
    row = copy.row("launches")
    assert row.ignored_filters == []
    assert min(row.data_read_at, copy.row("events").data_read_at) > row.started_at
    assert row.parts_read_at


@each_reading
@pytest.mark.parametrize("fault", TRANSIENT.values(), ids=TRANSIENT)
def test_permanent_error_ends_the_run_and_the_next_run_resumes(
    fault: Fault, number: int, copy: Copy, source: SimulatedSource, changed: str
) -> None:
    rows = list(MirroredCollection.objects.order_by("name").values())
    source.faults, source.default_fault = [no_fault] * number, fault
    with pytest.raises(MirrorError, match=rf"/2\.3\.0/{ENDPOINTS[number]}/\?\S+: .{{5}}"):
        copy.run(hours=0, daily_budget=BUDGET)
    assert len(source.requests) == number + client.MAX_ATTEMPTS
    assert not Launch.objects.filter(name="Changed").exists()
    assert list(MirroredCollection.objects.order_by("name").values()) == rows
    source.default_fault = None
    assert copy.run(hours=0, daily_budget=BUDGET)[: 3 - number] == [*ENDPOINTS[number:]]
    assert Launch.objects.get(pk=changed).name == "Changed"


@each_reading
@pytest.mark.parametrize(
    "body", [b"[]", b"null", b'{"count": 1}', b'{"count": -1, "results": []}', b'{"count": 1, "results": {}}']
)
def test_invalid_page_is_refused(body: bytes, number: int, copy: Copy, source: SimulatedSource, changed: str) -> None:
    source.faults = [*[no_fault] * number, respond(200, body)]
    with pytest.raises(MirrorError, match=r"/refused/\S+\.json: "):
        copy.run(hours=0, daily_budget=BUDGET)
    assert len(source.requests) == number + 1
    assert not Launch.objects.filter(name="Changed").exists()
    assert copy.run(hours=0, daily_budget=BUDGET)[: 3 - number] == [*ENDPOINTS[number:]]
    assert Launch.objects.get(pk=changed).name == "Changed"


@pytest.mark.parametrize("row", [b"7", b"null", b"[]", b"{}", b'{"id": 1, "last_updated": "soon"}'])
def test_objects_without_the_time_of_their_change(
    row: bytes, copy: Copy, source: SimulatedSource, changed: str
) -> None:
    """They do not match the filter, so the collection is read instead."""
    source.faults = [respond(200, b'{"count": 1, "next": null, "results": [' + row + b"]}")]
    assert copy.run(hours=0, daily_budget=BUDGET).count("launches") == 1 + 4
    assert copy.row("launches").ignored_filters == ["changes"]
    assert Launch.objects.get(pk=changed).name == "Changed"
