"""Cross-origin requests (CORS)."""

from corsheaders.middleware import ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS
from corsheaders.middleware import CorsMiddleware as BaseCorsMiddleware
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from typing_extensions import override


class CorsMiddleware(BaseCorsMiddleware):
    """django-cors-headers; but if all origins are allowed, responses do not depend on the origin.

    Every response then has the same headers, with or without an `Origin`, and no `Vary: Origin`. So caches store one
    response instead of one per origin.
    """

    @override
    def add_response_headers(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        vary = response.get("Vary")
        super().add_response_headers(request, response)
        if settings.CORS_ALLOW_ALL_ORIGINS:
            response[ACCESS_CONTROL_ALLOW_ORIGIN] = "*"
            response[ACCESS_CONTROL_EXPOSE_HEADERS] = ", ".join(settings.CORS_EXPOSE_HEADERS)
            del response["Vary"]
            if vary:
                response["Vary"] = vary
        return response
