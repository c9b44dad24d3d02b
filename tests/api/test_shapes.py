"""Responses of the older versions have exactly the documented keys, in order, with values of the documented types."""

from pathlib import Path

import pytest
from django.test import Client

from spacedb.rendering.plan import nested_serializers
from tests.endpoints import endpoints, modes, single_objects
from tests.shapes import Shapes

OLDER = [(path, mode) for path, mode in modes() if not path.startswith("/2.3.0/")]

UNDOCUMENTED = {
    "2.2.0": {"AstronautList", "LandingDetailed", "LandingList", "LandingNormal", "LaunchList"},
    "2.1.0": {
        "AgencyType",
        "AstronautRole",
        "AstronautStatus",
        "AstronautType",
        "EventType",
        "FirstStageType",
        "LandingLocation",
        "LauncherConfig",
        "LauncherConfigDetail",
        "LauncherDetail",
        "LocationDetail",
        "MissionType",
        "NoticeType",
        "RoadClosureStatus",
        "SpaceStationStatus",
        "SpacecraftStatus",
    },
    "2.0.0": {"LauncherConfig", "LauncherConfigDetail", "LauncherDetail", "LocationDetail"},
}
"""Serializers of endpoints that no schema of their version describes. See docs/reference/differences.md."""

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.dataset("small and reference"),
    pytest.mark.vendor_neutral,
    pytest.mark.usefixtures("time_before_examples"),
]


@pytest.mark.parametrize(("path", "mode"), OLDER)
def test_keys_and_types(client: Client, reference: Path, path: str, mode: str) -> None:
    version = path.split("/")[1]
    shapes, view = Shapes(reference, version), endpoints()[path]
    serializer, detail = view.modes[mode], view.serializer_for(view.detail_mode)
    if version == "2.2.0" and path in shapes.returns:
        assert shapes.returns[path] == f"Paginated{view.modes['normal'].__name__}List"
        assert shapes.returns[f"{path}{{id}}/"] == detail.__name__
    results = client.get(f"{path}?mode={mode}&limit=30").json()["results"]
    assert results
    for row in results:
        assert list(shapes.errors(serializer, row)) == []
    for row in results[:5]:
        assert list(shapes.errors(detail, client.get(f"{path}{row['id']}/").json())) == []


@pytest.mark.dataset("small and dashboard")
@pytest.mark.usefixtures("time_between_examples")
@pytest.mark.parametrize("path", [path for path in single_objects() if not path.startswith("/2.3.0/")])
def test_nested_objects_of_the_dashboard(client: Client, reference: Path, path: str) -> None:
    """No schema describes the dashboard itself."""
    shapes, body = Shapes(reference, path.split("/")[1]), client.get(path).json()
    assert list(shapes.errors(single_objects()[path].modes["normal"], body)) == []
    for time in ("upcoming", "previous"):
        assert body[time]["launches"]
        assert body[time]["events"]


@pytest.mark.parametrize("version", UNDOCUMENTED)
def test_undocumented_serializers(reference: Path, version: str) -> None:
    shapes = Shapes(reference, version)
    served = {
        view.modes[mode] for path, mode in OLDER if path.startswith(f"/{version}/") for view in [endpoints()[path]]
    }
    assert {serializer.__name__ for serializer in served if shapes.keys_of(serializer) is None} == UNDOCUMENTED[version]


def test_errors_are_found(client: Client, reference: Path) -> None:
    path = "/2.2.0/spacecraft/"
    serializer, row = endpoints()[path].modes["normal"], client.get(path).json()["results"][0]
    shapes = Shapes(reference, "2.2.0")
    assert not list(shapes.errors(serializer, row))
    for change in ({"flights_count": "1"}, {"name": None}, {"new": 1}, {"status": {"name": "Active", "id": 1}}):
        assert list(shapes.errors(serializer, row | change)), change
    assert list(shapes.errors(serializer, dict(reversed(row.items()))))
    assert (
        len(
            {
                serializer
                for serializer in nested_serializers(endpoints()["/2.2.0/launch/"].modes["detailed"])
                if shapes.keys_of(serializer)
            }
        )
        > 30
    )
