"""Endpoints of a client's rate limit in Launch Library 2.3.0."""

import math
from typing import Any

import markdown
from django.utils.safestring import mark_safe
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from spacedb.api.v2_3_0.serializers.api_throttle import APIThrottle
from spacedb.rest.readonly import ReadOnly
from spacedb.throttling.throttle import Rate, Throttle

UNLIMITED = Rate(2**31 - 1, 60 * 60)
"""What is told where there is no limit: more than anyone asks for, so that clients that divide their time go on."""

HELP = """How much this server lets you ask for, and how much of it you have used. Asking here is free.

#### GET
Returns `your_request_limit`, the number of requests you may make in any `limit_frequency_secs` seconds; `current_use`,
the number you made in the last of them; `next_use_secs`, the seconds until you may make another (0: now); and `ident`,
what you are known by here: the name that your token is for, or else your address.

Where a server sets no limit, `your_request_limit` is 2147483647 and nothing is counted."""


class APIThrottleViewSet(ReadOnly, ViewSet):
    """How much the asking client may ask for. Never counted, never refused."""

    throttle_classes = ()

    @extend_schema(
        operation_id="api_throttle_list",
        summary="What you may ask for, and what you have used",
        description=HELP,
        tags=["Throttle", "Api-throttle"],
        responses=APIThrottle,
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rate_limit = Throttle().rate_limit(request)
        limit, window = rate_limit.rate or UNLIMITED
        used, wait = rate_limit.usage()
        told = {
            "your_request_limit": limit,
            "limit_frequency_secs": window,
            "current_use": used,
            "next_use_secs": math.ceil(wait),
            "ident": rate_limit.ident,
        }
        return Response(APIThrottle(told).data, headers={"Cache-Control": "no-store"})

    def get_view_name(self) -> str:
        return "API Throttle"

    def get_view_description(self, html: bool = False) -> str:
        return mark_safe(markdown.markdown(HELP)) if html else HELP
