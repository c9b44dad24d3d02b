"""The files in `deploy/` and `compose.yaml` are valid for the tools that read them, and the cache of nginx works.

A test is skipped if its tool is not installed.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
import yaml
from typing_extensions import override

from tests.conftest import ROOT
from tests.installation import Installation, create_installation
from tests.waiting import TIMEOUT, wait_until

DEPLOY = ROOT / "deploy"

pytestmark = pytest.mark.vendor_neutral


def tool(name: str) -> str:
    """The path of a program, which may be installed in the environment of the tests."""
    path = shutil.which(name, path=f"{Path(sys.executable).parent}:{os.environ['PATH']}:/usr/sbin")
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def output_of(*command: str, **variables: str) -> str:
    result = subprocess.run(
        command, cwd=ROOT, env=os.environ | variables, check=False, capture_output=True, text=True, timeout=TIMEOUT
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


# --- Docker Compose ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    compose = [tool("docker-compose"), "--file", str(ROOT / "compose.yaml"), "--env-file", os.devnull]
    content = output_of(*compose, "--profile", "*", "config", "--format", "json", "--no-interpolate")
    output_of(*compose, "config", "--quiet")
    return dict(json.loads(content)["services"])


def test_services_have_limits_and_no_privileges(services: dict[str, Any]) -> None:
    assert services.keys() == {"app", "cache", "database", "mirror", "proxy", "secrets"}
    for name, service in services.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}, name
        assert service.get("profiles", []) == (["mirror"] if name == "mirror" else []), name


def test_only_the_proxy_has_a_port_and_secrets_are_in_files(services: dict[str, Any]) -> None:
    assert {name for name, service in services.items() if "ports" in service} == {"proxy"}
    for name, service in services.items():
        secrets = {key for key in service.get("environment") or () if re.search("PASSWORD|SECRET|TOKEN", key)}
        assert all(key.endswith("_FILE") for key in secrets), (name, secrets)
    assert {name for name, service in services.items() if "default" not in service.get("networks", ())} == {
        "cache",
        "database",
        "secrets",
    }


def test_services_are_checked(services: dict[str, Any]) -> None:
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()
    for name in ("cache", "database", "proxy"):
        assert services[name]["healthcheck"]["test"]


# --- systemd ----------------------------------------------------------------------------------------------------------

UNITS = ("spacedb-server.service", "spacedb-command@mirror.service", "spacedb-mirror.timer", "spacedb-recount.timer")
MAX_EXPOSURE = 1.5
"""Of 10. The services need the network."""


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, with a program that exists on this machine."""
    folder = tmp_path / "systemd"
    shutil.copytree(DEPLOY / "systemd", folder)
    for path in folder.glob("*.service"):
        path.write_text(path.read_text().replace("/opt/spacedb/bin/spacedb", sys.executable))
    return folder


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_accepts_the_units(unit: str, units: Path) -> None:
    output = output_of(tool("systemd-analyze"), "verify", "--man=no", str(units / unit), SYSTEMD_UNIT_PATH=f"{units}:")
    assert output == ""


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.endswith(".service")])
def test_services_are_hardened(unit: str, units: Path) -> None:
    command = [tool("systemd-analyze"), "security", "--offline=yes", "--no-pager", unit]
    output = output_of(*command, SYSTEMD_UNIT_PATH=f"{units}:")
    [exposure] = re.findall(r"exposure level for \S+: ([\d.]+)", output)
    assert float(exposure) <= MAX_EXPOSURE, output


# --- Kubernetes -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def manifests() -> list[dict[str, Any]]:
    text = output_of(tool("kubectl"), "kustomize", str(DEPLOY / "kubernetes"))
    text += "".join(
        f"---\n{(DEPLOY / 'kubernetes' / name).read_text()}" for name in ("mirror.yaml", "secret-example.yaml")
    )
    return [document for document in yaml.safe_load_all(text) if document]


def test_kubernetes_accepts_the_manifests(manifests: list[dict[str, Any]]) -> None:
    validation = pytest.importorskip("kubernetes_validate", reason="needs kubernetes-validate, which validates offline")
    kinds = {"ConfigMap", "CronJob", "Deployment", "Job", "Namespace", "PodDisruptionBudget", "Secret", "Service"}
    assert {manifest["kind"] for manifest in manifests} == kinds | {"PersistentVolumeClaim"}
    for manifest in manifests:
        validation.validate(manifest, validation.latest_version(), strict=True)


def pod_specs(value: Any) -> Iterator[dict[str, Any]]:
    """Every specification of a pod in a manifest."""
    if isinstance(value, dict):
        if "containers" in value:
            yield value
        else:
            for inner in value.values():
                yield from pod_specs(inner)


def test_pods_meet_the_restricted_policy(manifests: list[dict[str, Any]]) -> None:
    specs = [spec for manifest in manifests for spec in pod_specs(manifest)]
    assert len(specs) == 3
    for spec in specs:
        assert spec["securityContext"]["runAsNonRoot"]
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in [*spec["containers"], *spec.get("initContainers", [])]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": True,
            }
            assert container["resources"]["limits"].keys() == {"cpu", "memory"}


# --- Proxies ----------------------------------------------------------------------------------------------------------


def write_nginx_settings(folder: Path, upstream: str = "127.0.0.1:8000", port: int = 8080) -> Path:
    """Write the settings of the container for this machine."""
    text = (DEPLOY / "nginx" / "compose.conf").read_text()
    for old, new in {
        "/tmp/": f"{folder}/",
        "server app:8000": f"server {upstream}",
        "listen 8080": f"listen 127.0.0.1:{port}",
        "/var/cache/nginx": f"{folder}/cache",
        "/dev/stderr": "stderr",
    }.items():
        assert old in text
        text = text.replace(old, new)
    if os.geteuid() == 0:  # workers of another user have no access to the folder
        text = f"user root;\n{text}"
    (folder / "cache").mkdir()
    (folder / "nginx.conf").write_text(text)
    return folder / "nginx.conf"


def test_nginx_accepts_the_settings_of_the_container(tmp_path: Path) -> None:
    output_of(tool("nginx"), "-t", "-e", "stderr", "-c", str(write_nginx_settings(tmp_path)))


def test_nginx_accepts_the_example(tmp_path: Path) -> None:
    certificate = trustme.CA().issue_cert("spacedb.example.org")
    certificate.private_key_pem.write_to_path(tmp_path / "spacedb.key")
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "spacedb.pem")
    text = (DEPLOY / "nginx" / "spacedb.conf").read_text()
    text = text.replace("/etc/ssl", str(tmp_path)).replace("/var/cache/nginx", str(tmp_path))
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{text}\n}}\n")
    output_of(tool("nginx"), "-t", "-e", "stderr", "-c", str(tmp_path / "nginx.conf"))


def test_caddy_accepts_the_example(tmp_path: Path) -> None:
    command = [tool("caddy"), "validate", "--config", str(DEPLOY / "caddy" / "Caddyfile"), "--adapter", "caddyfile"]
    assert "Valid configuration" in output_of(*command, HOME=str(tmp_path))


# --- The cache of nginx -----------------------------------------------------------------------------------------------


class CachedInstallation(Installation):
    """An installation with the Cache-Control header of compose.yaml."""

    @property
    @override
    def environment(self) -> dict[str, str]:
        [default] = re.findall(r"CACHE_CONTROL:-(.+?)}", (ROOT / "compose.yaml").read_text())
        return super().environment | {"CACHE_CONTROL": default}


@contextmanager
def nginx(folder: Path, upstream: str) -> Iterator[str]:
    """Run nginx. Yields its URL."""
    program = tool("nginx")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = write_nginx_settings(folder, upstream, port)
    process = subprocess.Popen([program, "-e", "stderr", "-c", str(settings), "-g", "daemon off;"])
    try:
        wait_until(lambda: accepts_connections(port), process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(TIMEOUT)


def accepts_connections(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def fetch_until(url: str, *, status: str = "", content: bytes = b"") -> bytes:
    """Send requests until nginx reports this status of its cache, and the response contains this text."""
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as response:
            body: bytes = response.read()
            if (status or "EXPIRED") == response.headers["X-Cache"] and content in body:
                return body
        time.sleep(0.2)
    raise AssertionError(f"no response with the status {status} and the content {content!r}")


@pytest.mark.django_db
def test_nginx_revalidates_stored_responses(tmp_path: Path, template: Installation) -> None:
    """A stored response is used for a second, then revalidated with its ETag, and replaced if the data have changed."""
    tool("nginx")
    with create_installation(tmp_path / "installation", "nginx_test", template) as copy:
        installation = CachedInstallation(copy.folder, copy.database_url)
        installation.write("INSERT INTO agencies_agencytype (id, name) VALUES (1, 'A name')")
        (tmp_path / "nginx").mkdir()
        with installation.serve() as host, nginx(tmp_path / "nginx", host) as root:
            url = f"{root}/2.3.0/config/agency_types/"
            first = fetch_until(url, status="MISS")
            assert fetch_until(url, status="HIT") == first
            assert fetch_until(url, status="REVALIDATED") == first
            assert b"A name" in first
            installation.write("UPDATE agencies_agencytype SET name = 'A new name'")
            assert fetch_until(url, status="EXPIRED", content=b"A new name") != first
