"""Random and malformed requests: a short version of `make fuzz`."""

from pathlib import Path

import pytest

from tests.installation import create_template
from tests.reliability import fuzz
from tests.reliability.fuzz_requests import Case, Site, create_case
from tests.reliability.fuzz_responses import problem
from tests.reliability.servers import log_of, serve
from tests.waiting import TIMEOUT

pytestmark = pytest.mark.vendor_neutral

SEED, COUNT = 20, 400


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.dataset("starter")
def test_random_requests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No status 5xx or undocumented status, no invalid JSON, no traceback, no restarted worker."""
    with create_template(tmp_path / "installation", "fuzz_test") as site:
        monkeypatch.setattr(fuzz, "TIMEOUT", TIMEOUT)
        with serve(site, "tests.wsgi", WEB_CONCURRENCY="1") as server:
            result = fuzz.fuzz(server, log_of(site), seed=SEED, count=COUNT)
    assert result.failures == []
    assert result.statuses["200"] > result.requests / 5, result.statuses
    assert {"304", "400", "404", "405"} <= result.statuses.keys()


def test_requests_depend_on_the_seed_and_the_number_only() -> None:
    site = Site("127.0.0.1:1", {"list": ["/a/"], "admin": ["/admin/"]}, {"/a/": ["name"]})
    first = [create_case(1, number, site) for number in range(200)]
    assert first == [create_case(1, number, site) for number in range(200)]
    assert first != [create_case(2, number, site) for number in range(200)]


@pytest.mark.parametrize(
    ("received", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", None),
        (b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "status 500"),
        (b"HTTP/1.1 302 No\r\nContent-Length: 0\r\n\r\n", "status 302"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{", "invalid JSON"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{}", "invalid response"),
        (b"HTTP/1.1 200 OK\r\nX-Injected: 1\r\nContent-Length: 0\r\n\r\n", "injected"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", None),
        (b"HTTP/1.1 100 Continue\r\n\r\n", "0 of 1 responses"),
        (b"Traceback", "invalid response"),
        (b"", "0 of 1 responses"),
    ],
)
def test_problems_of_responses(received: bytes, reason: str | None) -> None:
    found = problem(Case("list", b"GET /2.3.0/agencies/ HTTP/1.1\r\n\r\n"), received)
    assert found is None if reason is None else reason in (found or "")
