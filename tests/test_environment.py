"""Secrets in files."""

import os
from pathlib import Path

import pytest

from spacedb.environment import SECRETS, Environment, SettingsError

pytestmark = pytest.mark.vendor_neutral


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_are_read_from_files(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("of a file\n")
    monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "secret"))
    env = Environment()
    env.read_secrets()
    env.check()
    assert env.text(name) == "of a file"
    assert name not in os.environ, "child processes would inherit it"


def test_the_env_file_can_name_files_with_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("abc")
    (tmp_path / ".env").write_text(f"MIRROR_TOKEN_FILE={tmp_path}/token\n")
    monkeypatch.delenv("MIRROR_TOKEN")
    monkeypatch.setenv("MIRROR_TOKEN_FILE", "")  # restored after the test
    monkeypatch.delenv("MIRROR_TOKEN_FILE")
    env = Environment()
    env.read_file(tmp_path / ".env")
    env.read_secrets()
    assert env.text("MIRROR_TOKEN") == "abc"


def test_invalid_files_are_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIRROR_TOKEN", "abc")
    monkeypatch.setenv("MIRROR_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.setenv("SECRET_KEY_FILE", "/missing")
    env = Environment()
    env.read_secrets()
    with pytest.raises(SettingsError) as error:
        env.check()
    assert str(error.value).splitlines()[1:] == [
        "  SECRET_KEY_FILE: the file /missing cannot be read: No such file or directory.",
        "  MIRROR_TOKEN_FILE: MIRROR_TOKEN is set too. Remove one of them.",
    ]
