"""Every path of every version."""

from django.contrib import admin
from django.urls import path
from health_check.views import HealthCheckView
from rest_framework.viewsets import ViewSetMixin

from agencies.views import v2_3_0 as agencies
from flights.views import v2_3_0 as flights
from spacecraft.views import v2_3_0 as spacecraft
from spacedb.api.pages import DocsView, HomeView, TopicView
from spacedb.api.routers import version
from spacedb.api.views import APIThrottleViewSet

VERSIONS: dict[str, dict[str, type[ViewSetMixin]]] = {
    "2.3.0": {
        "agencies": agencies.AgencyViewSet,
        "api-throttle": APIThrottleViewSet,
        "spacecraft": spacecraft.SpacecraftViewSet,
        "spacecraft_configuration_families": spacecraft.SpacecraftConfigFamilyViewSet,
        "spacecraft_configurations": spacecraft.SpacecraftConfigViewSet,
        "spacecraft_flights": flights.SpacecraftFlightViewSet,
    },
}

urlpatterns = [
    path("", HomeView.as_view(versions=tuple(VERSIONS))),
    path("docs/", DocsView.as_view(versions=tuple(VERSIONS)), name="docs"),
    path("docs/<slug:topic>/", TopicView.as_view(), name="topic"),
    path("admin/", admin.site.urls),
    path("health/", HealthCheckView.as_view(checks=["health_check.checks.Database"]), name="health"),
    *(version(number, endpoints) for number, endpoints in VERSIONS.items()),
]

handler404 = "spacedb.api.errors.not_found"
handler500 = "spacedb.api.errors.server_error"
