"""Pages of other origins may read all responses."""

from typing import Any

import pytest
from django.test import Client

LIST = "/2.3.0/agencies/"
ORIGIN = "https://app.example"

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_neutral]


@pytest.mark.parametrize("path", [LIST, "/2.3.0/nothing/", f"{LIST}?type__id=x", LIST[:-1], "/health/?format=json"])
@pytest.mark.parametrize("headers", [{}, {"origin": ORIGIN}, {"origin": "null"}, {"origin": "http://["}])
def test_every_response_allows_all_origins(client: Client, path: str, headers: dict[str, str]) -> None:
    """Errors and redirects too, and requests without an origin, so that caches may store one response for all."""
    response = client.get(path, headers=headers)
    assert response["access-control-allow-origin"] == "*"
    assert response["access-control-expose-headers"] == "ETag, Link, RateLimit, RateLimit-Policy, Retry-After"
    assert "origin" not in response.get("vary", "").lower()


def preflight(client: Client, *headers: str) -> Any:
    return client.options(
        LIST,
        headers={
            "origin": ORIGIN,
            "access-control-request-method": "GET",
            "access-control-request-headers": ", ".join(headers),
        },
    )


def test_preflights_allow_the_headers_that_apps_send(client: Client) -> None:
    headers = {"authorization", "cache-control", "if-none-match", "if-modified-since", "pragma", "x-api-key"}
    response = preflight(client, *headers)
    assert response.status_code == 200
    assert headers <= set(response["access-control-allow-headers"].split(", "))
    assert response["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert (response["access-control-allow-origin"], "vary" in response) == ("*", False)


def test_allowed_origins(client: Client, settings: Any) -> None:
    settings.CORS_ALLOW_ALL_ORIGINS = False
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
    allowed = client.get(LIST, headers={"origin": ORIGIN})
    assert allowed["access-control-allow-origin"] == preflight(client)["access-control-allow-origin"] == ORIGIN
    for response in (client.get(LIST), client.get(LIST, headers={"origin": "https://b.example"})):
        assert "access-control-allow-origin" not in response
        assert "origin" in response["vary"]
