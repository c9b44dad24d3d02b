"""Countries and coordinates."""

from django.db import models

from spacedb.catalogue.models import NamedResource


class Country(NamedResource):
    """A state, with its ISO 3166-1 codes."""

    natural_key = "alpha_3_code"
    other_keys = (("nationality_name",),)

    name = models.CharField(max_length=255, blank=True, db_index=True)
    alpha_2_code = models.CharField("alpha-2 code", max_length=2, blank=True, db_index=True, help_text="ISO 3166-1")
    alpha_3_code = models.CharField("alpha-3 code", max_length=3, blank=True, db_index=True, help_text="ISO 3166-1")
    nationality_name = models.CharField(max_length=255, blank=True, help_text="The adjective: French.")
    nationality_name_composed = models.CharField(
        max_length=255, blank=True, help_text="The adjective as the first half of a pair: Franco-."
    )

    class Meta:
        verbose_name = "Country"
        verbose_name_plural = "Countries"


class Coordinates(models.Model):
    """A place by its coordinates, in decimal degrees of the body that it lies on."""

    latitude = models.FloatField(null=True, blank=True, db_index=True, help_text="Degrees, north positive.")
    longitude = models.FloatField(null=True, blank=True, db_index=True, help_text="Degrees, east positive.")

    class Meta:
        abstract = True
