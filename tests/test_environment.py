"""Secrets in files, and the number of CPUs in containers."""

import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from spacedb.environment import SECRETS, cpu_count, read_environment

pytestmark = pytest.mark.vendor_neutral

AFFINITY = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_are_read_from_files(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("of a file\n")
    monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "secret"))
    assert read_environment().str(name) == "of a file"
    assert name not in os.environ, "child processes would inherit it"


def test_the_env_file_can_name_files_with_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("abc")
    (tmp_path / ".env").write_text(f"MIRROR_TOKEN_FILE={tmp_path}/token\nPORT=8123\n")
    monkeypatch.delenv("MIRROR_TOKEN")
    for name in ("MIRROR_TOKEN_FILE", "PORT"):  # the file sets them; restored after the test
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("ENV_FILE", str(tmp_path / ".env"))
    env = read_environment()
    assert (env.str("MIRROR_TOKEN"), env.int("PORT")) == ("abc", 8123)


def test_a_secret_has_one_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIRROR_TOKEN", "abc")
    monkeypatch.setenv("MIRROR_TOKEN_FILE", str(tmp_path / "token"))
    with pytest.raises(ImproperlyConfigured, match="MIRROR_TOKEN and MIRROR_TOKEN_FILE are both set"):
        read_environment()


def test_unreadable_files_are_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "missing"))
    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY_FILE: .*/missing cannot be read: .*No such file"):
        read_environment()


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{content}\n")


@pytest.mark.parametrize(
    ("own", "files", "expected"),
    [
        pytest.param("0::/", {"cpu.max": "100000 100000"}, 1, id="a container"),
        pytest.param("0::/", {"cpu.max": "50000 100000"}, 1, id="half a CPU"),
        pytest.param("0::/", {"cpu.max": "110000 100000"}, 2, id="rounded up"),
        pytest.param("0::/", {"cpu.max": "max 100000"}, 1000, id="no limit"),
        pytest.param("0::/", {}, 1000, id="the root cgroup has no file"),
        pytest.param("0::/app.slice/x.service", {"app.slice/x.service/cpu.max": "100000 100000"}, 1, id="a unit"),
        pytest.param(
            "0::/app.slice/x.service",
            {"app.slice/x.service/cpu.max": "max 100000", "app.slice/cpu.max": "100000 100000"},
            1,
            id="the limit of a parent",
        ),
        pytest.param(
            "12:cpuset:/\n4:cpu,cpuacct:/docker/1\n0::/docker/1",
            {"cpu/cpu.cfs_quota_us": "100000", "cpu/cpu.cfs_period_us": "100000"},
            1,
            id="version 1",
        ),
        pytest.param("4:cpu:/", {"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, 1000, id="no 1"),
    ],
)
def test_cpu_count_respects_limits(
    own: str, files: dict[str, str], expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: range(1000), raising=False)
    write(tmp_path / "own", own)
    for name, content in files.items():
        write(tmp_path / "cgroups" / name, content)
    assert cpu_count(tmp_path / "cgroups", tmp_path / "own") == expected


def test_cpu_count_without_cgroups(tmp_path: Path) -> None:
    assert cpu_count(tmp_path, tmp_path / "missing") == AFFINITY
