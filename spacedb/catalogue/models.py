"""Base models of the objects that Launch Library identifies by an id."""

import datetime as dt
import uuid
from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.utils import timezone
from typing_extensions import override

from spacedb.catalogue import fields

LOCAL_IDS_FROM = 1_000_000_000
"""First id of objects that are created on this server. Ids from Launch Library are far below it."""

LOCAL_UUID_VERSION = 8
"""Version of the UUIDs of objects that are created on this server. UUIDs from Launch Library have version 4."""


def local_uuid(bits: int | None = None) -> uuid.UUID:
    """Return a UUID of version `LOCAL_UUID_VERSION` with random bits, or with the given 128 bits."""
    return uuid.UUID(int=(bits or uuid.uuid4().int) & ~(0xF << 76) | LOCAL_UUID_VERSION << 76)


def is_upstream_id(pk: Any) -> bool:
    """Whether an id comes from Launch Library, so that it is neither a placeholder's nor a local object's."""
    return pk.version != LOCAL_UUID_VERSION if isinstance(pk, uuid.UUID) else 0 <= pk < LOCAL_IDS_FROM


def is_placeholder_id(pk: Any) -> bool:
    """Whether an id is that of a placeholder."""
    return isinstance(pk, int) and pk < 0


class RepresentedModel(models.Model):
    """Abstract model of an object that serializers represent.

    `received` holds values that the columns cannot hold exactly, as documents contain them: `31.4200` of a number, or
    an empty string where the column is null. It maps the JSON key to a pair: the value that the columns give, and the
    value as it was received. The second is returned in place of the first, until the column changes.
    """

    part_of: ClassVar[tuple[str, ...]] = ()
    """Names of the nullable foreign keys to owners. Foreign keys that are not nullable always refer to owners. Ingest
    deletes a part that its owner's document does not contain."""

    named_by: ClassVar[tuple[str, ...]] = ()
    """Names of the foreign keys that `__str__()` follows."""

    received = models.JSONField(null=True, default=None, editable=False)

    class Meta:
        abstract = True


class NaturalKeyModel(RepresentedModel):
    """Abstract model of an object that a document may contain without its id."""

    natural_key: ClassVar[str | None] = None
    """Name of the field that identifies an object in documents that omit its id."""
    other_keys: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Further natural keys, each a tuple of field names, that some documents use instead."""

    class Meta:
        abstract = True

    @classmethod
    def natural_keys(cls) -> list[tuple[str, ...]]:
        """Return all natural keys, each a tuple of field names."""
        return [*([(cls.natural_key,)] if cls.natural_key else []), *cls.other_keys]


class Resource(NaturalKeyModel):
    """Abstract model of an object that Launch Library identifies by an integer id.

    The primary key is the id from Launch Library, so that URLs and filters are the same on both servers. Two ranges
    are reserved for objects that do not come from there: ids from `LOCAL_IDS_FROM` on belong to objects that were
    created on this server, and negative ids belong to placeholder objects. A placeholder is created if a document
    names an object without its id (the `parent` of an agency, the `type` of a mission). It is served where it is
    nested and left out of lists. Ingest merges it into the real object when a document contains the id.
    """

    id = models.IntegerField(
        primary_key=True,
        editable=False,
        help_text="Id from Launch Library; negative for a placeholder.",
    )

    class Meta:
        abstract = True

    @override
    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is None:
            last = type(self)._base_manager.aggregate(last=models.Max("pk"))["last"] or 0
            self.pk = max(last + 1, LOCAL_IDS_FROM)
            kwargs["force_insert"] = True
        super().save(*args, **kwargs)


class UUIDResource(NaturalKeyModel):
    """Abstract model of an object that Launch Library identifies by a UUID. Documents always contain it."""

    id = models.UUIDField(primary_key=True, default=local_uuid, editable=False)

    class Meta:
        abstract = True


class NamedResource(Resource):
    """Abstract model of a status, a type or another named entry of a short list."""

    natural_key = "name"

    name = fields.CharField(max_length=255, db_index=True)

    class Meta:
        abstract = True

    @override
    def __str__(self) -> str:
        return self.name


class PositionedPart(models.Model):
    """Abstract model of a part of another object, whose place in the list of parts only a document specifies."""

    position = models.IntegerField(
        null=True, editable=False, help_text="Index in the list of the last document that contained the list."
    )

    class Meta:
        abstract = True


class EditableIdResource(NamedResource):
    """Abstract model of a named entry whose id is writable in the OpenAPI document of Launch Library."""

    id = models.IntegerField(primary_key=True, help_text="Id from Launch Library.")
    name = fields.CharField(max_length=255, blank=True, db_index=True)

    class Meta:
        abstract = True


def exclude_placeholders(queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Return the queryset without placeholder objects."""
    return queryset.filter(pk__gte=0) if issubclass(queryset.model, Resource) else queryset


def name_relations(model: Any) -> Iterator[str]:
    """Yield the lookup paths of the relations that `str()` of an object follows."""
    for name in getattr(model, "named_by", ()):
        yield name
        yield from (f"{name}__{path}" for path in name_relations(model._meta.get_field(name).related_model))


def refers_to_owner(field: Any) -> bool:
    """Whether the objects with this foreign key are parts of those to which it refers."""
    return not field.null or field.name in field.model.part_of


def is_future(time: dt.datetime | None) -> bool | None:
    """Whether a time has not passed yet; None without a time."""
    return None if time is None else time >= timezone.now()


def exactly_one(*fields: str) -> models.Q:
    """Return the condition that one of the fields is set and all others are null."""
    return reduce(
        or_, (models.Q(**{f"{field}__isnull": field != chosen for field in fields}) for chosen in fields), models.Q()
    )


def is_empty() -> bool:
    """Whether the database contains no objects of the catalogue."""
    return not any(
        model._base_manager.exists() for model in apps.get_models() if issubclass(model, Resource | UUIDResource)
    )
