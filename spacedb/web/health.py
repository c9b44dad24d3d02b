"""`/health/`: checks the database, and shows the age of the mirrored data."""

import dataclasses
import datetime as dt
import logging
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable
from health_check.views import HealthCheckView, MediaType

from spacedb.databases.errors import message_of, problem_of
from spacedb.mirror.clock import format_duration
from spacedb.mirror.status import oldest_collection

logger = logging.getLogger(__name__)


@dataclasses.dataclass
class MirroredData(HealthCheck):  # type: ignore[misc]
    """Shows the age of the oldest mirrored collection. Old data are not a failure, because they can still be served."""

    oldest: tuple[str, dt.timedelta] | None = dataclasses.field(default=None, init=False, repr=False)

    def run(self) -> None:
        try:
            self.oldest = oldest_collection()
        except (DatabaseError, InterfaceError) as error:
            problem = problem_of(error)
            if problem is None:
                raise
            logger.error("database unavailable: %s", message_of(error))
            raise ServiceUnavailable(problem.value) from error
        finally:
            connection.close()  # checks run in threads, each with a connection that Django does not close

    def pretty_status(self) -> str:
        if self.oldest is None:
            return "nothing was mirrored"
        name, age = self.oldest
        return f"{format_duration(age.total_seconds())} old ({name})"


@method_decorator(csrf_exempt, name="dispatch")  # so that POST returns 405
class HealthView(HealthCheckView):  # type: ignore[misc]
    """Returns the result of each check as JSON, text or HTML, with status 200 if all pass and 503 otherwise."""

    template_name = "web/health.html"
    checks = ("health_check.checks.Database", MirroredData)
    http_method_names = ["get", "head", "options"]

    async def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.META["HTTP_ACCEPT"] = _valid_media_types(request.META.get("HTTP_ACCEPT", ""))
        request.__dict__.pop("headers", None)  # computed from META and cached
        response: HttpResponse = await super().get(request, *args, **kwargs)
        if response.status_code == 500:
            response.status_code = 503
        return response

    def statuses(self) -> dict[str, str]:
        """The error of each check, or its status if it passed, by the name of the check."""
        return {
            repr(result.check): str(result.error) if result.error else result.check.pretty_status()
            for result in self.results
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(statuses=self.statuses(), **kwargs)  # type: ignore[no-any-return]

    def render_to_response_json(self, status: int) -> HttpResponse:
        return JsonResponse(self.statuses(), status=status)

    def render_to_response_text(self, status: int) -> HttpResponse:
        lines = "".join(f"{check}: {check_status}\n" for check, check_status in self.statuses().items())
        return HttpResponse(lines, content_type="text/plain; charset=utf-8", status=status)


def _valid_media_types(accept: str) -> str:
    """Remove what the base view cannot parse from an `Accept` header. Without a valid media type, any is accepted."""
    media_types = (media_type.strip() for media_type in accept.split(","))
    return ",".join(media_type for media_type in media_types if MediaType.pattern.fullmatch(media_type)) or "*/*"
