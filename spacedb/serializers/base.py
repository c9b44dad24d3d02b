"""The base serializer: the declaration of one JSON representation of one resource.

A serializer is named like its component in the official OpenAPI document, and `Meta.fields` are the keys in the
documented order. Rendering (`spacedb.rendering`), ingest (`spacedb.ingest`), the query plan and the OpenAPI document
are all derived from this declaration, through `spacedb.serializers.describe`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, ClassVar, TypeAlias, cast

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.fields.reverse_related import OneToOneRel
from rest_framework import serializers
from rest_framework.validators import UniqueValidator
from typing_extensions import override

from spacedb.catalogue.sorting import dictionary_key
from spacedb.serializers import fields

SerializerClass: TypeAlias = "type[Serializer]"


class RelationNotLoadedError(LookupError):
    """Raised when a relation is read that the query plan did not load. Querying it here would cause N+1 queries."""

    def __init__(self, instance: models.Model, relation: str) -> None:
        super().__init__(f"{type(instance).__name__}.{relation} was not loaded before it was rendered")


@dataclass(frozen=True)
class ThroughPath:
    """A path of relations that leads to related objects: an astronaut's `crews__flight__launch`.

    `filters` restrict it, as lookups from the same start: `(("crews__phase", "landing"),)`.
    """

    path: str
    filters: tuple[tuple[str, Any], ...] = ()


class RelatedList(serializers.ListSerializer):  # type: ignore[type-arg]
    """A list of related objects.

    It contains only objects whose attributes equal `match`. With a `through_path`, it also contains the objects at the
    end of that path.
    """

    def __init__(
        self,
        *args: Any,
        match: Mapping[str, Any] | None = None,
        through_path: ThroughPath | None = None,
        **kwargs: Any,
    ) -> None:
        self.match, self.through_path = dict(match or {}), through_path
        super().__init__(*args, **kwargs)

    @override
    def get_attribute(self, instance: models.Model) -> list[models.Model]:
        assert self.source is not None
        return related_objects(instance, self.source, self.match)


class Reduction(RelatedList):
    """A list of related objects that is represented by one value: an agency's countries as `FRA,DEU`.

    `serializer` represents the objects that the value is made from.
    """

    key: str = ""
    """The only key of the objects that the value contains. Objects without it are omitted, and ingest does not remove
    them from the list."""
    is_nullable: ClassVar[bool] = False
    """Whether the value can be null."""
    is_partial: ClassVar[bool] = False
    """The value represents a part of the list, so ingest adds to the list and removes nothing."""

    def __init__(self, serializer: SerializerClass, **kwargs: Any) -> None:
        super().__init__(**{"child": serializer()} | kwargs)

    def reduce(self, rows: list[dict[str, Any]]) -> Any:
        """The value for these representations."""
        raise NotImplementedError

    def expand(self, value: Any) -> list[dict[str, Any]] | None:
        """The representations that a value contains; None if it says nothing about the list.

        Raises `TypeError` or `ValueError` with a message if the value cannot be read.
        """
        raise NotImplementedError

    @override
    def to_representation(self, data: Any) -> Any:
        return self.reduce(super().to_representation(data))


class Serializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """One JSON representation of one resource. Nested serializers are class attributes.

    With `source="*"` a serializer represents a part of the object that it is nested in, such as the rocket of a launch.
    For a reverse one-to-one relation it is null if no object refers to this one.
    """

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.IntegerField: fields.IntegerField,
        models.FloatField: fields.FloatField,
        models.CharField: fields.TextField,
        models.TextField: fields.TextField,
        models.SlugField: fields.SlugField,
        models.URLField: fields.URLField,
        models.DurationField: fields.DurationField,
    }

    null_without: ClassVar[str] = ""
    """For a serializer with `source="*"`: if this attribute is null, the nested object is null. Empty: it never is."""

    list_match: Mapping[str, Any] = {}
    """Conditions that every list of this representation adds to its own `match`."""

    fixed_id: ClassVar[Any] = None
    """For a representation without an id: the id of the only object that has this representation."""

    def __init__(self, *args: Any, list_match: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        if list_match is not None:
            self.list_match = list_match
        super().__init__(*args, **kwargs)

    @override
    def get_fields(self) -> Any:
        declared = super().get_fields()
        for related in declared.values():
            if isinstance(related, RelatedList):
                related.match |= self.list_match
        return declared

    @classmethod
    def substitute(cls, instance: Any) -> Any:
        """Hook: the object to represent in place of `instance`; None to represent null.

        For objects that an API version does not have. Ingest then does not read null as "there is none".
        """
        return instance

    @classmethod
    def stored_ids(cls, pk: Any) -> list[Any]:
        """Hook: the stored ids that appear under this id; the id itself comes first."""
        return [pk]

    @classmethod
    def infer_columns(cls, record: Mapping[str, Any], related: Callable[[str], Mapping[str, Any]]) -> dict[str, Any]:
        """Hook for ingest: values that follow from a document without being in it, by column name.

        `record` holds the columns of the object; `related(relation)` returns those of an object that it refers to. An
        inferred value is written only where nothing is stored.
        """
        return {}

    @classmethod
    def overrides_substitute(cls) -> bool:
        return cast("Any", cls.substitute).__func__ is not cast("Any", Serializer.substitute).__func__

    @override
    def get_attribute(self, instance: models.Model) -> Any:
        if self.source == "*":
            return None if self.null_without and getattr(instance, self.null_without) is None else instance
        if self.is_reverse_one_to_one(type(instance)):
            return next(iter(related_objects(instance, self.source or "", {})), None)
        related = super().get_attribute(instance)
        return None if related is None else self.substitute(related)

    def is_reverse_one_to_one(self, model: type[models.Model]) -> bool:
        return isinstance(model._meta.get_field(self.source or ""), OneToOneRel)

    @override
    def to_representation(self, instance: Any) -> Any:
        return super().to_representation(self.substitute(instance))

    @classmethod
    @override
    def many_init(cls, *args: Any, **kwargs: Any) -> RelatedList:
        return RelatedList(*args, child=cls(), **kwargs)

    @classmethod
    def filtered(cls, source: str | None = None, /, **match: Any) -> RelatedList:
        """The objects of a list relation whose attributes equal `match`: a crew's members in one phase."""
        return RelatedList(child=cls(), source=source, match=match)

    @classmethod
    def through(cls, path: str, /, match: Mapping[str, Any] | None = None, **filters: Any) -> RelatedList:
        """The objects at the end of a path of relations, and of the relation that is named like the key, if any."""
        return RelatedList(child=cls(), match=match, through_path=ThroughPath(path, tuple(filters.items())))

    @override
    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        if issubclass(field_class, fields.DurationField):  # upstream derives durations
            kwargs["read_only"] = True
        kwargs.pop("allow_blank", None)  # every text may be empty
        # Ingest looks existing ids up, so they are no error.
        kwargs["validators"] = [v for v in kwargs.get("validators", ()) if not isinstance(v, UniqueValidator)]
        if not kwargs["validators"]:
            del kwargs["validators"]
        return field_class, kwargs


def field_names(names: str) -> tuple[str, ...]:
    """`Meta.fields` from a space-separated string: serializers of the older versions have many keys."""
    return tuple(names.split())


def exclude_fields(names: Iterable[str], *excluded: str) -> tuple[str, ...]:
    """`Meta.fields` without the keys that would only repeat the enclosing object."""
    return tuple(name for name in names if name not in excluded)


def model_of(serializer: SerializerClass) -> type[models.Model]:
    return cast("type[models.Model]", serializer.Meta.model)


def list_relation(model: type[models.Model], name: str) -> Any:
    """The to-many relation of this name; None if the list consists of objects at the end of a path alone."""
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def related_objects(instance: models.Model, relation: str, match: Mapping[str, Any]) -> list[models.Model]:
    """The loaded objects of a to-many relation whose attributes equal `match`, in the order of `sort_related`.

    Raises `RelationNotLoadedError` for a relation that was not loaded.
    """
    try:
        objects: list[models.Model] = instance._prefetched_objects_cache[relation]  # type: ignore[attr-defined]
    except (AttributeError, KeyError):
        raise RelationNotLoadedError(instance, relation) from None
    if not match:
        return objects
    return [related for related in objects if all(getattr(related, name) == value for name, value in match.items())]


def sort_related(objects: list[models.Model]) -> list[models.Model]:
    """Related objects in the order of their model's `Meta.ordering`; without one, unchanged.

    As in lists, text is ordered as in a dictionary, null is the highest value, and equal objects are ordered by id.
    """
    if len(objects) < 2:
        return objects
    ordering = objects[0]._meta.ordering or ()
    if ordering:
        objects = sorted(objects, key=attrgetter("pk"))
    for name in map(str, reversed(ordering)):
        objects.sort(key=_sort_key(name.removeprefix("-")), reverse=name.startswith("-"))
    return objects


def _sort_key(name: str) -> Callable[[models.Model], tuple[bool, Any]]:
    def key(instance: models.Model) -> tuple[bool, Any]:
        value = getattr(instance, name)
        return value is None, dictionary_key(value) if isinstance(value, str) else value

    return key
