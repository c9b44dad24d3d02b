"""The OpenAPI document of each version, with Swagger UI and ReDoc."""

from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.cache import get_conditional_response, patch_vary_headers
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.views import APIView
from typing_extensions import override

from spacedb.caching.encoding import IDENTITY, encode, negotiate_encoding
from spacedb.rest.openapi import document
from spacedb.rest.readonly import ReadOnly
from spacedb.rest.versions import Version
from spacedb.web.policy import content_security_policy
from spacedb.web.views import PageView

REDOC_POLICY = content_security_policy(
    style=["'self'", "'unsafe-inline'"], worker=["'self'", "blob:"], image=["'self'", "data:"]
)
"""ReDoc creates style elements and a worker, and has a logo on another host, which is not loaded."""

ORIGIN = "https://origin.invalid"
"""Stands for the origin of the request in a rendered document."""

RENDERERS: dict[str, Any] = {renderer.media_type: renderer for renderer in SpectacularAPIView.renderer_classes}
"""The renderers of a document, by media type."""


class EncodedDocument(NamedTuple):
    body: bytes
    etag: str


@lru_cache(maxsize=8)
def _render(number: str, media_type: str) -> bytes:
    """Render the document of a version, which takes seconds as YAML."""
    renderer = RENDERERS[media_type]()
    body: bytes = renderer.render({**document(number), "servers": [{"url": ORIGIN}]}, renderer_context={})
    return body


@lru_cache(maxsize=16)
def _encode(number: str, media_type: str, origin: str, encoding: str) -> EncodedDocument:
    body = encode(_render(number, media_type).replace(ORIGIN.encode(), origin.encode()), encoding)
    return EncodedDocument(body, f'"{blake2b(body, digest_size=16).hexdigest()}"')


class RedocView(PageView):
    """ReDoc. Unlike other pages, it contains no data of the catalogue."""

    @override
    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return super().render_to_response(context, headers={"Content-Security-Policy": REDOC_POLICY}, **kwargs)


class SchemaView(ReadOnly, APIView):
    """The OpenAPI document of a version, as YAML, or as JSON if requested. Its server is the origin of the request.

    It depends on the code only, so that each process generates it once. Clients can revalidate their copy.
    """

    schema = None
    authentication_classes = throttle_classes = ()
    renderer_classes = tuple(RENDERERS.values())
    number = ""

    def get(self, request: Request) -> HttpResponseBase:
        origin = request.build_absolute_uri("/").rstrip("/")
        renderer = request.accepted_renderer
        encoding = negotiate_encoding(request.headers.get("Accept-Encoding", ""))
        body, etag = _encode(self.number, renderer.media_type, origin, encoding)
        charset = f"; charset={renderer.charset}" if renderer.charset else ""
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        if encoding != IDENTITY:
            headers["Content-Encoding"] = encoding
        response = HttpResponse(body, content_type=f"{renderer.media_type}{charset}", headers=headers)
        patch_vary_headers(response, ["Accept", "Accept-Encoding"])
        conditional = get_conditional_response(request._request, etag=etag, response=response)
        assert conditional is not None
        return conditional


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
