"""Base models of everything that Launch Library identifies by an id."""

import uuid
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.apps import apps
from django.db import models

LOCAL_IDS_FROM = 1_000_000_000
"""Objects made on this server (in the admin) are numbered from here on, far above upstream's ids."""


LOCAL_UUID_VERSION = 8
"""The version of the UUIDs of objects made on this server; upstream's are random ones, of version 4."""


def local_uuid(bits: int | None = None) -> uuid.UUID:
    """Random, or of these bits, but for the version."""
    return uuid.UUID(int=(bits or uuid.uuid4().int) & ~(0xF << 76) | LOCAL_UUID_VERSION << 76)


def is_upstream_id(pk: Any) -> bool:
    """Whether an id is one that Launch Library gave: neither provisional, nor of an object made on this server."""
    return pk.version != LOCAL_UUID_VERSION if isinstance(pk, uuid.UUID) else 0 <= pk < LOCAL_IDS_FROM


class NaturalKeyModel(models.Model):
    """An object that documents may tell without its id."""

    natural_key: ClassVar[str | None] = None
    """The field that documents name an object by where they leave its id out."""
    other_keys: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Other fields, or fields together, that do the same in some documents."""

    class Meta:
        abstract = True

    @classmethod
    def natural_keys(cls) -> list[tuple[str, ...]]:
        return [*([(cls.natural_key,)] if cls.natural_key else []), *cls.other_keys]


class Resource(NaturalKeyModel):
    """An object that Launch Library numbers.

    Its id is upstream's id, so that urls and filters mean the same here and there. Two ranges are
    never upstream's: ids from `LOCAL_IDS_FROM` on belong to objects made on this server, and
    negative ids to *provisional* objects. A provisional object is one that a document named
    without numbering it (an agency's `parent`, a mission's `type`); it is shown where it was
    named, is left out of lists, and is merged into the real one when a document brings its id.
    """

    id = models.IntegerField(
        primary_key=True,
        editable=False,
        help_text="The id that Launch Library gave; negative while it is not known yet.",
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is None:
            last = type(self)._base_manager.aggregate(last=models.Max("pk"))["last"] or 0
            self.pk = max(last + 1, LOCAL_IDS_FROM)
            kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    @property
    def is_provisional(self) -> bool:
        return self.id < 0


class UUIDResource(NaturalKeyModel):
    """An object that Launch Library identifies by a UUID (a launch), which it then always tells."""

    id = models.UUIDField(primary_key=True, default=local_uuid, editable=False)

    class Meta:
        abstract = True


class NamedResource(Resource):
    """A status, a type, a role: an entry of one of Launch Library's short lists."""

    natural_key = "name"

    name = models.CharField(max_length=255, db_index=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class EditableIdResource(NamedResource):
    """An entry whose number is not counted up but chosen upstream, which is why the OpenAPI document lets it be set."""

    id = models.IntegerField(primary_key=True, help_text="The id that Launch Library chose.")
    name = models.CharField(max_length=255, blank=True, db_index=True)

    class Meta:
        abstract = True


def exclude_placeholders(queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """The objects whose id is known: all but the provisional ones."""
    return queryset.filter(pk__gte=0) if issubclass(queryset.model, Resource) else queryset


def exactly_one(*fields: str) -> models.Q:
    """Of these fields, one is set and all others are null."""
    return reduce(
        or_, (models.Q(**{f"{field}__isnull": field != chosen for field in fields}) for chosen in fields), models.Q()
    )


def is_empty() -> bool:
    """Whether the database holds no resource at all."""
    return not any(
        model._base_manager.exists() for model in apps.get_models() if issubclass(model, Resource | UUIDResource)
    )
