"""Objects that the source no longer has: reported, and deleted with `--prune`."""

from typing import Any

import pytest

from agencies.models import Agency
from flights.models import Launch, Program, SpacecraftFlight
from spacecraft.models import Spacecraft, SpacecraftConfig
from spacedb.catalogue.models import LOCAL_IDS_FROM
from spacedb.mirror.summary import summarize
from spacedb.revision.models import Revision
from tests.mirror.conftest import Mirror, RecordingReporter
from tests.mirror.fake_source import FakeSource, agency

pytestmark = pytest.mark.django_db(transaction=True)


def spacecraft(pk: int, **fields: Any) -> dict[str, Any]:
    url = f"https://ll.thespacedevs.com/2.3.0/spacecraft/{pk}/"
    return {"response_mode": "normal", "id": pk, "url": url, "name": f"Craft {pk}", "is_placeholder": False} | fields


def flight(pk: int, spacecraft_id: int) -> dict[str, Any]:
    url = f"https://ll.thespacedevs.com/2.3.0/spacecraft_flights/{pk}/"
    return {"id": pk, "url": url, "destination": "LEO", "spacecraft": spacecraft(spacecraft_id)}


@pytest.fixture
def fleet(source: FakeSource, mirror: Mirror) -> Mirror:
    """Mirrors three spacecraft with a flight each, and creates local objects and a placeholder.

    Returns the fixture `mirror` for further runs.
    """
    source.rows = {
        "spacecraft": [spacecraft(pk) for pk in (1, 2, 3)],
        "spacecraft_flights": [flight(pk * 10, pk) for pk in (1, 2, 3)],
    }
    mirror(*BOTH)
    Spacecraft.objects.create(name="Local")
    Agency.objects.create(pk=-5, name="Placeholder")
    Launch.objects.create(name="Local")
    return mirror


def spacecraft_names() -> set[str]:
    return set(Spacecraft.objects.values_list("name", flat=True))


BOTH = "spacecraft", "spacecraft_flights"


def test_gone_objects_are_reported_and_kept(fleet: Mirror, source: FakeSource) -> None:
    del source.rows["spacecraft"][1], source.rows["spacecraft_flights"][1]
    lines = summarize(fleet(*BOTH), dry_run=False)
    assert lines[1:] == [
        "On no page of spacecraft: 2. New or deleted; the next run decides.",
        "On no page of spacecraft_flights: 20. New or deleted; the next run decides.",
    ]
    lines = summarize(fleet(*BOTH), dry_run=False)
    assert lines == [
        "Nothing has changed at the source.",
        "No longer at the source, spacecraft: 2",
        "No longer at the source, spacecraft_flights: 20",
        "They were not deleted. --prune deletes them.",
    ]
    assert spacecraft_names() == {"Craft 1", "Craft 2", "Craft 3", "Local"}
    assert summarize(fleet(*BOTH), dry_run=False) == lines


def test_prune_deletes_gone_objects(fleet: Mirror, source: FakeSource) -> None:
    del source.rows["spacecraft"][1], source.rows["spacecraft_flights"][1]
    assert fleet(*BOTH, max_delete=50).deleted == 0
    dry_run = fleet(*BOTH, max_delete=50, dry_run=True)
    assert "2 objects would be deleted." in summarize(dry_run, dry_run=True)
    assert len(spacecraft_names()) == 4
    before = Revision.objects.get().uuid
    outcome = fleet(*BOTH, max_delete=50)
    assert "2 objects were deleted." in summarize(outcome, dry_run=False)
    assert spacecraft_names() == {"Craft 1", "Craft 3", "Local"}
    assert set(SpacecraftFlight.objects.values_list("pk", flat=True)) == {10, 30}
    assert Agency.objects.filter(pk=-5).exists()
    assert Revision.objects.get().uuid != before
    assert fleet(*BOTH, max_delete=50).missing == []


def test_object_created_during_a_run_is_not_gone(fleet: Mirror, source: FakeSource) -> None:
    """A spacecraft and its flight are created after the pages of spacecraft were read."""

    def create(name: str, offset: int) -> None:
        if name == "spacecraft_flights" and len(source.rows["spacecraft"]) == 3:
            source.rows["spacecraft"].append(spacecraft(4))
            source.rows["spacecraft_flights"].append(flight(40, 4))

    source.before_page = create
    outcome = fleet(*BOTH, max_delete=100)
    assert ([comparison.missing for comparison in outcome.missing], outcome.deleted) == ([[4]], 0)
    assert fleet(*BOTH, max_delete=100).missing == []
    assert Spacecraft.objects.filter(pk=4).exists()


def test_object_that_is_found_again_is_not_gone(fleet: Mirror, source: FakeSource) -> None:
    """Without a fixed order, an object can move to a page that was already read."""
    row = source.rows["spacecraft_flights"].pop(1)
    fleet("spacecraft_flights", max_delete=50)
    source.rows["spacecraft_flights"].append(row)
    assert fleet("spacecraft_flights", max_delete=50).missing == []
    source.rows["spacecraft_flights"].remove(row)
    assert fleet("spacecraft_flights", max_delete=50).deleted == 0
    assert SpacecraftFlight.objects.filter(pk=20).exists()


@pytest.mark.parametrize(("max_delete", "left"), [(50, 4), (66, 4), (67, 2), (100, 2)])
def test_prune_respects_max_delete(max_delete: float, left: int, fleet: Mirror, source: FakeSource) -> None:
    """If the source has lost its data, the copy stays."""
    SpacecraftFlight.objects.all().delete()
    del source.rows["spacecraft"][:2]
    fleet("spacecraft")
    outcome = fleet("spacecraft", max_delete=max_delete)
    assert len(spacecraft_names()) == left
    message = "spacecraft: 2 of 3 exceed --max-delete. None of them is deleted."
    assert (message in summarize(outcome, dry_run=False)) is (left == 4)


def test_prune_keeps_local_objects(fleet: Mirror, source: FakeSource) -> None:
    source.rows["launches"] = []
    for _ in range(2):
        outcome = fleet("launches", "agencies", "spacecraft", max_delete=100)
        assert outcome.missing == []
    assert Launch.objects.count() == 1
    assert Agency.objects.count() == 1


def test_prune_keeps_objects_that_others_refer_to(fleet: Mirror, source: FakeSource) -> None:
    """A local flight, or a flight of a collection that was not read, would be deleted with its spacecraft."""
    local = SpacecraftFlight.objects.create(spacecraft_id=2)
    assert local.pk >= LOCAL_IDS_FROM
    del source.rows["spacecraft"][1], source.rows["spacecraft_flights"][1]
    fleet(*BOTH)
    outcome = fleet(*BOTH, max_delete=100)
    assert f"spacecraft 2 is not deleted: Spacecraft Flight {local.pk} needs it." in summarize(outcome, dry_run=False)
    assert spacecraft_names() >= {"Craft 2"}
    assert set(SpacecraftFlight.objects.values_list("pk", flat=True)) == {10, 30, local.pk}
    source.rows["spacecraft"].clear()
    fleet("spacecraft")
    outcome = fleet("spacecraft", max_delete=100)
    assert outcome.deleted == 0
    assert len(outcome.missing[0].needed_by) == 3


def program(pk: int, *agencies: int) -> dict[str, Any]:
    url = f"https://ll.thespacedevs.com/2.3.0/programs/{pk}/"
    return {
        "response_mode": "normal",
        "id": pk,
        "url": url,
        "name": f"Program {pk}",
        "agencies": [agency(agency_id) for agency_id in agencies],
    }


@pytest.mark.parametrize("read", [("agencies",), ("agencies", "programs")])
def test_prune_keeps_objects_in_many_to_many_fields(read: tuple[str, ...], mirror: Mirror, source: FakeSource) -> None:
    """A program that was not read, or a local one, would lose an agency."""
    source.rows = {"agencies": [agency(pk) for pk in (1, 2, 3)], "programs": [program(1, 1, 3)]}
    mirror("agencies", "programs")
    local = Program.objects.create(name="Local")
    local.agencies.add(2)
    source.rows = {"agencies": [agency(1)], "programs": [program(1, 1)]}
    mirror("agencies")
    outcome = mirror(*read, max_delete=100)
    expected = {2: f"Program {local.pk}"} | ({} if "programs" in read else {3: "Program 1"})
    assert outcome.missing[0].needed_by == expected
    assert set(Agency.objects.values_list("pk", flat=True)) == {1, *expected}
    assert list(local.agencies.values_list("pk", flat=True)) == [2]


def test_prune_does_not_change_kept_objects(mirror: Mirror, source: FakeSource) -> None:
    """A missing agency that cannot be deleted preserves its parent, which is missing too."""
    source.rows["agencies"] = [agency(1), agency(2), agency(3), agency(4)]
    mirror("agencies")
    Agency.objects.filter(pk=2).update(parent=1)
    Spacecraft.objects.create(name="Local", spacecraft_config=SpacecraftConfig.objects.create(agency_id=2))
    source.rows["agencies"] = [agency(3)]
    mirror("agencies")
    outcome = mirror("agencies", max_delete=100)
    assert set(Agency.objects.values_list("pk", flat=True)) == {1, 2, 3}
    assert Agency.objects.get(pk=2).parent_id == 1
    assert outcome.deleted == 1
    assert outcome.missing[0].needed_by.keys() == {1, 2}


def test_prune_ignores_incomplete_collections(
    fleet: Mirror, source: FakeSource, reporter: RecordingReporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    del source.rows["spacecraft"][1]
    page = source.page
    monkeypatch.setattr(source, "page", lambda *args: page(*args) | {"count": 17})
    for _ in range(2):
        outcome = fleet("spacecraft", max_delete=100)
        assert outcome.missing == []
    assert any("the source reports 17 objects, and 2 were found in 3 rounds" in line for line in reporter.messages)
    assert spacecraft_names() == {"Craft 1", "Craft 2", "Craft 3", "Local"}
