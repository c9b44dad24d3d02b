"""A version of the API that differs little from another: its forms and views follow from those and the differences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar, cast

from spacedb.serializers.base import RelatedList, Serializer, SerializerClass, exclude_fields
from spacedb.serializers.fields import DetailURLField

View = TypeVar("View", bound="type[Any]")


@dataclass(frozen=True)
class SerializerChanges:
    """How a form differs from the same form of the other version: keys left out, keys after others, other fields."""

    without: Sequence[str] = ()
    after: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)

    def applied_to(self, keys: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            key for before in exclude_fields(keys, *self.without) for key in (before, *self.after.get(before, ()))
        )


class DerivedVersion:
    """Version `number`. A difference holds for a form and for those that are made from it; the nearest wins."""

    def __init__(self, number: str, differences: Mapping[SerializerClass, SerializerChanges]) -> None:
        self.number = number
        self.differences = differences
        self.form = cache(self._form)

    def _form(self, other: SerializerClass) -> SerializerClass:
        """The form of this version that stands where `other` stands in the other one."""
        found = (self.differences[base] for base in other.__mro__ if base in self.differences)
        difference = next(found, SerializerChanges())
        declared: dict[str, Any] = {**other._declared_fields, **difference.fields}
        fields = difference.applied_to(other.Meta.fields)
        meta = type("Meta", (other.Meta,), {"fields": fields})
        members = {key: self._field(one) for key, one in declared.items() if key in fields}
        return cast(
            "SerializerClass", type(other.__name__, (other,), {"__module__": __name__, "Meta": meta, **members})
        )

    def _field(self, declared: Any) -> Any:
        """The same field, where it has forms or addresses with those of this version."""
        match declared:
            case DetailURLField():
                return DetailURLField(f"{self.number}/{declared.path.partition('/')[2]}")
            case RelatedList():
                child = self.form(cast("SerializerClass", type(declared.child)))
                args, kwargs = declared_arguments(declared)
                return type(declared)(*args, **kwargs | {"child": child()})
            case Serializer():
                args, kwargs = declared_arguments(declared)
                return self.form(type(declared))(*args, **kwargs)
            case _:
                return declared

    def view(self, other: View, filters: Sequence[str] | None = None, **members: Any) -> View:
        """The view of this version: that of the other, with these filters alone and what differs else."""
        modes = {mode: self.form(form) for mode, form in members.pop("modes", cast("Any", other).modes).items()}
        filterset = getattr(other, "filterset_class", None)
        if filters is not None and filterset:
            members["filterset_class"] = type(filterset.__name__, (filterset,), {"chosen": tuple(filters)})
        return cast("View", type(other.__name__, (other,), {"__module__": __name__, "modes": modes, **members}))


def declared_arguments(declared: Any) -> tuple[list[Any], dict[str, Any]]:
    """What a field was declared with, which DRF keeps to make copies of it."""
    return declared._args, declared._kwargs
