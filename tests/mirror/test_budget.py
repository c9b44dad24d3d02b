"""Requests stay within the rate limit of the source, and those of incremental runs within the daily budget."""

import datetime as dt
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from agencies.models import Agency
from spacedb.mirror.daily_budget import DailyBudget, Purpose, RequestLog
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.models import MirrorRun
from tests.mirror.conftest import PAGE_SIZE, FakeClock, JobFactory, Mirror, RecordingReporter, both_modes
from tests.mirror.fake_source import FakeSource, agency, respond

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_neutral]

# --- The rate limit of the source -------------------------------------------------------------------------------------


def agencies_on_pages(pages: int) -> list[dict[str, Any]]:
    """As many agencies as fit on this number of pages, each of which starts with the last one of the previous."""
    return [agency(pk) for pk in range(1, (PAGE_SIZE - 1) * pages + 2)]


@both_modes
@pytest.mark.parametrize(("limit", "reserve"), [(15, 1), (15, 5), (2, 1), (300, 0)])
def test_requests_stay_within_the_budget(limit: int, reserve: int, source: FakeSource, mirror: Mirror) -> None:
    source.limit = limit
    source.rows["agencies"] = agencies_on_pages(21)
    mirror(reserve=reserve)
    assert Agency.objects.count() == len(source.rows["agencies"])
    assert source.throttled == 0
    moments = [moment for moment, _ in source.requests]
    assert len(moments) == 21
    for moment in moments:
        assert len([other for other in moments if moment - source.window < other <= moment]) <= limit - reserve


@both_modes
def test_requests_of_other_clients_count(
    source: FakeSource, mirror: Mirror, clock: FakeClock, reporter: RecordingReporter
) -> None:
    source.limit = 15
    source.requests = [(clock.monotonic() - 600, "another client's")] * 13
    mirror()
    assert source.throttled == 0
    assert reporter.waits
    assert clock.sleeps[0] >= 3600 / 14


def test_duration_is_estimated_from_the_database(
    source: FakeSource, mirror: Mirror, reporter: RecordingReporter
) -> None:
    source.limit = 15
    Agency.objects.bulk_create(Agency(pk=pk, name=f"Stored {pk}") for pk in range(1, 461))
    mirror()
    assert "allows 15 requests in 1 h, with a reserve of 1. At least 51 requests" in reporter.messages[0]
    assert "this will take about 3 h. It can be interrupted" in reporter.messages[0]
    assert reporter.progress[0].total_pages == 3


@pytest.mark.parametrize(("pages", "hours"), [(14, 0), (28, 1), (29, 2)])
def test_estimated_duration_is_the_real_duration(
    pages: int,
    hours: int,
    source: FakeSource,
    make_job: JobFactory,
    mirror: Mirror,
    clock: FakeClock,
    reporter: RecordingReporter,
) -> None:
    """At 15 requests an hour with a reserve of one."""
    source.rows["agencies"] = agencies_on_pages(pages)
    make_job().run_once(clock, RecordingReporter())
    clock.time += 2 * source.window
    source.limit, started_at = 15, clock.time
    source.requests.clear()
    mirror()
    assert len(source.request_paths) == pages
    assert f"At least {pages} requests: this will take about {hours} h." in reporter.messages[0].replace("0 s.", "0 h.")
    assert hours * 3600 <= clock.time - started_at <= hours * 3600 * 1.1


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        (
            15,
            "at least 0 s; the size of the catalogue is unknown: a whole catalogue usually takes most of a day",
        ),
        (2**31 - 1, "which has no rate limit: at least 1 request; the size of the catalogue is unknown."),
    ],
)
def test_duration_of_a_first_run_is_unknown(
    limit: int, message: str, source: FakeSource, mirror: Mirror, reporter: RecordingReporter
) -> None:
    source.limit = limit
    mirror()
    assert message in reporter.messages[0]
    mirror()
    assert "is unknown" not in reporter.messages[1]


@both_modes
def test_reserve_of_the_whole_limit(source: FakeSource, mirror: Mirror) -> None:
    source.limit = 15
    with pytest.raises(MirrorError, match=r"allows 15 requests .* the reserve is 15, so no requests are left"):
        mirror(reserve=15)
    assert source.request_paths == []


@both_modes
def test_negative_reserve(source: FakeSource, mirror: Mirror) -> None:
    with pytest.raises(MirrorError, match="MIRROR_RESERVE has to be 0 or more requests"):
        mirror(reserve=-1)


@both_modes
def test_invalid_rate_limit(source: FakeSource, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    valid = source.rate_limit()
    invalid: list[Any] = [0, -1, True, "15", None, [], 10**400, 1e300]
    documents = [{}, [], {"detail": "no"}, *(valid | {"limit_frequency_secs": number} for number in invalid)]
    documents += [
        valid | {"current_use": 10**400},
        valid | {"next_use_secs": -1},
        valid | {"your_request_limit": 0.5},
    ]
    for document in documents:
        monkeypatch.setattr(source, "rate_limit", lambda document=document: document)
        with pytest.raises(MirrorError, match="does not return a valid rate limit"):
            mirror()
    assert source.request_paths == []


@both_modes
@pytest.mark.parametrize(
    "changes", [{"next_use_secs": 10**9}, {"your_request_limit": 2, "limit_frequency_secs": 10**9}]
)
def test_rate_limit_with_an_endless_wait(
    changes: Any, source: FakeSource, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    valid = source.rate_limit()
    monkeypatch.setattr(source, "rate_limit", lambda: valid | changes)
    with pytest.raises(MirrorError, match="The source requests a wait of 11574 d 1 h"):
        mirror()
    assert source.request_paths == []


# --- The daily budget -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("requests", "for_changes", "for_others", "minutes"),
    [(5, 3, 2, 960), (20, 12, 8, 240), (40, 24, 16, 120), (60, 24, 36, 120), (96, 24, 72, 120), (400, 100, 300, 28)],
)
def test_shares_of_a_budget(requests: int, for_changes: float, for_others: int, minutes: int) -> None:
    budget = DailyBudget(requests)
    assert (budget.for_changes, budget.for_others) == (for_changes, for_others)
    assert budget.changes_interval(2).total_seconds() // 60 == minutes


def test_log_counts_the_requests_of_a_day(tmp_path: Path, clock: FakeClock) -> None:
    """Lines that a killed process has not finished, and times of a wrong clock, do not count."""
    log = RequestLog(tmp_path / "requests.log", clock)
    assert log.count() == 0
    log.shorten()
    log.add(Purpose.CHANGES)
    clock.time += 23 * 3600
    log.add(Purpose.OTHER)
    assert (log.count(), log.count(Purpose.CHANGES), log.count(Purpose.OTHER)) == (2, 1, 1)
    clock.time += 2 * 3600
    assert log.times() == [clock.now() - dt.timedelta(hours=2)]
    with log.path.open("ab") as file:
        file.write(f"{clock.time + 10 * 86400:.3f} changes\n".encode() + b"\x00\xff nonsense\n17999")
    assert log.count() == 1
    log.shorten()
    assert log.path.read_text().count(" other\n") == 1
    assert " changes\n" not in log.path.read_text().partition(" other\n")[0]


@pytest.mark.parametrize("mode", ["incremental"], indirect=True)
def test_retries_count_towards_the_daily_budget(
    source: FakeSource, make_job: JobFactory, mirror: Mirror, clock: FakeClock, reporter: RecordingReporter
) -> None:
    """A source that fails gets no more requests than the budget allows, however often runs are started."""
    mirror()
    clock.time += 5 * 86400
    source.requests.clear()
    source.default_fault = respond(500)
    job = make_job(is_full=False, daily_budget=DailyBudget(5))
    for _ in range(3):
        with suppress(MirrorError):
            job.run_once(clock, reporter)
    assert len(source.requests) == 5
    tomorrow = f"{clock.now() + dt.timedelta(days=1):%Y-%m-%d}"
    assert f"The daily budget is used up. The next request is possible at {tomorrow} " in reporter.warnings[-1]
    source.default_fault = None
    clock.time += 86400
    job.run_once(clock, reporter)
    assert len(source.requests) == 5 + 2  # two fifths of the budget
    assert [run.requests for run in MirrorRun.objects.all()] == [2, 5, 3]
