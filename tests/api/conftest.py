"""A catalogue to ask questions of: the starter one and rows made to be hard to filter, search and order."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.utils import timezone

from agencies.models import Agency
from flights.models import Launch, Location, Payload, Program, SpacecraftFlight, SpaceStation
from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftConfigFamily
from spacedb.common.models import Country
from spacedb.ingest.ingest import ingest, ingest_files
from tests.conftest import ROOT
from tests.endpoints import endpoints
from tests.examples import DAY, FIRST_MOMENT, examples

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
"""Cases, accents, alphabets, punctuation; characters that mean something to LIKE; the longest that there may be."""

COUNTS = (None, 0, 1, 1, 2, None, 1, 3)
CIRCLE = 12
"""How many objects there are of whatever nobody thought of anything special for."""

IN_HELP = (
    (Agency, 147),
    (Location, 11),
    (Location, 13),
    (Payload, 2),
    (Program, 18),
    (Spacecraft, 289),
    (SpaceStation, 6),
    (SpaceStation, 18),
)
"""What the filter examples of the help texts, which are upstream's, ask for."""

DURATIONS = (timedelta(days=1), None, timedelta(0), timedelta(microseconds=5), None, timedelta(days=1))


def crafted() -> None:
    """Many equal values and nulls, each of them together with every other."""
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
    for model, pk in IN_HELP:
        model._base_manager.create(pk=pk, name="The one in upstream's example")
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
        for n in range(60 - CIRCLE)
    )
    SpacecraftFlight.objects.bulk_create(SpacecraftFlight(pk=5000 + n, spacecraft_id=5000 + n % 7) for n in range(20))
    now = timezone.now()
    Launch.objects.bulk_create(Launch(name=name, net=now + DAY * n) for n, name in enumerate(NAMES))


@pytest.fixture(scope="module")
def catalogue(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The starter catalogue, examples of everything and the crafted rows, for all tests of a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        ingest_files(sorted((ROOT / "fixtures").glob("*.json")))
        ingest(
            (path, {"request": path, "body": examples(form, CIRCLE)})
            for path, view in endpoints().items()
            for form in view.modes.values()
        )
        crafted()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def present(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a test is about an endpoint of what is to come, the moment before everything in the examples happened."""
    if "upcoming" in request.node.name:
        monkeypatch.setattr(timezone, "now", lambda: FIRST_MOMENT)


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """A request leaves the test's transaction alone, as Django's test client sees to."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)
