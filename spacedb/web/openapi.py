"""The OpenAPI document of each version, with Swagger UI and ReDoc."""

from django.urls import URLPattern, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from spacedb.rest.openapi import document
from spacedb.rest.readonly import ReadOnly
from spacedb.rest.versions import Version
from spacedb.web.views import PageView


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
    redoc = PageView.as_view(template_name="web/redoc.html", extra_context=context)
    return [
        path("schema/", SchemaView.as_view(number=number), name=f"{number}-schema"),
        path("swagger/", swagger, name=f"{number}-swagger"),
        path("redoc/", redoc, name=f"{number}-redoc"),
    ]
