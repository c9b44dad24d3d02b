"""Limits for attempts to log in to the admin."""

import datetime as dt
import hashlib
import logging
from collections.abc import Callable
from itertools import cycle
from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.test import Client

from spacedb.web import login
from spacedb.web.models import LoginAttempt
from tests.endpoints import declared_endpoints
from tests.page_checks import check_page

PASSWORD = "correct horse battery staple"
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
URL = "/admin/login/?next=/admin/"

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_neutral]


@pytest.fixture(autouse=True)
def editor() -> User:
    return User.objects.create_superuser("editor", password=PASSWORD)


@pytest.fixture
def hashed(editor: User, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that are hashed."""
    passwords: list[str] = []
    encode = MD5PasswordHasher.encode

    def record(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
        passwords.append(password)
        return encode(hasher, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", record)
    return passwords


def attempt(password: str = "wrong", username: str = "editor", address: str = "192.0.2.1") -> Any:
    return Client().post(URL, {"username": username, "password": password}, REMOTE_ADDR=address)


def test_login(hashed: list[str]) -> None:
    assert attempt().status_code == 200
    assert attempt(PASSWORD).status_code == 302
    assert hashed == ["wrong", PASSWORD]
    assert not LoginAttempt.objects.exists()  # success forgets failed attempts


def test_limit_of_an_account(hashed: list[str], set_time: Callable[[dt.datetime], None]) -> None:
    """Over the limit, even the right password is refused without checking it, until the time in `Retry-After`."""
    set_time(NOW)
    assert [attempt().status_code for _ in range(login.ACCOUNT_LIMIT)] == [200] * login.ACCOUNT_LIMIT
    set_time(NOW + dt.timedelta(minutes=1))
    for username in ("editor", " editor", "ｅditor"):  # noqa: RUF001 (Django normalizes usernames)
        refused = attempt(PASSWORD, username)
        assert (refused.status_code, refused["Retry-After"]) == (429, "840")
        assert "Try again in 14 minutes." in refused.text
        check_page(refused)
    assert len(hashed) == login.ACCOUNT_LIMIT
    set_time(NOW + dt.timedelta(minutes=1, seconds=840))
    assert attempt(PASSWORD).status_code == 302


@pytest.mark.parametrize(("limit", "username"), [("ACCOUNT_LIMIT", "editor"), ("ADDRESS_LIMIT", "another")])
def test_limits_of_simultaneous_attempts(
    hashed: list[str], monkeypatch: pytest.MonkeyPatch, limit: str, username: str
) -> None:
    """Attempts count that are stored after the limits have been checked, while an attempt waits for its turn."""
    store, account = login._store_attempt, hashlib.sha256(username.encode()).hexdigest()

    def store_after_others(address: str, own_account: str) -> LoginAttempt:
        for _ in range(getattr(login, limit)):
            store(address, account)
        return store(address, own_account)

    monkeypatch.setattr(login, "_store_attempt", store_after_others)
    assert attempt(PASSWORD).status_code == 429
    assert hashed == []
    assert LoginAttempt.objects.count() == getattr(login, limit)  # those refused do not count


def test_other_addresses_and_accounts_are_not_locked_out() -> None:
    User.objects.create_superuser("another", password=PASSWORD)
    for _ in range(login.ACCOUNT_LIMIT + 1):
        attempt()
    assert attempt(PASSWORD).status_code == 429
    assert attempt(PASSWORD, "another").status_code == 302
    assert attempt(PASSWORD, address="192.0.2.2").status_code == 302


def test_limit_of_an_address(hashed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "ADDRESS_LIMIT", 7)
    statuses = [attempt(username=f"user {number}").status_code for number in range(9)]
    assert statuses == [200] * 7 + [429] * 2
    assert attempt(PASSWORD).status_code == 429
    assert len(hashed) == 7
    assert attempt(PASSWORD, address="2001:db8::1").status_code == 302


def test_invented_addresses_and_accounts_fill_no_table(
    monkeypatch: pytest.MonkeyPatch, set_time: Callable[[dt.datetime], None]
) -> None:
    monkeypatch.setattr(login, "MAX_ATTEMPTS", 10)
    set_time(NOW)
    for number in range(15):
        attempt(username=f"user {number}" * 1000, address=f"192.0.2.{number}")
    assert LoginAttempt.objects.count() == 10
    assert not LoginAttempt.objects.filter(address="192.0.2.4").exists()
    set_time(NOW + login.WINDOW)
    attempt()
    assert LoginAttempt.objects.count() == 1


def test_one_password_is_checked_at_a_time(hashed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """While a process checks a password, further attempts wait and are then refused. Everything else is served."""
    monkeypatch.setattr(login, "CHECK_TIMEOUT", 0.1)
    with login._checking:
        refused = attempt(PASSWORD)
        assert (refused.status_code, refused["Retry-After"]) == (429, "1")
        check_page(refused)
        assert Client().get("/admin/login/").status_code == 200
        assert Client().get("/2.3.0/").status_code == 200
    assert hashed == []
    assert not LoginAttempt.objects.exists()
    assert attempt(PASSWORD).status_code == 302


def test_an_error_ends_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ModelBackend, "authenticate", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        attempt()
    monkeypatch.undo()
    assert attempt(PASSWORD).status_code == 302


def test_failures_are_logged_without_the_password(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(login.ACCOUNT_LIMIT + 1):
            attempt("my secret", "editor")
        attempt("my secret", "x\ny" * 1000)
    lines = [record.getMessage() for record in caplog.records if record.name == "spacedb.web.login"]
    assert lines[: login.ACCOUNT_LIMIT] == ["Login failed: account 'editor', address 192.0.2.1"] * login.ACCOUNT_LIMIT
    assert lines[login.ACCOUNT_LIMIT].startswith("Login refused: account 'editor', address 192.0.2.1: Too many")
    assert len(lines) == login.ACCOUNT_LIMIT + 2
    assert all("\n" not in line and "secret" not in line and len(line) < 300 for line in lines)


def test_no_request_of_the_api_hashes_a_password(hashed: list[str], settings: Any) -> None:
    headers = [
        {"authorization": "Token 0123456789abcdef0123456789abcdef01234567"},
        {"authorization": "Basic ZWRpdG9yOndyb25n"},
        {"cookie": "sessionid=0123456789abcdef"},
    ]
    paths = sorted(declared_endpoints())
    for unknown_tokens, accept in (("ignore", "application/json"), ("reject", "text/html")):
        settings.UNKNOWN_TOKENS = unknown_tokens
        for path, each in zip(paths, cycle(headers), strict=False):
            Client().get(path, headers={**each, "accept": accept})
    assert hashed == []


def test_unlimited_without_a_request() -> None:
    """As in the shell and in commands."""
    for _ in range(login.ACCOUNT_LIMIT + 1):
        assert not Client().login(username="editor", password="wrong")
    assert Client().login(username="editor", password=PASSWORD)
