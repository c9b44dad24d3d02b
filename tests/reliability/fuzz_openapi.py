"""Runs Schemathesis, in an environment of its own, with the OpenAPI document of each version."""

import json
import os
import re
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks.processes import ROOT, Server
from spacedb.rest.versions import versions

PROGRAM = ROOT / ".venv-fuzz" / "bin" / "st"
CONFIG = Path(__file__).with_name("schemathesis.toml")
IGNORED_PARAMETERS = {"limit", "offset", "mode", "ordering"}
"""Parameters of which invalid values are ignored."""

Json = dict[str, Any]


def run_schemathesis(server: Server, directory: Path, *, seed: int, examples: int) -> list[str]:
    """Run all checks with all versions, and return a message for each version that fails.

    `examples` is the maximum number of random requests per operation. There are some more for limits of parameters.
    """
    failures = []
    for number in versions():
        document = directory / f"openapi-{number}.json"
        document.write_text(json.dumps(adapted(_get(server, f"/{number}/schema/"), server)))
        command = (
            *(str(PROGRAM), "--config-file", str(CONFIG), "run", str(document), "--url", server.address),
            *("--checks", "all", "--phases", "coverage,fuzzing", "--mode", "all", "--continue-on-failure"),
            *("--seed", str(seed), "--max-examples", str(examples), "--no-color", "--warnings", "off"),
            *("--suppress-health-check", "all", "--request-timeout", "30"),
        )
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
        result = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)
        summary = result.stdout.partition("= SUMMARY =")[2]
        print(f"Version {number}:", *re.findall(r"^ +(\d+ generated.*)", summary, re.MULTILINE))
        if result.returncode:
            failures.append(f"Schemathesis, version {number}: {result.stdout[-20000:]}{result.stderr[-5000:]}")
    return failures


def _get(server: Server, path: str) -> Json:
    request = urllib.request.Request(server.address + path, headers={"Accept": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        content: Json = json.load(response)
    return content


def adapted(document: Json, server: Server) -> Json:
    """Return the document with what is documented elsewhere: nulls, ids, ignored parameters, statuses of the server."""
    for component in document["components"]["schemas"].values():
        for name, schema in component.get("properties", {}).items():
            component["properties"][name] = _nullable(schema)
    for path, item in document["paths"].items():
        for operation in item.values():
            for status, text in OTHER_STATUSES.items():
                operation["responses"].setdefault(status, {"description": text})
            operation["parameters"] = [
                _known_id(parameter, path, server) if parameter["in"] == "path" else _lenient(parameter)
                for parameter in operation.get("parameters", ())
            ]
    return document


OTHER_STATUSES = {
    "404": "There is no such object.",
    "406": "The server has none of the accepted media types.",
    "414": "The URL is too long.",
}
"""Statuses that docs/reference/endpoints.md describes for all endpoints."""


def _nullable(schema: Json) -> Json:
    """A property as it is: docs/reference/openapi-differences.md lists nulls. URLs may also be empty."""
    relaxed = {name: value for name, value in schema.items() if (name, value) != ("format", "uri")}
    return {"allOf": [relaxed], "nullable": True} if "$ref" in relaxed else relaxed | {"nullable": True}


def _lenient(parameter: Json) -> Json:
    return parameter | {"schema": {}} if parameter["name"] in IGNORED_PARAMETERS else parameter


def _known_id(parameter: Json, path: str, server: Server) -> Json:
    """The parameter with the ids of some objects, as random ids would find none."""
    rows = _get(server, f"{path.partition('{')[0]}?limit=3")["results"]
    ids = [row["id"] for row in rows]
    return parameter | {"schema": {"anyOf": [{"enum": ids}, parameter["schema"]]}} if ids else parameter
