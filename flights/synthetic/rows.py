"""Objects that are made and not written yet."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any, TypeVar

from django.db import models

from flights.models import Launch
from spacedb.catalogue.models import LOCAL_IDS_FROM, Resource

M = TypeVar("M", bound=models.Model)

FIRST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""What runs has run until then, and totals are those of then."""


class SyntheticRows:
    """Numbers objects and writes them many at a time. Foreign keys are checked at the end of the transaction."""

    def __init__(self) -> None:
        self.written: Counter[type[models.Model]] = Counter()
        self.waiting: dict[type[models.Model], list[Any]] = defaultdict(list)
        self.numbers: dict[Any, Iterator[int]] = {}

    def number(self, model: type[models.Model], column: str = "id") -> int:
        """The next number that nobody has."""
        if (model, column) not in self.numbers:
            last = model._base_manager.aggregate(last=models.Max(column))["last"] or 0
            self.numbers[model, column] = count(max(last + 1, LOCAL_IDS_FROM))
        return next(self.numbers[model, column])

    def add(self, model: type[M], **values: Any) -> M:
        if issubclass(model, Resource) and "id" not in values:
            values["id"] = self.number(model)
        elif issubclass(model, Launch):
            values["rocket_id"] = self.number(model, "rocket_id")
        row = model(**values)
        self.waiting[model].append(row)
        return row

    def entry(self, model: type[M], **values: Any) -> M:
        """An entry of a short list: the one with these values that is there, or else a new one."""
        found = model._base_manager.filter(**values).order_by("pk").first()
        if found is None:
            found = self.add(model, **values)
            self.write()
        return found

    def link(self, owner: models.Model, relation: str, targets: Iterable[models.Model]) -> None:
        """To objects of a many-to-many relation, in this order."""
        field: Any = owner._meta.get_field(relation)
        through = field.remote_field.through
        names = field.m2m_field_name(), field.m2m_reverse_field_name()
        for target in dict.fromkeys(targets):
            self.waiting[through].append(through(**dict(zip(names, (owner, target), strict=True))))

    def write(self) -> None:
        for model, rows in self.waiting.items():
            model._base_manager.bulk_create(rows, batch_size=1000)
            if not model._meta.auto_created:
                self.written[model] += len(rows)
        self.waiting.clear()
