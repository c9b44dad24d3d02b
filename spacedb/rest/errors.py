"""Error responses. They are JSON, or a page in a browser. Errors of a parameter are keyed by its name."""

import logging
import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import TooManyFieldsSent
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from rest_framework import status
from rest_framework.exceptions import APIException, NotFound, ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.views import exception_handler as drf_exception_handler
from typing_extensions import override

from spacedb.rest.versions import versions

logger = logging.getLogger(__name__)

RETRY_AFTER = 5
"""Seconds after which a client may repeat a request that failed because the database was unavailable."""


class DatabaseUnavailable(APIException):
    """503, with a `Retry-After` header."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "The database cannot be reached. Try again in a moment."
    default_code = "database_unavailable"
    wait = RETRY_AFTER  # DRF sends it as the Retry-After header


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's handler; also 503 if the database is unavailable, and 400 if a query string has too many parameters."""
    if isinstance(error, OperationalError | InterfaceError):
        logger.error("database unavailable: %s", error)
        error = DatabaseUnavailable()
    elif isinstance(error, TooManyFieldsSent):
        error = ParseError("Too many parameters.")
    response = drf_exception_handler(error, context)
    if response is not None:
        response["Cache-Control"] = "no-store"
    return response


class NotFoundView(APIView):
    """No page matches this URL."""

    schema = None
    name = "Not Found"
    authentication_classes = throttle_classes = ()  # a 404 does not count towards the rate limit

    @property
    @override
    def allowed_methods(self) -> list[str]:
        return ["GET"]

    @override
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound(_reason(request.path_info))


def _reason(path: str) -> str | None:
    """Why no page matches a path of a version that is not served; None for other paths."""
    number, served = path.strip("/").partition("/")[0], versions()
    if number in served or not re.fullmatch(r"\d+\.\d+\.\d+", number):
        return None
    return f"Version {number} is not served by spacedb. It serves {', '.join(served)}."


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, as JSON or as a page: the `handler404` of the URLconf."""
    response: HttpResponse = NotFoundView.as_view()(request)
    return response if response.is_rendered else response.render()  # type: ignore[attr-defined]


def server_error(request: HttpRequest) -> HttpResponse:
    """500: the `handler500` of the URLconf. It uses no database and no template, as these may be the cause."""
    return JsonResponse({"detail": "A server error occurred."}, status=500)


class DatabaseErrorMiddleware:
    """Turns database errors outside of API views, as in the admin, into 503 and 400 responses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        # An admin URL contains a number or a string that does not fit into a column.
        if isinstance(error, OverflowError | DataError):
            return JsonResponse({"detail": "A value in the request is out of range."}, status=400)
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        logger.error("database unavailable: %s", error)
        body = {"detail": DatabaseUnavailable.default_detail}
        return JsonResponse(body, status=503, headers={"Retry-After": str(RETRY_AFTER)})
