"""Launch vehicles: families, configurations, and individual reusable first stages."""

from django.db import models
from typing_extensions import override

from agencies.models import Agency
from flights.models.programs import Program
from spacedb.catalogue import fields
from spacedb.catalogue.models import NamedResource, Resource
from spacedb.common.models import ConsecutiveLaunches, Image


class LauncherConfigFamily(ConsecutiveLaunches, Resource):
    """A family of launcher configurations, which may have a parent family, such as Falcon 9 in Falcon."""

    natural_key = "name"

    name = fields.CharField(max_length=200, db_index=True)
    manufacturer = models.ManyToManyField(Agency, blank=True, related_name="launcher_families")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    description = fields.TextField(max_length=2048, blank=True)
    active = models.BooleanField(default=True)
    maiden_flight = models.DateField("Maiden Flight Date", null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = "Launcher Configuration Family"
        verbose_name_plural = "Launcher Configuration Families"
        ordering = ("name",)

    @override
    def __str__(self) -> str:
        return self.name


class LauncherConfig(ConsecutiveLaunches, Resource):
    """A launcher configuration, such as Falcon 9 Block 5, with its performance and its totals."""

    name = fields.CharField(max_length=200, db_index=True)
    families = models.ManyToManyField(LauncherConfigFamily, blank=True, related_name="configurations")
    full_name = fields.CharField(max_length=200, blank=True, db_index=True)
    variant = fields.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True, db_index=True)
    is_placeholder = models.BooleanField(
        default=False, db_index=True, help_text="Whether it represents a vehicle that has not been announced yet."
    )
    manufacturer = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="launcher_list")
    program = models.ManyToManyField(Program, blank=True, related_name="launcher_configurations")
    reusable = models.BooleanField(default=False, db_index=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    info_url = fields.CharField(max_length=200, null=True, blank=True)
    wiki_url = fields.CharField(max_length=200, null=True, blank=True)
    description = fields.TextField(max_length=2048, blank=True)
    alias = fields.CharField(max_length=200, blank=True)
    min_stage = models.IntegerField(null=True, blank=True, help_text="Minimum number of stages.")
    max_stage = models.IntegerField(null=True, blank=True, help_text="Maximum number of stages.")
    length = models.FloatField("Length (m)", null=True, blank=True)
    diameter = models.FloatField("Max Diameter (m)", null=True, blank=True)
    maiden_flight = models.DateField("Maiden Flight Date", null=True, blank=True, db_index=True)
    launch_cost = models.IntegerField("Launch Cost (USD)", null=True, blank=True, db_index=True)
    launch_mass = models.FloatField("Mass at Launch (T)", null=True, blank=True, db_index=True)
    leo_capacity = models.FloatField("LEO Capacity (kg)", null=True, blank=True, db_index=True)
    gto_capacity = models.FloatField("GTO Capacity (kg)", null=True, blank=True, db_index=True)
    geo_capacity = models.FloatField("GEO Capacity (kg)", null=True, blank=True)
    sso_capacity = models.FloatField("SSO Capacity (kg)", null=True, blank=True)
    to_thrust = models.FloatField("Thrust at Liftoff (kN)", null=True, blank=True)
    apogee = models.FloatField("Apogee - Sub-Orbital Only (km)", null=True, blank=True)
    vehicle_range = models.IntegerField(
        "Vehicle Range (km)", null=True, blank=True, help_text="Served by API versions before 2.3.0 only."
    )
    launch_library_id = models.IntegerField(
        "Launch Library 1 ID", null=True, blank=True, help_text="Served by API versions before 2.2.0 only."
    )
    fastest_turnaround = models.DurationField(null=True, blank=True, help_text="Shortest time between two launches.")

    class Meta:
        verbose_name = "Launcher Configuration"
        ordering = ("name",)

    @override
    def __str__(self) -> str:
        return self.full_name or self.name


class LauncherStatus(NamedResource):
    """A launcher status, such as Active, Retired, Lost or Expended."""

    name = fields.CharField(max_length=50, blank=True, db_index=True)

    class Meta:
        verbose_name = "Launcher Status"
        verbose_name_plural = "Launcher Statuses"


class Launcher(Resource):
    """A launcher: an individual first stage or booster, identified by its serial number."""

    flight_proven = models.BooleanField(default=False, db_index=True, help_text="Whether it has flown before.")
    serial_number = fields.CharField(max_length=10, null=True, blank=True, db_index=True)
    is_placeholder = models.BooleanField(
        default=False, db_index=True, help_text="Whether it represents a stage that has not been assigned yet."
    )
    status = models.ForeignKey(LauncherStatus, models.PROTECT, null=True, blank=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    details = fields.TextField(max_length=2048, blank=True)
    successful_landings = models.IntegerField(null=True, blank=True, db_index=True)
    attempted_landings = models.IntegerField(null=True, blank=True, db_index=True)
    flights = models.IntegerField(null=True, blank=True, db_index=True, help_text="Number of its flights.")
    last_launch_date = models.DateTimeField(null=True, blank=True, db_index=True)
    first_launch_date = models.DateTimeField(null=True, blank=True, db_index=True)
    fastest_turnaround = models.DurationField(
        null=True, blank=True, help_text="Shortest time between two of its flights."
    )
    launcher_config = models.ForeignKey(
        LauncherConfig, models.PROTECT, null=True, blank=True, related_name="launchers", verbose_name="configuration"
    )

    class Meta:
        verbose_name = "Launcher"

    @override
    def __str__(self) -> str:
        return self.serial_number or f"Launcher {self.pk}"
