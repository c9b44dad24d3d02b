"""Server A is mirrored into the empty server B. Then both return the same responses, byte by byte."""

import datetime as dt
import json
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import Client
from django.urls import get_resolver

from spacedb.mirror.collections import VERSION_NUMBER, collections
from spacedb.mirror.models import MirroredCollection, MirrorRun
from spacedb.revision import current
from tests.endpoints import modes, single_objects
from tests.installation import Installation, create_installation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_neutral]

SPACECRAFT, FLIGHTS = 12, 20
PARTS = "astronauts", "docking_events", "spacecraft_flights"
"""Collections of which incremental runs read the part that changes often, as they do of the launches."""


@pytest.fixture
def server_a(tmp_path: Path, template: Installation, reference: Path) -> Iterator[Installation]:
    """An installation with the reference documents of all served versions and synthetic data.

    The reference documents were recorded on several days and contradict each other.
    """
    with create_installation(tmp_path / "a", "mirror_a", template) as installation:
        roots = [name for name in get_resolver().reverse_dict if str(name).endswith("-root")]
        versions = sorted(str(name).removesuffix("-root") for name in roots)
        documents = [path for version in versions for path in sorted(reference.glob(f"*/v{version}_*.json"))]
        installation.run("ingest", *map(str, documents))
        installation.run("generate", "--spacecraft", str(SPACECRAFT), "--flights", str(FLIGHTS))
        yield installation


class Comparer:
    """Compares the responses of A, requested over HTTP, and B, which is the test process, for the same host."""

    def __init__(self, host: str) -> None:
        self.host, self.client = host, Client()

    def request_a(self, path: str) -> bytes:
        request = urllib.request.Request(f"http://{self.host}{path}", headers={"Accept": "application/json"})
        with urllib.request.urlopen(request, timeout=120) as response:
            return bytes(response.read())

    def request_b(self, path: str) -> bytes:
        response = self.client.get(path, headers={"host": self.host, "accept": "application/json"})
        assert response.status_code == 200, path
        return bytes(response.content)

    def assert_same(self, paths: list[str]) -> list[bytes]:
        """Compare the responses of these paths, and return them."""
        with ThreadPoolExecutor(4) as pool:
            bodies = list(pool.map(self.request_a, paths))
        for path, body_a in zip(paths, bodies, strict=True):
            body_b = self.request_b(path)
            if body_a != body_b:
                pytest.fail(f"{path}: {_first_difference(json.loads(body_a), json.loads(body_b))}")
        return bodies

    def assert_same_list(self, path: str, mode: str) -> list[Any]:
        """Compare all pages of a list, and return the ids."""
        first_path = f"{path}?limit=100&mode={mode}"
        page = json.loads(self.assert_same([first_path])[0])
        more = self.assert_same([f"{first_path}&offset={offset}" for offset in range(100, page["count"], 100)])
        return [row["id"] for document in (page, *map(json.loads, more)) for row in document["results"]]


def _first_difference(a: Any, b: Any, path: str = "") -> str:
    if isinstance(a, dict) and isinstance(b, dict) and [*a] == [*b]:
        differences = (_first_difference(a[key], b[key], f"{path}.{key}") for key in a)
        return next(filter(None, differences), "")
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        pairs = enumerate(zip(a, b, strict=True))
        return next(filter(None, (_first_difference(*pair, f"{path}[{index}]") for index, pair in pairs)), "")
    return "" if a == b else f"{path}: A has {str(a)[:300]}, B has {str(b)[:300]}"


def test_both_return_the_same(
    server_a: Installation, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MIRROR_PAGE_STORE = tmp_path / "page_store"
    with server_a.serve() as host:
        mirror = ("mirror", "--from", f"http://{host}/2.3.0/")
        call_command(*mirror)
        comparer = Comparer(host)
        ids: dict[str, list[Any]] = {}
        # Other versions are left out: they contain values that 2.3.0 does not have, so a mirror cannot have them.
        for path, mode in modes():
            if path.startswith(f"/{VERSION_NUMBER}/"):
                ids[path] = comparer.assert_same_list(path, mode)
        for path, keys in ids.items():
            # A detail view returns the representation of one of the modes, which have all been compared.
            comparer.assert_same([f"{path}{pk}/" for pk in keys[::10]])
        assert len(ids["/2.3.0/spacecraft/"]) > SPACECRAFT
        assert len(ids["/2.3.0/spacecraft_flights/"]) > FLIGHTS
        lists = [collection.name for collection in collections() if not collection.is_single]
        assert sum(bool(ids[f"/2.3.0/{name}/"]) for name in lists) > 30
        dashboard = f"/{VERSION_NUMBER}/dashboard/starship/"
        comparer.assert_same([f"{dashboard}?mode={mode}" for mode in single_objects()[dashboard].modes])
        before = current.current_revision()
        capsys.readouterr()
        call_command(*mirror, "--full")
        assert current.current_revision() == before
        assert capsys.readouterr().out == "Nothing has changed at the source.\n"
        _run_incrementally(mirror)
        assert current.current_revision() == before


def _run_incrementally(mirror: tuple[str, ...]) -> None:
    """Run the mirror some days later. Server A honors the filters, and has nothing new."""
    rows = MirroredCollection.objects.filter(name__in=("launches", "events", *PARTS))
    rows.update(started_at=F("started_at") - dt.timedelta(days=3))
    MirrorRun.objects.update(finished_at=F("finished_at") - dt.timedelta(days=3))
    call_command(*mirror, "--budget", "1000/day")
    assert [(row.name, row.ignored_filters) for row in rows if row.ignored_filters] == []
    assert {row.name for row in rows if row.changes_read_at} == {"launches", "events"}
    assert {row.name for row in rows if row.parts_read_at} == {"launches", *PARTS}
    assert MirrorRun.objects.filter(is_full=False, created=0, updated=0, deleted=0).count() == 1
