"""What public documents tell of the shapes of the older versions, as a judge of answers: ordered keys and types."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spacedb.serializers.base import SerializerClass
from spacedb.serializers.describe import InlineSpec, NestedListSpec, NestedSpec, describe
from spacedb.serializers.reductions import FirstReduction

TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "boolean": (bool,),
    "array": (list,),
}

ALIASES = {
    "AgencySerializerMini": "AgencyMini",
    "LaunchStatus": "IdName",
    "DockingLocation": "IdName",
}
"""Forms of 2.0.0 that its shapes call otherwise than those of 2.2.0."""

SAME_SHAPE = {"SpacecraftFlightFromEarth": "SpacecraftFlightDetailed"}
"""Serializers of 2.2.0 that have the shape of another one."""

UNTOLD_TYPES: dict[str, dict[str, Any]] = {
    name: {"name": name, "type": kind, "nullable": name == "launch_library_id"}
    for name, kind in {
        "inhold": "boolean",
        "tbdtime": "boolean",
        "tbddate": "boolean",
        "launch_library_id": "integer",
    }.items()
}
"""What 2.0.0 alone tells, with the types that its document shows."""

NULLS = {"launch_library_url": "an agency that Launch Library 1 did not know"}
"""Properties that the document does not let be null, and that no later version tells."""


class Shapes:
    """The shapes of one version."""

    def __init__(self, reference: Path, version: str) -> None:
        told = json.loads((reference / "shapes-2.2.0.json").read_text())
        self.returns = {path: one.get("returns", "") for path, one in told["endpoints"].items()}
        self.properties: dict[str, dict[str, Any]] = {
            name: {one["name"]: one for one in schema["properties"]}
            for name, schema in told["schemas"].items()
            if not name.startswith("Paginated")
        }
        for name, late in told["late_additions"].items():
            known = self.properties[name] | {one["name"]: _late(one) for one in late}
            self.properties[name] = {key: known[key] for key in told["final_order_with_late_additions"][name]}
        self.keys = {name: list(properties) for name, properties in self.properties.items()}
        older = json.loads((reference / "shapes-2.0.0.json").read_text())["shapes"]
        self.older = {name.split()[0]: shape["fields"] for name, shape in older.items()}
        self.version = version

    def keys_of(self, form: SerializerClass) -> list[str] | None:
        """The ordered keys of a form, None if no document tells them."""
        name = form.__name__
        if self.version == "2.0.0":
            return self.older.get(name) or self.older.get(ALIASES.get(name, ""))
        return self.keys.get(SAME_SHAPE.get(name, name))

    def errors(self, form: SerializerClass, value: Any, where: str = "") -> Iterator[str]:
        """What is wrong with an object in this form, and with those nested in it."""
        keys = self.keys_of(form)
        if keys is not None and list(value) != keys:
            yield f"{where}: {form.__name__} has {list(value)}, not {keys}"
        properties = UNTOLD_TYPES | self.properties.get(SAME_SHAPE.get(form.__name__, form.__name__), {})
        for part in describe(form):
            at, one = f"{where}.{part.key}", value[part.key]
            match part:
                case NestedListSpec(reduction=None):
                    for number, child in enumerate(one):
                        yield from self.errors(part.serializer, child, f"{at}[{number}]")
                case NestedSpec() | InlineSpec() | NestedListSpec(reduction=FirstReduction()):
                    if one is not None:
                        yield from self.errors(part.serializer, one, at)
                case _:
                    if part.key in properties:
                        yield from _mistyped(properties[part.key], one, at, form)


def _late(one: dict[str, str]) -> dict[str, Any]:
    words = one["type"].split()
    return {"name": one["name"], "type": words[0], "nullable": "nullable" in words}


def _mistyped(told: dict[str, Any], one: Any, at: str, form: SerializerClass) -> Iterator[str]:
    if one is None:
        if not (told.get("nullable") or told.get("null_seen_live") or told["name"] in NULLS):
            yield f"{at}: {form.__name__}.{told['name']} is null"
    elif told.get("type") and type(one) not in TYPES[told["type"]]:
        yield f"{at}: {one!r} is not of type {told['type']}"
