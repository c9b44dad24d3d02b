"""Datasets: database contents that many tests share, loaded once in each process.

A test requests a dataset by `pytest.mark.dataset("catalogue")`. Without the mark the database is empty. Each dataset is
loaded in an open transaction, nested in that of the dataset that it extends. Each test runs in a savepoint, which is
rolled back at its end. Pytest runs the tests of one dataset together.
"""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from agencies.models import Agency
from flights.models import (
    AstronautFlight,
    DockingEvent,
    DockingLocation,
    Event,
    InfoURL,
    Launch,
    LiveStream,
    Location,
    Notice,
    NoticeType,
    Payload,
    Program,
    RoadClosure,
    RoadClosureStatus,
    SpacecraftFlight,
    SpaceStation,
    Update,
    VidURL,
)
from flights.synthetic import generate
from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftConfigFamily
from spacedb.common.models import Country
from spacedb.ingest.ingest import ingest, ingest_files
from spacedb.rest.pagination import Pagination
from tests.conftest import ROOT
from tests.endpoints import endpoints, single_objects
from tests.examples import DAY, HOST, ID_OFFSET, dashboard, examples
from tests.official import recorded_responses

FIXTURES = sorted((ROOT / "fixtures").rglob("*.json"))
REFERENCE = ROOT.parent / "shared" / "reference"

EXAMPLE_COUNT = 12
"""The number of example objects of each model."""

SMALL_EXAMPLE_COUNT = 3

GENERATED = {"spacecraft": 250, "flights": 400, "seed": 7}

# --- Crafted rows -----------------------------------------------------------------------------------------------------

NAMES = (
    "étoile filante",
    "ÉTOILE DU NORD",
    "Etoile",
    "zebra",
    "Zebra",
    "_under",
    "100% orbit",
    "100 orbit",
    r"back\slash",
    "O'Brien & Sons, Ltd. (UK)",
    "-dash",
    "Спутник",
    "спутник-2",
    "日本",
    "x" * 200,
)
"""Names with upper case, accents, several alphabets, punctuation and LIKE wildcards, and one of the maximum length."""

COUNTS = (None, 0, 1, 1, 2, None, 1, 3)

HELP_TEXT_ROWS = (
    (Agency, 147),
    (Location, 11),
    (Location, 13),
    (Payload, 2),
    (Program, 18),
    (Spacecraft, 289),
    (SpaceStation, 6),
    (SpaceStation, 18),
)
"""The objects that the filter examples of the help texts refer to. Launch Library wrote these texts."""

DURATIONS = (timedelta(days=1), None, timedelta(0), timedelta(microseconds=5), None, timedelta(days=1))


def create_crafted_rows() -> None:
    """Create rows that are hard to filter, search and order: combinations of equal values and nulls."""
    nowhere = Country.objects.create(pk=5001, name="Nowhere", alpha_3_code="XNW")  # no alpha-2 code
    far = Country.objects.create(pk=5002, name="Far Away", alpha_3_code="XFA", alpha_2_code="XF")
    for n, name in enumerate(NAMES):
        counts = [COUNTS[(n + shift) % len(COUNTS)] for shift in range(9)]
        Agency.objects.create(
            pk=5000 + n,
            name=name,
            abbrev=name[:3],
            type_id=(1, 3, None)[n % 3],
            parent_id=(None, 44, 5000)[n % 3],
            featured=n % 2 == 0,
            founding_year=(None, 1958, 2002)[n % 3],
            description=(None, "", "Builds Kapseln.", "builds capsules")[n % 4],
            total_launch_count=counts[0],
            successful_launches=counts[1],
            failed_launches=counts[2],
            pending_launches=counts[3],
            consecutive_successful_launches=counts[4],
            attempted_landings=counts[5],
            successful_landings=counts[6],
            failed_landings=counts[7],
            consecutive_successful_landings=counts[8],
        ).country.add(*(nowhere, far)[: n % 3])
        maker = (None, 5000, 5001)[n % 3]
        SpacecraftConfigFamily.objects.create(pk=5000 + n, name=name, manufacturer_id=maker)
        SpacecraftConfig.objects.create(
            pk=5000 + n, name=name, agency_id=maker, in_use=n % 2 == 0, human_rated=n % 3 == 0
        )
    for model, pk in HELP_TEXT_ROWS:
        model._base_manager.get_or_create(pk=pk, defaults={"name": "Example from a help text"})
    Spacecraft.objects.bulk_create(
        Spacecraft(
            pk=5000 + n,
            name=NAMES[n % len(NAMES)],
            is_placeholder=n % 2 == 0,
            in_space=n % 3 == 0,
            status_id=(None, 1, 2)[n % 3],
            spacecraft_config_id=(None, 5000, 5001, 5002)[n % 4],
            flights_count=COUNTS[n % len(COUNTS)],
            mission_ends_count=COUNTS[n * 3 % len(COUNTS)],
            time_in_space=DURATIONS[n % len(DURATIONS)],
            time_docked=DURATIONS[n * 5 % len(DURATIONS)],
        )
        for n in range(Pagination.max_limit - Spacecraft.objects.count())  # all fit on one page
    )
    SpacecraftFlight.objects.bulk_create(SpacecraftFlight(pk=5000 + n, spacecraft_id=5000 + n % 7) for n in range(20))
    now = timezone.now()
    Launch.objects.bulk_create(Launch(name=name, net=now + DAY * n) for n, name in enumerate(NAMES))
    Update.objects.bulk_create(
        Update(pk=5000 + n, comment=name, program_id=(18, None, ID_OFFSET + 1)[n % 3], created_on=now - DAY * n)
        for n, name in enumerate(NAMES)
    )
    Event.objects.bulk_create(Event(pk=5000 + n, name=name, date=now + DAY * n) for n, name in enumerate(NAMES))


# --- Sparse rows ------------------------------------------------------------------------------------------------------

SUBJECTS: dict[type[models.Model], tuple[str, ...]] = {
    AstronautFlight: ("flight", "expedition", "spacewalk"),
    InfoURL: ("mission", "launch", "event"),
    VidURL: ("mission", "launch", "event"),
}
"""The foreign keys of which exactly one is set."""


def create_sparse_rows() -> None:
    """Create objects of each model without optional values, and related to these: by one relation, and by all."""
    bare: dict[Any, Any] = {}
    lists: list[tuple[Any, Any]] = []
    for model in apps.get_models():
        if model._meta.app_label not in {"common", "agencies", "spacecraft", "flights"}:
            continue
        relations = {field.name: field for field in model._meta.concrete_fields if field.is_relation}
        subjects = SUBJECTS.get(model, ())
        required = [name for name, field in relations.items() if not field.null]
        optional = [name for name, field in relations.items() if field.null and name not in subjects]
        not_unique = [name for name in optional if not relations[name].unique]
        for subject in [[name] for name in subjects] or [[]]:
            for names in ([], *([name] for name in optional), not_unique):
                related = {name: bare[relations[name].related_model] for name in (*required, *subject, *names)}
                phase = {"phase": AstronautFlight.Phase.LAUNCH} if "flight" in subject else {}
                instance = model(**related, **phase)
                instance.save()
                bare.setdefault(model, instance)
                for field in model._meta.many_to_many if names == not_unique else ():
                    lists.append((getattr(instance, field.name), field.related_model))
    for related_objects, related_model in lists:
        related_objects.add(bare[related_model])
    # A rocket without a configuration, which has stages.
    Launch.objects.filter(pk=bare[Launch].pk).update(rocket_id=1)
    # The notices, road closures and live streams are those of the dashboard.
    for model in (Notice, RoadClosure, LiveStream):
        model.objects.update(program=Program.objects.get_or_create(pk=Program.STARSHIP)[0])
    # Ports of a station: one with a spacecraft, one with something unknown, and a free one.
    for port, flight in zip(
        DockingLocation.objects.filter(spacestation__isnull=False), (None, bare[SpacecraftFlight]), strict=True
    ):
        DockingEvent.objects.create(docking_location=port, flight_vehicle_chaser=flight)
    DockingLocation.objects.create(spacestation=SpaceStation.objects.first())


# --- Datasets ---------------------------------------------------------------------------------------------------------


def example_documents(count: int, version: str = "") -> list[tuple[str, Any]]:
    """Return a page of `count` detailed example objects for each endpoint, of one version or of all.

    Version 2.1.0 is left out: it has no value that neither 2.2.0 nor 2.0.0 has.
    """
    return [
        (path, {"count": count, "next": f"{HOST}{path}?limit=1", "previous": None, "results": results})
        for path, view in endpoints().items()
        if path.startswith(f"/{version}") and not path.startswith("/2.1.0/")
        for results in [examples(view.serializer_for(view.detail_mode), count)]
    ]


def ingest_examples() -> None:
    ingest(example_documents(EXAMPLE_COUNT))
    # Only a dashboard document contains these, and this dataset has none.
    for n in range(EXAMPLE_COUNT):
        notice_type = NoticeType.objects.get(pk=ID_OFFSET + n + 1)
        status = RoadClosureStatus.objects.get(pk=ID_OFFSET + n + 1)
        program = Program.objects.get(pk=ID_OFFSET + n + 1)
        Notice.objects.create(program=program, type=notice_type)
        RoadClosure.objects.create(program=program, title=f"Road closure {n}", status=status)
        LiveStream.objects.create(program=program, url=f"https://example.com/live/{n}")


def ingest_dashboards() -> None:
    """Ingest a dashboard with one upcoming and one previous launch and event, as each version represents it."""
    views = single_objects().values()
    ingest(("dashboard.json", dashboard(view.serializer_for(view.detail_mode), 1, 1)) for view in views)


def ingest_small_dashboard() -> None:
    """Ingest a dashboard with all small examples, of which the first two are previous."""
    [view] = [view for path, view in single_objects().items() if path.startswith("/2.3.0/")]
    ingest([("dashboard.json", dashboard(view.serializer_for(view.detail_mode), 1, SMALL_EXAMPLE_COUNT - 1))])


def ingest_reference() -> None:
    """Ingest the recorded responses of Launch Library, if the checkout has them."""
    if REFERENCE.is_dir():
        ingest(recorded_responses(REFERENCE))


def ingest_reference_and_types() -> None:
    ingest_reference()
    NoticeType.objects.create(pk=1, name="NOTAM")
    RoadClosureStatus.objects.create(pk=1, name="Closed")


DATASETS: dict[str, tuple[str, Callable[[], object]]] = {
    # Twelve example objects of every model, in the representations of all versions.
    "examples": ("", ingest_examples),
    # Also the starter catalogue.
    "starter and examples": ("examples", lambda: ingest_files(FIXTURES)),
    # Also rows that are hard to filter, search and order.
    "catalogue": ("starter and examples", create_crafted_rows),
    "synthetic": ("", lambda: generate(spacecraft=120, flights=180, seed=5)),
    # Three example objects of every model, in the representations of 2.3.0 only.
    "small": ("", lambda: ingest(example_documents(SMALL_EXAMPLE_COUNT, "2.3.0"))),
    # Also a dashboard of version 2.3.0.
    "small and dashboard": ("small", ingest_small_dashboard),
    # The small examples, the recorded responses, and one object of each model that nothing else creates.
    "small and reference": ("small", ingest_reference_and_types),
    "sparse": ("", create_sparse_rows),
    "starter": ("", lambda: ingest_files(FIXTURES)),
    # The starter catalogue and three example objects of every model: few enough to review all responses.
    "golden": ("starter", lambda: ingest(example_documents(SMALL_EXAMPLE_COUNT))),
    "reference": ("", ingest_reference),
    "generated": ("", lambda: generate(**GENERATED)),
    "dashboard": ("", ingest_dashboards),
}
"""For each dataset, the name of the dataset that it extends, and the function that loads the rest.

The tests run in this order. The first datasets take longest to load, so as few workers as possible should need them.
"""


class LoadedDatasets:
    """The currently loaded datasets. Each has a transaction, nested in that of the previous one."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._transactions: list[ExitStack] = []

    def use(self, name: str) -> None:
        """Load a dataset unless it is loaded, and roll back those that it does not extend. "" is the empty database."""
        chain = _chain(name)
        while self._names != chain[: len(self._names)]:
            self._names.pop()
            self._transactions.pop().close()
        for missing in chain[len(self._names) :]:
            stack = ExitStack()
            stack.enter_context(transaction.atomic())
            stack.callback(transaction.set_rollback, True)
            try:
                DATASETS[missing][1]()
                # Otherwise PostgreSQL checks the foreign keys of all these rows again at the end of every test.
                connection.check_constraints()
            except BaseException:
                stack.close()
                raise
            self._names.append(missing)
            self._transactions.append(stack)


def _chain(name: str) -> list[str]:
    return [*_chain(DATASETS[name][0]), name] if name else []
