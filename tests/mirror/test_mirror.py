"""What the mirror brings and leaves, pass after pass."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from django.apps import apps
from django.db.models import Model

from agencies.models import Agency
from spacedb.common.models import Country
from spacedb.mirror.collections import collections
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.models import MirroredCollection
from spacedb.mirror.service import Job, sentences
from spacedb.revision import current
from spacedb.revision.models import Revision
from tests.endpoints import endpoints
from tests.mirror.conftest import Heard, Turned
from tests.mirror.faulty import Catalogue, agency, served

pytestmark = pytest.mark.django_db(transaction=True)

Make = Callable[..., Job]


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
    before, first = current.current_revision(), MirroredCollection.objects.get()
    clock.time += 3600
    outcome = job().once(clock, heard)
    assert outcome.summary is None
    assert sentences(outcome, dry_run=False) == ["Nothing has changed at the source."]
    assert current.current_revision() == before
    second = MirroredCollection.objects.get()
    assert second.changed == first.changed
    assert (second.began - first.began).total_seconds() == 3600


def test_a_change_raises_the_revision_once(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    job().once(clock, heard)
    before = Revision.objects.get().uuid
    catalogue.rows["agencies"] = [agency(pk, f"Renamed {pk}") for pk in range(1, 260)]
    outcome = job().once(clock, heard)
    assert outcome.summary is not None
    assert outcome.summary.models["Agencies"] == (9, 250, 0)
    assert Revision.objects.get().uuid != before


def test_what_was_lost_here_comes_back(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    """Though the source is as it was."""
    job().once(clock, heard)
    Agency.objects.filter(pk__in=(5, 250)).delete()
    outcome = job().once(clock, heard)
    assert outcome.summary is not None
    assert outcome.summary.models["Agencies"] == (2, 0, 248)
    assert job().once(clock, heard).summary is None


def test_sources_in_turn(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    """The data are those of the source that was mirrored last, though it has not changed since it was mirrored."""
    other = Catalogue({"agencies": [agency(pk, f"Other {pk}") for pk in range(1, 251)]}, clock=clock.now)
    with served(other) as url:
        for more, name in [({}, "Agency 5"), ({"url": url}, "Other 5"), ({}, "Agency 5"), ({"url": url}, "Other 5")]:
            job(**more).once(clock, heard)
            assert Agency.objects.get(pk=5).name == name
    assert MirroredCollection.objects.get().source == url


def test_another_version_of_ours_applies_all_again(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    job().once(clock, heard)
    monkeypatch.setattr("spacedb.__version__", "99.0")
    outcome = job().once(clock, heard)
    assert outcome.summary is not None
    assert outcome.summary.models["Agencies"] == (0, 0, 250)


def test_validators_save_the_source_work(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    catalogue.validators = True
    job().once(clock, heard)
    before = current.current_revision()
    clock.time += 3600
    outcome = job().once(clock, heard)
    assert outcome.summary is None
    assert current.current_revision() == before
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
        patch.setattr("spacedb.mirror.page_store.PageStore.finish", lambda *args: None)
        job().once(clock, heard)
    clock.time += 3600
    catalogue.rows["agencies"][0]["name"] = "Renamed"
    catalogue.asked.clear()
    job().once(clock, heard)
    assert len(catalogue.requests) == 3
    assert Agency.objects.get(pk=1).name == "Renamed"


def half(page: bytes) -> bytes:
    return page[:-500]


def other_bits(page: bytes) -> bytes:
    return page.replace(b"Agency 1", b"Agemcy 1")


@pytest.mark.parametrize("damage", [half, other_bits])
def test_a_page_that_is_not_as_it_came(
    damage: Callable[[bytes], bytes], catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    """As a failing disk leaves it: it is asked for anew."""
    job(dry_run=True).once(clock, heard)
    pages = sorted((job().spool.pages / "agencies").glob("*.json"))
    pages[1].write_bytes(damage(pages[1].read_bytes()))
    (pages[0].parent / "x.draft").write_text("{")
    catalogue.asked.clear()
    job().once(clock, heard)
    assert len(catalogue.requests) == 2
    assert Agency.objects.count() == 250
    assert not list(job().spool.folder.rglob("*.draft"))
    assert not Agency.objects.filter(name__contains="Agemcy").exists()


def test_a_page_of_the_last_pass_that_is_not_as_it_came(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    """Nobody is asked whether it has changed."""
    catalogue.validators = True
    job().once(clock, heard)
    pages = sorted((job().spool.applied / "agencies").glob("*.json"))
    pages[1].write_bytes(other_bits(pages[1].read_bytes()))
    assert job().once(clock, heard).summary is None
    assert [bool(headers.get("If-None-Match")) for headers in catalogue.headers[3:]] == [True, False, True]


def test_a_page_that_goes_away_before_it_is_applied(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    def lose(name: str, offset: int) -> None:
        if offset == 198:
            (job().spool.pages / "agencies" / "00001.json").unlink()

    catalogue.before = lose
    with pytest.raises(MirrorError, match=r"agencies/00001\.json: the page was here, and is not any longer"):
        job().once(clock, heard)
    assert not Agency.objects.exists()
    assert not MirroredCollection.objects.exists()
    catalogue.before = lambda name, offset: None
    job().once(clock, heard)
    assert Agency.objects.count() == 250


def test_stopped_while_pages_are_put_away(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All is applied, and a part of the pages is still where a pass under way has them: no later pass uses these."""
    catalogue.rows["config/countries"] = [{"id": 1, "name": "One", "alpha_2_code": "AA", "alpha_3_code": "AAA"}]
    names = "agencies", "config/countries"
    replace, moved = Path.replace, list[Path]()

    def once(path: Path, target: Path) -> Path:
        if "applied" in target.parts:
            moved.append(path)
            if len(moved) == 2:
                raise KeyboardInterrupt
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", once)
        with pytest.raises(KeyboardInterrupt):
            job(*names).once(clock, heard)
    catalogue.rows["agencies"][0]["name"] = "Renamed"
    catalogue.rows["config/countries"][0]["name"] = "Renamed"
    job(*names).once(clock, heard)
    assert Agency.objects.get(pk=1).name == "Renamed"
    assert Country.objects.get(pk=1).name == "Renamed"


def test_a_pass_that_stopped_long_ago_begins_anew(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    job(dry_run=True).once(clock, heard)
    clock.time += 8 * 86400
    catalogue.rows["agencies"][0]["name"] = "Renamed"
    job().once(clock, heard)
    assert Agency.objects.get(pk=1).name == "Renamed"
    assert any("is too old to go on with: it begins anew" in line for line in heard.said)


def test_pages_can_be_read_by_whoever_may_read_files(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    job(dry_run=True).once(clock, heard)
    plain = job().spool.folder / "plain"
    plain.touch()
    assert {page.stat().st_mode for page in job().spool.pages.rglob("*.json")} == {plain.stat().st_mode}
