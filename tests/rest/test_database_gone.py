"""Without a database, responses have the status 503 and `Retry-After`. The server recovers with the database."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, close_old_connections, connection
from django.test import Client

from spacedb.serializers.base import model_of
from tests.database_gone import database_gone
from tests.endpoints import MAIN_ENDPOINTS, endpoints
from tests.examples import example_pk

pytestmark = pytest.mark.django_db(transaction=True)


def test_database_gone(client: Client, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    paths = [*endpoints()]
    for path in MAIN_ENDPOINTS:
        model = model_of(endpoints()[path].serializer_for(""))
        paths += [f"{path}{example_pk(model, 1)}/", f"{path}?search=x&ordering=id"]
    for path in paths:
        with database_gone(tmp_path):
            caplog.clear()
            response = client.get(path)
            assert (response.status_code, response["content-type"]) == (503, "application/json"), path
            assert response["retry-after"] == "5"
            assert response.json() == {"detail": "The database cannot be reached. Try again in a moment."}
            logged = [record.levelname for record in caplog.records if "database unavailable" in record.getMessage()]
            assert logged == ["ERROR"]
            assert "HTTP 503 Service Unavailable" in client.get(path, headers={"accept": "text/html"}).text
        assert client.get(path).status_code in (200, 404)


def test_database_gone_in_the_admin(client: Client, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    client.force_login(User.objects.create_superuser("editor", password="secret"))
    with database_gone(tmp_path):
        for response in (client.get("/admin/"), Client().post("/admin/login/", {"username": "a", "password": "b"})):
            assert (response.status_code, response["content-type"]) == (503, "application/json")
            assert response["retry-after"] == "5"
        assert "database unavailable" in caplog.text
    assert client.get("/admin/").status_code == 200


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no server")
def test_database_restarted(client: Client) -> None:
    path = next(iter(endpoints()))
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert client.get(path).status_code == 503
    close_old_connections()  # the test client of Django does not do this after a request
    assert client.get(path).status_code == 200
