"""Generates the Python package of a typed client from an OpenAPI document, with openapi-python-client."""

import subprocess
import sys
from pathlib import Path

PACKAGE = "launch_library"
"""The name of the package that is generated from the official document of version 2.3.0."""


def generate_client(document: Path, directory: Path, package: str) -> None:
    """Generate the package in a directory. Warnings of the generator are errors."""
    config = directory / f"{package}.config.json"
    config.write_text('{"post_hooks": []}')  # without formatting
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta=none", "--fail-on-warning"]
    files = (f"--path={document}", f"--config={config}", f"--output-path={directory / package}")
    process = subprocess.run([*command, *files], check=False, capture_output=True, text=True)
    assert process.returncode == 0, process.stdout
