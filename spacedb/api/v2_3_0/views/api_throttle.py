"""The endpoint of the client's rate limit in Launch Library 2.3.0."""

import math
from typing import Any

import markdown
from django.utils.safestring import mark_safe
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet
from typing_extensions import override

from spacedb.api.v2_3_0.serializers.api_throttle import APIThrottle
from spacedb.rest.readonly import ReadOnly
from spacedb.throttling.throttle import ENVIRON_KEY, Rate, rate_limit_of

UNLIMITED = Rate(2**31 - 1, 60 * 60)
"""The limit in responses if there is no limit: a large number, because clients may compute with it."""

HELP = """The rate limit of this server for you, and the number of your requests. Requests of this page do not count.

#### GET
Returns `your_request_limit`, the number of requests that you may send in `limit_frequency_secs` seconds; `current_use`,
the number of requests that you sent in the last `limit_frequency_secs` seconds; `next_use_secs`, the seconds until you
may send another request (0: now); and `ident`, which identifies you: the username of your token, your IPv4 address, or
the /64 network of your IPv6 address.

If there is no limit, `your_request_limit` is 2147483647 and requests are not counted."""


class APIThrottleViewSet(ReadOnly, ViewSet):
    """The rate limit of the client. Requests of this endpoint are neither counted nor throttled."""

    throttle_classes = ()

    @extend_schema(
        operation_id="api_throttle_list",
        description=HELP,
        responses=APIThrottle,
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rate_limit = rate_limit_of(request)
        usage = request.META[ENVIRON_KEY] = rate_limit.usage()
        limit, window = usage.rate if usage else UNLIMITED
        data = {
            "your_request_limit": limit,
            "limit_frequency_secs": window,
            "current_use": usage.used if usage else 0,
            "next_use_secs": math.ceil(usage.wait) if usage else 0,
            "ident": rate_limit.ident,
        }
        return Response(APIThrottle(data).data, headers={"Cache-Control": "no-store"})

    @override
    def get_view_name(self) -> str:
        return "API Throttle"

    @override
    def get_view_description(self, html: bool = False) -> str:
        return mark_safe(markdown.markdown(HELP)) if html else HELP
