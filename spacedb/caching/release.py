"""Identifies the release of the code: another release may represent the same data differently."""

from functools import cache
from hashlib import blake2b
from importlib.metadata import distributions

from spacedb.installation import CHECKOUT, PACKAGE, PACKAGES

SUFFIXES = (".py", ".html", ".css", ".js")


@cache
def release() -> str:
    """A digest of this project's sources and of the versions of its dependencies, the same on every machine."""
    digest = blake2b(digest_size=16)
    base = PACKAGE.parent
    for path in sorted(path for package in PACKAGES for path in (base / package).rglob("*")):
        if path.suffix in SUFFIXES and path.is_file():
            digest.update(path.relative_to(base).as_posix().encode())
            digest.update(path.read_bytes())
    digest.update(_dependencies())
    return digest.hexdigest()


def _dependencies() -> bytes:
    """The versions of the dependencies: those of the lock file, or those installed with this package."""
    if CHECKOUT:
        return (CHECKOUT / "requirements.lock").read_bytes()
    return repr(sorted((package.name, package.version) for package in distributions())).encode()
