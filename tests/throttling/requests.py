"""Requests of clients with an address or a token."""

import json
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from spacedb.throttling.models import Token

LISTING = "/2.3.0/agencies/"
THROTTLE = "/2.3.0/api-throttle/"


def get(client: Client, path: str = LISTING, token: str = "", address: str = "192.0.2.1", **headers: str) -> Any:
    if token:
        headers["authorization"] = f"Token {token}"
    return client.get(path, headers=headers, REMOTE_ADDR=address)


def values_of(response: HttpResponse) -> list[Any]:
    assert response.status_code == 200
    return list(json.loads(response.content).values())


def token_of(name: str) -> str:
    return Token.issue(User.objects.create_user(name))
