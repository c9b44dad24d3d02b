"""Strict validation of responses against an OpenAPI document: keys, types, nulls and formats."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

IDS = {"integer": r"\d+", "string": "[0-9a-f-]{36}"}

FORMATS = FormatChecker(())
for name, parse in {
    "date": dt.date.fromisoformat,
    "date-time": lambda text: text.endswith("Z") and dt.datetime.fromisoformat(text),
    "uri": lambda text: text == "" or (all(urlsplit(text)[:2]) and " " not in text),  # Launch Library has "" for null
    "uuid": lambda text: str(UUID(text)) == text,
}.items():
    FORMATS.checks(name, ValueError)(lambda value, parse=parse: not isinstance(value, str) or bool(parse(value)))

NULLS = {
    "Landing*.landing_location": "the location is unknown or undecided",
    "LandingLocation.location": "a place at sea, for example, belongs to no location",
    "SpacecraftFlight*.duration": "the flight has not begun",
    "SpacecraftFlight*.turn_around_time": "the spacecraft's first flight",
}
"""Properties, as `Component.property`, that are null in recorded responses although the document forbids it."""


def recorded_responses(reference: Path) -> list[tuple[str, Any]]:
    """Return the file name and the body of each recorded response of version 2.3.0."""
    records = [(path.name, json.loads(path.read_text())) for path in sorted(reference.glob("*/v2.3.0_*.json"))]
    return [(name, record.get("body", record)) for name, record in records]


class DocumentValidator:
    """Validates bodies against an OpenAPI document.

    `nulls` are patterns of properties that may be null nevertheless. Those that match a null are added to `nulls_seen`.
    """

    def __init__(self, document: Any, nulls: Iterable[str] = ()) -> None:
        self.nulls_seen: set[str] = set()
        self.nulls = list(nulls)
        self.gets: dict[str, Any] = {path: operations["get"] for path, operations in document["paths"].items()}
        self._url_patterns = [(path, _url_pattern(path, get)) for path, get in self.gets.items()]
        self.schemas = schemas = document["components"]["schemas"]
        components = {name: self._component(name, schema) for name, schema in schemas.items()}
        self._definitions = {"components": {"schemas": components}}
        keywords = {"nullSeen": lambda _, null, *__: self.nulls_seen.add(null), "pattern": _pattern, "$ref": self._ref}
        self._validator_class = extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]
        self._validator = cache(self._make_validator)
        self._valid: dict[tuple[str, bytes], set[str]] = {}  # with the nulls seen

    def path(self, url: str) -> str:
        """Return the documented path that matches this URL, such as `/2.3.0/agencies/{id}/`."""
        for path, pattern in self._url_patterns:
            if pattern.fullmatch(urlsplit(url).path):
                return path
        raise LookupError(f"not in the document: {url}")

    def modes(self, path: str) -> list[str]:
        """Return the modes of a documented path: of a list, those of its `mode` parameter.

        A single object with modes has a discriminator instead. The list is empty if there are no modes.
        """
        parameters = {parameter["name"]: parameter["schema"] for parameter in self.gets[path].get("parameters", [])}
        if "mode" in parameters:
            return list(parameters["mode"]["enum"])
        return list(self.schemas[self.component(path)].get("discriminator", {}).get("mapping", ()))

    def component(self, path: str) -> str:
        """Return the name of the component of the response at a documented path.

        The official document describes single objects such as the dashboard as an array, although they are objects.
        """
        schema = self.gets[path]["responses"]["200"]["content"]["application/json"]["schema"]
        return _component_name(schema.get("items", schema))

    def object_component(self, path: str, row: Any) -> str:
        """Return the name of the component of an object at a documented path, on its own or on a page of a list."""
        name = self.component(path)
        if "results" in self.schemas[name].get("properties", {}):
            name = _component_name(self.schemas[name]["properties"]["results"]["items"])
        modes = self.schemas[name].get("discriminator", {}).get("mapping")
        return modes[row["response_mode"]].rpartition("/")[2] if modes else name

    def errors(self, path: str, body: Any) -> list[str]:
        """Return the errors of this body as a response at a documented path."""
        return self.component_errors(self.component(path), body)

    def component_errors(self, name: str, body: Any) -> list[str]:
        """Return the errors of this body as the component of this name."""
        return _messages(self._validator(f"#/components/schemas/{name}"), body)

    def schema_errors(self, schema: Any, body: Any) -> list[str]:
        """Return the errors of this body for a schema of the document."""
        return _messages(self._validator_class(schema | self._definitions, format_checker=FORMATS), body)

    def _make_validator(self, component: str) -> Any:
        return self._validator_class({"$ref": component} | self._definitions, format_checker=FORMATS)

    def _ref(self, validator: Any, ref: str, value: Any, schema: Any) -> Iterator[ValidationError]:
        """Yield the errors of a component. Many responses contain the same object, which is validated once."""
        key = ref, orjson.dumps(value)
        if key in self._valid:
            self.nulls_seen |= self._valid[key]
            return
        before, self.nulls_seen = self.nulls_seen, set()
        errors = list(Draft202012Validator.VALIDATORS["$ref"](validator, ref, value, schema))
        if not errors:
            self._valid[key] = self.nulls_seen
        self.nulls_seen = before | self.nulls_seen
        yield from errors

    def _component(self, name: str, schema: Any) -> Any:
        """Convert to JSON Schema 2020-12. `response_mode` selects the schema, and undocumented keys are errors."""
        if "anyOf" in schema:
            return schema
        if "oneOf" in schema:
            refs = schema["discriminator"]["mapping"]
            return {
                "required": ["response_mode"],
                "properties": {"response_mode": {"enum": list(refs)}},
                "allOf": [
                    {"if": {"properties": {"response_mode": {"const": mode}}}, "then": {"$ref": ref}}
                    for mode, ref in refs.items()
                ],
            }
        properties = {key: self._property(f"{name}.{key}", value) for key, value in schema["properties"].items()}
        return schema | {"properties": properties, "additionalProperties": False}

    def _property(self, name: str, schema: Any) -> Any:
        if schema.get("nullable"):
            return {"if": {"type": "null"}, "else": schema}
        for null in self.nulls:
            if fnmatchcase(name, null):
                return {"if": {"type": "null"}, "then": {"nullSeen": null}, "else": schema}
        return schema


def _pattern(_: Any, pattern: str, text: Any, __: Any) -> Iterator[ValidationError]:
    """Yield an error if a text does not match. Launch Library has "" where an object has no slug."""
    if isinstance(text, str) and text and not re.search(pattern, text):
        yield ValidationError(f"{text!r} does not match {pattern!r}")


def _messages(validator: Any, body: Any) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(body)]


class Official(DocumentValidator):
    """Validates bodies against the official document."""

    def __init__(self, reference: Path, nulls: Iterable[str] = ()) -> None:
        super().__init__(json.loads((reference / "live" / "openapi-2.3.0.json").read_text()), nulls)


def _component_name(schema: Any) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _url_pattern(path: str, get: Any) -> re.Pattern[str]:
    parameters = [parameter for parameter in get.get("parameters", []) if parameter["in"] == "path"]
    ids = {parameter["name"]: IDS[parameter["schema"]["type"]] for parameter in parameters}
    return re.compile(path.format(**ids))
