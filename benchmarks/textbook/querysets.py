"""Querysets of spacecraft and of detailed spacecraft flights, each with a fixed number of queries."""

from django.db.models import Prefetch, QuerySet

from agencies.models import Agency
from flights.models import AstronautFlight, SpacecraftFlight
from spacecraft.models import Spacecraft, SpacecraftConfigFamily
from spacedb.common.models import Country

COUNTRY = Prefetch("country", Country.objects.order_by("pk"))
AGENCIES = Agency.objects.select_related("type", "parent", "image__license", "logo__license", "social_logo__license")
FULL_AGENCIES = AGENCIES.prefetch_related(
    COUNTRY,
    "image__variants__type",
    "logo__variants__type",
    "social_logo__variants__type",
    "social_media_links__social_media__logo__license",
    "social_media_links__social_media__logo__variants__type",
)
FAMILIES = SpacecraftConfigFamily.objects.select_related("parent__manufacturer__type", "parent__parent")


def crew(phase: str) -> "Prefetch[str, QuerySet[AstronautFlight], str]":
    members = AstronautFlight.objects.filter(phase=phase).order_by("pk")
    related = members.select_related(
        "role",
        "astronaut__status",
        "astronaut__type",
        "astronaut__agency__type",
        "astronaut__image__license",
    ).prefetch_related(
        Prefetch("astronaut__nationality", Country.objects.order_by("pk")),
        "astronaut__image__variants__type",
        "astronaut__social_media_links__social_media__logo__license",
        "astronaut__social_media_links__social_media__logo__variants__type",
    )
    return Prefetch("crew", related, to_attr=f"{phase}_crew")


SPACECRAFT = (
    Spacecraft.objects.select_related(
        "status",
        "image__license",
        "spacecraft_config__type",
        "spacecraft_config__agency__type",
        "spacecraft_config__image__license",
    )
    .prefetch_related(
        "image__variants__type",
        "spacecraft_config__image__variants__type",
        Prefetch(
            "spacecraft_config__family",
            SpacecraftConfigFamily.objects.select_related("manufacturer__type", "parent"),
        ),
    )
    .order_by("pk")
)

SPACECRAFT_FLIGHTS = (
    SpacecraftFlight.objects.select_related(
        "spacecraft__status",
        "spacecraft__image__license",
        "launch__status",
        "launch__net_precision",
        "launch__image__license",
        "launch__launch_service_provider__type",
        "launch__configuration",
        "launch__mission__type",
        "launch__mission__image__license",
        "launch__mission__orbit__celestial_body",
        "landing__type",
    )
    .prefetch_related(
        "spacecraft__image__variants__type",
        "spacecraft__spacecraft_config__type",
        "spacecraft__spacecraft_config__image__license",
        "spacecraft__spacecraft_config__image__variants__type",
        Prefetch("spacecraft__spacecraft_config__agency", FULL_AGENCIES),
        Prefetch("spacecraft__spacecraft_config__family", FAMILIES),
        Prefetch("spacecraft__spacecraft_config__family__manufacturer", FULL_AGENCIES),
        "launch__image__variants__type",
        "launch__configuration__families",
        "launch__mission__image__variants__type",
        Prefetch("launch__mission__agencies", FULL_AGENCIES),
        "launch__mission__info_urls__type",
        "launch__mission__info_urls__language",
        "launch__mission__vid_urls__type",
        "launch__mission__vid_urls__language",
        "launch__pad__image__license",
        "launch__pad__image__variants__type",
        "launch__pad__country",
        Prefetch("launch__pad__agencies", FULL_AGENCIES),
        "launch__pad__location__country",
        "launch__pad__location__image__license",
        "launch__pad__location__image__variants__type",
        "launch__pad__location__celestial_body__type",
        "launch__pad__location__celestial_body__image__license",
        "launch__pad__location__celestial_body__image__variants__type",
        "launch__program__type",
        "launch__program__image__license",
        "launch__program__image__variants__type",
        "launch__program__agencies__type",
        "launch__program__mission_patches__agency__type",
        "landing__landing_location__image__license",
        "landing__landing_location__image__variants__type",
        "landing__landing_location__location__country",
        "landing__landing_location__location__image__license",
        "landing__landing_location__location__image__variants__type",
        "landing__landing_location__celestial_body__type",
        "landing__landing_location__celestial_body__image__license",
        "landing__landing_location__celestial_body__image__variants__type",
        crew("launch"),
        crew("onboard"),
        crew("landing"),
        "docking_events__docking_location__spacestation__image__license",
        "docking_events__docking_location__spacestation__image__variants__type",
        "docking_events__space_station_target__image__license",
        "docking_events__space_station_target__image__variants__type",
        "docking_events__space_station_target__status",
        "docking_events__space_station_target__orbit",
        "docking_events__space_station_target__type",
    )
    .order_by("pk")
)
