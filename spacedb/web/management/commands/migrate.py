"""`manage.py migrate`: Django's command, which can be interrupted at any time and run again."""

from typing import Any

from django.core.management.commands import migrate
from django.db import transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from typing_extensions import override


class TransactionalExecutor(MigrationExecutor):
    """Applies a migration and records it in one transaction.

    Django records most migrations after their transaction. A process that was killed in between would leave tables that
    the next `migrate` tries to create again.
    """

    @override
    def apply_migration(self, state: ProjectState, migration: Migration, *args: Any, **options: Any) -> ProjectState:
        if not (migration.atomic and self.connection.features.can_rollback_ddl):
            return super().apply_migration(state, migration, *args, **options)
        # The schema editor of SQLite needs this, and a transaction cannot change it.
        with self.connection.constraint_checks_disabled(), transaction.atomic(using=self.connection.alias):
            return super().apply_migration(state, migration, *args, **options)


migrate.MigrationExecutor = TransactionalExecutor  # type: ignore[attr-defined]  # the command has no hook for it


class Command(migrate.Command):
    """Django's command."""
