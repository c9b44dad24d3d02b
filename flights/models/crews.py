"""Astronauts, and the crews of flights, expeditions and spacewalks."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from typing_extensions import override

from agencies.models import Agency
from flights.models.expeditions import Expedition, Spacewalk
from flights.models.flights import SpacecraftFlight
from flights.models.launches import Launch
from spacedb.catalogue import fields
from spacedb.catalogue.models import LOCAL_IDS_FROM, NamedResource, RepresentedModel, Resource, exactly_one
from spacedb.common.models import Country, Image, SocialMediaLink


class AstronautStatus(NamedResource):
    """An astronaut status, such as Active, Retired or Deceased."""

    class Meta:
        verbose_name = "Astronaut Status"
        verbose_name_plural = "Astronaut Statuses"


class AstronautType(NamedResource):
    """An astronaut type, such as Government or Private."""

    class Meta:
        verbose_name = "Astronaut Type"


class AstronautRole(Resource):
    """A role in a crew, such as Commander or Pilot."""

    natural_key = "role"

    role = fields.CharField(max_length=255, db_index=True)
    priority = models.IntegerField(default=0, help_text="Sort key: the commander has the lowest number.")

    class Meta:
        verbose_name = "Astronaut Role"

    @override
    def __str__(self) -> str:
        return self.role


class Astronaut(Resource):
    """An astronaut: a person, or a test dummy, that flies or has flown in space."""

    name = fields.CharField(max_length=255, db_index=True)
    status = models.ForeignKey(AstronautStatus, models.PROTECT, null=True, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="astronauts")
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    type = models.ForeignKey(AstronautType, models.PROTECT, null=True, blank=True)
    in_space = models.BooleanField(default=False, db_index=True)
    time_in_space = models.DurationField(
        null=True, blank=True, db_index=True, help_text="Total duration of all flights."
    )
    eva_time = models.DurationField(
        "EVA time", null=True, blank=True, db_index=True, help_text="Total duration of all spacewalks."
    )
    age = models.IntegerField(null=True, blank=True, db_index=True, help_text="Age in years; age at death if deceased.")
    date_of_birth = models.DateField(null=True, blank=True, db_index=True)
    date_of_death = models.DateField(null=True, blank=True, db_index=True)
    nationality = models.ManyToManyField(Country, blank=True, related_name="astronauts")
    bio = fields.TextField("biography", max_length=2048, blank=True)
    wiki = fields.CharField(max_length=255, null=True, blank=True, help_text="URL of the Wikipedia page.")
    last_flight = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text="NET of the launch of the last flight."
    )
    first_flight = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text="NET of the launch of the first flight."
    )
    social_media_links = models.ManyToManyField(SocialMediaLink, blank=True, related_name="+")
    flights_count = models.IntegerField(null=True, blank=True, db_index=True)
    landings_count = models.IntegerField(null=True, blank=True, db_index=True)
    spacewalks_count = models.IntegerField(null=True, blank=True, db_index=True)
    flights = models.ManyToManyField(
        Launch, blank=True, related_name="+", help_text="Launches in addition to those of the flights' crews."
    )
    landings = models.ManyToManyField(
        SpacecraftFlight, blank=True, related_name="+", help_text="Landings in addition to those of the flights' crews."
    )

    class Meta:
        verbose_name = "Astronaut"

    @override
    def __str__(self) -> str:
        return self.name


class AstronautFlight(RepresentedModel):
    """A crew member: one astronaut in the crew of a flight, an expedition or a spacewalk.

    Launch Library gives crew members an id, but its documents do not show whether the id is unique across crews.
    It is therefore stored in `number`, which is unique within a crew only. A crew member that was created on this
    server, or moved to a crew that already has its number, gets a number from `LOCAL_IDS_FROM` on.
    """

    named_by = ("astronaut", "role")

    class Phase(models.TextChoices):
        LAUNCH = "launch", "Launch crew"
        ONBOARD = "onboard", "On board while in space"
        LANDING = "landing", "Landing crew"

    CREW = ("flight", "expedition", "spacewalk", "phase")
    """The fields that together identify a crew."""

    flight = models.ForeignKey(SpacecraftFlight, models.CASCADE, null=True, blank=True, related_name="crew")
    expedition = models.ForeignKey(Expedition, models.CASCADE, null=True, blank=True, related_name="crew")
    spacewalk = models.ForeignKey(Spacewalk, models.CASCADE, null=True, blank=True, related_name="crew")
    phase = models.CharField(
        max_length=7,
        choices=Phase.choices,
        blank=True,
        help_text="Phase of the flight; empty for expeditions and spacewalks.",
    )
    number = models.IntegerField("id", null=True, blank=True, help_text="Id from Launch Library.")
    role = models.ForeignKey(AstronautRole, models.PROTECT, null=True)
    astronaut = models.ForeignKey(Astronaut, models.PROTECT, null=True, related_name="crews")

    class Meta:
        verbose_name = "Crew Member"
        constraints = (
            models.CheckConstraint(
                condition=exactly_one("flight", "expedition", "spacewalk")
                & (models.Q(flight=None, phase="") | models.Q(flight__isnull=False) & ~models.Q(phase="")),
                name="crew_member_of_one_crew",
            ),
            models.UniqueConstraint(fields=("flight", "phase", "number"), name="unique_crew_member_per_phase"),
            models.UniqueConstraint(fields=("expedition", "number"), name="unique_crew_member_per_expedition"),
            models.UniqueConstraint(fields=("spacewalk", "number"), name="unique_crew_member_per_spacewalk"),
        )

    @override
    def __str__(self) -> str:
        return f"{self.astronaut} ({self.role})"

    @override
    def save(self, *args: Any, **kwargs: Any) -> None:
        crew = {name: getattr(self, name) for name in self.CREW}
        others = AstronautFlight.objects.filter(**crew).exclude(pk=self.pk)
        if self.number is None or others.filter(number=self.number).exists():
            last = others.aggregate(last=models.Max("number"))["last"] or 0
            self.number = max(last + 1, LOCAL_IDS_FROM)
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "number"}
        super().save(*args, **kwargs)

    @override
    def clean(self) -> None:
        if self.flight is not None and not self.phase:
            raise ValidationError({"phase": "Select a phase: a flight has one crew per phase."})
