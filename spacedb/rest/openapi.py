"""The OpenAPI document of each version, read off the declarations: views, filters, serializers, models."""

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from django.db import models
from drf_spectacular.contrib.django_filters import DjangoFilterExtension, _NoHint
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer

from spacedb.rest.modes import MODE_PARAM
from spacedb.rest.viewsets import ReadOnlyViewSet
from spacedb.serializers.base import Serializer, SerializerClass, model_of
from spacedb.serializers.fields import IntegerField

Document = Mapping[str, Any]


class Generator(SchemaGenerator):
    """Makes the document of one version: of the endpoints under `/{api_version}/`."""

    def _initialise_endpoints(self) -> None:
        super()._initialise_endpoints()
        endpoints = self.endpoints or ()
        # `check` asks for no version: it gets the first, for all together have components of the same names.
        first = next((path.split("/")[1] for path, *_ in endpoints), "")
        self.endpoints = [one for one in endpoints if one[0].startswith(f"/{self.api_version or first}/")]


@cache
def document(version: str) -> Document:
    """The OpenAPI document of a version. It depends on the code alone, so it is made once."""
    return cast("Document", Generator(api_version=version).get_schema(public=True))


class Schema(AutoSchema):
    """What is said of one endpoint's list or detail."""

    view: Any

    @property
    def modes(self) -> Mapping[str, SerializerClass]:
        """What a list's `mode` chooses from; empty where there is no choice."""
        choice = isinstance(self.view, ReadOnlyViewSet) and not self.view.detail and len(self.view.modes) > 1
        return self.view.modes if choice and self.view.mode_style.query(self.view.default_mode) else {}

    def get_summary(self) -> str | None:
        """`List Spacecraft`, `Get Upcoming Launch`."""
        if not isinstance(self.view, ReadOnlyViewSet):
            return super().get_summary()
        meta, (group, *which) = self.view.get_queryset().model._meta, self._tokenize_path()
        some = "" if group == "config" else "".join(f"{word.title()} " for word in which)
        return f"Get {some}{meta.verbose_name}" if self.view.detail else f"List {some}{meta.verbose_name_plural}"

    def get_description(self) -> str:  # type: ignore[override] # as in drf-spectacular
        if not isinstance(self.view, ReadOnlyViewSet):
            return super().get_description()
        return str(self.view.help_text("", self.path.removesuffix("{id}/")))

    def get_tags(self) -> list[str]:
        """The words of the endpoint's name, where its view declares no others."""
        *group, name = self._tokenize_path()
        declared = getattr(self.view, "tags", None)
        tags = name.title().split("_") if declared is None else list(declared)
        return [*tags, "Configurations"] if "config" in group else tags

    def get_override_parameters(self) -> list[Any]:
        if not self.modes:
            return cast("list[Any]", super().get_override_parameters())
        return [OpenApiParameter(MODE_PARAM, enum=list(self.modes), description="Level of detail in the response.")]

    def get_response_serializers(self) -> Any:
        """The form of a detail; of a list the form, or any of the forms, told apart by what they say of themselves."""
        if not self.modes:
            return super().get_response_serializers()
        resource = self.view.resource_name or self.view.get_queryset().model.__name__
        name, told_apart = f"Polymorphic{resource}Endpoint", "response_mode"
        if all(told_apart in form().fields for form in self.modes.values()):
            return PolymorphicProxySerializer(name, dict(self.modes), told_apart)
        return PolymorphicProxySerializer(name, list(self.modes.values()), None)

    def _map_model_field(self, model_field: "models.Field[Any, Any]", direction: Any) -> Any:
        """An id that is a parameter says whose it is, not what it is."""
        schema = super()._map_model_field(model_field, direction)
        if model_field.primary_key:
            schema.pop("description", None)
        return schema

    def _insert_min_max(self, field: Any, content: Any) -> None:
        """An integer has 32 bits on every database, also where SQLite could hold more."""
        super()._insert_min_max(field, content)
        for key in content.keys() & {"minimum", "maximum"}:
            content[key] = min(max(content[key], IntegerField.MIN), IntegerField.MAX)

    def _insert_field_validators(self, field: Any, schema: Any) -> None:
        """What nobody writes has no limits, and limits of our own are not told."""
        if not field.read_only:
            super()._insert_field_validators(field, schema)
            if schema.get("maxLength") == getattr(field, "unpublished_max_length", None):
                schema.pop("maxLength", None)

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        """A form is described by the first words of its model."""
        schema = super()._map_basic_serializer(serializer, direction)
        if not isinstance(serializer, Serializer):
            return schema
        about = (inspect.getdoc(model_of(type(serializer))) or "").partition("\n\n")[0].replace("\n", " ")
        return {"type": schema.pop("type"), "description": about} | schema


class FilterParameters(DjangoFilterExtension):
    """Query parameters are of the type of their filter, whatever the function that filters by them takes."""

    target_class = "spacedb.rest.filters.FilterBackend"
    priority = 1

    def _get_filter_method_hint(self, filter_method: Any) -> Any:
        return _NoHint


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "rest_framework.authentication.TokenAuthentication"
    name = "Token_Authentication"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "The word `Token`, a space and your token. Without one you are known by your address.",
        }
