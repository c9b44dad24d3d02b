"""Writes the to-many relations of objects. `writing.py` selects the function for each relation.

`replace_links` and `add_links` return the ids of the owners whose relation changed.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeAlias

from django.db.models import QuerySet
from django.db.models.fields.related import ManyToManyField
from django.db.models.fields.reverse_related import ManyToManyRel, ManyToOneRel

from spacedb.catalogue.models import refers_to_owner
from spacedb.databases.statements import Select
from spacedb.ingest.inserting import insert_rows
from spacedb.ingest.records import Key, Model

MAX_IN = 10_000
"""The number of ids in a query: SQLite accepts more, but not any number."""

Targets: TypeAlias = "dict[Key, list[Key]]"
"""The ids of related objects by the id of their owner."""


def replace_links(relation: "ManyToManyField[Any, Any]", targets: Targets, required_column: str = "") -> set[Key]:
    """Replace the links by links to these objects, in the order of the document.

    Links to objects whose `required_column` is empty are not deleted, because the document cannot contain them.
    """
    through, owner, target = through_table(relation)
    required = (f"{relation.m2m_reverse_field_name()}__{required_column}",) if required_column else ()
    before: Targets = defaultdict(list)
    ids: Targets = defaultdict(list)
    rows = Select(through, owner, order="pk", values=("pk", owner, target, *required))
    for pk, owner_pk, target_pk, *required_value in rows.fetch(targets):
        if "" not in required_value:
            ids[owner_pk].append(pk)
            before[owner_pk].append(target_pk)
    changed = {pk for pk, target_pks in targets.items() if target_pks != before[pk]}
    delete_rows(through, [pk for owner_pk in changed for pk in ids[owner_pk]])
    insert_rows(through, [{owner: pk, target: target_pk} for pk in changed for target_pk in targets[pk]])
    return changed


def add_links(relation: "ManyToManyField[Any, Any] | ManyToManyRel", targets: Targets) -> set[Key]:
    """Add links and remove none.

    For lists that represent a part of the relation, and for relations that the other side declares: only a document
    of the other side contains all of its links.
    """
    if isinstance(relation, ManyToManyField):
        through, near, far = through_table(relation)
    else:
        through, far, near = through_table(relation.field)
    before = set(through._base_manager.filter(**{f"{near}__in": list(targets)}).values_list(near, far))
    new = [(pk, other) for pk, others in targets.items() for other in others if (pk, other) not in before]
    insert_rows(through, [{near: pk, far: other} for pk, other in new])
    return {pk for pk, _ in new}


def missing_parts(relation: ManyToOneRel, targets: Targets) -> QuerySet[Any]:
    """The parts of these owners that the document does not contain, such as variants of an image.

    Objects that are not parts (a spacecraft's flights) are not among them: older documents may lack them.
    """
    model = relation.related_model
    if not refers_to_owner(relation.field):
        return model._base_manager.none()
    parts = [pk for pks in targets.values() for pk in pks]
    owned: QuerySet[Any] = model._base_manager.filter(**{f"{relation.field.attname}__in": list(targets)})
    return owned.exclude(pk__in=parts)


def delete_rows(model: Model, pks: Sequence[Any]) -> None:
    for start in range(0, len(pks), MAX_IN):
        model._base_manager.filter(pk__in=pks[start : start + MAX_IN]).delete()


def through_table(relation: "ManyToManyField[Any, Any]") -> tuple[Model, str, str]:
    """The through model of a many-to-many relation, and its columns for the owner and for the target."""
    through: Any = relation.remote_field.through
    return through, f"{relation.m2m_field_name()}_id", f"{relation.m2m_reverse_field_name()}_id"
