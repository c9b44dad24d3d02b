"""Limits for attempts to log in to the admin.

Checking a password is slow on purpose. So attempts over a limit are refused before their password is checked, and each
process checks one password at a time. Nobody can lock an editor out from another address: the limits are per address
and account, and per address.
"""

import datetime as dt
import hashlib
import logging
import math
import threading
from typing import Any

from django.contrib import admin
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from typing_extensions import override

from spacedb.throttling.clients import client_address, client_network
from spacedb.web.models import LoginAttempt

WINDOW = dt.timedelta(minutes=15)
"""How long a failed attempt counts."""

ACCOUNT_LIMIT = 5
"""Failed attempts of one address for one account in `WINDOW`."""

ADDRESS_LIMIT = 50
"""Failed attempts of one address for all accounts in `WINDOW`."""

MAX_ATTEMPTS = 10_000
"""Maximum number of stored attempts. The oldest are deleted if too many addresses try to log in."""

CHECK_TIMEOUT = 20
"""Seconds that an attempt waits while another password is being checked. The server lets clients take turns."""

BUSY_RETRY_AFTER = 1
"""Seconds after which a client may try again because another password was being checked."""

logger = logging.getLogger(__name__)

_checking = threading.Lock()


class LoginRefused(Exception):
    """The password of an attempt was not checked. `retry_after` is the number of seconds until the next attempt."""

    def __init__(self, retry_after: int, message: str) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class LimitedBackend(ModelBackend):
    """Django's backend with limits. It raises `LoginRefused`."""

    @override
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if request is None or username is None:
            return super().authenticate(request, username, password, **kwargs)
        account = hashlib.sha256(username.encode()).hexdigest()
        address = client_network(request.META)
        attempts = LoginAttempt.objects.filter(address=address)
        _check_limits(attempts, account)
        if not _checking.acquire(timeout=CHECK_TIMEOUT):
            raise LoginRefused(BUSY_RETRY_AFTER, "The server is checking another login. Try again in a moment.")
        try:
            attempt = _store_attempt(address, account)
            try:  # again, as others may have been stored while this one waited for its turn
                _check_limits(attempts.exclude(pk=attempt.pk), account)
            except LoginRefused:
                attempt.delete()
                raise
            user: User | None = super().authenticate(request, username, password, **kwargs)
        finally:
            _checking.release()
        if user is not None:
            attempts.filter(account=account).delete()
        return user


def _check_limits(attempts: QuerySet[LoginAttempt], account: str) -> None:
    """Raise `LoginRefused` if the attempts of an address reach a limit."""
    seconds = max(_wait(attempts.filter(account=account), ACCOUNT_LIMIT), _wait(attempts, ADDRESS_LIMIT))
    if seconds:
        minutes = math.ceil(seconds / 60)
        raise LoginRefused(
            seconds, f"Too many failed attempts. Try again in {minutes} minute{'s' if minutes > 1 else ''}."
        )


def _wait(attempts: QuerySet[LoginAttempt], limit: int) -> int:
    """The seconds until fewer than `limit` of the attempts are in the window."""
    start = timezone.now() - WINDOW
    newest = attempts.filter(time__gt=start).order_by("-time").values_list("time", flat=True)
    return sum(math.ceil((time - start).total_seconds()) for time in newest[limit - 1 : limit])


def _store_attempt(address: str, account: str) -> LoginAttempt:
    now = timezone.now()
    attempt = LoginAttempt.objects.create(address=address, account=account, time=now)
    LoginAttempt.objects.filter(time__lte=now - WINDOW).delete()
    newest_first = LoginAttempt.objects.order_by("-time", "-pk").values_list("pk", flat=True)
    LoginAttempt.objects.filter(pk__in=list(newest_first[MAX_ATTEMPTS:])).delete()
    return attempt


def login(request: HttpRequest) -> HttpResponse:
    """`/admin/login/`: the login page of the admin, with limits."""
    try:
        return admin.site.login(request)
    except LoginRefused as error:
        address, username = client_address(request.META), request.POST.get("username", "")
        logger.warning("Login refused: account %.150r, address %s: %s", username, address, error)
        response = render(request, "web/login_refused.html", {"message": str(error)}, status=429)
        response.headers["Retry-After"] = str(error.retry_after)
        response.headers["Cache-Control"] = "no-store"
        return response


def log_failed_login(sender: object, credentials: dict[str, Any], request: HttpRequest | None, **kwargs: Any) -> None:
    """Log a failed login: a receiver of Django's signal, whose credentials do not contain the password."""
    address = client_address(request.META) if request else "none"
    logger.warning("Login failed: account %.150r, address %s", credentials.get("username", ""), address)
