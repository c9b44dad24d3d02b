"""Reductions: lists of related objects that are represented by one value."""

from typing import Any

from drf_spectacular.drainage import set_override
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from typing_extensions import override

from spacedb.serializers.base import Reduction, SerializerClass


@extend_schema_field(OpenApiTypes.STR)
class JoinReduction(Reduction):
    """The values of one key, joined by a separator. An empty value says nothing about the list."""

    def __init__(self, serializer: SerializerClass, key: str, separator: str = ",", **kwargs: Any) -> None:
        self.key, self.separator = key, separator
        super().__init__(serializer, **kwargs)

    @override
    def reduce(self, rows: list[dict[str, Any]]) -> str:
        return self.separator.join(row[self.key] for row in rows if row[self.key])

    @override
    def expand(self, value: Any) -> list[dict[str, Any]] | None:
        if not isinstance(value, str | None):
            raise TypeError(f"Expected a string of values separated by {self.separator!r}.")
        return [{self.key: item.strip()} for item in (value or "").split(self.separator) if item.strip()] or None


class FirstReduction(Reduction):
    """The first object, or null: the vehicle that is docked at a port."""

    is_nullable = True
    is_partial = True

    def __init__(self, serializer: SerializerClass, **kwargs: Any) -> None:
        set_override(self, "field", serializer)  # in the OpenAPI document it is an object, not an array
        super().__init__(serializer, **kwargs)

    @override
    def reduce(self, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
        return rows[0] if rows else None

    @override
    def expand(self, value: Any) -> list[dict[str, Any]]:
        return [] if value is None else [value]


@extend_schema_field(OpenApiTypes.STR)
class FirstValueReduction(Reduction):
    """One key of the first object.

    With `where=(key, values)`, of the first object whose `key` is one of `values`. `default` represents an empty list.
    """

    is_nullable = True
    is_partial = True

    def __init__(
        self,
        serializer: SerializerClass,
        key: str,
        *,
        where: tuple[str, tuple[str, ...]] | None = None,
        default: Any = None,
        **kwargs: Any,
    ) -> None:
        self.key, self.where, self.default_value = key, where, default
        super().__init__(serializer, **kwargs)

    @override
    def reduce(self, rows: list[dict[str, Any]]) -> Any:
        matching = rows if self.where is None else [row for row in rows if row[self.where[0]] in self.where[1]]
        return matching[0][self.key] if matching else self.default_value

    @override
    def expand(self, value: Any) -> list[dict[str, Any]]:
        if value is None or value == "":
            return []
        return [{self.key: value} | ({self.where[0]: self.where[1][0]} if self.where else {})]


@extend_schema_field(OpenApiTypes.INT)
class FirstIntegerReduction(FirstValueReduction):
    """The same for a key with a number, or with a boolean, represented by 1 and 0."""

    @override
    def reduce(self, rows: list[dict[str, Any]]) -> Any:
        value = super().reduce(rows)
        return None if value is None else int(value)
