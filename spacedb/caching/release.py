"""Which release of the code makes the answers: the same data may be told in another way by the next."""

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

    @property
    def offset(self) -> int:
        """Seconds, below an hour, by which Last-Modified is told early.

        It is another for another release, so the same data have another date when another release tells them, and
        If-Modified-Since does not give 304 for what the last one told. No clock is asked, as the files of a release may
        be older than what was written before it ran. Seconds are few: by chance, of one in 3600, a release tells a date
        that another one told. The ETag has no such limit.
        """
        return int(self.digest, 16) % 3600


@cache
def release() -> Release:
    digest = blake2b(digest_size=16)
    for path in sorted(_sources()):
        digest.update(path.relative_to(settings.BASE_DIR).as_posix().encode())
        digest.update(path.read_bytes())
    return Release(digest.hexdigest())


def _sources() -> list[Path]:
    base = Path(settings.BASE_DIR)
    ours = {Path(app.path).relative_to(base).parts[0] for app in apps.get_app_configs() if _is_ours(Path(app.path))}
    found = [base / "requirements.lock"]
    for name in ours:
        found += [path for path in (base / name).rglob("*") if path.suffix in (".py", ".html", ".css", ".js")]
    return [path for path in found if path.is_file()]


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts
