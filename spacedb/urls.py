"""The URLconf: pages, the admin, and for each API version its endpoints and its OpenAPI document."""

from django.contrib import admin
from django.urls import include, path

from spacedb.rest.routers import version_urls
from spacedb.rest.versions import versions
from spacedb.web.health import HealthView
from spacedb.web.login import login
from spacedb.web.openapi import openapi_urls
from spacedb.web.views import DocsView, TopicView

urlpatterns = [
    path("", include("spacedb.explore.urls")),
    path("docs/", DocsView.as_view(), name="docs"),
    path("docs/<path:topic>/", TopicView.as_view(), name="topic"),
    path("admin/login/", login),
    path("admin/", admin.site.urls),
    path("health/", HealthView.as_view(), name="health"),
    *(
        path(f"{number}/", include([*version_urls(version), *openapi_urls(version)]))
        for number, version in versions().items()
    ),
]

handler400 = "spacedb.rest.errors.bad_request"
handler404 = "spacedb.rest.errors.not_found"
handler500 = "spacedb.rest.errors.server_error"
