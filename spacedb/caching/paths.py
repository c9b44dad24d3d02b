"""Canonical paths: other paths under which Launch Library has served the same resources are served directly.

They are not redirected, because many apps do not follow redirects. URLs in responses are always canonical.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple
from wsgiref.types import WSGIEnvironment

from django.http import HttpRequest, HttpResponse

MEDIA_TYPES = {"json": "application/json", "api": "text/html"}
"""The media type of each format suffix of a path."""

PATH = re.compile(r"/(?:api/(?:ll/)?)?(?P<path>\d+\.\d+\.\d+(?:/.*?)?)(?:\.(?P<format>json|api)/?)?", re.DOTALL)


class CanonicalPath(NamedTuple):
    """A path, and the media type that its format suffix selected, if it had one."""

    path: str
    media_type: str = ""


@lru_cache(maxsize=2000)
def canonical_path(path: str) -> CanonicalPath:
    """The canonical path of a resource; other paths are returned unchanged.

    - `/api/2.2.0/launch/` is the path in documents of Launch Library, and `/api/ll/2.2.0/launch/` that of its
      predecessor at spacelaunchnow.me.
    - `/2.2.0/launch/upcoming.json` and `….api` select a format, as versions before 2.3.0 do.
    - `//2.2.0//launch/` comes from clients that append a path to a base URL with a slash at its end.
    """
    match = PATH.fullmatch(re.sub("/{2,}", "/", path))
    if match is None:
        return CanonicalPath(path)
    if match["format"]:
        return CanonicalPath(f"/{match['path'].rstrip('/')}/", MEDIA_TYPES[match["format"]])
    return CanonicalPath(f"/{match['path']}")


def with_canonical_path(environ: WSGIEnvironment) -> WSGIEnvironment:
    """The WSGI environment of a request for the canonical path."""
    path, media_type = canonical_path(environ.get("PATH_INFO", ""))
    if path == environ.get("PATH_INFO", ""):
        return environ
    return environ | {"PATH_INFO": path} | ({"HTTP_ACCEPT": media_type} if media_type else {})


class CanonicalPathMiddleware:
    """Changes requests to the canonical path, unless the response cache has already done so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path, media_type = canonical_path(request.path_info)
        if path != request.path_info:
            request.path = request.path.removesuffix(request.path_info) + path
            request.path_info = path
            if media_type:
                request.META["HTTP_ACCEPT"] = media_type
        return self.get_response(request)
