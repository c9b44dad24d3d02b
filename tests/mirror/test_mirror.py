"""What the mirror brings, leaves, removes and tells, pass after pass."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from django.apps import apps
from django.db.models import Model

from agencies.models import Agency
from flights.models import Launch, SpacecraftFlight
from spacecraft.models import Spacecraft
from spacedb.api import revision
from spacedb.api.models import LOCAL_IDS_FROM, Revision
from spacedb.mirror.collections import collections
from spacedb.mirror.models import MirroredCollection
from spacedb.mirror.service import Job, sentences
from tests.endpoints import endpoints
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


# --- What there is to copy --------------------------------------------------------------------------------------------


def test_every_endpoint_is_mirrored_but_those_that_are_parts_of_others() -> None:
    served = {path.removeprefix("/2.3.0/").strip("/") for path in endpoints() if path.startswith("/2.3.0/")}
    assert served - {one.name for one in collections()} == {"launches/upcoming", "launches/previous"}
    modes = {one.name: one.mode for one in collections()}
    assert (modes["spacecraft"], modes["config/countries"], modes["programs"]) == ("detailed", "", "")


def test_what_an_object_refers_to_comes_before_it() -> None:
    names = {model: number for number, model in enumerate(apps.get_models())}
    for model in [one.model for one in collections()]:
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created and field.related_model is not model:
                assert names[cast("type[Model]", field.related_model)] < names[model], field


# --- Pass after pass --------------------------------------------------------------------------------------------------


def test_an_unchanged_source_changes_nothing(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    job().once(clock, heard)
    before, first = revision.current(), MirroredCollection.objects.get()
    clock.time += 3600
    outcome = job().once(clock, heard)
    assert outcome.summary is None
    assert sentences(outcome, dry_run=False) == ["Nothing has changed at the source."]
    assert revision.current() == before
    second = MirroredCollection.objects.get()
    assert second.changed == first.changed
    assert (second.began - first.began).total_seconds() == 3600


def test_a_change_raises_the_revision_once(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    job().once(clock, heard)
    before = Revision.objects.get().number
    catalogue.rows["agencies"] = [agency(pk, f"Renamed {pk}") for pk in range(1, 260)]
    outcome = job().once(clock, heard)
    assert outcome.summary is not None
    assert outcome.summary.models["Agencies"] == (9, 250, 0)
    assert Revision.objects.get().number == before + 1


def test_validators_save_the_source_work(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    catalogue.validators = True
    job().once(clock, heard)
    before = revision.current()
    clock.time += 3600
    outcome = job().once(clock, heard)
    assert outcome.summary is None
    assert revision.current() == before
    assert [bool(headers.get("If-None-Match")) for headers in catalogue.headers] == [False] * 3 + [True] * 3
    catalogue.rows["agencies"][120]["name"] = "Renamed"
    clock.time += 3600
    outcome = job().once(clock, heard)
    assert outcome.summary is not None
    assert outcome.summary.models["Agencies"] == (0, 1, 249)
    assert MirroredCollection.objects.get().began.timestamp() == clock.time
    job().once(clock, heard)
    assert all(headers.get("If-None-Match") for headers in catalogue.headers[-3:])


def test_what_others_wrote_is_told_anew_when_the_source_changes(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    job().once(clock, heard)
    Agency.objects.filter(pk=5).update(name="Edited", administrator="Somebody")
    job().once(clock, heard)
    assert Agency.objects.get(pk=5).name == "Edited"
    catalogue.rows["agencies"][200]["name"] = "Renamed"
    job().once(clock, heard)
    assert Agency.objects.get(pk=5).name == "Agency 5"
    assert Agency.objects.get(pk=5).administrator == "Somebody"


def test_a_dry_run_writes_nothing_and_its_pages_are_kept(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    outcome = job(dry_run=True).once(clock, heard)
    assert sentences(outcome, dry_run=True) == [
        "Dry run: nothing was written.",
        "Objects: 250 created, 0 updated, 0 unchanged.",
    ]
    assert not Agency.objects.exists()
    assert not MirroredCollection.objects.exists()
    catalogue.asked.clear()
    job().once(clock, heard)
    assert catalogue.requests == []
    assert Agency.objects.count() == 250


def test_stopped_right_after_all_was_applied(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run does not take the pages that are still there for news."""
    with monkeypatch.context() as patch:
        patch.setattr("spacedb.mirror.spool.Spool.finish", lambda *args: None)
        job().once(clock, heard)
    clock.time += 3600
    catalogue.rows["agencies"][0]["name"] = "Renamed"
    catalogue.asked.clear()
    job().once(clock, heard)
    assert len(catalogue.requests) == 3
    assert Agency.objects.get(pk=1).name == "Renamed"


def test_a_spool_that_was_tampered_with(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    """Half a page, as a failing disk leaves it, is asked for anew."""
    catalogue.faults = []
    catalogue.before = lambda name, offset: None
    job(dry_run=True).once(clock, heard)
    pages = sorted((job().spool.pages / "agencies").glob("*.json"))
    pages[1].write_bytes(pages[1].read_bytes()[:-500])
    (pages[0].parent / "x.draft").write_text("{")
    catalogue.asked.clear()
    job().once(clock, heard)
    assert len(catalogue.requests) == 2
    assert Agency.objects.count() == 250
    assert not list(job().spool.folder.rglob("*.draft"))


# --- What the source has no longer ------------------------------------------------------------------------------------


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
    rehearsal = fleet(*names, prune=True, dry_run=True).once(clock, heard)
    assert "2 objects would be removed." in sentences(rehearsal, dry_run=True)
    assert len(crafts()) == 4
    before = Revision.objects.get().number
    outcome = fleet(*names, prune=True).once(clock, heard)
    assert "2 objects were removed." in sentences(outcome, dry_run=False)
    assert crafts() == {"Craft 1", "Craft 3", "Made here"}
    assert set(SpacecraftFlight.objects.values_list("pk", flat=True)) == {10, 30}
    assert Agency.objects.filter(pk=-5).exists()
    assert Revision.objects.get().number == before + 1


def test_prune_leaves_what_was_made_here(fleet: Make, catalogue: Catalogue, clock: Turned, heard: Heard) -> None:
    catalogue.rows["launches"] = []
    outcome = fleet("launches", "agencies", "spacecraft", prune=True).once(clock, heard)
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
    outcome = fleet("spacecraft", "spacecraft_flights", prune=True).once(clock, heard)
    assert f"spacecraft 2 stays: Spacecraft Flight {mine.pk} needs it." in sentences(outcome, dry_run=False)
    assert crafts() >= {"Craft 2"}
    assert set(SpacecraftFlight.objects.values_list("pk", flat=True)) == {10, 30, mine.pk}
    catalogue.rows["spacecraft"].clear()
    outcome = fleet("spacecraft", prune=True).once(clock, heard)
    assert outcome.removed == 0
    assert len(outcome.missing[0].kept) == 3


def test_prune_goes_by_collections_that_were_read_completely(
    fleet: Make, catalogue: Catalogue, clock: Turned, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    del catalogue.rows["spacecraft"][1]
    page = catalogue.page
    monkeypatch.setattr(catalogue, "page", lambda *args: page(*args) | {"count": 17})
    outcome = fleet("spacecraft", prune=True).once(clock, heard)
    assert outcome.missing == []
    assert any("the source counts 17 objects, and 2 were found in 3 rounds" in line for line in heard.said)
    assert crafts() == {"Craft 1", "Craft 2", "Craft 3", "Made here"}
