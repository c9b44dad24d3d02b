"""`/health/`: whether the database answers, and how old what was mirrored is."""

import dataclasses
import datetime as dt
from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable
from health_check.views import HealthCheckView

from spacedb.mirror.clock import duration
from spacedb.mirror.status import data_age


@dataclasses.dataclass
class MirroredData(HealthCheck):  # type: ignore[misc]
    """The age of the data. Old data are no failure: what there is can be served."""

    found: dt.timedelta | None = dataclasses.field(default=None, init=False, repr=False)

    def run(self) -> None:
        try:
            self.found = data_age()
        except DatabaseError as error:
            raise ServiceUnavailable("the database cannot be reached") from error
        finally:
            connection.close()  # it is this thread's alone

    def pretty_status(self) -> str:
        return "nothing was mirrored" if self.found is None else f"{duration(self.found.total_seconds())} old"


@method_decorator(csrf_exempt, name="dispatch")  # it asks for a token where there is nothing to forge
class HealthView(HealthCheckView):  # type: ignore[misc]
    """200 if all is well, 503 if not; of each check how it went, as JSON, text or a page."""

    template_name = "web/health.html"
    checks = ("health_check.checks.Database", MirroredData)
    http_method_names = ["get", "head", "options"]

    async def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = await super().get(request, *args, **kwargs)
        if response.status_code == 500:
            response.status_code = 503
        return response

    def told(self) -> dict[str, str]:
        """Of each check what went wrong, else what it has found."""
        return {repr(one.check): str(one.error) if one.error else one.check.pretty_status() for one in self.results}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(told=self.told(), **kwargs)  # type: ignore[no-any-return]

    def render_to_response_json(self, status: int) -> HttpResponse:
        return JsonResponse(self.told(), status=status)

    def render_to_response_text(self, status: int) -> HttpResponse:
        lines = "".join(f"{check}: {told}\n" for check, told in self.told().items())
        return HttpResponse(lines, content_type="text/plain; charset=utf-8", status=status)
