"""Every answer of the older versions has exactly the documented keys, in order, with values of the documented types."""

from pathlib import Path

import pytest
from django.test import Client

from spacedb.rendering.plan import nested_serializers
from tests.endpoints import endpoints, modes
from tests.shapes import Shapes

OLDER = [(path, mode) for path, mode in modes() if not path.startswith("/2.3.0/")]

UNTOLD = {
    "2.2.0": {"AstronautList", "LandingDetailed", "LandingList", "LandingNormal", "LaunchList"},
    "2.0.0": {"LauncherConfig", "LauncherConfigDetail", "LauncherDetail", "LocationDetail"},
}
"""Forms that endpoints answer in and whose keys no schema of their version tells; see docs/reference/differences.md."""

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
    form, detail = view.modes[mode], view.serializer_for(view.detail_mode)
    if version == "2.2.0" and path in shapes.returns:
        assert shapes.returns[path] == f"Paginated{view.modes['normal'].__name__}List"
        assert shapes.returns[f"{path}{{id}}/"] == detail.__name__
    found = client.get(f"{path}?mode={mode}&limit=100").json()["results"]
    assert found
    for one in found:
        assert list(shapes.errors(form, one)) == []
    for one in found[:5]:
        assert list(shapes.errors(detail, client.get(f"{path}{one['id']}/").json())) == []


@pytest.mark.parametrize("version", UNTOLD)
def test_what_no_schema_tells(reference: Path, version: str) -> None:
    shapes = Shapes(reference, version)
    served = {
        view.modes[mode] for path, mode in OLDER if path.startswith(f"/{version}/") for view in [endpoints()[path]]
    }
    assert {form.__name__ for form in served if shapes.keys_of(form) is None} == UNTOLD[version]


def test_the_judge_judges(client: Client, reference: Path) -> None:
    path = "/2.2.0/spacecraft/"
    form, one = endpoints()[path].modes["normal"], client.get(path).json()["results"][0]
    shapes = Shapes(reference, "2.2.0")
    assert not list(shapes.errors(form, one))
    for wrong in ({"flights_count": "1"}, {"name": None}, {"new": 1}, {"status": {"name": "Active", "id": 1}}):
        assert list(shapes.errors(form, one | wrong)), wrong
    assert list(shapes.errors(form, dict(reversed(one.items()))))
    assert (
        len(
            {
                form
                for form in nested_serializers(endpoints()["/2.2.0/launch/"].modes["detailed"])
                if shapes.keys_of(form)
            }
        )
        > 30
    )
