"""Every form against the component of the same name in the official OpenAPI document."""

import json
from pathlib import Path
from typing import Any

from spacedb.rendering.plan import nested_serializers
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.describe import FieldSpec, InlineSpec, NestedListSpec, NestedSpec, describe
from spacedb.serializers.fields import ResponseModeField
from spacedb.serializers.reductions import FirstReduction
from tests.endpoints import endpoints


def forms() -> list[SerializerClass]:
    """Every form that an endpoint of 2.3.0 shows or nests."""
    roots = [form for path, view in endpoints().items() if "/2.3.0/" in path for form in view.modes.values()]
    return sorted({form for root in roots for form in nested_serializers(root)}, key=lambda form: form.__name__)


def component_of(schema: Any) -> str:
    """The name of the component that a property holds, or holds a list of."""
    schema = schema.get("items", schema)
    schema = schema.get("allOf", [schema])[0]
    return str(schema.get("$ref", "")).rpartition("/")[2]


def test_components(reference: Path) -> None:
    official = json.loads((reference / "openapi-2.3.0.json").read_text())["components"]["schemas"]
    for form in forms():
        properties = official[form.__name__]["properties"]
        assert [part.key for part in describe(form)] == list(properties), form
        for part in describe(form):
            schema = properties[part.key]
            match part:
                case NestedListSpec(reduction=None):
                    assert schema["type"] == "array"
                    assert part.serializer.__name__ == component_of(schema), (form, part.key)
                case NestedSpec() | NestedListSpec(reduction=FirstReduction()) | InlineSpec():
                    assert part.serializer.__name__ == component_of(schema), (form, part.key)
                case FieldSpec(field=ResponseModeField() as mode):
                    assert schema["default"] == mode.mode, form
                case _:
                    assert component_of(schema) == "", (form, part.key)


def test_there_is_something_to_compare() -> None:
    assert len(forms()) > 60
