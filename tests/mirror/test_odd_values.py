"""A source that sends, in each collection, objects with values that the document of the API does not allow."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework import serializers

from agencies.models import Agency
from flights.models import Launch
from spacedb.mirror.collections import VERSION_NUMBER, collections
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.models import MirroredCollection
from spacedb.mirror.summary import summarize
from spacedb.rest.versions import versions
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.describe import FieldSpec, describe
from spacedb.serializers.received import is_text
from tests.examples import examples
from tests.mirror.conftest import FakeClock, Mirror, RecordingReporter, both_modes
from tests.mirror.fake_source import FakeSource, agency

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("time_before_examples")]

LONG_TEXT = "ö" * 50_000
COUNT = 8
"""One intact object, and one with each oddity."""


def serializer_of(name: str) -> SerializerClass:
    view: Any = versions()[VERSION_NUMBER].endpoints[name]
    return view.serializer_for(view.detail_mode)  # type: ignore[no-any-return]


def usual_rows(name: str) -> list[dict[str, Any]]:
    return examples(serializer_of(name), COUNT)


def columns(serializer: SerializerClass) -> list[FieldSpec]:
    """The keys of an object's own columns."""
    return [
        spec
        for spec in describe(serializer)
        if isinstance(spec, FieldSpec) and len(spec.path) == 1 and spec.path[0] not in ("id", "pk")
    ]


def oddities(serializer: SerializerClass) -> Iterator[tuple[str, Any, bool]]:
    """The key, the value that is sent, and whether it is served as it is."""
    own = columns(serializer)
    texts = [spec.key for spec in own if is_text(spec) and getattr(spec.field, "max_length", None)]
    numbers = [spec.key for spec in own if isinstance(spec.field, serializers.IntegerField | serializers.FloatField)]
    required = [spec.key for spec in own if not spec.nullable and is_text(spec)]
    yield "response_mode", "huge", False
    yield "mascot", "Snoopy", False
    yield "mascots", [{"id": 1, "url": "https://example.com/1"}], False
    for keys, value, is_served in (
        (texts[:1], LONG_TEXT, True),
        (numbers[:1], "7", False),
        (numbers[-1:], "many", False),
        (required[-1:], None, True),
    ):
        for key in keys:
            yield key, value, is_served


@both_modes
@pytest.mark.vendor_neutral
def test_odd_values_are_reported_and_affect_no_others(
    source: FakeSource, mirror: Mirror, reporter: RecordingReporter, client: Client
) -> None:
    lists = [collection for collection in collections() if not collection.is_single]
    names = [collection.name for collection in lists]
    expected: dict[tuple[str, Any], tuple[str, Any, bool]] = {}
    for name in names:
        source.rows[name] = copy.deepcopy(usual_rows(name))
        for row, (key, value, is_served) in zip(source.rows[name][1:], oddities(serializer_of(name)), strict=False):
            if key == "response_mode" and key not in row:
                continue
            row[key] = value
            expected[name, row["id"]] = key, value, is_served
    outcome = mirror(*names)
    warnings = {name: "\n".join(lines) for name, lines in outcome.warnings.items()}
    for (name, _), (key, _, _) in expected.items():
        assert f"].{key}: " in warnings[name], (name, key, warnings[name])
    for collection in lists:
        mode = collection.mode or "normal"
        served = client.get(f"/2.3.0/{collection.name}/?mode={mode}&limit=100").json()["results"]
        assert len(served) >= COUNT
        by_id = {row["id"]: row for row in served}
        for row in source.rows[collection.name]:
            key, value, is_served = expected.get((collection.name, row["id"]), ("", None, False))
            for spec in columns(serializer_of(collection.name)):
                if spec.key != key:
                    assert by_id[row["id"]][spec.key] == row[spec.key], (collection.name, row["id"], spec.key)
                elif is_served:
                    # The pages of later collections contain some of the objects with their usual values.
                    usual = next(each[key] for each in usual_rows(collection.name) if each["id"] == row["id"])
                    assert by_id[row["id"]][key] in (value, usual), (collection.name, row["id"], key)
    rows = {row.name: row for row in MirroredCollection.objects.all()}
    assert {name for name, row in rows.items() if row.warnings_count} == set(names)
    assert rows["agencies"].warnings == outcome.warnings["agencies"][:100]
    assert set(reporter.warnings) == {line for lines in outcome.warnings.values() for line in lines[:100]}
    lines = summarize(outcome, dry_run=False)
    total = sum(map(len, outcome.warnings.values()))
    unknown_keys = sum("Unknown key" in line for lines in outcome.warnings.values() for line in lines)
    assert unknown_keys > 0
    assert lines[1:3] == [
        f"Unknown keys: {unknown_keys}",
        f"Values that could not be stored as they are: {total - unknown_keys}",
    ]
    assert lines[3].strip() == next(iter(outcome.warnings.values()))[0]


def test_status_lists_the_warnings_until_another_run_finds_none(
    source: FakeSource,
    source_url: str,
    mirror: Mirror,
    settings: Any,
    tmp_path: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def status() -> str:
        call_command("mirror", "--from", source_url, "--status")
        return capsys.readouterr().out

    settings.MIRROR_PAGE_STORE = tmp_path / "page_store"
    source.rows["agencies"][3]["founding_year"] = "unknown"
    mirror()
    assert 'agencies/00000.json: results[3].founding_year: A valid integer is required. Got "unknown".' in status()
    assert mirror().summary is None
    assert "results[3].founding_year" in status()
    del source.rows["agencies"][3]["founding_year"]
    mirror()
    assert "founding_year" not in status()


@both_modes
def test_strict_refuses_the_page(source: FakeSource, mirror: Mirror) -> None:
    source.rows["agencies"][3]["founding_year"] = "unknown"
    with pytest.raises(MirrorError, match=r"results\[3\]\.founding_year: A valid integer is required"):
        mirror(strict=True)


@both_modes
def test_only_the_object_without_an_id_is_left_out(source: FakeSource, mirror: Mirror, client: Client) -> None:
    source.rows["agencies"][3] = agency(4) | {"id": None, "name": ""}
    source.rows["agencies"][12] = agency(13) | {"id": "thirteen"}
    outcome = mirror()
    assert [line.split(": ")[:2] for line in outcome.warnings["agencies"]] == [
        ["agencies/00000.json", "results[3]"],
        ["agencies/00001.json", "results[3].id"],
    ]
    assert client.get("/2.3.0/agencies/").json()["count"] == 23
    assert outcome.missing == []


def test_unchanged_pages_with_an_object_that_cannot_be_stored_are_not_ingested_again(
    source: FakeSource, mirror: Mirror, clock: FakeClock
) -> None:
    source.rows["agencies"][3] = {"id": 4}
    source.rows["launches"] = [usual_rows("launches")[0] | {"net": None}]
    names = ("agencies", "launches")
    [warning] = mirror(*names).warnings["agencies"]
    assert warning.startswith("agencies/00000.json: results[3]: ")
    assert Launch.objects.get().net is None
    clock.sleep(3600)
    assert mirror(*names).summary is None
    Agency.objects.filter(pk=5).delete()
    clock.sleep(3600)
    assert mirror(*names).summary is not None
    assert Agency.objects.filter(pk=5).exists()
