"""API tokens: only their digests are stored, and they are shown once."""

import datetime as dt
import re
from io import StringIO
from typing import Any

import pytest
from django.apps.registry import Apps
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from spacedb.throttling.models import Token
from tests.throttling.requests import LISTING, THROTTLE, get, token_of

pytestmark = pytest.mark.django_db


def ident(client: Client, token: str) -> Any:
    return get(client, THROTTLE, token=token).json()["ident"]


def run_token(*args: str) -> str:
    out = StringIO()
    call_command("token", *args, stdout=out)
    return out.getvalue().strip()


def is_stored(key: str) -> bool:
    """Whether any column of any table contains a key."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if any(key in str(row) for row in cursor):
                return True
    return False


def test_a_request_with_a_token_costs_one_query(client: Client) -> None:
    key = token_of("Gagarin")
    with CaptureQueriesContext(connection) as queries:
        assert ident(client, key) == "Gagarin"
    assert [query["sql"].partition(" ")[0] for query in queries] == ["SELECT"]
    assert key not in str(queries.captured_queries)
    assert not is_stored(key)


@pytest.mark.parametrize("setting", ["ignore", "reject"])
def test_logs_and_responses_do_not_contain_tokens(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture, setting: str
) -> None:
    settings.UNKNOWN_TOKENS = setting
    caplog.set_level("DEBUG")
    key, unknown = token_of("Gagarin"), "0123456789abcdef"
    with CaptureQueriesContext(connection):  # logs the queries
        responses = [get(client, f"{LISTING}?format=api", token=token).text for token in (key, unknown)]
    assert "throttling_token" in caplog.text
    for text in (caplog.text, *responses):
        assert key not in text
        assert unknown not in text


def test_the_stored_values_are_no_tokens(client: Client) -> None:
    token_of("Gagarin")
    token = Token.objects.get()
    for value in (token.digest, token.prefix, "", "x" * 5000, "%00", "é"):
        assert ident(client, value) == "192.0.2.1"


@pytest.mark.parametrize(("setting", "status"), [("ignore", 200), ("reject", 401)])
def test_the_token_of_an_inactive_user_is_unknown(client: Client, settings: Any, setting: str, status: int) -> None:
    settings.UNKNOWN_TOKENS = setting
    token = token_of("Gagarin")
    User.objects.update(is_active=False)
    assert get(client, LISTING, token=token).status_code == status


# --- The command ------------------------------------------------------------------------------------------------------


def test_token_command(client: Client) -> None:
    token = run_token("Gagarin")
    assert ident(client, token) == "Gagarin"
    user = User.objects.get()
    assert not user.has_usable_password()
    assert not user.is_staff

    renewed = run_token("Gagarin", "--renew")
    assert ident(client, token) == "192.0.2.1"
    assert ident(client, renewed) == "Gagarin"

    assert run_token("Gagarin", "--revoke") == ""
    assert ident(client, renewed) == "192.0.2.1"


def test_the_command_does_not_show_a_token_again(client: Client) -> None:
    token = run_token("Gagarin")
    with pytest.raises(CommandError, match=f"begins with {token[:8]}, and was created on .* Use --renew"):
        run_token("Gagarin")
    assert ident(client, token) == "Gagarin"
    assert run_token("Titov")[:8] in run_token("--list")
    assert run_token("--list").startswith(f"{token[:8]}…  ")
    assert token not in run_token("--list")


@pytest.mark.parametrize(
    "args",
    [["Yuri Gagarin"], [""], ["x" * 200], ["Gagarin", "--revoke"], [], ["Gagarin", "--list"], ["--revoke", "--renew"]],
)
def test_token_command_rejects(args: list[str]) -> None:
    with pytest.raises(CommandError):
        run_token(*args)
    assert not User.objects.exists()


# --- The admin --------------------------------------------------------------------------------------------------------


def test_the_admin_shows_a_new_token_once(admin_client: Client, client: Client) -> None:
    user = User.objects.create_user("Gagarin")
    add, changelist = reverse("admin:throttling_token_add"), reverse("admin:throttling_token_changelist")
    assert admin_client.get(add).status_code == 200
    page = admin_client.post(add, {"user": user.pk}, follow=True)
    [key] = re.findall(r"\b[0-9a-f]{40}\b", page.text)
    assert "no-store" in page["Cache-Control"]
    assert ident(client, key) == "Gagarin"
    assert not is_stored(key)

    token = Token.objects.get()
    detail = admin_client.get(reverse("admin:throttling_token_change", args=[token.pk]))
    for page in (admin_client.get(changelist), detail):
        assert page.status_code == 200
        assert key not in page.text
        assert token.digest not in page.text
    assert "already exists" in admin_client.post(add, {"user": user.pk}).text
    admin_client.post(reverse("admin:throttling_token_delete", args=[token.pk]), {"post": "yes"})
    assert ident(client, key) == "192.0.2.1"
    assert [entry.object_repr for entry in LogEntry.objects.all()] == [f"{key[:8]}… of Gagarin"] * 2


# --- Upgrading a database with tokens in plain text -------------------------------------------------------------------


def plain_text_token() -> type[models.Model]:
    """The model of `rest_framework.authtoken`."""
    attributes = {
        "__module__": __name__,
        "key": models.CharField(max_length=40, primary_key=True),
        "user": models.OneToOneField(User, related_name="+", on_delete=models.CASCADE),
        "created": models.DateTimeField(),
        "Meta": type("Meta", (), {"app_label": "authtoken", "db_table": "authtoken_token", "apps": Apps()}),
    }
    return type("Token", (models.Model,), attributes)


@pytest.mark.django_db(transaction=True)
def test_tokens_of_an_older_database_go_on_working(client: Client) -> None:
    key, created = "0123456789abcdef" * 2 + "01234567", dt.datetime(2025, 4, 12, 6, 7, tzinfo=dt.UTC)
    user, old = User.objects.create_user("Gagarin"), plain_text_token()
    with connection.schema_editor() as editor:
        editor.create_model(old)
    old._default_manager.create(key=key, user=user, created=created)
    content_type = ContentType.objects.create(app_label="authtoken", model="tokenproxy")
    log = {"user": user, "content_type": content_type, "object_repr": key, "action_flag": ADDITION}
    LogEntry.objects.create(**log)
    assert is_stored(key)

    call_command("migrate", "throttling", "0002", fake=True, verbosity=0)
    call_command("migrate", "throttling", verbosity=0)

    assert ident(client, key) == "Gagarin"
    token = Token.objects.get()
    assert (token.user, token.prefix, token.created) == (user, key[:8], created)
    assert "authtoken_token" not in connection.introspection.table_names()
    assert not ContentType.objects.filter(app_label="authtoken").exists()
    assert LogEntry.objects.count() == 1
    assert not is_stored(key)
    if connection.vendor == "sqlite":
        assert key.encode() not in connection.connection.serialize()

    call_command("migrate", "throttling", "0002", fake=True, verbosity=0)
    call_command("migrate", "throttling", verbosity=0)  # without the table
    assert ident(client, key) == "Gagarin"
