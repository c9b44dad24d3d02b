"""Error responses. They are JSON, or a page in a browser. Errors of a parameter are keyed by its name."""

import logging
import re
import sys
from collections.abc import Callable
from typing import Any

from django.contrib.admin.exceptions import DisallowedModelAdminLookup, DisallowedModelAdminToField
from django.core.exceptions import BadRequest, TooManyFieldsSent
from django.db import DataError
from django.http import HttpRequest, HttpResponse, JsonResponse
from rest_framework import status
from rest_framework.exceptions import APIException, NotFound, ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.views import exception_handler as drf_exception_handler
from typing_extensions import override

from spacedb.databases.errors import (
    RETRY_AFTER,
    Problem,
    close_after,
    message_of,
    message_with_advice,
    problem_of,
)
from spacedb.rest.versions import versions

logger = logging.getLogger(__name__)


class DatabaseUnavailable(APIException):
    """503 with the reason. It has a `Retry-After` header if the problem is temporary."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "database_unavailable"

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.wait = RETRY_AFTER if problem.is_temporary else None  # DRF sends it as the Retry-After header


def database_unavailable(error: BaseException | None) -> DatabaseUnavailable | None:
    """The response to an error of the database, which is logged; None for other errors."""
    if error is None or (problem := problem_of(error)) is None:
        return None
    if problem is Problem.TOO_SLOW:
        logger.warning("request stopped: %s", message_of(error))
    else:
        logger.error("database unavailable: %s", message_with_advice(error))
    close_after(problem)
    return DatabaseUnavailable(problem)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's handler; also 503 if the database is unavailable, and 400 if a query string has too many parameters."""
    if isinstance(error, TooManyFieldsSent):
        error = ParseError("Too many parameters.")
    response = drf_exception_handler(database_unavailable(error) or error, context)
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
    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Whatever was requested: the reason for the 404 is the path, not the format."""
        return super().perform_content_negotiation(request, force=True)

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


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the `handler400` of the URLconf, for requests outside of API views, as in the admin.

    It has the reason if that only repeats parts of the request. Other reasons may contain paths of the server.
    """
    is_public = isinstance(exception, BadRequest | DisallowedModelAdminLookup | DisallowedModelAdminToField)
    return JsonResponse({"detail": str(exception) if is_public else "Bad request."}, status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: the `handler500` of the URLconf. It uses no database and no template, as these may be the cause.

    503 if the database was the cause of an error in a middleware, such as that of sessions, which saves them.
    """
    return _unavailable_response(sys.exc_info()[1]) or JsonResponse({"detail": "A server error occurred."}, status=500)


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
        return _unavailable_response(error)


def _unavailable_response(error: BaseException | None) -> HttpResponse | None:
    if (unavailable := database_unavailable(error)) is None:
        return None
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(unavailable.wait)} if unavailable.wait else {})
    return JsonResponse({"detail": unavailable.detail}, status=unavailable.status_code, headers=headers)
