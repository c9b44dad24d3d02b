"""What the source has no longer: told, and removed where that is asked for."""

from collections.abc import Callable
from typing import Any

import pytest

from agencies.models import Agency
from flights.models import Launch, Program, SpacecraftFlight
from spacecraft.models import Spacecraft, SpacecraftConfig
from spacedb.catalogue.models import LOCAL_IDS_FROM
from spacedb.mirror.service import Job, sentences
from spacedb.revision.models import Revision
from tests.mirror.conftest import Heard, Turned
from tests.mirror.faulty import Catalogue, agency

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


BOTH = "spacecraft", "spacecraft_flights"


def test_what_is_gone_is_told_and_stays(fleet: Make, catalogue: Catalogue, clock: Turned, heard: Heard) -> None:
    del catalogue.rows["spacecraft"][1], catalogue.rows["spacecraft_flights"][1]
    told = sentences(fleet(*BOTH).once(clock, heard), dry_run=False)
    assert told[1:] == [
        "On no page of spacecraft: 2. New or gone since: the next pass tells.",
        "On no page of spacecraft_flights: 20. New or gone since: the next pass tells.",
    ]
    told = sentences(fleet(*BOTH).once(clock, heard), dry_run=False)
    assert told == [
        "Nothing has changed at the source.",
        "No longer at the source, spacecraft: 2",
        "No longer at the source, spacecraft_flights: 20",
        "They stay here; --prune removes them.",
    ]
    assert crafts() == {"Craft 1", "Craft 2", "Craft 3", "Made here"}
    assert sentences(fleet(*BOTH).once(clock, heard), dry_run=False) == told


def test_prune_removes_it(fleet: Make, catalogue: Catalogue, clock: Turned, heard: Heard) -> None:
    del catalogue.rows["spacecraft"][1], catalogue.rows["spacecraft_flights"][1]
    assert fleet(*BOTH, max_delete=50).once(clock, heard).removed == 0
    rehearsal = fleet(*BOTH, max_delete=50, dry_run=True).once(clock, heard)
    assert "2 objects would be removed." in sentences(rehearsal, dry_run=True)
    assert len(crafts()) == 4
    before = Revision.objects.get().uuid
    outcome = fleet(*BOTH, max_delete=50).once(clock, heard)
    assert "2 objects were removed." in sentences(outcome, dry_run=False)
    assert crafts() == {"Craft 1", "Craft 3", "Made here"}
    assert set(SpacecraftFlight.objects.values_list("pk", flat=True)) == {10, 30}
    assert Agency.objects.filter(pk=-5).exists()
    assert Revision.objects.get().uuid != before
    assert fleet(*BOTH, max_delete=50).once(clock, heard).missing == []


def test_what_appears_during_a_pass_is_not_gone(fleet: Make, catalogue: Catalogue, clock: Turned, heard: Heard) -> None:
    """The pages of spacecraft have been read when one more is there, and a flight of it."""

    def appear(name: str, offset: int) -> None:
        if name == "spacecraft_flights" and len(catalogue.rows["spacecraft"]) == 3:
            catalogue.rows["spacecraft"].append(craft(4))
            catalogue.rows["spacecraft_flights"].append(flight(40, 4))

    catalogue.before = appear
    outcome = fleet(*BOTH, max_delete=100).once(clock, heard)
    assert ([found.missing for found in outcome.missing], outcome.removed) == ([[4]], 0)
    assert fleet(*BOTH, max_delete=100).once(clock, heard).missing == []
    assert Spacecraft.objects.filter(pk=4).exists()


def test_what_was_missing_once_and_is_back_is_not_gone(
    fleet: Make, catalogue: Catalogue, clock: Turned, heard: Heard
) -> None:
    """Where a collection has no fixed order, an object can go over to a page that had been read."""
    gone = catalogue.rows["spacecraft_flights"].pop(1)
    fleet("spacecraft_flights", max_delete=50).once(clock, heard)
    catalogue.rows["spacecraft_flights"].append(gone)
    assert fleet("spacecraft_flights", max_delete=50).once(clock, heard).missing == []
    catalogue.rows["spacecraft_flights"].remove(gone)
    assert fleet("spacecraft_flights", max_delete=50).once(clock, heard).removed == 0
    assert SpacecraftFlight.objects.filter(pk=20).exists()


@pytest.mark.parametrize(("max_delete", "left"), [(50, 4), (66, 4), (67, 2), (100, 2)])
def test_prune_takes_no_more_than_a_part(
    max_delete: float, left: int, fleet: Make, catalogue: Catalogue, clock: Turned, heard: Heard
) -> None:
    """A source that has lost its data does not take ours along."""
    SpacecraftFlight.objects.all().delete()
    del catalogue.rows["spacecraft"][:2]
    fleet("spacecraft").once(clock, heard)
    outcome = fleet("spacecraft", max_delete=max_delete).once(clock, heard)
    assert len(crafts()) == left
    told = "spacecraft: 2 of 3 are more than --max-delete allows: all stay."
    assert (told in sentences(outcome, dry_run=False)) is (left == 4)


def test_prune_leaves_what_was_made_here(fleet: Make, catalogue: Catalogue, clock: Turned, heard: Heard) -> None:
    catalogue.rows["launches"] = []
    for _ in range(2):
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
    fleet(*BOTH).once(clock, heard)
    outcome = fleet(*BOTH, max_delete=100).once(clock, heard)
    assert f"spacecraft 2 stays: Spacecraft Flight {mine.pk} needs it." in sentences(outcome, dry_run=False)
    assert crafts() >= {"Craft 2"}
    assert set(SpacecraftFlight.objects.values_list("pk", flat=True)) == {10, 30, mine.pk}
    catalogue.rows["spacecraft"].clear()
    fleet("spacecraft").once(clock, heard)
    outcome = fleet("spacecraft", max_delete=100).once(clock, heard)
    assert outcome.removed == 0
    assert len(outcome.missing[0].kept) == 3


def program(pk: int, *agencies: int) -> dict[str, Any]:
    url = f"https://ll.thespacedevs.com/2.3.0/programs/{pk}/"
    return {
        "response_mode": "normal",
        "id": pk,
        "url": url,
        "name": f"Program {pk}",
        "agencies": [agency(one) for one in agencies],
    }


@pytest.mark.parametrize("read", [("agencies",), ("agencies", "programs")])
def test_prune_leaves_what_is_in_a_list_of_something_else(
    read: tuple[str, ...], job: Make, catalogue: Catalogue, clock: Turned, heard: Heard
) -> None:
    """A program that was not read, or one made here, would lose an agency."""
    catalogue.rows = {"agencies": [agency(pk) for pk in (1, 2, 3)], "programs": [program(1, 1, 3)]}
    job("agencies", "programs").once(clock, heard)
    mine = Program.objects.create(name="Made here")
    mine.agencies.add(2)
    catalogue.rows = {"agencies": [agency(1)], "programs": [program(1, 1)]}
    job("agencies").once(clock, heard)
    outcome = job(*read, max_delete=100).once(clock, heard)
    expected = {2: f"Program {mine.pk}"} | ({} if "programs" in read else {3: "Program 1"})
    assert outcome.missing[0].kept == expected
    assert set(Agency.objects.values_list("pk", flat=True)) == {1, *expected}
    assert list(mine.agencies.values_list("pk", flat=True)) == [2]


def test_prune_leaves_what_stays_as_it_is(job: Make, catalogue: Catalogue, clock: Turned, heard: Heard) -> None:
    """An agency that stays keeps its parent, though both are gone."""
    catalogue.rows["agencies"] = [agency(1), agency(2), agency(3), agency(4)]
    job("agencies").once(clock, heard)
    Agency.objects.filter(pk=2).update(parent=1)
    Spacecraft.objects.create(name="Made here", spacecraft_config=SpacecraftConfig.objects.create(agency_id=2))
    catalogue.rows["agencies"] = [agency(3)]
    job("agencies").once(clock, heard)
    outcome = job("agencies", max_delete=100).once(clock, heard)
    assert set(Agency.objects.values_list("pk", flat=True)) == {1, 2, 3}
    assert Agency.objects.get(pk=2).parent_id == 1
    assert outcome.removed == 1
    assert outcome.missing[0].kept.keys() == {1, 2}


def test_prune_goes_by_collections_that_were_read_completely(
    fleet: Make, catalogue: Catalogue, clock: Turned, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    del catalogue.rows["spacecraft"][1]
    page = catalogue.page
    monkeypatch.setattr(catalogue, "page", lambda *args: page(*args) | {"count": 17})
    for _ in range(2):
        outcome = fleet("spacecraft", max_delete=100).once(clock, heard)
        assert outcome.missing == []
    assert any("the source counts 17 objects, and 2 were found in 3 rounds" in line for line in heard.said)
    assert crafts() == {"Craft 1", "Craft 2", "Craft 3", "Made here"}
