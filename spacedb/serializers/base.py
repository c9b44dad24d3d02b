"""The base serializer: the declaration of one JSON representation of one resource."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias, cast

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.fields.reverse_related import OneToOneRel
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from spacedb.serializers.fields import DurationField, FloatField, IntegerField, SlugField, TextField, URLField

SerializerClass: TypeAlias = "type[Serializer]"


@dataclass(frozen=True)
class Via:
    """A way to related objects through others: an astronaut's `crews__flight__launch`, where all of `match` holds."""

    path: str
    match: tuple[tuple[str, Any], ...] = ()


class RelatedList(serializers.ListSerializer):  # type: ignore[type-arg]
    """A list of related objects: those for whom all of `match` holds, as {field: value}; more, found `via` others."""

    def __init__(
        self, *args: Any, match: Mapping[str, Any] | None = None, via: Via | None = None, **kwargs: Any
    ) -> None:
        self.match, self.via = dict(match or {}), via
        super().__init__(*args, **kwargs)

    def get_attribute(self, instance: models.Model) -> list[models.Model]:
        assert self.source is not None
        return related_objects(instance, self.source, self.match)


class Reduction(RelatedList):
    """A list that is told as one value: an agency's countries as `FRA,DEU`. `form` has what the value is made of."""

    key: str = ""
    """What the value is made of, if it is of one key: objects without it are not told, and stay."""
    tells_part: ClassVar[bool] = False
    """The value does not tell the whole list, so that reading it takes nothing away."""

    def __init__(self, form: "SerializerClass", **kwargs: Any) -> None:
        super().__init__(**{"child": form()} | kwargs)

    def show(self, rows: list[dict[str, Any]]) -> Any:
        raise NotImplementedError

    def read(self, value: Any) -> list[dict[str, Any]] | None:
        """What the value tells of the objects; None if it tells nothing of them."""
        raise NotImplementedError

    def to_representation(self, data: Any) -> Any:
        return self.show(super().to_representation(data))


class Serializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """One JSON form of one resource. Nested forms are class attributes.

    With `source="*"` a form shows another side of the object that it is nested in: the rocket of a launch.
    With `first`, or at the far end of a one-to-one relation, it shows of a list relation the first object for whom
    all of `first` holds: the vehicle that is docked at a port. With `match`, an object for whom not all of it holds is
    shown as null.
    """

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.IntegerField: IntegerField,
        models.FloatField: FloatField,
        models.CharField: TextField,
        models.TextField: TextField,
        models.SlugField: SlugField,
        models.URLField: URLField,
        models.DurationField: DurationField,
    }

    shown_as: ClassVar[Mapping[Any, Mapping[str, Any]]] = {}
    """By the id of an object that a version of the API does not know: the attributes that are shown in its place."""

    implied: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """Relations that a document tells by an object it nests, as {relation: (nested, its relation)}.

    Such is the station that an event's port belongs to. What is known better stays.
    """

    absent_without: ClassVar[str] = ""
    """In a form with `source="*"`, the attribute that is null where there is nothing to show."""

    def __init__(
        self,
        *args: Any,
        first: Mapping[str, Any] | None = None,
        match: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.first, self.match = first, dict(match or {})
        super().__init__(*args, **kwargs)

    def get_attribute(self, instance: models.Model) -> Any:
        if self.source == "*":
            return instance if getattr(instance, self.absent_without) is not None else None
        if self.is_first_of(type(instance)):
            return next(iter(related_objects(instance, self.source or "", self.first or {})), None)
        found = super().get_attribute(instance)
        return found if found is not None and matches(found, self.match) else None

    def is_first_of(self, model: type[models.Model]) -> bool:
        return self.first is not None or isinstance(model._meta.get_field(self.source or ""), OneToOneRel)

    def to_representation(self, instance: Any) -> Any:
        return super().to_representation(self.shown(instance))

    @classmethod
    def shown(cls, instance: Any) -> Any:
        """The object, or what is shown in its place."""
        instead = cls.shown_as.get(instance.pk) if cls.shown_as else None
        return instance if instead is None else model_of(cls)(**instead)

    @classmethod
    def ids_shown_as(cls, key: Any) -> list[Any]:
        """The ids of objects that are shown under this one: its own, and those of others that it stands for."""
        return [] if key in cls.shown_as else [key, *(pk for pk, one in cls.shown_as.items() if one["id"] == key)]

    @classmethod
    def many_init(cls, *args: Any, **kwargs: Any) -> RelatedList:
        return RelatedList(*args, child=cls(), **kwargs)

    @classmethod
    def listed(cls, source: str | None = None, /, **match: Any) -> RelatedList:
        """Those objects of a list relation for whom `match` holds: a crew's members in one phase."""
        return RelatedList(child=cls(), source=source, match=match)

    @classmethod
    def found(cls, via: str, /, match: Mapping[str, Any] | None = None, **found: Any) -> RelatedList:
        """The objects at the end of a path of relations, beside those that a document told where it told a list."""
        return RelatedList(child=cls(), match=match, via=Via(via, tuple(found.items())))

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        if issubclass(field_class, DurationField):  # upstream works them out
            kwargs["read_only"] = True
        kwargs.pop("allow_blank", None)  # an empty text is a text everywhere
        # An id that is there already is what ingest looks for, not an error.
        kwargs["validators"] = [v for v in kwargs.get("validators", ()) if not isinstance(v, UniqueValidator)]
        if not kwargs["validators"]:
            del kwargs["validators"]
        return field_class, kwargs


def field_names(text: str) -> tuple[str, ...]:
    """The keys of a form, with blanks between: those of the older versions are many."""
    return tuple(text.split())


def exclude_fields(fields: Iterable[str], *left_out: str) -> tuple[str, ...]:
    """The keys of a form that is nested where some of them would only repeat what it is nested in."""
    return tuple(field for field in fields if field not in left_out)


def model_of(form: SerializerClass) -> type[models.Model]:
    return cast("type[models.Model]", form.Meta.model)


def list_relation(model: type[models.Model], name: str) -> Any:
    """The list relation of this name, None if the objects are found via others alone."""
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def related_objects(instance: models.Model, relation: str, match: Mapping[str, Any]) -> list[models.Model]:
    """The objects of a to-many relation, in the order in which Launch Library lists them."""
    loaded = getattr(instance, "_prefetched_objects_cache", {}).get(relation)
    found = loaded if isinstance(loaded, list) else sort_related(list(getattr(instance, relation).all()))
    return [child for child in found if matches(child, match)] if match else found


def matches(one: models.Model, match: Mapping[str, Any]) -> bool:
    """Whether the object has these attributes."""
    return all(getattr(one, name) == value for name, value in match.items())


def sort_related(objects: list[models.Model]) -> list[models.Model]:
    """Sorted by what the model declares (`Meta.ordering`, names without regard to case), else as they were linked."""
    ordering = (objects[0]._meta.ordering or ()) if objects else ()
    keys: list[Callable[[Any], Any]] = [_sort_key(str(name)) for name in ordering]
    return sorted(objects, key=lambda o: ([key(o) for key in keys], o.pk)) if keys else objects


def _sort_key(name: str) -> Callable[[Any], Any]:
    def key(instance: Any) -> Any:
        value = getattr(instance, name)
        return value is None, value.casefold() if isinstance(value, str) else value

    return key
