"""`migrate` can be interrupted at any time."""

from typing import Any

import pytest
from django.core.management import get_commands
from django.db import connection, migrations, models
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from spacedb.web.management.commands.migrate import TransactionalExecutor


class CreateRocket(migrations.Migration):
    """Its index is created after the table, so Django would record it after the transaction."""

    operations = [
        migrations.CreateModel(
            "Rocket", [("id", models.AutoField(primary_key=True)), ("name", models.CharField(db_index=True))]
        )
    ]


def table_names() -> list[str]:
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_cannot_be_recorded_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    migration, created = CreateRocket("0001_initial", "test"), list[bool]()

    def fail(*arguments: Any) -> None:
        created.append("test_rocket" in table_names())
        raise InterruptedError

    monkeypatch.setattr(MigrationRecorder, "record_applied", fail)
    executor = TransactionalExecutor(connection)
    with pytest.raises(InterruptedError):
        executor.apply_migration(ProjectState(), migration)
    assert created == [True]
    assert "test_rocket" not in table_names()
    monkeypatch.undo()

    executor.apply_migration(ProjectState(), migration)
    assert "test_rocket" in table_names()
    assert ("test", "0001_initial") in executor.recorder.applied_migrations()
    executor.unapply_migration(ProjectState(), migration)
    assert "test_rocket" not in table_names()


def test_the_command_is_that_of_the_project() -> None:
    assert get_commands()["migrate"] == "spacedb.web"
