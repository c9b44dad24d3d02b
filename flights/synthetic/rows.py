"""Numbering and bulk creation of generated objects."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any, TypeVar

from django.db import models

from flights.models import Launch
from spacedb.catalogue.models import LOCAL_IDS_FROM, Resource

M = TypeVar("M", bound=models.Model)

START_TIME = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
"""No launch is earlier."""

REFERENCE_TIME = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""The time that stands in for the present: flights that run then have not ended, and totals are as of then."""


class SyntheticRows:
    """Assigns ids to new objects and creates them in bulk.

    Objects may be created before those that they refer to, as foreign keys are checked at the end of the transaction.
    """

    def __init__(self) -> None:
        self.written: Counter[type[models.Model]] = Counter()
        self.pending: dict[type[models.Model], list[Any]] = defaultdict(list)
        self.counters: dict[Any, Iterator[int]] = {}

    def number(self, model: type[models.Model], column: str = "id") -> int:
        """Return the next free value of an integer column."""
        if (model, column) not in self.counters:
            last = model._base_manager.aggregate(last=models.Max(column))["last"] or 0
            self.counters[model, column] = count(max(last + 1, LOCAL_IDS_FROM))
        return next(self.counters[model, column])

    def add(self, model: type[M], **values: Any) -> M:
        """Return a new object, which `write()` will create."""
        if issubclass(model, Resource) and "id" not in values:
            values["id"] = self.number(model)
        elif issubclass(model, Launch):
            values["rocket_id"] = self.number(model, "rocket_id")
        row = model(**values)
        self.pending[model].append(row)
        return row

    def get_or_create(self, model: type[M], **values: Any) -> M:
        """Return the stored object with these values, or create it."""
        row = model._base_manager.filter(**values).order_by("pk").first()
        if row is None:
            row = self.add(model, **values)
            self.write()
        return row

    def link(self, owner: models.Model, relation: str, targets: Iterable[models.Model]) -> None:
        """Add the targets to a many-to-many relation of the owner, in order."""
        field: Any = owner._meta.get_field(relation)
        through = field.remote_field.through
        names = field.m2m_field_name(), field.m2m_reverse_field_name()
        for target in dict.fromkeys(targets):
            self.pending[through].append(through(**dict(zip(names, (owner, target), strict=True))))

    def write(self) -> None:
        """Create the pending objects."""
        for model, rows in self.pending.items():
            model._base_manager.bulk_create(rows, batch_size=1000)
            if not model._meta.auto_created:
                self.written[model] += len(rows)
        self.pending.clear()
