"""Compare every serializer with the component of the same name in the official OpenAPI document."""

import json
from pathlib import Path
from typing import Any

import pytest

from spacedb.rendering.plan import nested_serializers
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.describe import FieldSpec, InlineSpec, NestedListSpec, NestedSpec, describe
from spacedb.serializers.fields import ResponseModeField
from spacedb.serializers.reductions import FirstReduction
from tests.endpoints import resource_endpoints

pytestmark = pytest.mark.vendor_neutral


def all_serializers() -> list[SerializerClass]:
    """Return the serializers of all endpoints of 2.3.0, including nested ones."""
    roots = [
        serializer
        for path, view in resource_endpoints().items()
        if "/2.3.0/" in path
        for serializer in view.modes.values()
    ]
    return sorted(
        {serializer for root in roots for serializer in nested_serializers(root)},
        key=lambda serializer: serializer.__name__,
    )


def component_of(schema: Any) -> str:
    """Return the name of the component of a property or of the items of its list."""
    schema = schema.get("items", schema)
    schema = schema.get("allOf", [schema])[0]
    return str(schema.get("$ref", "")).rpartition("/")[2]


def test_components(reference: Path) -> None:
    official = json.loads((reference / "live" / "openapi-2.3.0.json").read_text())["components"]["schemas"]
    for serializer in all_serializers():
        properties = official[serializer.__name__]["properties"]
        assert [spec.key for spec in describe(serializer)] == list(properties), serializer
        for spec in describe(serializer):
            schema = properties[spec.key]
            match spec:
                case NestedListSpec(reduction=None):
                    assert schema["type"] == "array"
                    assert spec.serializer.__name__ == component_of(schema), (serializer, spec.key)
                case NestedSpec() | NestedListSpec(reduction=FirstReduction()) | InlineSpec():
                    assert spec.serializer.__name__ == component_of(schema), (serializer, spec.key)
                case FieldSpec(field=ResponseModeField() as mode):
                    assert schema["default"] == mode.mode, serializer
                case _:
                    assert component_of(schema) == "", (serializer, spec.key)


def test_number_of_serializers() -> None:
    assert len(all_serializers()) > 60
