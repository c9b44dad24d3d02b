"""The same endpoints with django-ninja, as in its documentation: a schema for each model, and nested schemas.

The schemas have the fields of the serializers. `create_schema` builds them as it does for subclasses of `ModelSchema`.
"""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, cast

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.duration import duration_string
from isodate import duration_isoformat
from ninja import Field, NinjaAPI, Schema
from ninja.orm import create_schema
from ninja.pagination import paginate
from pydantic import BeforeValidator
from rest_framework import serializers

from benchmarks.textbook.fields import URL, Duration, Mode
from benchmarks.textbook.flights import SpacecraftFlightSerializer
from benchmarks.textbook.querysets import SPACECRAFT, SPACECRAFT_FLIGHTS
from benchmarks.textbook.serializers import SpacecraftSerializer
from flights.models import SpacecraftFlight
from spacecraft.models import Spacecraft

ISODuration = Annotated[str, BeforeValidator(duration_isoformat)]
DjangoDuration = Annotated[str, BeforeValidator(duration_string)]

schemas: dict[type[serializers.BaseSerializer[Any]], type[Schema]] = {}


def schema_of(serializer: serializers.BaseSerializer[Any]) -> Any:
    """Return the type of a serializer's data: a schema, or a list of them."""
    if isinstance(serializer, serializers.ListSerializer):
        child = cast("serializers.BaseSerializer[Any]", serializer.child)
        return list[schema_of(child)]  # type: ignore[misc] # a type made at run time
    cls = type(serializer)
    if cls not in schemas:
        schemas[cls] = _create_schema(cast("serializers.ModelSerializer[Any]", serializer))
    return schemas[cls]


def _create_schema(serializer: serializers.ModelSerializer[Any]) -> type[Schema]:
    model_fields, custom_fields = list[str](), list[tuple[str, Any, Any]]()
    resolvers: dict[str, Callable[..., object]] = {}
    for name, field in serializer.fields.items():
        match field:
            case serializers.ListSerializer():
                custom_fields.append((name, schema_of(field), ...))
            case serializers.BaseSerializer():
                custom_fields.append((name, schema_of(field) | None, ...))
                if field.source == "*":
                    resolvers[name] = lambda obj: obj
            case URL():
                custom_fields.append((name, str, ...))
                resolvers[name] = partial(_url, path=field.path)
            case Mode(mode=mode):
                custom_fields.append((name, str, ...))
                resolvers[name] = partial(_constant, value=mode)
            case Duration():
                custom_fields.append((name, ISODuration | None, ...))
            case serializers.DurationField():
                custom_fields.append((name, DjangoDuration | None, ...))
            case serializers.SlugRelatedField(slug_field=slug):
                custom_fields.append((name, str | None, ...))
                resolvers[name] = partial(_attribute_of_related, name=name, attribute=slug)
            case serializers.ReadOnlyField():
                custom_fields.append((name, Any, Field(alias=field.source)))
            case _:
                model_fields.append(name)
    methods = {f"resolve_{name}": staticmethod(resolver) for name, resolver in resolvers.items()}
    base = type(f"{type(serializer).__name__}Base", (Schema,), methods)
    name = type(serializer).__name__.replace("Serializer", "Schema")
    model = cast("type[Model]", serializer.Meta.model)
    # An empty list of `fields` would stand for all.
    exclude = [
        field.name for field in (*model._meta.fields, *model._meta.many_to_many) if field.name not in model_fields
    ]
    return create_schema(model, name=name, exclude=exclude, custom_fields=custom_fields, base_class=base)


def _url(obj: Any, context: dict[str, Any], path: str) -> str:
    request = context["request"]
    return f"{request.scheme}://{request.get_host()}/2.3.0/{path}/{obj.pk}/"


def _constant(obj: Any, value: str) -> str:
    return value


def _attribute_of_related(obj: Any, name: str, attribute: str) -> str | None:
    related = getattr(obj, name)
    return related and str(getattr(related, attribute))


api = NinjaAPI()


@api.get("/spacecraft/", response=list[schema_of(SpacecraftSerializer())])  # type: ignore[misc] # made at run time
@paginate
def list_spacecraft(request: HttpRequest) -> QuerySet[Spacecraft]:
    return SPACECRAFT.all()


@api.get("/spacecraft_flights/", response=list[schema_of(SpacecraftFlightSerializer())])  # type: ignore[misc]
@paginate
def list_spacecraft_flights(request: HttpRequest) -> QuerySet[SpacecraftFlight]:
    return SPACECRAFT_FLIGHTS.all()
