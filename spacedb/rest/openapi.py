"""The OpenAPI document of each version, generated from its views, filters, serializers and models."""

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from django.db import models
from drf_spectacular.contrib.django_filters import DjangoFilterExtension, _NoHint
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import append_meta
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, PolymorphicProxySerializer
from rest_framework import serializers
from rest_framework.renderers import BrowsableAPIRenderer
from typing_extensions import override

from spacedb.rest.filters import IdFilter
from spacedb.rest.formats.base import FormatRenderer
from spacedb.rest.modes import MODE_PARAM
from spacedb.rest.viewsets import ResourceViewSet, SingleObjectViewSet
from spacedb.serializers.base import Serializer, SerializerClass, model_of
from spacedb.serializers.describe import nullable_keys
from spacedb.serializers.fields import IntegerField

Document = Mapping[str, Any]


class Error(serializers.Serializer[Any]):
    """The body of an error response, apart from the status 400."""

    detail = serializers.CharField()


PARAMETER_ERRORS: Document = {
    "type": "object",
    "additionalProperties": {"oneOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]},
}
"""The schema of responses with the status 400: messages by parameter, or one message under the key `detail`."""

THROTTLED = {429: OpenApiResponse(Error, "The rate limit is exceeded. `Retry-After` contains the seconds to wait.")}
LIST_ERRORS = {400: OpenApiResponse(PARAMETER_ERRORS, "A parameter has an invalid value."), **THROTTLED}
DETAIL_ERRORS = {404: OpenApiResponse(Error, "There is no object with this id."), **THROTTLED}


class Generator(SchemaGenerator):
    """Generates the document of one version. It describes the endpoints below `/{api_version}/`."""

    @override
    def _initialise_endpoints(self) -> None:
        super()._initialise_endpoints()
        endpoints = self.endpoints or ()
        # `manage.py check` requests no version. The versions have components of the same names, so it gets the first.
        first = next((path.split("/")[1] for path, *_ in endpoints), "")
        prefix = f"/{self.api_version or first}/"
        self.endpoints = [endpoint for endpoint in endpoints if endpoint[0].startswith(prefix)]

    @override
    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        schema = super().get_schema(request, public)
        schema["info"]["version"] = f"v{schema['info']['version']}"  # as in the official document
        for component in schema["components"]["schemas"].values():
            if "oneOf" in component and "discriminator" not in component:
                component["anyOf"] = component.pop("oneOf")  # an object can match the schemas of several modes
        return schema


@cache
def document(version: str) -> Document:
    """The OpenAPI document of a version, without servers. It only depends on the code, so it is generated once."""
    return cast("Document", Generator(api_version=version).get_schema(public=True))


class Schema(AutoSchema):
    """Describes the list or the detail of one endpoint."""

    view: Any

    @property
    def modes(self) -> Mapping[str, SerializerClass]:
        """The modes that a query parameter of a list selects; empty if there is no such parameter."""
        has_modes = isinstance(self.view, ResourceViewSet) and not self.view.detail and len(self.view.modes) > 1
        return self.view.modes if has_modes and self.view.mode_style.query(self.view.default_mode) else {}

    @override
    def get_description(self) -> str:  # type: ignore[override] # as in drf-spectacular
        """The help text, which has the path of the list without a suffix that selects a mode."""
        if not isinstance(self.view, ResourceViewSet):
            return super().get_description()
        suffix = "{id}/" if self.view.detail else self.view.mode_style.suffix(self.view.path_mode)
        return str(self.view.help_text("", self.path.removesuffix(suffix)))

    @override
    def get_override_parameters(self) -> list[Any]:
        if not self.modes:
            return cast("list[Any]", super().get_override_parameters())
        return [OpenApiParameter(MODE_PARAM, enum=list(self.modes), description="Level of detail in the response.")]

    @override
    def get_response_serializers(self) -> Any:
        """The serializers of the responses, by status."""
        if not isinstance(self.view, ResourceViewSet):
            return super().get_response_serializers()
        if isinstance(self.view, SingleObjectViewSet):
            errors: Mapping[int, Any] = THROTTLED
        else:
            errors = DETAIL_ERRORS if self.view.detail else LIST_ERRORS
        return {200: self._success_serializer(), **errors}

    @override
    def _get_response_for_code(self, serializer: Any, status_code: str, *args: Any, **kwargs: Any) -> Any:
        """Also the other formats of the endpoint. Errors are always JSON."""
        response = super()._get_response_for_code(serializer, status_code, *args, **kwargs)
        if status_code == "200":
            for renderer in self.view.get_renderers():
                if isinstance(renderer, FormatRenderer):
                    schema = renderer.openapi_schema | {"description": renderer.description}
                    response["content"][renderer.media_type] = {"schema": schema}
        return response

    @override
    def map_renderers(self, attribute: str) -> list[Any]:
        """Without the formats that have no JSON."""
        return [
            getattr(renderer, attribute)
            for renderer in self.view.get_renderers()
            if not isinstance(renderer, BrowsableAPIRenderer | FormatRenderer)
        ]

    @override
    def _is_list_view(self, serializer: Any = None) -> bool:
        return not isinstance(self.view, SingleObjectViewSet) and super()._is_list_view(serializer)

    def _success_serializer(self) -> Any:
        """The serializer of the view, or for a list with modes any of its serializers, by their `response_mode`."""
        if not self.modes:
            return super().get_response_serializers()
        resource = self.view.resource_name or self.view.get_queryset().model.__name__
        name, discriminator = f"Polymorphic{resource}Endpoint", "response_mode"
        if all(discriminator in serializer().fields for serializer in self.modes.values()):
            return PolymorphicProxySerializer(name, dict(self.modes), discriminator)
        return PolymorphicProxySerializer(name, list(self.modes.values()), None)

    @override
    def _map_model_field(self, model_field: "models.Field[Any, Any]", direction: Any) -> Any:
        """Without the help text of primary keys, because drf-spectacular describes the `id` parameter better."""
        schema = super()._map_model_field(model_field, direction)
        if model_field.primary_key:
            schema.pop("description", None)
        return schema

    @override
    def _insert_min_max(self, field: Any, content: Any) -> None:
        """With the limits of 32 bits on both databases, although SQLite has larger integers."""
        super()._insert_min_max(field, content)
        for key in content.keys() & {"minimum", "maximum"}:
            content[key] = min(max(content[key], IntegerField.MIN), IntegerField.MAX)

    @override
    def _insert_field_validators(self, field: Any, schema: Any) -> None:
        """Without the limits of read-only fields, and without limits that the official document does not have."""
        if not field.read_only:
            super()._insert_field_validators(field, schema)
            if schema.get("maxLength") == getattr(field, "unpublished_max_length", None):
                schema.pop("maxLength", None)

    @override
    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        """With the first paragraph of the model's docstring as the description."""
        schema = super()._map_basic_serializer(serializer, direction)
        if not isinstance(serializer, Serializer):
            return schema
        if self.view.version.documents_all_nulls:
            for key in nullable_keys(type(serializer)):
                schema["properties"][key] = append_meta(schema["properties"][key], {"nullable": True})
        docstring = inspect.getdoc(model_of(type(serializer))) or ""
        description = docstring.partition("\n\n")[0].replace("\n", " ")
        return {"type": schema.pop("type"), "description": description} | schema


class FilterParameters(DjangoFilterExtension):
    """Derives the type of a parameter from its filter, not from the annotations of the filter's method.

    An `IdFilter` is documented as one integer, although it accepts several.
    """

    target_class = "spacedb.rest.filters.FilterBackend"
    priority = 1

    @override
    def resolve_filter_field(self, *args: Any) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super().resolve_filter_field(*args)
        if isinstance(args[-1], IdFilter):
            for parameter in parameters:
                del parameter["explode"], parameter["style"]
                parameter["schema"] = parameter["schema"]["items"]
        return parameters

    @override
    def _get_filter_method_hint(self, filter_method: Any) -> Any:
        return _NoHint


class TokenScheme(OpenApiAuthenticationExtension):
    """Describes the `Authorization` header, with the name that the official document has."""

    target_class = "spacedb.throttling.authentication.TokenAuthentication"
    name = "Token_Authentication"

    @override
    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "The word `Token`, a space and your token. Without a token, your IP address identifies you.",
        }
