"""Identifies the release of the code: another release may represent the same data differently."""

from functools import cache
from hashlib import blake2b
from pathlib import Path

from django.apps import apps
from django.conf import settings

SUFFIXES = (".py", ".html", ".css", ".js")


@cache
def release() -> str:
    """A digest of this project's sources and of the versions of its dependencies, the same on every machine."""
    digest = blake2b(digest_size=16)
    for path in sorted(_sources()):
        digest.update(path.relative_to(settings.BASE_DIR).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources() -> list[Path]:
    base = Path(settings.BASE_DIR)
    app_paths = [Path(app.path) for app in apps.get_app_configs()]
    packages = {path.relative_to(base).parts[0] for path in app_paths if _is_own(path)}
    sources = [base / "requirements.lock"]
    for package in packages:
        sources += [path for path in (base / package).rglob("*") if path.suffix in SUFFIXES]
    return [path for path in sources if path.is_file()]


def _is_own(path: Path) -> bool:
    return path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts
