"""Launches, past and planned."""

from django.db import models

from agencies.models import Agency
from flights.models.launchers import Rocket
from flights.models.missions import Mission
from flights.models.places import Pad
from flights.models.programs import Program
from spacedb.api.models import HandNumbered, UUIDResource
from spacedb.common.models import Image


class LaunchStatus(HandNumbered):
    """Where a launch stands: to be determined, go, in flight, success, failure."""

    abbrev = models.CharField("abbreviation", max_length=255, blank=True)
    description = models.TextField(max_length=2048, blank=True)

    class Meta:
        verbose_name = "Launch Status"
        verbose_name_plural = "Launch Statuses"


class NetPrecision(HandNumbered):
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
        max_length=255, null=True, blank=True, help_text="International designator (COSPAR): 1963-020."
    )
    status = models.ForeignKey(LaunchStatus, models.PROTECT, null=True, blank=True)
    last_updated = models.DateTimeField(null=True, blank=True, db_index=True)
    net = models.DateTimeField(
        "NET", null=True, blank=True, db_index=True, help_text="No earlier than; once flown, the moment of lift-off."
    )
    net_precision = models.ForeignKey(NetPrecision, models.PROTECT, null=True, blank=True)
    window_end = models.DateTimeField(null=True, blank=True, db_index=True)
    window_start = models.DateTimeField(null=True, blank=True, db_index=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    infographic = models.URLField(max_length=1000, null=True, blank=True)
    probability = models.IntegerField(
        null=True, blank=True, help_text="Chance of acceptable weather, per cent; -1 where it was never told."
    )
    weather_concerns = models.CharField(max_length=255, null=True, blank=True)
    failreason = models.TextField("reason of failure", max_length=2048, null=True, blank=True)
    hashtag = models.CharField(max_length=2048, null=True, blank=True)
    launch_service_provider = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="launches")
    rocket = models.ForeignKey(Rocket, models.SET_NULL, null=True, blank=True, related_name="launches")
    mission = models.ForeignKey(Mission, models.SET_NULL, null=True, blank=True, related_name="launches")
    pad = models.ForeignKey(Pad, models.PROTECT, null=True, blank=True, related_name="launches")
    webcast_live = models.BooleanField(default=False, help_text="On air now.")
    program = models.ManyToManyField(Program, blank=True, related_name="launches")
    orbital_launch_attempt_count = models.IntegerField(
        null=True, blank=True, help_text="The how-manieth orbital launch attempt in history it was."
    )
    location_launch_attempt_count = models.IntegerField(null=True, blank=True, help_text="The same, of its location.")
    pad_launch_attempt_count = models.IntegerField(null=True, blank=True, help_text="The same, of its pad.")
    agency_launch_attempt_count = models.IntegerField(null=True, blank=True, help_text="The same, of its provider.")
    orbital_launch_attempt_count_year = models.IntegerField(null=True, blank=True, help_text="The same, of its year.")
    location_launch_attempt_count_year = models.IntegerField(null=True, blank=True)
    pad_launch_attempt_count_year = models.IntegerField(null=True, blank=True)
    agency_launch_attempt_count_year = models.IntegerField(null=True, blank=True)

    class Meta:
        verbose_name = "Launch"
        verbose_name_plural = "Launches"

    def __str__(self) -> str:
        return self.name
