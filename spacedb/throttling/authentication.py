"""Authentication with API tokens. A token only selects a rate limit, as everyone can read everything."""

import math
from typing import Any

from django.conf import settings
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request
from rest_framework.settings import api_settings
from typing_extensions import override

from spacedb.throttling.models import Token, digest_of
from spacedb.throttling.throttle import anonymous_rate_limit, count


def tokens_matter() -> bool:
    """Whether the status of a response can depend on the token: it selects a rate limit, or can be rejected."""
    return settings.UNKNOWN_TOKENS == "reject" or any(api_settings.DEFAULT_THROTTLE_RATES.values())


class TokenAuthentication(authentication.TokenAuthentication):
    """Authenticates `Authorization: Token KEY`.

    Apps send their token of Launch Library, which this server cannot check. So a request with an invalid token is
    handled like one without, unless the setting UNKNOWN_TOKENS is `reject`. In both cases it counts
    towards the rate limit of the IP address.
    """

    @override
    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        try:
            return super().authenticate(request)
        except AuthenticationFailed:
            if settings.UNKNOWN_TOKENS != "reject":
                return None
            if wait := count(request, anonymous_rate_limit(request)):
                raise Throttled(math.ceil(wait)) from None
            raise

    @override
    def authenticate_credentials(self, key: str) -> tuple[Any, Any]:
        token = Token.objects.select_related("user").filter(digest=digest_of(key), user__is_active=True).first()
        if token is None:
            raise AuthenticationFailed("Invalid token.")
        return token.user, token
