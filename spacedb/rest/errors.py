"""Errors as answers: JSON keyed by what was wrong, a page in a browser, never a bare 500."""

import logging
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

logger = logging.getLogger(__name__)

RETRY_AFTER = 5
"""Seconds after which a client may ask again when the database was out of reach."""


class DatabaseUnavailable(APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "The database cannot be reached. Try again in a moment."
    default_code = "database_unavailable"
    wait = RETRY_AFTER  # DRF makes it the Retry-After header


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's handler, and 503 for a database that is gone, 400 for a query string that Django refuses to read."""
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
    """There is nothing at this address."""

    schema = None
    name = "Not Found"
    authentication_classes = throttle_classes = ()  # nothing is given, so nothing is counted

    @property
    def allowed_methods(self) -> list[str]:
        return ["GET"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, as JSON or as a page."""
    response: HttpResponse = NotFoundView.as_view()(request)
    return response if response.is_rendered else response.render()  # type: ignore[attr-defined]


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without a database or a template that might be its cause."""
    return JsonResponse({"detail": "A server error occurred."}, status=500)


class DatabaseErrorMiddleware:
    """503 where the database is gone outside of API views too (the admin, sessions)."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)  # type: ignore[no-any-return]

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        # A number or a text that no column holds, in an address of the admin.
        if isinstance(error, OverflowError | DataError):
            return JsonResponse({"detail": "A value in the request is out of range."}, status=400)
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        logger.error("database unavailable: %s", error)
        answer = {"detail": DatabaseUnavailable.default_detail}
        return JsonResponse(answer, status=503, headers={"Retry-After": str(RETRY_AFTER)})
