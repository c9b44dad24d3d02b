"""Values as they were received, where the columns cannot hold them exactly (`RepresentedModel.received`).

They are served where the representation is text: version 2.2.0 has latitudes as text, and version 2.3.0 as numbers.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from rest_framework import serializers

from spacedb.serializers.base import SerializerClass
from spacedb.serializers.describe import FieldSpec, InlineSpec, NestedListSpec, SlugRelatedSpec, Spec, describe
from spacedb.serializers.fields import NumericStringField
from spacedb.serializers.reductions import FirstIntegerReduction, FirstValueReduction, JoinReduction


def is_text(spec: Spec | InlineSpec) -> bool:
    """Whether the value of this key is text, or null."""
    match spec:
        case FieldSpec(field=serializers.CharField() | NumericStringField()) | SlugRelatedSpec():
            return True
        case NestedListSpec(reduction=FirstIntegerReduction()):
            return False
        case NestedListSpec(reduction=JoinReduction() | FirstValueReduction()):
            return True
        case _:
            return False


@cache
def text_keys(serializer: SerializerClass) -> frozenset[str]:
    """The keys of a serializer whose values are text."""
    return frozenset(spec.key for spec in describe(serializer) if is_text(spec))


def restore_received(result: dict[str, Any], received: Mapping[str, Any], keys: frozenset[str]) -> None:
    """Replace values of these keys by those that were received, unless the columns have changed since."""
    for key in received.keys() & keys:
        from_columns, value = received[key]
        if result[key] == from_columns:
            result[key] = value
