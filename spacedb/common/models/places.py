"""Countries and coordinates."""

from django.db import models

from spacedb.catalogue import fields
from spacedb.catalogue.models import NamedResource


class Country(NamedResource):
    """A country, with its ISO 3166-1 codes."""

    natural_key = "alpha_3_code"
    other_keys = (("nationality_name",),)

    name = fields.CharField(max_length=255, blank=True, db_index=True)
    alpha_2_code = fields.CharField(
        "alpha-2 code", max_length=2, blank=True, db_index=True, help_text="ISO 3166-1 alpha-2 code."
    )
    alpha_3_code = fields.CharField(
        "alpha-3 code", max_length=3, blank=True, db_index=True, help_text="ISO 3166-1 alpha-3 code."
    )
    nationality_name = fields.CharField(max_length=255, blank=True, help_text="Adjective, such as French.")
    nationality_name_composed = fields.CharField(
        max_length=255, blank=True, help_text="Adjective as the first part of a compound, such as Franco-."
    )

    class Meta:
        verbose_name = "Country"
        verbose_name_plural = "Countries"


class Coordinates(models.Model):
    """Abstract model with the coordinates of a place on a celestial body, in decimal degrees."""

    latitude = models.FloatField(
        null=True, blank=True, db_index=True, help_text="Latitude in decimal degrees; north is positive."
    )
    longitude = models.FloatField(
        null=True, blank=True, db_index=True, help_text="Longitude in decimal degrees; east is positive."
    )

    class Meta:
        abstract = True
