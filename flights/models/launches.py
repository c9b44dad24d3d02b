"""Launches, past and planned; what happens in the course of one, and what is told of it."""

from typing import Any

from django.db import models

from agencies.models import Agency
from flights.models.launchers import LauncherConfig
from flights.models.missions import Mission
from flights.models.places import CelestialBody, Pad
from flights.models.programs import MissionPatch, Program
from spacedb.catalogue.models import LOCAL_IDS_FROM, EditableIdResource, Resource, UUIDResource
from spacedb.common.models import Image


class LaunchStatus(EditableIdResource):
    """Where a launch stands: to be determined, go, in flight, success, failure."""

    TO_BE_DETERMINED, HOLD, IN_FLIGHT, PAYLOAD_DEPLOYED = 2, 5, 6, 9
    """Some of the ids that Launch Library chose."""

    abbrev = models.CharField("abbreviation", max_length=255, blank=True)
    description = models.TextField(max_length=2048, blank=True)

    class Meta:
        verbose_name = "Launch Status"
        verbose_name_plural = "Launch Statuses"


class NetPrecision(EditableIdResource):
    """How exactly the time of a launch is known: to the second, the day, the quarter."""

    abbrev = models.CharField("abbreviation", max_length=255, blank=True)
    description = models.TextField(max_length=2048, blank=True)

    class Meta:
        verbose_name = "NET Precision"


class Launch(UUIDResource):
    """One launch of one rocket from one pad."""

    name = models.CharField(max_length=2048, blank=True, help_text="Launch vehicle | mission.")
    slug = models.SlugField(max_length=1024, blank=True)
    launch_designator = models.CharField(
        max_length=255, null=True, blank=True, db_index=True, help_text="International designator (COSPAR): 1963-020."
    )
    status = models.ForeignKey(LaunchStatus, models.PROTECT, null=True, blank=True)
    last_updated = models.DateTimeField(null=True, blank=True, db_index=True)
    net = models.DateTimeField(
        "NET", null=True, blank=True, help_text="No earlier than; once flown, the moment of lift-off."
    )
    net_precision = models.ForeignKey(NetPrecision, models.PROTECT, null=True, blank=True)
    window_end = models.DateTimeField(null=True, blank=True, db_index=True, help_text="The last moment for lift-off.")
    window_start = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text="The first moment for lift-off."
    )
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    infographic = models.URLField(max_length=1000, null=True, blank=True)
    probability = models.IntegerField(
        null=True, blank=True, help_text="Chance of acceptable weather, per cent; -1 where it was never told."
    )
    weather_concerns = models.CharField(
        max_length=255, null=True, blank=True, help_text="Which weather could forbid it, such as wind at altitude."
    )
    failreason = models.TextField("reason of failure", max_length=2048, null=True, blank=True)
    hashtag = models.CharField(max_length=2048, null=True, blank=True, help_text="As social media have it.")
    launch_service_provider = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="launches")
    rocket_id = models.IntegerField(
        "rocket's id",
        null=True,
        blank=True,
        editable=False,
        help_text="What Launch Library numbers the rocket of this one launch by; empty where none is known.",
    )
    configuration = models.ForeignKey(
        LauncherConfig,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="launches",
        verbose_name="rocket's configuration",
    )
    mission = models.ForeignKey(Mission, models.SET_NULL, null=True, blank=True, related_name="launches")
    pad = models.ForeignKey(Pad, models.PROTECT, null=True, blank=True, related_name="launches")
    webcast_live = models.BooleanField(default=False, help_text="On air now.")
    program = models.ManyToManyField(Program, blank=True, related_name="launches")
    flightclub_url = models.URLField(null=True, blank=True, help_text="A simulation of the ascent on Flight Club.")
    pad_turnaround = models.DurationField(null=True, blank=True, help_text="Since the pad's previous launch.")
    mission_patches = models.ManyToManyField(MissionPatch, blank=True, related_name="launches")
    orbital_launch_attempt_count = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="Which orbital launch attempt of all it was: 1 is the first."
    )
    location_launch_attempt_count = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="The same, of its location."
    )
    pad_launch_attempt_count = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="The same, of its pad."
    )
    agency_launch_attempt_count = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="The same, of its provider."
    )
    orbital_launch_attempt_count_year = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="The same, of its year."
    )
    location_launch_attempt_count_year = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="The same, of its location in its year."
    )
    pad_launch_attempt_count_year = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="The same, of its pad in its year."
    )
    agency_launch_attempt_count_year = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="The same, of its provider in its year."
    )
    holdreason = models.TextField(
        "reason of hold", max_length=2048, null=True, blank=True, default="", help_text="Told by versions before 2.3.0."
    )
    r_spacex_api_id = models.CharField(
        "r/SpaceX API id", max_length=255, null=True, blank=True, db_index=True, help_text="Told by version 2.2.0."
    )
    launch_library_id = models.IntegerField(
        "Launch Library 1 id", null=True, blank=True, db_index=True, help_text="Told by version 2.0.0."
    )
    inhold = models.BooleanField(
        "in hold", null=True, blank=True, help_text="Told by version 2.0.0. Empty: as the status says."
    )
    tbdtime = models.BooleanField(
        "time to be determined", null=True, blank=True, help_text="Told by version 2.0.0. Empty: as its precision says."
    )
    tbddate = models.BooleanField(
        "date to be determined", null=True, blank=True, help_text="Told by version 2.0.0. Empty: as its precision says."
    )

    class Meta:
        verbose_name = "Launch"
        verbose_name_plural = "Launches"
        ordering = ("net",)
        # With the id, by which lists go on where moments are the same: so the middle of a list needs no sorting.
        indexes = (
            models.Index(fields=("net", "id"), name="launch_net"),
            models.Index(fields=("-net", "id"), name="launch_net_latest"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_from_earth(self) -> bool:
        """Nobody said that it is from another world."""
        location = self.pad.location if self.pad else None
        return location is None or location.celestial_body_id in (None, CelestialBody.EARTH)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.configuration_id is not None and self.rocket_id is None:
            last = Launch.objects.aggregate(last=models.Max("rocket_id"))["last"] or 0
            self.rocket_id = max(last + 1, LOCAL_IDS_FROM)
        super().save(*args, **kwargs)


class Update(Resource):
    """A piece of news about a launch."""

    profile_image = models.CharField(
        max_length=1000, null=True, blank=True, help_text="Address of the author's picture."
    )
    comment = models.TextField(max_length=40000, null=True, blank=True)
    info_url = models.URLField(null=True, blank=True, help_text="Where it comes from.")
    created_by = models.CharField(max_length=255, null=True, blank=True)
    created_on = models.DateTimeField(null=True, blank=True)
    launch = models.ForeignKey(Launch, models.CASCADE, related_name="updates")

    class Meta:
        verbose_name = "Update"

    def __str__(self) -> str:
        return f"{self.comment}"[:80]


class TimelineEventType(Resource):
    """What happens at a moment of a launch, such as main engine cut-off."""

    natural_key = "abbrev"

    abbrev = models.CharField("abbreviation", max_length=255, db_index=True)
    description = models.TextField(max_length=2048, blank=True)

    class Meta:
        verbose_name = "Timeline Event Type"

    def __str__(self) -> str:
        return self.abbrev


class TimelineEvent(models.Model):
    """A moment of a launch, as documents list them: without an id of its own."""

    launch = models.ForeignKey(Launch, models.CASCADE, related_name="timeline")
    type = models.ForeignKey(TimelineEventType, models.PROTECT, null=True, blank=True)
    relative_time = models.DurationField(null=True, blank=True, help_text="From lift-off, negative before it.")

    class Meta:
        verbose_name = "Timeline Event"

    def __str__(self) -> str:
        return f"{self.type}, {self.relative_time}"
