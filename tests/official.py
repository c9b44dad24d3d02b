"""The official OpenAPI document as a judge of answers: strict about keys, types, nulls and formats."""

import datetime as dt
import json
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.validators import extend

IDS = {"integer": r"\d+", "string": "[0-9a-f-]{36}"}

FORMATS = FormatChecker(())
for name, fits in {
    "date": dt.date.fromisoformat,
    "date-time": lambda text: text.endswith("Z") and dt.datetime.fromisoformat(text),
    "uri": lambda text: text == "" or (all(urlsplit(text)[:2]) and " " not in text),  # empty is upstream's "none" too
    "uuid": lambda text: str(UUID(text)) == text,
}.items():
    FORMATS.checks(name, ValueError)(lambda value, fits=fits: not isinstance(value, str) or bool(fits(value)))

NULLS = {
    "Landing*.landing_location": "it is not known or not decided where",
    "LandingLocation.location": "a place at sea, say, is at none of the locations",
    "SpacecraftFlight*.duration": "the flight has not begun",
    "SpacecraftFlight*.turn_around_time": "the spacecraft's first flight",
}
"""Properties, as `Component.property`, that real answers leave null although the document does not let them be."""


def real_answers(reference: Path) -> list[tuple[str, Any]]:
    """The recorded answers of version 2.3.0, each with its name."""
    answers = [(path.name, json.loads(path.read_text())) for path in sorted(reference.glob("*/v2.3.0_*.json"))]
    return [(name, told.get("body", told)) for name, told in answers]


class Official:
    """Judges bodies by the document; but where `nulls` allows one, it is only noted, in `met`."""

    def __init__(self, reference: Path, nulls: Iterable[str] = ()) -> None:
        told = json.loads((reference / "openapi-2.3.0.json").read_text())
        self.met: set[str] = set()
        self._nulls = list(nulls)
        self._gets: dict[str, Any] = {path: operations["get"] for path, operations in told["paths"].items()}
        self._addresses = [(path, _address(path, get)) for path, get in self._gets.items()]
        self._components = {name: self._component(name, one) for name, one in told["components"]["schemas"].items()}
        self._judge = extend(Draft202012Validator, {"met": lambda _, null, *__: self.met.add(null)})  # type: ignore[no-untyped-call]
        self._validator = cache(self._make_validator)

    def path(self, url: str) -> str:
        """The documented path that this url is one of: `/2.3.0/agencies/{id}/`."""
        for path, address in self._addresses:
            if address.fullmatch(urlsplit(url).path):
                return path
        raise LookupError(f"not in the document: {url}")

    def modes(self, path: str) -> list[str]:
        """The modes of the list at a documented path, if it has more than one."""
        parameters = {one["name"]: one["schema"] for one in self._gets[path].get("parameters", [])}
        return list(parameters["mode"]["enum"]) if "mode" in parameters else []

    def errors(self, path: str, body: Any) -> list[str]:
        """What is wrong with this body as the answer at a documented path."""
        answer = self._gets[path]["responses"]["200"]["content"]["application/json"]["schema"]
        validator = self._validator(answer["$ref"])
        return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(body)]

    def _make_validator(self, component: str) -> Any:
        schema = {"$ref": component, "components": {"schemas": self._components}}
        return self._judge(schema, format_checker=FORMATS)

    def _component(self, name: str, schema: Any) -> Any:
        """As JSON Schema 2020-12: with the form that `response_mode` says, and no keys beside the documented ones."""
        if "oneOf" in schema:
            forms = schema["discriminator"]["mapping"]
            return {
                "required": ["response_mode"],
                "properties": {"response_mode": {"enum": list(forms)}},
                "allOf": [
                    {"if": {"properties": {"response_mode": {"const": mode}}}, "then": {"$ref": form}}
                    for mode, form in forms.items()
                ],
            }
        properties = {key: self._property(f"{name}.{key}", one) for key, one in schema["properties"].items()}
        return schema | {"properties": properties, "additionalProperties": False}

    def _property(self, name: str, schema: Any) -> Any:
        if schema.get("nullable"):
            return {"if": {"type": "null"}, "else": schema}
        for null in self._nulls:
            if fnmatchcase(name, null):
                return {"if": {"type": "null"}, "then": {"met": null}, "else": schema}
        return schema


def _address(path: str, get: Any) -> re.Pattern[str]:
    ids = {one["name"]: IDS[one["schema"]["type"]] for one in get.get("parameters", []) if one["in"] == "path"}
    return re.compile(path.format(**ids))
