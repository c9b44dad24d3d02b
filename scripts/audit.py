"""Look for known vulnerabilities of locked dependencies: `python -m scripts.audit requirements.lock`.

The exit code is 0 if there are none, 1 if there are some, and 2 if a dependency could not be audited.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

VULNERABLE, INCOMPLETE = 1, 2
NAMES = 5
"""How many dependencies a message lists."""


def run_pip_audit(path: str) -> tuple[list[dict[str, Any]], str]:
    """The dependencies of a lock file as pip-audit reports them, and its last error message."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off"]
    result = subprocess.run([*command, "--format", "json", "-r", path], check=False, capture_output=True, text=True)
    try:
        return json.loads(result.stdout)["dependencies"], ""
    except ValueError:
        return [], (result.stderr.strip().splitlines() or ["no output"])[-1]


def report(path: str, dependencies: list[dict[str, Any]], error: str) -> int:
    """Print the vulnerabilities of a lock file, and whether all dependencies were audited. Return the exit code."""
    vulnerable = 0
    for dependency in dependencies:
        for vulnerability in dependency.get("vulns", ()):
            vulnerable = VULNERABLE
            fixed = ", ".join(vulnerability["fix_versions"]) or "no version"
            print(f"{path}: {dependency['name']} {dependency['version']}: {vulnerability['id']}, fixed in {fixed}")
    skipped = [dependency["name"] for dependency in dependencies if "skip_reason" in dependency]
    if error:
        print(f"{path}: nothing was audited: {error}")
    elif skipped:
        names = ", ".join(skipped[:NAMES] + ["…"] * (len(skipped) > NAMES))
        print(
            f"{path}: {len(skipped)} of {len(dependencies)} dependencies were not audited, because the vulnerability "
            f"service cannot be reached or does not have them: {names}"
        )
    elif not vulnerable:
        print(f"{path}: {len(dependencies)} dependencies without known vulnerabilities")
    return vulnerable or (INCOMPLETE if error or skipped else 0)


def main(paths: Sequence[str]) -> int:
    """Audit the lock files. The worst result counts."""
    codes = [report(path, *run_pip_audit(path)) for path in paths]
    return VULNERABLE if VULNERABLE in codes else max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
