"""Every path of every version."""

from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView
from health_check.views import HealthCheckView

from agencies.views import v2_3_0 as agencies
from flights.views import v2_3_0 as flights
from spacecraft.views import v2_3_0 as spacecraft
from spacedb.api.routers import version

urlpatterns = [
    path("", RedirectView.as_view(url="/2.3.0/")),
    path("admin/", admin.site.urls),
    path("health/", HealthCheckView.as_view(checks=["health_check.checks.Database"]), name="health"),
    version(
        "2.3.0",
        {
            "agencies": agencies.AgencyViewSet,
            "spacecraft": spacecraft.SpacecraftViewSet,
            "spacecraft_configuration_families": spacecraft.SpacecraftConfigFamilyViewSet,
            "spacecraft_configurations": spacecraft.SpacecraftConfigViewSet,
            "spacecraft_flights": flights.SpacecraftFlightViewSet,
        },
    ),
]

handler404 = "spacedb.api.errors.not_found"
handler500 = "spacedb.api.errors.server_error"
