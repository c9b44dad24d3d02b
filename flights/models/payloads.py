"""Payloads and their flights."""

from django.db import models
from typing_extensions import override

from agencies.models import Agency
from flights.models.landings import Landing
from flights.models.launches import Launch
from flights.models.programs import Program
from spacedb.catalogue import fields
from spacedb.catalogue.models import EditableIdResource, Resource
from spacedb.common.models import Image


class PayloadType(EditableIdResource):
    """A payload type, such as Communications Satellite."""

    class Meta:
        verbose_name = "Payload Type"


class Payload(Resource):
    """A payload that is launched into space, such as a satellite, a probe or a module."""

    name = fields.CharField(max_length=1048, blank=True)
    type = models.ForeignKey(PayloadType, models.PROTECT, null=True, blank=True)
    manufacturer = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="manufactured_payloads"
    )
    operator = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="operated_payloads")
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    wiki_link = fields.URLField(blank=True)
    info_link = fields.URLField(blank=True)
    program = models.ManyToManyField(Program, blank=True, related_name="payloads")
    cost = models.IntegerField("Cost (USD)", null=True, blank=True)
    mass = models.FloatField("Mass (kg)", null=True, blank=True)
    description = fields.TextField(max_length=2048, blank=True)

    class Meta:
        verbose_name = "Payload"

    @override
    def __str__(self) -> str:
        return self.name


class PayloadFlight(Resource):
    """A flight of a payload, or of several identical payloads."""

    named_by = ("payload", "launch")
    destination = fields.CharField(
        max_length=255, null=True, blank=True, help_text="Name of an orbit or a celestial body."
    )
    amount = models.IntegerField(default=1, help_text="Number of identical payloads aboard.")
    payload = models.ForeignKey(Payload, models.CASCADE, null=True, related_name="flights")
    launch = models.ForeignKey(Launch, models.CASCADE, null=True, related_name="payload_flights")
    landing = models.OneToOneField(Landing, models.SET_NULL, null=True, blank=True, related_name="payloadflight")

    class Meta:
        verbose_name = "Payload Flight"

    @override
    def __str__(self) -> str:
        return f"{self.payload} on {self.launch}"
