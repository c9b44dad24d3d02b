"""Values of parsed documents that stand for something else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models


@dataclass(frozen=True)
class NaturalKey:
    """An object that a document tells without its id: by a natural key (a name, an address), as {attribute: value}."""

    model: type[models.Model]
    names: tuple[str, ...]
    values: tuple[Any, ...]


@dataclass(frozen=True)
class LossyValue:
    """A value that a form rounds: what is stored stays where the form shows it as `shown`, for it is more exact."""

    value: Any
    shown: Any
    show: Callable[[Any], Any] = field(compare=False)

    def equals(self, stored: Any) -> bool:
        return stored is not None and bool(self.show(stored) == self.shown)
