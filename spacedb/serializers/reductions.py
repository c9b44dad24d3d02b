"""Lists that are told as one value."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from spacedb.serializers.base import Reduction, SerializerClass


@extend_schema_field(OpenApiTypes.STR)
class JoinReduction(Reduction):
    """One key of all of them that have it, with a separator between. Empty, it tells nothing of the list."""

    def __init__(self, form: SerializerClass, key: str, separator: str = ",", **kwargs: Any) -> None:
        self.key, self.separator = key, separator
        super().__init__(form, **kwargs)

    def show(self, rows: list[dict[str, Any]]) -> str:
        return self.separator.join(row[self.key] for row in rows if row[self.key])

    def read(self, value: Any) -> list[dict[str, Any]] | None:
        if not isinstance(value, str | None):
            raise TypeError
        return [{self.key: one.strip()} for one in (value or "").split(self.separator) if one.strip()] or None


@extend_schema_field(OpenApiTypes.STR)
class FirstValueReduction(Reduction):
    """One key of the first of them; of those alone that have one of some values, as `among=(key, values)`."""

    tells_part = True

    def __init__(
        self,
        form: SerializerClass,
        key: str,
        *,
        among: tuple[str, tuple[str, ...]] | None = None,
        absent: Any = None,
        **kwargs: Any,
    ) -> None:
        self.key, self.among, self.absent = key, among, absent
        super().__init__(form, **kwargs)

    def show(self, rows: list[dict[str, Any]]) -> Any:
        fit = rows if self.among is None else [row for row in rows if row[self.among[0]] in self.among[1]]
        return fit[0][self.key] if fit else self.absent

    def read(self, value: Any) -> list[dict[str, Any]]:
        if value is None or value == "":
            return []
        return [{self.key: value} | ({self.among[0]: self.among[1][0]} if self.among else {})]


@extend_schema_field(OpenApiTypes.INT)
class FirstIntegerReduction(FirstValueReduction):
    """The same of a key that is a number, or yes and no as 1 and 0."""

    def show(self, rows: list[dict[str, Any]]) -> Any:
        found = super().show(rows)
        return None if found is None else int(found)
