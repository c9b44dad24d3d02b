"""The SBOM lists the locked dependencies, audits report what they could not audit, and the base image is pinned."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.audit import INCOMPLETE, VULNERABLE, report
from tests.conftest import ROOT

pytestmark = pytest.mark.vendor_neutral

SOUND: dict[str, Any] = {"name": "sound", "version": "1.0", "vulns": []}
BROKEN = {"name": "broken", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
SKIPPED = {"name": "skipped", "skip_reason": "not found"}


def test_the_sbom_contains_all_locked_dependencies(tmp_path: Path) -> None:
    """With the command of the Makefile, except that it validates the result, which takes long."""
    [command] = re.findall(r"\$\(BIN\)/(cyclonedx-py .*?)--output-file", (ROOT / "Makefile").read_text(), re.DOTALL)
    program, *arguments = command.replace("\\\n", " ").split()
    path = tmp_path / "sbom.json"
    subprocess.run(
        [Path(sys.executable).with_name(program), *arguments, "--no-validate", "--output-file", path],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    bom = json.loads(path.read_text())
    locked = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert bom["bomFormat"] == "CycloneDX"
    assert bom["metadata"]["component"]["name"] == "spacedb-server"
    assert sorted((component["name"], component["version"]) for component in bom["components"]) == sorted(locked)


@pytest.mark.parametrize(
    ("dependencies", "error", "code", "message"),
    [
        ([SOUND], "", 0, "1 dependencies without known vulnerabilities"),
        ([SOUND, BROKEN], "", VULNERABLE, "broken 1.0: PYSEC-1, fixed in 1.1"),
        ([SOUND, SKIPPED], "", INCOMPLETE, "1 of 2 dependencies were not audited"),
        ([BROKEN, SKIPPED], "", VULNERABLE, "1 of 2 dependencies were not audited"),
        ([], "no connection", INCOMPLETE, "nothing was audited: no connection"),
    ],
)
def test_an_incomplete_audit_is_not_a_success(
    dependencies: list[dict[str, Any]], error: str, code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report("x.lock", dependencies, error) == code
    assert f"x.lock: {message}" in capsys.readouterr().out


def test_the_base_image_has_a_digest() -> None:
    text = (ROOT / "Dockerfile").read_text()
    [image] = re.findall(r"^ARG PYTHON_IMAGE=(.*)$", text, re.MULTILINE)
    assert re.fullmatch(r"python:3\.\d+-slim@sha256:[0-9a-f]{64}", image)
    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"${PYTHON_IMAGE}"}
