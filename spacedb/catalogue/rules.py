"""Rules that the forms of the admin check: values that are impossible, or that are probably a mistake.

A form checks only what the editor edited, so that objects with odd values can still be edited. Ingest checks no rule:
documents are stored as they are.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

Bounds = tuple[int | None, int | None]

BOUNDS: dict[str, Bounds] = {
    "latitude": (-90, 90),
    "longitude": (-180, 360),  # on other celestial bodies it is often counted eastwards only
    "priority": (None, None),
    "probability": (-1, 100),
    "relative_time": (None, None),
}
"""The smallest and the largest possible value of numbers and durations, by field. All others cannot be negative."""


def bound_validators(field: Any) -> list[Any]:
    """The validators of a number or a duration."""
    lowest, highest = BOUNDS.get(field.name, (0, None))
    is_duration = isinstance(field, models.DurationField)
    label = _capitalize(field.verbose_name)
    validators: list[Any] = []
    if lowest is not None:
        message = f"{label} cannot be {f'less than {lowest}' if lowest else 'negative'}."
        validators.append(MinValueValidator(dt.timedelta(lowest) if is_duration else lowest, message))
    if highest is not None:
        validators.append(MaxValueValidator(highest, f"{label} cannot be greater than {highest}."))
    return validators


@dataclass(frozen=True)
class Rule:
    """A condition that an object must meet when one of these fields is edited.

    `check` receives the object with the new values, and returns a sentence if it does not meet the condition. The form
    shows it at the last of the edited fields. If the rule is a warning, the form offers to save anyway.
    """

    fields: tuple[str, ...]
    check: Callable[[Any], str | None]
    is_warning: bool = False


def in_order(first: str, last: str) -> Rule:
    """The rule that the time or number in the field `last` is not before that in `first`."""

    def check(instance: Any) -> str | None:
        earlier, later = getattr(instance, first), getattr(instance, last)
        if earlier is None or later is None or later >= earlier:
            return None
        relation = "before" if isinstance(later, dt.date) else "less than"
        return (
            f"{_label(instance, last)} ({_display(later)}) is {relation} {_label(instance, first)} "
            f"({_display(earlier)})."
        )

    return Rule((first, last), check)


def distinct(*fields: str) -> Rule:
    """The warning that another object has the same values. Objects whose first value is empty are not compared."""

    def check(instance: Any) -> str | None:
        values = [(instance._meta.get_field(name), getattr(instance, name)) for name in fields]
        if values[0][1] in (None, ""):
            return None
        condition = reduce(Q.__and__, (_has_value(field, value) for field, value in values))
        other = type(instance)._base_manager.filter(condition).exclude(pk=instance.pk).first()
        if other is None:
            return None
        labels = " and ".join(str(field.verbose_name) for field, _ in values)
        return f"Another {instance._meta.verbose_name} has the same {labels}: {other} (id {other.pk})."

    return Rule(fields, check, is_warning=True)


def _has_value(field: Any, value: Any) -> Q:
    if value in (None, ""):
        is_text = isinstance(field, models.CharField | models.TextField)
        return Q(**{f"{field.name}__isnull": True}) | (Q(**{field.name: ""}) if is_text else Q())
    return Q(**{field.name: value})


def _label(instance: models.Model, name: str) -> str:
    return f"“{_capitalize(instance._meta.get_field(name).verbose_name)}”"  # type: ignore[union-attr]


def _capitalize(text: Any) -> str:
    return f"{text}"[:1].upper() + f"{text}"[1:]


def _display(value: Any) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, dt.datetime) else f"{value}"
