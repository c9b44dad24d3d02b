"""Launches without a NET, of which usually only a name is loaded, are not listed. They have a detail."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from flights.models import Launch
from tests.endpoints import endpoints

LISTS = [path for path, view in sorted(endpoints().items()) if view.queryset.model is Launch]

pytestmark = pytest.mark.django_db


def test_lists_of_launches() -> None:
    assert {path.split("/")[2] for path in LISTS} == {"launch", "launches"}


@pytest.mark.parametrize("path", LISTS)
def test_a_launch_without_a_net_is_not_listed(client: Client, path: str) -> None:
    with_net = Launch.objects.create(name="with NET", net=timezone.now())
    without = Launch.objects.create(name="without NET")
    for query in ("", "?mode=detailed", "?ordering=-net", "?search=net"):
        page = client.get(f"{path}{query}").json()
        assert page["count"] <= 1
        assert {launch["id"] for launch in page["results"]} <= {str(with_net.pk)}
    assert client.get(f"{path}?search=without").json()["count"] == 0
    if path.count("/") == 3:  # neither upcoming nor previous
        assert client.get(path).json()["count"] == 1
        detail = client.get(f"{path}{without.pk}/").json()
        assert (detail["name"], detail["net"]) == ("without NET", None)


def test_the_status_of_the_mirror_counts_them(settings: Any, tmp_path: Path) -> None:
    settings.MIRROR_PAGE_STORE = tmp_path
    Launch.objects.create(name="with NET", net=timezone.now())

    def status() -> str:
        call_command("mirror", "--status", stdout=(out := StringIO()))
        return out.getvalue()

    assert "not listed" not in status()
    Launch.objects.create(name="without NET")
    assert "launches: 1 object is not listed, because little more than a name is loaded." in status()
