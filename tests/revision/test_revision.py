"""The revision changes with every write to the catalogue, by whatever means, and only then."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, connections, models, transaction
from django.db.models.signals import post_migrate, pre_migrate
from django.test import Client
from django.utils import timezone

from agencies.models import Agency
from flights.models import Launch
from flights.recount import recount
from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftConfigFamily
from spacedb.catalogue import write_lock
from spacedb.common.models import Country
from spacedb.ingest.ingest import IngestError, ingest_files
from spacedb.revision import current, triggers
from spacedb.revision.models import Revision
from spacedb.revision.triggers import watched_models
from spacedb.throttling.models import RequestHistory, Token
from tests.conftest import ROOT

FIXTURES = sorted((ROOT / "fixtures").glob("*.json"))


def revision() -> current.CurrentRevision:
    revision = current.current_revision()
    assert revision
    return revision


def changes_revision(write: Callable[[], Any]) -> bool:
    """Return whether this write changes the revision. If so, check its time too."""
    before = revision()
    write()
    after = revision()
    if after == before:
        return False
    assert after.uuid != before.uuid
    assert before.modified <= after.modified <= timezone.now()
    return True


@pytest.fixture
def agency(db: None) -> Agency:
    return Agency.objects.create(pk=1, name="One")


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_save_and_delete(db: None) -> None:
    agency = Agency(pk=1, name="One")
    assert changes_revision(agency.save)
    agency.name = "Two"
    assert changes_revision(agency.save)
    assert changes_revision(agency.delete)


def test_bulk_operations(db: None) -> None:
    spacecraft = [Spacecraft(pk=n, name=str(n)) for n in range(1, 200)]
    assert changes_revision(lambda: Spacecraft.objects.bulk_create(spacecraft))
    assert changes_revision(
        lambda: Spacecraft.objects.bulk_create(
            spacecraft[:1], update_conflicts=True, unique_fields=["pk"], update_fields=["name"]
        )
    )
    assert changes_revision(
        lambda: Spacecraft.objects.bulk_create([*spacecraft[:1], Spacecraft(pk=200, name="new")], ignore_conflicts=True)
    )
    assert changes_revision(lambda: Spacecraft.objects.bulk_update(spacecraft, ["name"]))
    assert changes_revision(lambda: Spacecraft.objects.update(in_space=True))
    assert changes_revision(lambda: Spacecraft.objects.filter(pk__lt=9).delete())


def test_writes_without_effect(agency: Agency) -> None:
    no_agencies = Agency.objects.filter(pk=99)
    assert not changes_revision(lambda: no_agencies.update(name="x"))
    assert not changes_revision(no_agencies.delete)
    assert not changes_revision(lambda: Agency.objects.bulk_create([agency], ignore_conflicts=True))
    assert not changes_revision(lambda: list(Agency.objects.all()))


def test_many_to_many(agency: Agency) -> None:
    country = Country.objects.create(pk=1, name="Nowhere", alpha_3_code="XNW")
    assert changes_revision(lambda: agency.country.add(country))
    assert not changes_revision(lambda: agency.country.add(country))
    assert changes_revision(lambda: agency.country.remove(country))
    config, family = SpacecraftConfig.objects.create(pk=1), SpacecraftConfigFamily.objects.create(pk=1)
    assert changes_revision(lambda: config.family.set([family]))
    assert changes_revision(config.family.clear)


def test_raw_sql(agency: Agency) -> None:
    table = Agency._meta.db_table
    assert changes_revision(lambda: sql(f"UPDATE {table} SET name = 'raw'"))
    assert not changes_revision(lambda: sql(f"UPDATE {table} SET name = 'raw' WHERE id = 99"))
    assert changes_revision(lambda: sql(f"DELETE FROM {table}"))


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no TRUNCATE")
@pytest.mark.django_db(transaction=True)
def test_truncate() -> None:
    Agency.objects.create(pk=1)
    assert changes_revision(lambda: sql(f"TRUNCATE {Agency._meta.db_table} CASCADE"))


def test_rollback(agency: Agency) -> None:
    def roll_back() -> None:
        with transaction.atomic():
            Agency.objects.update(name="x")
            assert revision() != before
            transaction.set_rollback(True)

    before = revision()
    assert not changes_revision(roll_back)
    assert revision() == before
    assert changes_revision(lambda: Agency.objects.update(name="y"))


def test_tables_outside_of_the_catalogue(client: Client, db: None) -> None:
    def write_other_tables() -> None:
        user = User.objects.create_superuser("editor", password="secret")
        client.force_login(user)
        Token.issue(user)
        RequestHistory.objects.create(pk="anon:x", expires=1)
        client.get("/admin/")

    assert not changes_revision(write_other_tables)


def test_admin(client: Client, agency: Agency) -> None:
    client.force_login(User.objects.create_superuser("editor", password="secret"))
    page = client.get("/admin/common/country/add/")
    assert page.status_code == 200
    data = {
        "name": "Nowhere",
        "alpha_2_code": "XN",
        "alpha_3_code": "XNW",
        "nationality_name": "",
        "nationality_name_composed": "",
    }
    assert changes_revision(lambda: client.post("/admin/common/country/add/", data))
    assert Country.objects.filter(name="Nowhere").exists()
    selected = {"action": "delete_selected", "_selected_action": [Country.objects.get().pk], "post": "yes"}
    assert changes_revision(lambda: client.post("/admin/common/country/", selected))
    assert not Country.objects.exists()


def test_ingest(db: None, tmp_path: Path) -> None:
    assert changes_revision(lambda: ingest_files(FIXTURES))
    assert not changes_revision(lambda: ingest_files(FIXTURES))
    Agency.objects.create(pk=9999)
    assert not changes_revision(lambda: ingest_files(FIXTURES, dry_run=True))
    Agency.objects.filter(pk=9999).delete()
    assert not changes_revision(lambda: ingest_files(FIXTURES, dry_run=True))
    invalid = tmp_path / "invalid.json"
    invalid.write_text('{"url": "http://x/2.3.0/agencies/1/", "id": "x"}')

    def ingest_invalid() -> None:
        with pytest.raises(IngestError):
            ingest_files([*FIXTURES, invalid])

    assert not changes_revision(ingest_invalid)


def test_recount(db: None) -> None:
    ingest_files(FIXTURES)
    at = timezone.now()
    Spacecraft.objects.update(flights_count=None, time_in_space=None)
    assert changes_revision(lambda: recount(now=at))
    assert not changes_revision(lambda: recount(now=at))


def test_loaddata(agency: Agency, tmp_path: Path) -> None:
    dump = tmp_path / "dump.json"
    call_command("dumpdata", "agencies", output=str(dump))
    assert changes_revision(lambda: call_command("loaddata", str(dump), verbosity=0))
    # Loading a dump that contains the revision creates a new one, as the data differs from that of the dump.
    call_command("dumpdata", "revision", output=str(dump))
    before = {row["fields"]["uuid"] for row in json.loads(dump.read_text())} | {revision().uuid}
    assert len(before) > 70
    Agency.objects.create(pk=2)
    before |= {revision().uuid, *current.table_revisions().values()}
    call_command("loaddata", str(dump), verbosity=0)
    assert not before & {revision().uuid, *current.table_revisions().values()}


@pytest.mark.dataset("examples")
def test_a_write_changes_the_revision_of_its_table_alone(db: None) -> None:
    tables = [model._meta.db_table for model in watched_models() if model._base_manager.exists()]
    assert len(tables) > 70
    assert current.table_revisions().keys() == {model._meta.db_table for model in watched_models()}
    for table in tables:
        before = current.table_revisions()
        assert changes_revision(lambda table=table: sql(f"UPDATE {table} SET id = id"))  # type: ignore[misc]
        changed = dict(current.table_revisions().items() - before.items())
        assert changed.keys() == {table}


@pytest.mark.django_db
def test_many_inserts_change_the_revision_once() -> None:
    table, before, tables = Agency._meta.db_table, revision(), current.table_revisions()
    with triggers.change_revision_once(table):
        Agency.objects.bulk_create([Agency(pk=1, name="One"), Agency(pk=2, name="Two")])
        if connection.vendor == "sqlite":
            assert revision() == before, "the rows change it one by one"
    assert revision().uuid != before.uuid
    assert revision().modified > before.modified
    changed = dict(current.table_revisions().items() - tables.items())
    assert changed.keys() == {table}
    assert len(changed[table]) == 32
    assert changes_revision(lambda: Agency.objects.create(pk=3, name="Three"))


@pytest.mark.django_db
def test_other_writes_are_noticed_among_many_inserts() -> None:
    table = Agency._meta.db_table
    Agency.objects.create(pk=1, name="One")
    with triggers.change_revision_once(table):
        assert changes_revision(lambda: Country.objects.create(pk=1, name="Nowhere", alpha_3_code="XNW"))
        assert changes_revision(lambda: Agency.objects.update(name="x"))
        Agency.objects.create(pk=2, name="Two")
        assert changes_revision(lambda: Agency.objects.filter(pk=1).delete())


@pytest.mark.django_db(transaction=True)
def test_inserts_that_fail_leave_the_revision_as_it_was() -> None:
    Agency.objects.create(pk=1, name="One")
    before, tables = revision(), current.table_revisions()
    with pytest.raises(IntegrityError), triggers.change_revision_once(Agency._meta.db_table):
        Agency.objects.bulk_create([Agency(pk=2, name="Two"), Agency(pk=1, name="One")])
    assert revision() == before
    assert current.table_revisions() == tables
    assert changes_revision(lambda: Agency.objects.create(pk=2, name="Two"))


def test_every_table_has_triggers(db: None) -> None:
    """Every table of the catalogue, including those of many-to-many relations."""
    names = {model._meta.db_table for model in watched_models()}
    assert {Agency.country.through._meta.db_table, Launch._meta.db_table, Country._meta.db_table} <= names
    assert not {name for name in names if name.startswith(("auth_", "django_", "revision_", "throttling_", "mirror_"))}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' GROUP BY tbl_name")
            expected = dict.fromkeys(names, 3) | {"revision_revision": 1, "revision_tablerevision": 1}
        else:
            cursor.execute(
                "SELECT relname, count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE NOT tgisinternal GROUP BY relname"
            )
            expected = dict.fromkeys(names, 5) | {"revision_revision": 1, "revision_tablerevision": 1}
        assert dict(cursor.fetchall()) == expected


@pytest.mark.django_db(transaction=True)
def test_migration_recreates_triggers() -> None:
    """A migration changes the revision. On SQLite it may recreate a table without its triggers."""
    Agency.objects.create(pk=1, name="One")
    field = Agency._meta.get_field("name")
    other = models.CharField(max_length=400)
    other.set_attributes_from_name("name")
    before = revision()
    for old, new in ((field, other), (other, field)):
        with connection.schema_editor() as editor:
            editor.alter_field(Agency, old, new)
    if connection.vendor == "sqlite":
        assert not changes_revision(lambda: Agency.objects.update(name="unnoticed"))
    app = apps.get_app_config("revision")
    pre_migrate.send(sender=app, app_config=app, using="default", plan=[("a migration that fails", False)])
    assert current.current_revision() is None  # until a migration succeeds
    tables = current.table_revisions()
    post_migrate.send(sender=app, app_config=app, using="default", plan=[("a migration", False)])
    assert revision() != before
    assert not tables.items() & current.table_revisions().items()
    assert changes_revision(lambda: Agency.objects.update(name="noticed"))
    assert not changes_revision(lambda: call_command("migrate", verbosity=0, interactive=False))


@pytest.mark.parametrize("target", ["zero", "0001"])
@pytest.mark.django_db(transaction=True)
def test_migrating_back_and_forth(target: str) -> None:
    try:
        call_command("migrate", "revision", target, verbosity=0)
        Agency.objects.create(pk=1)
    finally:
        call_command("migrate", verbosity=0)
    assert changes_revision(lambda: Agency.objects.update(name="x"))


@pytest.mark.django_db(transaction=True)
def test_flush_creates_a_new_revision() -> None:
    """Without a row there is no revision."""
    before = revision()
    Revision.objects.all().delete()
    assert current.current_revision() is None
    Agency.objects.create(pk=1)
    call_command("flush", verbosity=0, interactive=False)
    assert revision() != before
    assert changes_revision(lambda: Agency.objects.create(pk=1))


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no roles")
def test_triggers_ignore_a_temporary_revision_table(agency: Agency) -> None:
    """Any role may create one. Its triggers would run with the rights of the owner of the tables."""

    def uuid() -> str:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT uuid FROM public.{Revision._meta.db_table}")
            return str(cursor.fetchone()[0])

    before = uuid()
    sql(f"CREATE TEMPORARY TABLE {Revision._meta.db_table} (LIKE public.{Revision._meta.db_table}) ON COMMIT DROP")
    sql(f"INSERT INTO pg_temp.{Revision._meta.db_table} SELECT * FROM public.{Revision._meta.db_table}")
    sql(f"UPDATE {Agency._meta.db_table} SET name = 'x'")
    assert uuid() != before


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
@pytest.mark.django_db(transaction=True)
def test_writers_wait_for_each_other() -> None:
    """Two writers that update the same rows in opposite order do not deadlock."""
    Agency.objects.bulk_create([Agency(pk=1), Agency(pk=2)])
    barrier, errors = threading.Barrier(2), []

    def write(first: int, second: int) -> None:
        try:
            barrier.wait()
            for _ in range(20):
                with transaction.atomic():
                    Agency.objects.filter(pk=first).update(name="x")
                    Agency.objects.filter(pk=second).update(name="y")
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    before = revision()
    threads = [threading.Thread(target=write, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert revision() != before
    assert set(Agency.objects.values_list("name", flat=True)) <= {"x", "y"}


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
@pytest.mark.django_db(transaction=True)
def test_write_lock_timeout(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert write_lock.WRITE_LOCK_TIMEOUT == "20s"
    client.force_login(User.objects.create_superuser("editor", password="secret"))
    data = {"name": "Nowhere", "alpha_3_code": "XNW"}
    other = connections["default"].copy()
    try:
        with monkeypatch.context() as shorter:
            for module in (write_lock, triggers):
                shorter.setattr(module, "WRITE_LOCK_TIMEOUT", "100ms")
            triggers.install()
            other.set_autocommit(False)
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [write_lock.WRITE_LOCK])
            with pytest.raises(OperationalError, match="lock timeout"):
                Agency.objects.create(pk=1)
            with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
                write_lock.lock_writers()
            assert client.post("/admin/common/country/add/", data).status_code == 503
            other.rollback()
            assert changes_revision(lambda: Agency.objects.create(pk=1))
    finally:
        other.close()
        triggers.install()
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)  # other locks have no timeout
        cursor.execute("SELECT proconfig FROM pg_proc WHERE proname = 'revision_lock'")
        assert "lock_timeout=20s" in cursor.fetchone()[0]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
@pytest.mark.django_db(transaction=True)
def test_ingest_is_visible_as_a_whole() -> None:
    other = connections["default"].copy()
    try:
        with transaction.atomic():
            ingest_files(FIXTURES)
            with other.cursor() as cursor:
                cursor.execute(current.SELECT_REVISION)
                before = cursor.fetchone()
        with other.cursor() as cursor:
            cursor.execute(current.SELECT_REVISION)
            assert cursor.fetchone() == (revision().uuid,) != before
    finally:
        other.close()
