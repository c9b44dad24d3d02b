"""API tokens, and the request history of rate-limited clients."""

import hashlib
import secrets

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from typing_extensions import override

PREFIX_LENGTH = 8
"""Characters of a key that are stored, so that people recognize it. The other 32 are secret (128 random bits)."""


def digest_of(key: str) -> str:
    """The SHA-256 of a key. Keys are random, so neither a salt nor a slow hash would make it harder to invert."""
    return hashlib.sha256(key.encode()).hexdigest()


class Token(models.Model):
    """The API token of a client, to be sent as `Authorization: Token KEY`.

    Only the digest of the key is stored. It is also the lookup: the time that an index takes to compare digests reveals
    nothing about a key.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="The SHA-256 of the key.")
    prefix = models.CharField(max_length=PREFIX_LENGTH, editable=False, help_text="The first characters of the key.")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, related_name="api_token", on_delete=models.CASCADE)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "API Token"
        verbose_name_plural = "API Tokens"

    @override
    def __str__(self) -> str:
        return f"{self.prefix}… of {self.user}"

    def set_key(self) -> str:
        """Generate a new key and return it. Only the digest is saved, so nobody can read the key again."""
        key = secrets.token_hex(20)
        self.digest, self.prefix = digest_of(key), key[:PREFIX_LENGTH]
        return key

    @classmethod
    def issue(cls, user: User) -> str:
        """Create the token of a user, and return its key."""
        token = cls(user=user)
        key = token.set_key()
        token.save()
        return key


class RequestHistory(models.Model):
    """The requests of a client within its rate limit window (see `spacedb.throttling.throttle`).

    All times are Unix times in milliseconds. Rows expire when all their requests have left the window; they are
    deleted when a new client appears.
    """

    client = models.CharField(
        max_length=200, primary_key=True, help_text="Scope and identifier: anon:IP_ADDRESS or user:USERNAME."
    )
    timestamps = models.TextField(default="[]", help_text="JSON list of [time, number of requests].")
    expires = models.BigIntegerField(db_index=True, help_text="Time at which the last request leaves the window.")

    class Meta:
        verbose_name = "Request History"
        verbose_name_plural = "Request Histories"

    @override
    def __str__(self) -> str:
        return self.client
