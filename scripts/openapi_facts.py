"""The facts of an OpenAPI document, without its prose: what a client generated from it relies on, a line each.

    python -m scripts.openapi_facts OFFICIAL.json scripts/data/openapi-2.3.0.facts.json

The facts are blocks of named entries: a block for each operation, with its parameters and answers, and one for each
component, with its properties in their order. An entry is told in words: `string:uri nullable required maxLength=200`.
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
TYPES = ("$ref", "allOf", "discriminator", "enum", "format", "items", "maximum", "minimum", "oneOf", "type")

INT32 = {"minimum": -(2**31), "maximum": 2**31 - 1}


def facts(document: Any) -> Facts:
    """What a document says, block by block."""
    found: Facts = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            found[f"{method.upper()} {path}"] = dict(_operation(operation))
    for name, scheme in document["components"].get("securitySchemes", {}).items():
        found[f"security {name}"] = {key: scheme[key] for key in sorted(scheme.keys() - PROSE)}
    for name, schema in document["components"]["schemas"].items():
        found[name] = dict(_component(schema))
    return found


def _operation(operation: Any) -> Iterator[tuple[str, str]]:
    _expect(operation, {"operationId", "parameters", "responses", "security", "tags"})
    yield "operationId", operation["operationId"]
    yield "tags", ",".join(operation.get("tags", ()))
    yield "security", " ".join(sorted("+".join(choice) or "none" for choice in operation.get("security", ())))
    for parameter in operation.get("parameters", ()):
        _expect(parameter, {"in", "name", "schema", *FLAGS, *VALUES})
        yield f"{parameter['in']} {parameter['name']}", _told(parameter["schema"], *_qualities(parameter))
    for status, response in operation["responses"].items():
        for media_type, content in response.get("content", {}).items():
            yield f"{status} {media_type}", _told(content["schema"])


def _component(schema: Any) -> Iterator[tuple[str, str]]:
    properties, required = schema.get("properties", {}), schema.get("required", ())
    itself = _told({key: value for key, value in schema.items() if key not in {"properties", "required"}})
    if itself != "object":
        yield "", itself
    for name, one in properties.items():
        yield name, _told(one, *(["required"] if name in required else []))


def _told(schema: Any, *more: str) -> str:
    return " ".join([*_words(schema), *more])


def _words(schema: Any) -> Iterator[str]:
    """A schema in words, its type first."""
    _expect(schema, {*TYPES, *FLAGS, *VALUES})
    if "$ref" in schema:
        yield _name(schema["$ref"])
    for one in schema.get("allOf", ()):
        yield from _words(one)
    if "items" in schema:
        yield f"array[{','.join(_words(schema['items']))}]"
    elif "type" in schema:
        yield ":".join(schema[key] for key in ("type", "format") if key in schema)
    if "oneOf" in schema:
        yield f"oneOf={'|'.join(','.join(_words(one)) for one in schema['oneOf'])}"
    if "discriminator" in schema:
        yield f"discriminator={schema['discriminator']['propertyName']}"
        for value, reference in schema["discriminator"]["mapping"].items():
            yield f"{value}={_name(reference)}"
    if "enum" in schema:
        yield f"enum={'|'.join(map(str, schema['enum']))}"
    limits = {key: schema[key] for key in INT32 if key in schema}
    yield from ["32-bit"] if limits == INT32 else [f"{key}={value}" for key, value in limits.items()]
    yield from _qualities(schema)


def _qualities(told: Any) -> Iterator[str]:
    yield from (flag for flag in FLAGS if told.get(flag))
    for key in VALUES:
        if key in told:
            yield f"{key}={told[key] if isinstance(told[key], str) else json.dumps(told[key])}"


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]


def _expect(told: Any, known: set[str]) -> None:
    """Nothing is passed over in silence."""
    if unknown := told.keys() - known - PROSE:
        raise ValueError(f"facts of an unknown kind: {', '.join(sorted(unknown))}")


def main() -> None:
    source, target = map(Path, sys.argv[1:])
    target.write_text(json.dumps(facts(json.loads(source.read_text())), indent=0) + "\n")


if __name__ == "__main__":
    main()
