"""The headers `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from spacedb.throttling.throttle import ENVIRON_KEY

NOT_SHARED = re.compile(r"\b(no-cache|no-store|private)\b")
"""The directives of `Cache-Control` with which no other client gets the same response from a cache."""


class RateLimitMiddleware:
    """Adds the headers to all responses to requests for which the API determined the `Usage` of the client.

    They are left out if the setting CACHE_CONTROL lets caches send the response to other clients.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        usage = request.META.get(ENVIRON_KEY)
        if usage and NOT_SHARED.search(response.get("Cache-Control", "")):
            for name, value in usage.headers.items():
                response[name] = value
        return response
