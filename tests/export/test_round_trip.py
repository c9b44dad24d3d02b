"""An export, ingested into an empty database, and the export of that database are the same, byte by byte."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models.fields.reverse_related import ManyToOneRel
from django.test.utils import CaptureQueriesContext

from flights.models import Astronaut, AstronautFlight, Launch, LiveStream, MissionType, Program, SpacecraftFlight
from spacedb.common.models import Image
from spacedb.export import documents
from spacedb.export.documents import collection_exports, detail_serializer, sorted_collections
from spacedb.export.export import DEFAULT_ORIGIN
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.describe import InlineSpec, NestedListSpec, NestedSpec, SlugRelatedSpec, describe
from tests.export.catalogue import export_all, ingest_into_empty, stored_rows

pytestmark = pytest.mark.django_db


def check_round_trip(path: Path) -> dict[str, list[bytes]]:
    before = export_all()
    ingest_into_empty(path, before)
    after = export_all()
    for name in before:
        assert after[name] == before[name], name
    return before


def delete_unused_images() -> None:
    """Delete the images to which nothing refers. No representation contains them."""
    used = set[int]()
    for relation in Image._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            used.update(relation.related_model._base_manager.values_list(relation.field.attname, flat=True))
        else:
            assert not relation.is_relation or relation.name == "license"
    Image.objects.exclude(pk__in=used - {None}).delete()


@pytest.mark.dataset("sparse")
def test_objects_without_optional_values(tmp_path: Path) -> None:
    check_round_trip(tmp_path)


@pytest.mark.dataset("small and dashboard")
def test_examples(tmp_path: Path, no_n_plus_one: None) -> None:
    rows = stored_rows()
    exported = check_round_trip(tmp_path)
    assert sum(map(bool, exported.values())) > 50
    assert stored_rows() == rows


@pytest.mark.vendor_neutral
@pytest.mark.dataset("golden")
def test_documents_of_all_versions(tmp_path: Path, no_n_plus_one: None) -> None:
    """The starter catalogue, with objects of 2.2.0 that have placeholders."""
    delete_unused_images()
    rows = stored_rows()
    assert MissionType.objects.filter(pk__lt=0).exists()
    check_round_trip(tmp_path)
    assert stored_rows() == rows


@pytest.mark.dataset("reference")
def test_recorded_responses(tmp_path: Path, reference: Path) -> None:
    check_round_trip(tmp_path)


@pytest.mark.dataset("small and dashboard")
def test_an_export_does_not_depend_on_the_time(set_time: Callable[[Any], None]) -> None:
    """The dashboard would, as it selects launches and events by the current time."""
    [dashboard] = collection_exports(["dashboard/starship"], DEFAULT_ORIGIN)
    [document] = dashboard.documents()
    for date in (Launch.objects.earliest("net").net, Launch.objects.latest("net").net):
        set_time(date)
        assert [*dashboard.documents()] == [document]
    assert b'"live_streams"' in document
    assert b'"upcoming"' not in document


def test_ingest_links_no_objects_that_were_only_collected(tmp_path: Path) -> None:
    """The flights of an astronaut are collected from crews, besides those that are linked directly."""
    launch = Launch.objects.create(name="Launch")
    astronaut = Astronaut.objects.create(name="Astronaut")
    flight = SpacecraftFlight.objects.create(launch=launch)
    AstronautFlight.objects.create(astronaut=astronaut, flight=flight, phase=AstronautFlight.Phase.LANDING)
    check_round_trip(tmp_path)
    astronaut = Astronaut.objects.get()
    assert [each.flight for each in astronaut.crews.all()] == [flight]
    assert not astronaut.flights.exists()
    assert not astronaut.landings.exists()


def test_objects_that_no_representation_contains_are_left_out(tmp_path: Path) -> None:
    """Only the dashboard of one program contains live streams. The documentation says so."""
    LiveStream.objects.create(program=Program.objects.create(name="Another program"), url="https://example.com/")
    check_round_trip(tmp_path)
    assert Program.objects.exists()
    assert not LiveStream.objects.exists()


# --- Declarations -----------------------------------------------------------------------------------------------------


def nested_serializers(serializer: SerializerClass) -> set[SerializerClass]:
    found, queue = set[SerializerClass](), [serializer]
    while queue:
        for spec in describe(queue.pop()):
            if isinstance(spec, NestedSpec | NestedListSpec | InlineSpec) and spec.serializer not in found:
                found.add(spec.serializer)
                queue.append(spec.serializer)
    return found


def test_only_the_outer_objects_collect_others() -> None:
    """`documents` removes the collected objects from the lists of the exported objects themselves."""
    for each in collection_exports([], DEFAULT_ORIGIN):
        for serializer in {each.serializer, *nested_serializers(each.serializer)}:
            assert not [
                spec.key for spec in describe(serializer) if isinstance(spec, NestedListSpec) and spec.through_path
            ]


def test_objects_precede_those_that_name_them_by_their_natural_key() -> None:
    order = {collection.model: number for number, collection in enumerate(sorted_collections())}
    named = 0
    for collection in sorted_collections():
        serializer = detail_serializer(collection)
        for nested in {serializer, *nested_serializers(serializer)}:
            for spec in describe(nested):
                if isinstance(spec, SlugRelatedSpec) and spec.model is not collection.model:
                    named += 1
                    assert order[spec.model] < order[collection.model], f"{collection.name}: {spec.key}"
    assert named


# --- Pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.dataset("small and dashboard")
def test_pages_are_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    [launches] = collection_exports(["launches"], DEFAULT_ORIGIN)
    exported = [*launches.documents()]
    assert launches.count() == len(exported) > 2
    monkeypatch.setattr(documents, "PAGE_SIZE", 2)
    counts, iterator = list[int](), launches.documents()
    for document in exported:
        with CaptureQueriesContext(connection) as queries:
            assert next(iterator) == document
        counts.append(len(queries))
    assert next(iterator, None) is None
    assert 0 < counts[2] <= counts[0]
    assert counts[1] == 0
