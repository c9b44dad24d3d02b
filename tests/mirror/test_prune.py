"""What the source has no longer: told, and removed where that is asked for."""

from collections.abc import Callable
from typing import Any

import pytest

from agencies.models import Agency
from flights.models import Launch, SpacecraftFlight
from spacecraft.models import Spacecraft
from spacedb.api.models import LOCAL_IDS_FROM, Revision
from spacedb.mirror.service import Job, sentences
from tests.mirror.conftest import Heard, Turned
from tests.mirror.faulty import Catalogue

pytestmark = pytest.mark.django_db(transaction=True)

Make = Callable[..., Job]


def craft(pk: int, **more: Any) -> dict[str, Any]:
    url = f"https://ll.thespacedevs.com/2.3.0/spacecraft/{pk}/"
    return {"response_mode": "normal", "id": pk, "url": url, "name": f"Craft {pk}", "is_placeholder": False} | more


def flight(pk: int, spacecraft: int) -> dict[str, Any]:
    url = f"https://ll.thespacedevs.com/2.3.0/spacecraft_flights/{pk}/"
    return {"id": pk, "url": url, "destination": "LEO", "spacecraft": craft(spacecraft)}


@pytest.fixture
def fleet(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> Make:
    """Three spacecraft with a flight each, mirrored; and what was made here."""
    catalogue.rows = {
        "spacecraft": [craft(pk) for pk in (1, 2, 3)],
        "spacecraft_flights": [flight(pk * 10, pk) for pk in (1, 2, 3)],
    }
    job("spacecraft", "spacecraft_flights").once(clock, heard)
    Spacecraft.objects.create(name="Made here")
    Agency.objects.create(pk=-5, name="Provisional")
    Launch.objects.create(name="Made here")
    return job


def crafts() -> set[str]:
    return set(Spacecraft.objects.values_list("name", flat=True))


def test_what_is_gone_is_told_and_stays(fleet: Make, catalogue: Catalogue, clock: Turned, heard: Heard) -> None:
    del catalogue.rows["spacecraft"][1], catalogue.rows["spacecraft_flights"][1]
    told = sentences(fleet("spacecraft", "spacecraft_flights").once(clock, heard), dry_run=False)
    assert told[1:] == [
        "No longer at the source, spacecraft: 2",
        "No longer at the source, spacecraft_flights: 20",
        "They stay here; --prune removes them.",
    ]
    assert crafts() == {"Craft 1", "Craft 2", "Craft 3", "Made here"}
    again = sentences(fleet("spacecraft", "spacecraft_flights").once(clock, heard), dry_run=False)
    assert again == ["Nothing has changed at the source.", *told[1:]]


def test_prune_removes_it(fleet: Make, catalogue: Catalogue, clock: Turned, heard: Heard) -> None:
    del catalogue.rows["spacecraft"][1], catalogue.rows["spacecraft_flights"][1]
    names = "spacecraft", "spacecraft_flights"
    fleet(*names).once(clock, heard)
    rehearsal = fleet(*names, max_delete=50, dry_run=True).once(clock, heard)
    assert "2 objects would be removed." in sentences(rehearsal, dry_run=True)
    assert len(crafts()) == 4
    before = Revision.objects.get().number
    outcome = fleet(*names, max_delete=50).once(clock, heard)
    assert "2 objects were removed." in sentences(outcome, dry_run=False)
    assert crafts() == {"Craft 1", "Craft 3", "Made here"}
    assert set(SpacecraftFlight.objects.values_list("pk", flat=True)) == {10, 30}
    assert Agency.objects.filter(pk=-5).exists()
    assert Revision.objects.get().number == before + 1


def test_prune_waits_a_pass_where_objects_change_places(
    fleet: Make, catalogue: Catalogue, clock: Turned, heard: Heard
) -> None:
    """Flights cannot be asked for in the order of ids: one can have gone over to a page that had been read."""
    del catalogue.rows["spacecraft_flights"][1]
    outcome = fleet("spacecraft_flights", max_delete=50).once(clock, heard)
    assert sentences(outcome, dry_run=False)[1:] == [
        "No longer at the source, spacecraft_flights: 20",
        "spacecraft_flights: It has no fixed order; what the next pass does not find either is removed then.",
        "0 objects were removed.",
    ]
    catalogue.rows["spacecraft_flights"].append(flight(20, 2))
    assert fleet("spacecraft_flights", max_delete=50).once(clock, heard).missing == []
    assert SpacecraftFlight.objects.filter(pk=20).exists()


@pytest.mark.parametrize(("max_delete", "left"), [(50, 4), (66, 4), (67, 2), (100, 2)])
def test_prune_takes_no_more_than_a_part(
    max_delete: float, left: int, fleet: Make, catalogue: Catalogue, clock: Turned, heard: Heard
) -> None:
    """A source that has lost its data does not take ours along."""
    SpacecraftFlight.objects.all().delete()
    del catalogue.rows["spacecraft"][:2]
    outcome = fleet("spacecraft", max_delete=max_delete).once(clock, heard)
    assert len(crafts()) == left
    told = "spacecraft: 2 of 3 are more than --max-delete allows: all of them stay."
    assert (told in sentences(outcome, dry_run=False)) is (left == 4)


def test_prune_leaves_what_was_made_here(fleet: Make, catalogue: Catalogue, clock: Turned, heard: Heard) -> None:
    catalogue.rows["launches"] = []
    outcome = fleet("launches", "agencies", "spacecraft", max_delete=100).once(clock, heard)
    assert outcome.missing == []
    assert Launch.objects.count() == 1
    assert Agency.objects.count() == 1


def test_prune_leaves_what_something_else_stands_on(
    fleet: Make, catalogue: Catalogue, clock: Turned, heard: Heard
) -> None:
    """A flight made here, or one of a collection that was not read, would go with its spacecraft."""
    mine = SpacecraftFlight.objects.create(spacecraft_id=2)
    assert mine.pk >= LOCAL_IDS_FROM
    del catalogue.rows["spacecraft"][1], catalogue.rows["spacecraft_flights"][1]
    names = "spacecraft", "spacecraft_flights"
    fleet(*names).once(clock, heard)
    outcome = fleet(*names, max_delete=100).once(clock, heard)
    assert f"spacecraft 2 stays: Spacecraft Flight {mine.pk} needs it." in sentences(outcome, dry_run=False)
    assert crafts() >= {"Craft 2"}
    assert set(SpacecraftFlight.objects.values_list("pk", flat=True)) == {10, 30, mine.pk}
    catalogue.rows["spacecraft"].clear()
    outcome = fleet("spacecraft", max_delete=100).once(clock, heard)
    assert outcome.removed == 0
    assert len(outcome.missing[0].kept) == 3


def test_prune_goes_by_collections_that_were_read_completely(
    fleet: Make, catalogue: Catalogue, clock: Turned, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    del catalogue.rows["spacecraft"][1]
    page = catalogue.page
    monkeypatch.setattr(catalogue, "page", lambda *args: page(*args) | {"count": 17})
    outcome = fleet("spacecraft", max_delete=100).once(clock, heard)
    assert outcome.missing == []
    assert any("the source counts 17 objects, and 2 were found in 3 rounds" in line for line in heard.said)
    assert crafts() == {"Craft 1", "Craft 2", "Craft 3", "Made here"}
