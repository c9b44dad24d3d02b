"""Which release of the code makes the answers: the same data may be told in another way by the next."""

import math
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from django.apps import apps
from django.conf import settings


class Release(NamedTuple):
    """What a release is known by."""

    digest: str
    """Of our own sources and of the versions of the libraries: the same on every machine."""
    installed: int
    """When the last of them came to this machine, in seconds since 1970."""


@cache
def release() -> Release:
    digest, installed = blake2b(digest_size=16), 0.0
    for path in sorted(_sources()):
        digest.update(path.relative_to(settings.BASE_DIR).as_posix().encode())
        digest.update(path.read_bytes())
        installed = max(installed, path.stat().st_mtime)
    return Release(digest.hexdigest(), math.ceil(installed))


def _sources() -> list[Path]:
    base = Path(settings.BASE_DIR)
    ours = {Path(app.path).relative_to(base).parts[0] for app in apps.get_app_configs() if _is_ours(Path(app.path))}
    found = [base / "requirements.lock"]
    for name in ours:
        found += [path for path in (base / name).rglob("*") if path.suffix in (".py", ".html", ".css", ".js")]
    return [path for path in found if path.is_file()]


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts
