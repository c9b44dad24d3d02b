"""Validation of responses of the older versions against public documents: ordered keys, types and nulls."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges
from spacedb.serializers.describe import InlineSpec, NestedListSpec, NestedSpec, describe
from spacedb.serializers.reductions import FirstReduction

TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "boolean": (bool,),
    "array": (list,),
}

ADDED_LAST: dict[str, dict[str, list[str]]] = {
    "InfoURL": {"priority": ["source"], "url": ["type", "language"]},
    "LaunchDetailed": {"webcast_live": ["timeline"], "mission_patches": ["type"]},
    "LaunchSerializerCommon": {"agency_launch_attempt_count_year": ["type"]},
    "Mission": {"agencies": ["info_urls", "vid_urls"]},
    "Program": {"mission_patches": ["type"]},
    "SpacecraftConfigurationDetail": {"payload_capacity": ["payload_return_capacity"]},
    "VidURL": {"priority": ["source", "publisher"], "url": ["type", "language", "start_time", "end_time"]},
}
"""Keys of the last responses of 2.2.0 that are in no schema, by the key that they follow."""

ALIASES = {
    "AgencySerializerMini": "AgencyMini",
    "LaunchStatus": "IdName",
    "DockingLocation": "IdName",
}
"""Serializers that have another name in the shapes of 2.0.0, which are also those of 2.1.0."""

LAUNCH_STATUS_OF_2_1_0 = {"LaunchStatus": ["id", "name", "abbrev", "description"]}
"""The only shape of 2.1.0 that differs from 2.0.0."""

SAME_SHAPE = {"SpacecraftFlightFromEarth": "SpacecraftFlightDetailed"}
"""Serializers of 2.2.0 that have the shape of another one."""

TYPES_OF_2_0_0: dict[str, dict[str, Any]] = {
    name: {"name": name, "type": kind, "nullable": name == "launch_library_id"}
    for name, kind in {
        "inhold": "boolean",
        "tbdtime": "boolean",
        "tbddate": "boolean",
        "launch_library_id": "integer",
    }.items()
}
"""Properties that only 2.0.0 and 2.1.0 contain, with the types in the document of 2.0.0."""

NULLS = {"launch_library_url": "agencies that Launch Library 1 did not contain"}
"""Properties that may be null although the document forbids it. No later version contains them."""


class Shapes:
    """The documented shapes of the serializers of one version."""

    def __init__(self, reference: Path, version: str) -> None:
        document = json.loads((reference / "shapes-2.2.0.json").read_text())
        self.returns = {path: endpoint.get("returns", "") for path, endpoint in document["endpoints"].items()}
        self.properties: dict[str, dict[str, Any]] = {
            name: {schema["name"]: schema for schema in component["properties"]}
            for name, component in document["schemas"].items()
            if not name.startswith("Paginated")
        }
        for name, additions in document["late_additions"].items():
            schemas = self.properties[name] | {addition["name"]: _late_addition(addition) for addition in additions}
            self.properties[name] = {key: schemas[key] for key in document["final_order_with_late_additions"][name]}
        self.keys = {
            name: list(SerializerChanges(after=ADDED_LAST.get(name, {})).apply(list(properties)))
            for name, properties in self.properties.items()
        }
        older = json.loads((reference / "shapes-2.0.0.json").read_text())["shapes"]
        self.older = {name.split()[0]: shape["fields"] for name, shape in older.items()}
        self.older |= {alias: self.older[name] for alias, name in ALIASES.items()}
        if version == "2.1.0":
            self.older |= LAUNCH_STATUS_OF_2_1_0
        self.version = version

    def keys_of(self, serializer: SerializerClass) -> list[str] | None:
        """Return the ordered keys of a serializer, or None if no document contains them."""
        name = serializer.__name__
        if self.version in ("2.0.0", "2.1.0"):
            return self.older.get(name)
        return self.keys.get(SAME_SHAPE.get(name, name))

    def errors(self, serializer: SerializerClass, data: Any, path: str = "") -> Iterator[str]:
        """Yield the errors of an object in this representation, and of the objects nested in it."""
        name, keys = serializer.__name__, self.keys_of(serializer)
        if keys is not None and list(data) != keys:
            yield f"{path}: {name} has {list(data)}, not {keys}"
        properties = TYPES_OF_2_0_0 | self.properties.get(SAME_SHAPE.get(name, name), {})
        for spec in describe(serializer):
            key_path, value = f"{path}.{spec.key}", data[spec.key]
            match spec:
                case NestedListSpec(reduction=None):
                    for number, child in enumerate(value):
                        yield from self.errors(spec.serializer, child, f"{key_path}[{number}]")
                case NestedSpec() | InlineSpec() | NestedListSpec(reduction=FirstReduction()):
                    if value is not None:
                        yield from self.errors(spec.serializer, value, key_path)
                case _:
                    if spec.key in properties:
                        yield from _type_errors(properties[spec.key], value, key_path, name)


def _late_addition(addition: dict[str, str]) -> dict[str, Any]:
    words = addition["type"].split()
    return {"name": addition["name"], "type": words[0], "nullable": "nullable" in words}


def _type_errors(schema: dict[str, Any], value: Any, path: str, component: str) -> Iterator[str]:
    if value is None:
        if not (schema.get("nullable") or schema.get("null_seen_live") or schema["name"] in NULLS):
            yield f"{path}: {component}.{schema['name']} is null"
    elif schema.get("type") and type(value) not in TYPES[schema["type"]]:
        yield f"{path}: {value!r} is not of type {schema['type']}"
