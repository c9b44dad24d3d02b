"""Reads the current revision.

Every committed write to a table of the catalogue changes the revision in the same transaction, whether ingest, the
admin, `loaddata` or plain SQL made it. Database triggers do that: `spacedb.revision.triggers`.
"""

import datetime as dt
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS

from spacedb.databases.statements import Select
from spacedb.revision.models import Revision, TableRevision

TABLE = Revision._meta.db_table

SELECT_REVISION = f"SELECT uuid FROM {TABLE}"


class CurrentRevision(NamedTuple):
    """The revision of the data that a query reads."""

    uuid: str
    modified: dt.datetime
    """The time of the last write, in UTC."""


def table_revisions() -> dict[str, str]:
    """The revision of each table of the catalogue, by its name. The rows of a table are the same as long as it is."""
    return dict(Select(TableRevision, values=("name", "uuid")).fetch())


def current_revision(using: str = DEFAULT_DB_ALIAS) -> CurrentRevision | None:
    """The revision of the data that a query would read now; None while migrations run.

    Within a snapshot, it is the revision of everything that is read there.
    """
    rows = Select(Revision, values=("uuid", "modified")).fetch(using=using)
    return CurrentRevision(*rows[0]) if rows else None
