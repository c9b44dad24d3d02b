"""The data and the stored pages after one or several runs."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from django.apps import apps
from django.db.models import Model

from agencies.models import Agency
from flights.models import Launch
from spacedb.common.models import Country
from spacedb.mirror.collections import collections
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.models import MirroredCollection
from spacedb.mirror.summary import summarize
from spacedb.revision import current
from spacedb.revision.models import Revision
from tests.endpoints import resource_endpoints
from tests.mirror.conftest import FakeClock, JobFactory, Mirror, RecordingReporter
from tests.mirror.fake_source import FakeSource, agency, serve

pytestmark = pytest.mark.django_db(transaction=True)

# --- The collections --------------------------------------------------------------------------------------------------


def test_all_endpoints_are_mirrored_except_parts_of_others() -> None:
    paths = {path.removeprefix("/2.3.0/").strip("/") for path in resource_endpoints() if path.startswith("/2.3.0/")}
    parts = {f"{name}/{part}" for name in ("events", "launches") for part in ("previous", "upcoming")}
    assert paths - {collection.name for collection in collections()} == parts
    modes = {collection.name: collection.mode for collection in collections()}
    assert (modes["spacecraft"], modes["config/countries"], modes["programs"]) == ("detailed", "", "")


def test_pages_have_the_maximum_size_of_launch_library() -> None:
    paths = [collection.request_path(0) for collection in collections() if collection.name == "agencies"]
    assert paths == ["agencies/?limit=100&mode=detailed&ordering=id"]


def test_collections_follow_those_that_they_refer_to() -> None:
    positions = {model: position for position, model in enumerate(apps.get_models())}
    for model in [collection.model for collection in collections()]:
        for field in model._meta.get_fields():
            if (field.many_to_one or field.one_to_one) and not field.auto_created and field.related_model is not model:
                assert positions[cast("type[Model]", field.related_model)] < positions[model], field


# --- Runs -------------------------------------------------------------------------------------------------------------


def test_unchanged_source_changes_nothing(source: FakeSource, mirror: Mirror, clock: FakeClock) -> None:
    mirror()
    before, first = current.current_revision(), MirroredCollection.objects.get()
    clock.time += 3600
    outcome = mirror()
    assert outcome.summary is None
    assert summarize(outcome, dry_run=False) == ["Nothing has changed at the source."]
    assert current.current_revision() == before
    second = MirroredCollection.objects.get()
    assert second.changed_at == first.changed_at
    assert (second.started_at - first.started_at).total_seconds() == 3600


def test_run_raises_the_revision_once(source: FakeSource, mirror: Mirror) -> None:
    mirror()
    before = Revision.objects.get().uuid
    source.rows["agencies"] = [agency(pk, f"Renamed {pk}") for pk in range(1, 35)]
    outcome = mirror()
    assert outcome.summary is not None
    assert outcome.summary.models["Agencies"] == (9, 25, 0)
    assert Revision.objects.get().uuid != before


def test_the_mirror_follows_a_source_that_was_rolled_back(source: FakeSource, mirror: Mirror) -> None:
    pk = "00000000-0000-4000-8000-000000000001"
    launch = {"id": pk, "url": f"https://x/2.3.0/launches/{pk}/"}
    for day, name in ((9, "Newer"), (8, "Older")):
        source.rows["launches"] = [launch | {"name": name, "last_updated": f"2024-10-{day:02}T12:00:00Z"}]
        mirror("launches")
        assert Launch.objects.get().name == name


def test_deleted_objects_are_restored_from_an_unchanged_source(source: FakeSource, mirror: Mirror) -> None:
    mirror()
    Agency.objects.filter(pk__in=(5, 25)).delete()
    outcome = mirror()
    assert outcome.summary is not None
    assert outcome.summary.models["Agencies"] == (2, 0, 23)
    assert mirror().summary is None


def test_alternating_sources(source: FakeSource, mirror: Mirror, clock: FakeClock) -> None:
    """The data are those of the last source, even if it is unchanged since its previous run."""
    other = FakeSource({"agencies": [agency(pk, f"Other {pk}") for pk in range(1, 26)]}, clock=clock.monotonic)
    with serve(other) as url:
        for options, name in [({}, "Agency 5"), ({"url": url}, "Other 5"), ({}, "Agency 5"), ({"url": url}, "Other 5")]:
            mirror(**options)
            assert Agency.objects.get(pk=5).name == name
    assert MirroredCollection.objects.get().source == url


def test_new_version_applies_unchanged_pages(
    source: FakeSource, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror()
    monkeypatch.setattr("spacedb.__version__", "99.0")
    outcome = mirror()
    assert outcome.summary is not None
    assert outcome.summary.models["Agencies"] == (0, 0, 25)


def test_conditional_requests(source: FakeSource, mirror: Mirror, clock: FakeClock) -> None:
    source.has_validators = True
    mirror()
    before = current.current_revision()
    clock.time += 3600
    outcome = mirror()
    assert outcome.summary is None
    assert current.current_revision() == before
    assert [bool(headers.get("If-None-Match")) for headers in source.headers] == [False] * 3 + [True] * 3
    source.rows["agencies"][12]["name"] = "Renamed"
    clock.time += 3600
    outcome = mirror()
    assert outcome.summary is not None
    assert outcome.summary.models["Agencies"] == (0, 1, 24)
    assert MirroredCollection.objects.get().started_at.timestamp() == clock.time
    mirror()
    assert all(headers.get("If-None-Match") for headers in source.headers[-3:])


def test_local_edits_last_until_the_source_changes(source: FakeSource, mirror: Mirror) -> None:
    mirror()
    Agency.objects.filter(pk=5).update(name="Edited", administrator="Somebody")
    mirror()
    assert Agency.objects.get(pk=5).name == "Edited"
    source.rows["agencies"][20]["name"] = "Renamed"
    mirror()
    assert Agency.objects.get(pk=5).name == "Agency 5"
    assert Agency.objects.get(pk=5).administrator == "Somebody"


def test_dry_run_writes_nothing_and_stores_its_pages(source: FakeSource, mirror: Mirror) -> None:
    outcome = mirror(dry_run=True)
    assert summarize(outcome, dry_run=True) == [
        "Dry run: nothing was written.",
        "Objects: 25 created, 0 updated, 0 unchanged.",
    ]
    assert not Agency.objects.exists()
    assert not MirroredCollection.objects.exists()
    source.requests.clear()
    mirror()
    assert source.request_paths == []
    assert Agency.objects.count() == 25


def test_interruption_before_the_pages_are_moved(
    source: FakeSource, mirror: Mirror, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run does not mistake the applied pages for pages of an interrupted run."""
    with monkeypatch.context() as patch:
        patch.setattr("spacedb.mirror.page_store.PageStore.finish_run", lambda *args: None)
        mirror()
    clock.time += 3600
    source.rows["agencies"][0]["name"] = "Renamed"
    source.requests.clear()
    mirror()
    assert len(source.request_paths) == 3
    assert Agency.objects.get(pk=1).name == "Renamed"


def truncate(page: bytes) -> bytes:
    return page[:-500]


def flip_bits(page: bytes) -> bytes:
    return page.replace(b"Agency 1", b"Agemcy 1")


@pytest.mark.parametrize("damage", [truncate, flip_bits])
def test_damaged_page_is_requested_again(
    damage: Callable[[bytes], bytes], source: FakeSource, make_job: JobFactory, mirror: Mirror
) -> None:
    mirror(dry_run=True)
    pages = sorted((make_job().page_store.pages / "agencies").glob("*.json"))
    pages[1].write_bytes(damage(pages[1].read_bytes()))
    (pages[0].parent / "x.draft").write_text("{")
    source.requests.clear()
    mirror()
    assert len(source.request_paths) == 2
    assert Agency.objects.count() == 25
    assert not list(make_job().page_store.folder.rglob("*.draft"))
    assert not Agency.objects.filter(name__contains="Agemcy").exists()


def test_damaged_applied_page_is_requested_without_conditions(
    source: FakeSource, make_job: JobFactory, mirror: Mirror
) -> None:
    source.has_validators = True
    mirror()
    pages = sorted((make_job().page_store.applied / "agencies").glob("*.json"))
    pages[1].write_bytes(flip_bits(pages[1].read_bytes()))
    assert mirror().summary is None
    assert [bool(headers.get("If-None-Match")) for headers in source.headers[3:]] == [True, False, True]


def test_page_that_disappears_before_it_is_applied(source: FakeSource, make_job: JobFactory, mirror: Mirror) -> None:
    def delete_page(name: str, offset: int) -> None:
        if offset == 18:
            (make_job().page_store.pages / "agencies" / "00001.json").unlink()

    source.before_page = delete_page
    with pytest.raises(MirrorError, match=r"agencies/00001\.json: the page has disappeared"):
        mirror()
    assert not Agency.objects.exists()
    assert not MirroredCollection.objects.exists()
    source.before_page = lambda name, offset: None
    mirror()
    assert Agency.objects.count() == 25


def test_interruption_while_the_pages_are_moved(
    source: FakeSource, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run is applied, and some pages were not moved yet. The next run does not use them."""
    source.rows["config/countries"] = [{"id": 1, "name": "One", "alpha_2_code": "AA", "alpha_3_code": "AAA"}]
    names = "agencies", "config/countries"
    replace, moved = Path.replace, list[Path]()

    def replace_one(path: Path, target: Path) -> Path:
        if "applied" in target.parts:
            moved.append(path)
            if len(moved) == 2:
                raise KeyboardInterrupt
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace_one)
        with pytest.raises(KeyboardInterrupt):
            mirror(*names)
    source.rows["agencies"][0]["name"] = "Renamed"
    source.rows["config/countries"][0]["name"] = "Renamed"
    mirror(*names)
    assert Agency.objects.get(pk=1).name == "Renamed"
    assert Country.objects.get(pk=1).name == "Renamed"


def test_old_interrupted_run_is_discarded(
    source: FakeSource, mirror: Mirror, clock: FakeClock, reporter: RecordingReporter
) -> None:
    mirror(dry_run=True)
    clock.time += 8 * 86400
    source.rows["agencies"][0]["name"] = "Renamed"
    mirror()
    assert Agency.objects.get(pk=1).name == "Renamed"
    assert any("is too old to be resumed: starting again" in line for line in reporter.messages)
