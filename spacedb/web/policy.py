"""Headers that restrict what HTML pages may do in a browser: Content-Security-Policy and Permissions-Policy.

No page needs an inline script or style, so a script in the data of the catalogue cannot run. The headers are the same
for every request, without a nonce, so that pages can be cached. Other responses, such as JSON, do not have them:
browsers do not execute these, as `X-Content-Type-Options: nosniff` is sent.
"""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def content_security_policy(
    style: Sequence[str] = ("'self'",),
    worker: Sequence[str] = ("'none'",),
    image: Sequence[str] = ("'self'", "data:", "https:"),  # the catalogue has URLs of images
) -> str:
    """The content security policy of a page with these sources of styles, workers and images."""
    sources = {
        "default-src": ["'self'"],
        "style-src": style,
        "worker-src": worker,
        "img-src": image,
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{directive} {' '.join(expressions)}" for directive, expressions in sources.items())


POLICIES = {
    "Content-Security-Policy": content_security_policy(),
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "publickey-credentials-get",
            "screen-wake-lock",
            "usb",
        )
    ),
}
"""The headers of every page, unless its view sets others."""


class PolicyMiddleware:
    """Adds `POLICIES` to HTML pages, except to Django's debug pages, which have inline scripts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_debug_page = settings.DEBUG and response.status_code in (404, 500)
        if response.headers.get("Content-Type", "").startswith("text/html") and not is_debug_page:
            for name, value in POLICIES.items():
                response.headers.setdefault(name, value)
        return response
