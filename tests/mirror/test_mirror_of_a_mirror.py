"""Server A mirrored into an empty B: whatever is asked of B, it answers as A does, to the last byte."""

import json
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver

from spacedb.catalogue.models import is_upstream_id
from spacedb.mirror.collections import VERSION, collections
from spacedb.revision import current
from tests.conftest import ROOT
from tests.endpoints import modes
from tests.mirror.site import Site, site

pytestmark = pytest.mark.django_db(transaction=True)

SPACECRAFT, FLIGHTS = 600, 900


@pytest.fixture(scope="module")
def a(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, reference: Path
) -> Iterator[Site]:
    """Server A: every real answer there is of a version that is served, which contradict each other across days;
    the starter catalogue; and a synthetic one."""
    with django_db_blocker.unblock(), site(tmp_path_factory.mktemp("sites") / "a", "site_a") as made:
        roots = [name for name in get_resolver().reverse_dict if str(name).endswith("-root")]
        versions = sorted(str(name).removesuffix("-root") for name in roots)
        answers = [path for version in versions for path in sorted(reference.glob(f"*/v{version}_*.json"))]
        made.run("ingest", *map(str, answers), str(ROOT / "fixtures"))
        made.run("generate", "--spacecraft", str(SPACECRAFT), "--flights", str(FLIGHTS))
        yield made


class Both:
    """Asks A over HTTP, and B, which is this process's own, by the same host, and compares what they say."""

    def __init__(self, host: str) -> None:
        self.host, self.client = host, Client()
        self.compared = 0

    def a(self, path: str) -> bytes:
        request = urllib.request.Request(f"http://{self.host}{path}", headers={"Accept": "application/json"})
        with urllib.request.urlopen(request, timeout=120) as answer:
            return bytes(answer.read())

    def b(self, path: str) -> bytes:
        response = self.client.get(path, headers={"host": self.host, "accept": "application/json"})
        assert response.status_code == 200, path
        return bytes(response.content)

    def same(self, paths: list[str]) -> list[bytes]:
        """What both answer."""
        with ThreadPoolExecutor(4) as pool:
            for path, theirs in zip(paths, told := list(pool.map(self.a, paths)), strict=True):
                ours = self.b(path)
                if ours != theirs:
                    pytest.fail(f"{path}: {_difference(json.loads(theirs), json.loads(ours))}")
                self.compared += 1
        return told

    def same_list(self, path: str, mode: str) -> list[Any]:
        """Page by page; the ids."""
        first = f"{path}?limit=100&mode={mode}"
        page = json.loads(self.same([first])[0])
        more = self.same([f"{first}&offset={offset}" for offset in range(100, page["count"], 100)])
        return [one["id"] for told in (page, *map(json.loads, more)) for one in told["results"]]


def _difference(theirs: Any, ours: Any, path: str = "") -> str:
    if isinstance(theirs, dict) and isinstance(ours, dict) and [*theirs] == [*ours]:
        return next((found for key in theirs if (found := _difference(theirs[key], ours[key], f"{path}.{key}"))), "")
    if isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        pairs = enumerate(zip(theirs, ours, strict=True))
        return next((found for n, pair in pairs if (found := _difference(*pair, f"{path}[{n}]"))), "")
    return "" if theirs == ours else f"{path}: A has {str(theirs)[:300]}, B has {str(ours)[:300]}"


def test_b_answers_as_a(a: Site, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.MIRROR_SPOOL = tmp_path
    with a.served() as host:
        mirror = ("mirror", "--from", f"http://{host}/2.3.0/")
        call_command(*mirror)
        both = Both(host)
        ids: dict[str, list[Any]] = {}
        # What only documents of older versions tell, a mirror of 2.3.0 cannot know.
        for path, mode in modes():
            if path.startswith(f"/{VERSION}/"):
                ids[path] = both.same_list(path, mode)
        for path, found in ids.items():
            # A detail is told in the form of one of the modes, in which all have been compared; so of the synthetic
            # objects, which are much alike, every twentieth will do.
            synthetic = [pk for pk in found if not is_upstream_id(pk if isinstance(pk, int) else UUID(pk))]
            real = [pk for pk in found if pk not in set(synthetic)]
            both.same([f"{path}{pk}/" for pk in (*real, *synthetic[::20])])
        assert len(ids["/2.3.0/spacecraft/"]) > SPACECRAFT
        assert len(ids["/2.3.0/spacecraft_flights/"]) > FLIGHTS
        assert sum(bool(ids[f"/2.3.0/{one.name}/"]) for one in collections()) > 30
        before = current.current_revision()
        capsys.readouterr()
        call_command(*mirror)
        assert current.current_revision() == before
        assert capsys.readouterr().out == "Nothing has changed at the source.\n"
