"""Derives the serializers and views of an API version that differs little from the next one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar, cast

from spacedb.serializers.base import Reduction, RelatedList, Serializer, SerializerClass, exclude_fields
from spacedb.serializers.fields import DetailURLField

View = TypeVar("View", bound="type[Any]")


@dataclass(frozen=True)
class SerializerChanges:
    """How a serializer differs from that of the next version.

    `without` are keys that it lacks, `after` are keys that follow another one, `fields` are fields declared anew.
    """

    without: Sequence[str] = ()
    after: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)

    def apply(self, names: Sequence[str]) -> tuple[str, ...]:
        """`Meta.fields` of the derived serializer."""
        return tuple(key for name in exclude_fields(names, *self.without) for key in (name, *self.after.get(name, ())))


class DerivedVersion:
    """Derives serializers and views of version `number`.

    The changes of a serializer also hold for its subclasses; the nearest base class with changes counts.
    """

    def __init__(self, number: str, changes: Mapping[SerializerClass, SerializerChanges]) -> None:
        self.number = number
        self.changes = changes
        self.serializer = cache(self._derive_serializer)

    def view(self, view: View, filters: Sequence[str] | None = None, **attributes: Any) -> View:
        """The view of this version: that of the next one with these filters only, and with other attributes."""
        base: Any = view
        modes = attributes.pop("modes", base.modes)
        attributes["modes"] = {mode: self.serializer(serializer) for mode, serializer in modes.items()}
        if filters is not None:
            filterset = base.filterset_class
            attributes["filterset_class"] = type(filterset.__name__, (filterset,), {"included": tuple(filters)})
        return cast("View", type(base.__name__, (base,), {"__module__": __name__, **attributes}))

    def endpoints(self, endpoints: Mapping[str, View], without: Sequence[str] = ()) -> dict[str, View]:
        """The endpoints of this version: those of the next one except `without`, each with its derived view."""
        return {name: self.view(view) for name, view in endpoints.items() if name not in without}

    def _derive_serializer(self, base: SerializerClass) -> SerializerClass:
        changes = next((self.changes[cls] for cls in base.__mro__ if cls in self.changes), SerializerChanges())
        names = changes.apply(base.Meta.fields)
        declared: dict[str, Any] = {**base._declared_fields, **changes.fields}
        attributes = {key: self._derive_field(declared[key]) for key in declared if key in names}
        meta = type("Meta", (base.Meta,), {"fields": names})
        return cast(
            "SerializerClass", type(base.__name__, (base,), {"__module__": __name__, "Meta": meta, **attributes})
        )

    def _derive_field(self, declared: Any) -> Any:
        """The same field, with URLs and nested serializers of this version."""
        match declared:
            case DetailURLField():
                return DetailURLField(f"{self.number}/{declared.path.partition('/')[2]}")
            case Reduction():
                (serializer, *args), kwargs = declared_arguments(declared)
                return type(declared)(self.serializer(serializer), *args, **kwargs)
            case RelatedList():
                child = self.serializer(cast("SerializerClass", type(declared.child)))
                args, kwargs = declared_arguments(declared)
                return type(declared)(*args, **kwargs | {"child": child()})
            case Serializer():
                args, kwargs = declared_arguments(declared)
                return self.serializer(type(declared))(*args, **kwargs)
            case _:
                return declared


def declared_arguments(declared: Any) -> tuple[list[Any], dict[str, Any]]:
    """The arguments that a field was declared with. DRF keeps them to make copies of the field."""
    return declared._args, declared._kwargs
