"""Operations of migrations."""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import AddField, AlterField
from django.db.migrations.state import ProjectState
from typing_extensions import override


class ChangeColumns(Operation):
    """Adds columns, and changes the type of text columns, all at once.

    Django renders all models anew for each `AddField` and `AlterField`, which takes minutes for hundreds of them.
    SQLite does not enforce the length of text, so types change on other databases only.
    """

    reversible = False

    def __init__(self, operations: Sequence[AddField | AlterField]) -> None:
        self.operations = operations

    @override
    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # the rendered models
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    @override
    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self.operations:
            if isinstance(operation, AddField) or schema_editor.connection.vendor != "sqlite":
                operation.database_forwards(app_label, schema_editor, from_state, to_state)
