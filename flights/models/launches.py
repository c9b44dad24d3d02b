"""Launches, with their statuses and timelines."""

from typing import Any

from django.db import models
from typing_extensions import override

from agencies.models import Agency
from flights.models.launchers import LauncherConfig
from flights.models.missions import Mission
from flights.models.places import CelestialBody, Pad
from flights.models.programs import MissionPatch, Program
from spacedb.catalogue import fields
from spacedb.catalogue.models import (
    LOCAL_IDS_FROM,
    EditableIdResource,
    RepresentedModel,
    Resource,
    UUIDResource,
    is_future,
)
from spacedb.common.models import Image


class LaunchStatus(EditableIdResource):
    """A launch status, such as Go for Launch, In Flight or Success."""

    TO_BE_DETERMINED, HOLD, IN_FLIGHT, TO_BE_CONFIRMED, PAYLOAD_DEPLOYED = 2, 5, 6, 8, 9
    """Ids from Launch Library."""

    abbrev = fields.CharField("abbreviation", max_length=255, blank=True)
    description = fields.TextField(max_length=2048, blank=True)

    class Meta:
        verbose_name = "Launch Status"
        verbose_name_plural = "Launch Statuses"


class NetPrecision(EditableIdResource):
    """The precision of the NET of a launch, such as Second, Day or Quarter."""

    HOUR, DAY = 2, 5
    """Ids from Launch Library. A larger id is a lower precision."""

    abbrev = fields.CharField("abbreviation", max_length=255, blank=True)
    description = fields.TextField(max_length=2048, blank=True)

    class Meta:
        verbose_name = "NET Precision"


MODE_LIST_HELP = (
    "From a document in mode=list of an API version before 2.3.0. Served in that mode until the object is stored."
)


class Launch(UUIDResource):
    """A past or planned launch of a rocket from a pad."""

    name = fields.CharField(
        max_length=2048,
        blank=True,
        help_text="Names of the launch vehicle and the mission, such as Falcon 9 Block 5 | Crew-1.",
    )
    slug = fields.SlugField(max_length=1024, blank=True)
    launch_designator = fields.CharField(
        max_length=255,
        null=True,
        blank=True,
        db_index=True,
        help_text="International designator (COSPAR), such as 1963-020.",
    )
    status = models.ForeignKey(LaunchStatus, models.PROTECT, null=True, blank=True)
    last_updated = models.DateTimeField(null=True, blank=True, db_index=True)
    net = models.DateTimeField(
        "NET", null=True, blank=True, help_text="No Earlier Than: planned time of lift-off; actual time once launched."
    )
    net_precision = models.ForeignKey(NetPrecision, models.PROTECT, null=True, blank=True)
    window_end = models.DateTimeField(null=True, blank=True, db_index=True, help_text="End of the launch window.")
    window_start = models.DateTimeField(null=True, blank=True, db_index=True, help_text="Start of the launch window.")
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    infographic = fields.URLField(max_length=1000, null=True, blank=True)
    probability = models.IntegerField(
        null=True, blank=True, help_text="Probability of acceptable weather in per cent; -1 if unknown."
    )
    weather_concerns = fields.CharField(
        max_length=255, null=True, blank=True, help_text="Weather that could prevent the launch, such as high winds."
    )
    failreason = fields.TextField("failure reason", max_length=2048, null=True, blank=True)
    hashtag = fields.CharField(max_length=2048, null=True, blank=True, help_text="Hashtag on social media.")
    launch_service_provider = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="launches")
    rocket_id = models.IntegerField(
        "rocket ID",
        null=True,
        blank=True,
        editable=False,
        help_text="Id from Launch Library of the rocket of this launch; null if unknown.",
    )
    configuration = models.ForeignKey(
        LauncherConfig,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="launches",
        verbose_name="launcher configuration",
    )
    mission = models.ForeignKey(Mission, models.SET_NULL, null=True, blank=True, related_name="launches")
    pad = models.ForeignKey(Pad, models.PROTECT, null=True, blank=True, related_name="launches")
    webcast_live = models.BooleanField(default=False, help_text="Whether the webcast is live now.")
    program = models.ManyToManyField(Program, blank=True, related_name="launches")
    flightclub_url = fields.URLField(
        null=True, blank=True, help_text="URL of a simulation of the ascent on Flight Club."
    )
    pad_turnaround = models.DurationField(null=True, blank=True, help_text="Time since the previous launch of the pad.")
    mission_patches = models.ManyToManyField(MissionPatch, blank=True, related_name="launches")
    orbital_launch_attempt_count = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="Number among all orbital launch attempts; 1 is the first."
    )
    location_launch_attempt_count = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="Number among the launch attempts of its location."
    )
    pad_launch_attempt_count = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="Number among the launch attempts of its pad."
    )
    agency_launch_attempt_count = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="Number among the launch attempts of its provider."
    )
    orbital_launch_attempt_count_year = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="Number among the orbital launch attempts of its year."
    )
    location_launch_attempt_count_year = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="Number among the launch attempts of its location in its year."
    )
    pad_launch_attempt_count_year = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="Number among the launch attempts of its pad in its year."
    )
    agency_launch_attempt_count_year = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="Number among the launch attempts of its provider in its year."
    )
    holdreason = fields.TextField(
        "hold reason",
        max_length=2048,
        null=True,
        blank=True,
        default="",
        help_text="Served by API versions before 2.3.0 only.",
    )
    r_spacex_api_id = fields.CharField(
        "r/SpaceX API ID",
        max_length=255,
        null=True,
        blank=True,
        db_index=True,
        help_text="Served by API version 2.2.0 only.",
    )
    launch_library_id = models.IntegerField(
        "Launch Library 1 ID",
        null=True,
        blank=True,
        db_index=True,
        help_text="Served by API versions before 2.2.0 only.",
    )
    inhold = models.BooleanField(
        "on hold",
        null=True,
        blank=True,
        help_text="Served by API versions before 2.2.0 only. If empty, it is derived from the status.",
    )
    tbdtime = models.BooleanField(
        "time to be determined",
        null=True,
        blank=True,
        help_text="Served by API versions before 2.2.0 only. If empty, it is derived from the NET precision.",
    )
    tbddate = models.BooleanField(
        "date to be determined",
        null=True,
        blank=True,
        help_text="Served by API versions before 2.2.0 only. If empty, it is derived from the NET precision.",
    )
    list_mode_mission = models.TextField(null=True, blank=True, help_text=MODE_LIST_HELP)
    list_mode_mission_type = models.TextField(null=True, blank=True, help_text=MODE_LIST_HELP)
    list_mode_pad = models.TextField(null=True, blank=True, help_text=MODE_LIST_HELP)
    list_mode_location = models.TextField(null=True, blank=True, help_text=MODE_LIST_HELP)

    class Meta:
        verbose_name = "Launch"
        verbose_name_plural = "Launches"
        ordering = ("net",)
        # Lists are ordered by NET, then by id. With both in the index, a page from the middle needs no sorting.
        indexes = (
            models.Index(fields=("net", "id"), name="launch_net"),
            models.Index(fields=("-net", "id"), name="launch_net_latest"),
        )

    @override
    def __str__(self) -> str:
        return self.name

    @property
    def is_from_earth(self) -> bool:
        """Whether the launch site is on the Earth, or on an unknown celestial body."""
        location = self.pad.location if self.pad else None
        return location is None or location.celestial_body_id in (None, CelestialBody.EARTH)

    @property
    def is_upcoming(self) -> bool | None:
        """Whether the NET is in the future; None without a NET."""
        return is_future(self.net)

    @override
    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.configuration_id is not None and self.rocket_id is None:
            last = Launch.objects.aggregate(last=models.Max("rocket_id"))["last"] or 0
            self.rocket_id = max(last + 1, LOCAL_IDS_FROM)
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "rocket_id"}
        super().save(*args, **kwargs)


class TimelineEventType(Resource):
    """A timeline event type, such as MECO (main engine cut-off)."""

    natural_key = "abbrev"

    abbrev = fields.CharField("abbreviation", max_length=255, db_index=True)
    description = fields.TextField(max_length=2048, blank=True)

    class Meta:
        verbose_name = "Timeline Event Type"

    @override
    def __str__(self) -> str:
        return self.abbrev


class TimelineEvent(RepresentedModel):
    """An event in the timeline of a launch, which has no id in Launch Library."""

    named_by = ("type",)
    launch = models.ForeignKey(Launch, models.CASCADE, related_name="timeline")
    type = models.ForeignKey(TimelineEventType, models.PROTECT, null=True, blank=True)
    relative_time = models.DurationField(
        null=True, blank=True, help_text="Time relative to lift-off; negative before it."
    )

    class Meta:
        verbose_name = "Timeline Event"

    @override
    def __str__(self) -> str:
        return f"{self.type}, {self.relative_time}"
