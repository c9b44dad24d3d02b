"""The OpenAPI document of each version, with Swagger UI and ReDoc."""

from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from typing_extensions import override

from spacedb.rest.openapi import document
from spacedb.rest.readonly import ReadOnly
from spacedb.rest.versions import Version
from spacedb.web.policy import content_security_policy
from spacedb.web.views import PageView

REDOC_POLICY = content_security_policy(
    style=["'self'", "'unsafe-inline'"], worker=["'self'", "blob:"], image=["'self'", "data:"]
)
"""ReDoc creates style elements and a worker, and has a logo on another host, which is not loaded."""


class RedocView(PageView):
    """ReDoc. Unlike other pages, it contains no data of the catalogue."""

    @override
    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return super().render_to_response(context, headers={"Content-Security-Policy": REDOC_POLICY}, **kwargs)


class SchemaView(ReadOnly, APIView):
    """The OpenAPI document of a version, as YAML, or as JSON if requested. Its server is the origin of the request."""

    schema = None
    authentication_classes = throttle_classes = ()
    renderer_classes = SpectacularAPIView.renderer_classes
    number = ""

    def get(self, request: Request) -> Response:
        origin = request.build_absolute_uri("/").rstrip("/")
        return Response({**document(self.number), "servers": [{"url": origin}]})


def openapi_urls(version: Version) -> list[URLPattern]:
    """The URL patterns of a version's OpenAPI document, Swagger UI and ReDoc."""
    number = version.number
    context = {"version": number, "schema_url_name": f"{number}-schema"}
    swagger = PageView.as_view(template_name="web/swagger.html", extra_context=context)
    redoc = RedocView.as_view(template_name="web/redoc.html", extra_context=context)
    return [
        path("schema/", SchemaView.as_view(number=number), name=f"{number}-schema"),
        path("swagger/", swagger, name=f"{number}-swagger"),
        path("redoc/", redoc, name=f"{number}-redoc"),
    ]
