"""Extracts the facts of an OpenAPI document: everything that a generated client depends on, without descriptions.

    python -m scripts.openapi_facts OFFICIAL.json scripts/data/openapi-2.3.0.facts.json

The result is a dictionary of blocks: one for each operation, with its parameters and responses, and one for each
component, with its properties in order. A block maps names to a schema in words, such as
`string:uri nullable required maxLength=200`.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

Facts: TypeAlias = dict[str, dict[str, str]]

PROSE = {"description", "example", "externalDocs", "summary", "title"}
FLAGS = ("nullable", "readOnly", "writeOnly", "deprecated", "required")
VALUES = ("default", "maxLength", "minLength", "maxItems", "minItems", "pattern", "style", "explode")
TYPES = (
    "$ref",
    "additionalProperties",
    "allOf",
    "discriminator",
    "enum",
    "format",
    "items",
    "maximum",
    "minimum",
    "oneOf",
    "type",
)

INT32 = {"minimum": -(2**31), "maximum": 2**31 - 1}


def facts(document: Any) -> Facts:
    """Return the facts of an OpenAPI document.

    Raises `ValueError` if the document contains a keyword that this module does not support.
    """
    blocks: Facts = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            blocks[f"{method.upper()} {path}"] = dict(_operation(operation))
    for name, scheme in document["components"].get("securitySchemes", {}).items():
        blocks[f"security {name}"] = {key: scheme[key] for key in sorted(scheme.keys() - PROSE)}
    for name, schema in document["components"]["schemas"].items():
        blocks[name] = dict(_component(schema))
    return blocks


def _operation(operation: Any) -> Iterator[tuple[str, str]]:
    _check_keywords(operation, {"operationId", "parameters", "responses", "security", "tags"})
    yield "operationId", operation["operationId"]
    yield "tags", ",".join(operation.get("tags", ()))
    yield "security", " ".join(sorted("+".join(choice) or "none" for choice in operation.get("security", ())))
    for parameter in operation.get("parameters", ()):
        _check_keywords(parameter, {"in", "name", "schema", *FLAGS, *VALUES})
        yield f"{parameter['in']} {parameter['name']}", _to_text(parameter["schema"], *_flags_and_values(parameter))
    for status, response in operation["responses"].items():
        for media_type, content in response.get("content", {}).items():
            yield f"{status} {media_type}", _to_text(content["schema"])


def _component(schema: Any) -> Iterator[tuple[str, str]]:
    properties, required = schema.get("properties", {}), schema.get("required", ())
    own_text = _to_text({key: value for key, value in schema.items() if key not in {"properties", "required"}})
    if own_text != "object":
        yield "", own_text
    for name, property_schema in properties.items():
        yield name, _to_text(property_schema, *(["required"] if name in required else []))


def _to_text(schema: Any, *flags: str) -> str:
    return " ".join([*_words(schema), *flags])


def _words(schema: Any) -> Iterator[str]:
    """Yield the words that describe a schema, starting with the type."""
    _check_keywords(schema, {*TYPES, *FLAGS, *VALUES})
    if "$ref" in schema:
        yield _name(schema["$ref"])
    for option in schema.get("allOf", ()):
        yield from _words(option)
    if "items" in schema:
        yield f"array[{','.join(_words(schema['items']))}]"
    elif "type" in schema:
        yield ":".join(schema[key] for key in ("type", "format") if key in schema)
    if "oneOf" in schema:
        yield f"oneOf={'|'.join(','.join(_words(option)) for option in schema['oneOf'])}"
    if "additionalProperties" in schema:
        yield f"additionalProperties={','.join(_words(schema['additionalProperties']))}"
    if "discriminator" in schema:
        yield f"discriminator={schema['discriminator']['propertyName']}"
        for value, reference in schema["discriminator"]["mapping"].items():
            yield f"{value}={_name(reference)}"
    if "enum" in schema:
        yield f"enum={'|'.join(map(str, schema['enum']))}"
    limits = {key: schema[key] for key in INT32 if key in schema}
    yield from ["32-bit"] if limits == INT32 else [f"{key}={value}" for key, value in limits.items()]
    yield from _flags_and_values(schema)


def _flags_and_values(schema: Any) -> Iterator[str]:
    yield from (flag for flag in FLAGS if schema.get(flag))
    for key in VALUES:
        if key in schema:
            yield f"{key}={schema[key] if isinstance(schema[key], str) else json.dumps(schema[key])}"


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]


def _check_keywords(schema: Any, supported: set[str]) -> None:
    if unsupported := schema.keys() - supported - PROSE:
        raise ValueError(f"Unsupported keywords: {', '.join(sorted(unsupported))}")


def main() -> None:
    source, target = map(Path, sys.argv[1:])
    target.write_text(json.dumps(facts(json.loads(source.read_text())), indent=0) + "\n")


if __name__ == "__main__":
    main()
