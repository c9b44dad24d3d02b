"""`manage.py generate`: synthetic catalogues."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.core.serializers import serialize
from django.db import connection, models
from django.db.models import Count, Max, Min
from django.test import Client

from flights.models import (
    Astronaut,
    AstronautFlight,
    DockingEvent,
    Event,
    Launch,
    LaunchStatus,
    Program,
    SpacecraftFlight,
    Update,
)
from flights.recount import recount
from flights.synthetic import REFERENCE_TIME, AlreadyGenerated, generate
from flights.synthetic.common import EVENT_TYPES
from flights.totals import FLOWN, FlownStatus
from spacecraft.models import Spacecraft, SpacecraftConfig
from spacedb.catalogue.models import LOCAL_IDS_FROM, Resource
from spacedb.ingest.ingest import ingest_files
from tests.conftest import ROOT
from tests.datasets import GENERATED

pytestmark = pytest.mark.django_db

SIZE = GENERATED


def tables() -> list[type[models.Model]]:
    apps_of_catalogue = ("common", "agencies", "spacecraft", "flights")
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in apps_of_catalogue]


def all_rows() -> dict[str, str]:
    """Return all rows without automatic primary keys, serialized, by model."""
    serialized = {}
    for model in tables():
        rows = serialize("python", model._base_manager.order_by("pk"))
        is_automatic = isinstance(model._meta.pk, models.AutoField)
        serialized[model._meta.label] = str([row["fields"] if is_automatic else row for row in rows])
    return serialized


def flush() -> None:
    for model in reversed(tables()):
        model._base_manager.all()._raw_delete(connection.alias)


@pytest.mark.vendor_neutral
def test_the_same_for_the_same_seed() -> None:
    rows = []
    for seed in (7, 7, 8):
        generate(spacecraft=30, flights=40, seed=seed)
        rows.append(all_rows())
        flush()
    assert rows[0] == rows[1] != rows[2]


def test_creates_the_requested_numbers() -> None:
    written = generate(**SIZE)
    assert (Spacecraft.objects.count(), SpacecraftFlight.objects.count()) == (250, 400)
    assert {model: model._base_manager.count() for model in written} == dict(written)
    for start in (0, 100):
        configs = Spacecraft.objects.order_by("pk")[start : start + 100].values("spacecraft_config")
        assert (
            8
            <= SpacecraftConfig.objects.filter(pk__in=list(configs.values_list("spacecraft_config", flat=True))).count()
            <= 10
        )


@pytest.mark.parametrize(("spacecraft", "flights"), [(0, 0), (1, 0), (1, 40), (101, 3), (3, 101), (5, 5)])
def test_any_size(spacecraft: int, flights: int) -> None:
    generate(spacecraft=spacecraft, flights=flights, seed=0)
    assert (Spacecraft.objects.count(), SpacecraftFlight.objects.count()) == (spacecraft, flights)
    assert recount(now=REFERENCE_TIME).changes == []


@pytest.mark.dataset("generated")
def test_totals_agree_with_recount() -> None:
    """A recount at the reference time changes nothing; a later one adds to running flights only."""
    summary = recount(now=REFERENCE_TIME)
    assert (summary.recounted, summary.skipped, summary.changes) == (250, 0, [])
    later = recount(now=REFERENCE_TIME + dt.timedelta(hours=1), dry_run=True)
    assert {change.field for change in later.changes} == {"duration", "time_in_space", "time_docked"}
    assert {change.after - change.before for change in later.changes} == {dt.timedelta(hours=1)}


@pytest.mark.vendor_neutral
@pytest.mark.dataset("generated")
def test_contains_launches_and_flights_of_every_kind() -> None:
    launches = Launch.objects.values_list("status", flat=True)
    assert {FlownStatus.SUCCESS, FlownStatus.FAILURE, FlownStatus.PARTIAL_FAILURE} < set(launches)
    assert set(launches) - FLOWN
    assert Spacecraft.objects.filter(in_space=True).exists()
    assert Spacecraft.objects.filter(flights_count__gt=2).exists()
    assert Spacecraft.objects.filter(flights_count=0).exists()
    assert set(AstronautFlight.objects.values_list("phase", flat=True)) == set(AstronautFlight.Phase)
    assert Launch.objects.alias(aboard=Count("spacecraft_flights")).filter(aboard=2).exists()


@pytest.mark.vendor_neutral
@pytest.mark.dataset("generated")
def test_contains_events_with_links_of_every_kind() -> None:
    assert Event.objects.filter(date__gt=REFERENCE_TIME).exists()
    assert set(Event.objects.values_list("type__name", flat=True)) == {f"Synthetic {name}" for name in EVENT_TYPES}
    for relation in (
        *(field.name for field in Event._meta.many_to_many),
        *("info_urls", "vid_urls", "updates"),
    ):
        assert Event.objects.filter(**{f"{relation}__isnull": False}).exists(), relation
    for event in Event.objects.filter(expeditions__isnull=False).prefetch_related("expeditions"):
        [expedition] = event.expeditions.all()
        assert expedition.start <= event.date <= (expedition.end or REFERENCE_TIME)  # type: ignore[operator]
    for subject in ("launch", "event", "program"):
        assert Update.objects.filter(**{f"{subject}__isnull": False}).exists(), subject
    assert not Update.objects.filter(created_on__gt=REFERENCE_TIME).exists()


@pytest.mark.vendor_neutral
@pytest.mark.dataset("generated")
def test_the_dashboard_shows_the_first_fleet(client: Client) -> None:
    dashboard = client.get("/2.3.0/dashboard/starship/?mode=detailed").json()
    for key in ("updates", "live_streams", "road_closures", "notices", "vehicles", "orbiters"):
        assert 0 < len(dashboard[key]) <= 100, key
    for key in ("launches", "events"):
        assert 5 < len(dashboard["previous"][key]) <= 100, key
    vehicles = {vehicle["id"]: vehicle["flights"] for vehicle in dashboard["vehicles"]}
    launches = dashboard["previous"]["launches"] + dashboard["upcoming"]["launches"]
    flown = [launch for launch in launches if launch["status"]["id"] in FLOWN]
    stages = [stage["launcher"]["id"] for launch in flown for stage in launch["rocket"]["launcher_stage"]]
    assert {pk: stages.count(pk) for pk in vehicles} == vehicles


@pytest.mark.dataset("generated")
def test_older_versions_list_all_objects(client: Client) -> None:
    for version in ("2.2.0", "2.1.0", "2.0.0"):
        for path, model in (
            ("launch", Launch),
            ("spacecraft/flight", SpacecraftFlight),
            ("spacecraft", Spacecraft),
            ("event", Event),
        ):
            assert client.get(f"/{version}/{path}/").json()["count"] == model.objects.count()


@pytest.mark.vendor_neutral
@pytest.mark.dataset("generated")
def test_dates_are_in_order() -> None:
    flights = SpacecraftFlight.objects.select_related("launch").order_by("spacecraft", "launch__net")
    previous: SpacecraftFlight | None = None
    for flight in flights:
        launch = flight.launch
        assert launch
        assert launch.window_start <= launch.net <= launch.window_end  # type: ignore[operator]
        assert flight.mission_end is None or launch.net < flight.mission_end <= REFERENCE_TIME  # type: ignore[operator]
        if previous and previous.spacecraft_id == flight.spacecraft_id:
            assert previous.mission_end
            assert previous.mission_end < launch.net  # type: ignore[operator]
        previous = flight
    for event in DockingEvent.objects.select_related("flight_vehicle_chaser__launch"):
        chaser = event.flight_vehicle_chaser
        assert chaser
        assert chaser.launch
        assert chaser.launch.net <= event.docking <= (event.departure or REFERENCE_TIME)  # type: ignore[operator]
        assert (event.departure is None) == (chaser.mission_end is None)
    for astronaut in Astronaut.objects.all():
        crews = astronaut.crews.filter(phase="launch", flight__duration__isnull=False)
        flown = crews.aggregate(count=Count("pk"), first=Min("flight__launch__net"), last=Max("flight__launch__net"))
        assert flown == {
            "count": astronaut.flights_count,
            "first": astronaut.first_flight,
            "last": astronaut.last_flight,
        }


@pytest.mark.vendor_neutral
@pytest.mark.dataset("generated")
def test_all_objects_are_recognizable() -> None:
    """Names, ids and URLs cannot be mistaken for real ones."""
    for model in tables():
        texts = [column.name for column in model._meta.fields if isinstance(column, models.CharField)]
        rows: Any = model._base_manager.all()
        if model is LaunchStatus:
            assert set(rows.values_list("pk", flat=True)) <= {1, *FLOWN}
            continue
        if issubclass(model, Resource):
            with_own_id = {Program.STARSHIP} if model is Program else set()
            assert not rows.filter(pk__lt=LOCAL_IDS_FROM).exclude(pk__in=with_own_id).exists()
        for name in {"name", "role", "title"} & set(texts):
            assert not rows.exclude(**{f"{name}__contains": "Synthetic"}).exists()
        for column in model._meta.fields:
            if isinstance(column, models.URLField):
                assert (
                    not rows.filter(**{f"{column.name}__gt": ""})
                    .exclude(**{f"{column.name}__contains": "synthetic.example/"})
                    .exists()
                )


def test_added_to_a_real_catalogue(client: Client) -> None:
    """Existing objects do not change, and all new objects are served."""
    ingest_files(sorted((ROOT / "fixtures").glob("*.json")))
    real = {model: list(model._base_manager.order_by("pk").values()) for model in tables()}
    generate(**SIZE)
    for model, rows in real.items():
        old = model._base_manager.filter(pk__in=[row[model._meta.pk.attname] for row in rows])
        assert list(old.order_by("pk").values()) == rows
    assert not [
        change for change in recount(now=REFERENCE_TIME, dry_run=True).changes if change.instance.pk >= LOCAL_IDS_FROM
    ]
    program = Program.objects.get(name="Synthetic catalogue 7")
    assert (
        client.get("/2.3.0/launches/", {"program": program.pk}).json()["count"]
        == Launch.objects.filter(program=program).count()
    )
    for path in ("spacecraft", "spacecraft_flights", "launches", "astronauts"):
        assert client.get(f"/2.3.0/{path}/?mode=detailed&limit=100&offset=100").status_code == 200
    again = ingest_files(sorted((ROOT / "fixtures").glob("*.json")))
    assert all(counts[:2] == (0, 0) for counts in again.models.values())


@pytest.mark.dataset("generated")
def test_another_seed_is_added_and_the_same_seed_is_rejected() -> None:
    statuses = LaunchStatus.objects.count()
    with pytest.raises(AlreadyGenerated):
        generate(**SIZE | {"spacecraft": 3})
    assert Spacecraft.objects.count() == 250
    generate(**SIZE | {"seed": 8})
    assert Spacecraft.objects.count() == 500
    assert LaunchStatus.objects.count() == statuses
    assert recount(now=REFERENCE_TIME).changes == []


def test_command(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("generate", spacecraft=5, flights=6, seed=3)
    assert "Spacecraft Flight" in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"Synthetic catalogue 3 already exists. Choose another --seed"):
        call_command("generate", "--spacecraft=5", "--seed=3")
    with pytest.raises(CommandError, match="Flights require at least one spacecraft"):
        call_command("generate", "--spacecraft=0", "--flights=1", "--seed=4")
    for value in ("-1", "x", "1.5", "99999999999", "²"):
        with pytest.raises(CommandError, match="is not a whole number from 0 to 10000000"):
            call_command("generate", f"--seed={value}")


def test_an_error_rolls_everything_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flights.synthetic.Fleet.set_all_totals", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        generate(**SIZE)
    assert not any(model._base_manager.exists() for model in tables())
