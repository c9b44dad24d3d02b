"""`manage.py run`: start the server."""

import os
import re
import shutil
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from typing_extensions import override

from spacedb.environment import INHERITED, LISTEN_PATTERN, host_and_port
from spacedb.installation import CHECKOUT, RESOURCES

APPLICATION = "spacedb.wsgi:application"

GRANIAN_THREADS = 8
"""Threads of each worker of granian that run the application: as many as those of gunicorn."""


class Command(BaseCommand):
    help = (
        "Start the server: migrate the database, load the starter catalogue if it is empty (unless SPACEDB_STARTER is "
        "none), and run gunicorn, or granian if SERVER is granian. The server replaces this process. SIGTERM stops it "
        "after it has finished its requests."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host", type=_parse_host, metavar="HOST", help="the IP address to listen on (default: HOST, or 127.0.0.1)"
        )
        parser.add_argument(
            "--port", type=_parse_port, metavar="PORT", help="the TCP port to listen on (default: PORT, or 8000)"
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        variables = {name.upper(): str(options[name]) for name in ("host", "port") if options[name] is not None}
        host, port = variables.get("HOST", settings.HOST), int(variables.get("PORT", settings.PORT))
        if settings.SERVER == "granian" and not find_spec("granian"):
            raise CommandError("SERVER=granian requires the package granian: pip install 'spacedb-server[granian]'.")
        if settings.DATABASES["default"]["NAME"] == ":memory:":
            raise CommandError("The server needs a database in a file, or PostgreSQL: set DATABASE_URL.")
        verbosity = options["verbosity"]
        if verbosity > 0:
            self.stdout.write(f"Data are stored in {settings.DATA_DIR}.")
        call_command("migrate", interactive=False, verbosity=0)
        if settings.SPACEDB_STARTER != "none":
            call_command("ingest", str(RESOURCES / "fixtures"), if_empty=True, verbosity=verbosity)
        if verbosity > 0:
            self.stdout.write(f"Starting the server on http://{host_and_port(host, port)}/. Ctrl-C stops it.")
        connections.close_all()
        self.stdout.flush()
        if settings.SERVER == "granian":
            _execute_granian(host, port, variables)
        else:
            _execute_gunicorn(RESOURCES / "gunicorn.conf.py", variables)


def _execute_granian(host: str, port: int, variables: dict[str, str]) -> None:
    """Replace this process by granian, which has no file of settings."""
    options = {
        "interface": "wsgi",
        "host": host,
        "port": port,
        "http": "1",
        "workers": settings.WEB_CONCURRENCY,
        "blocking-threads": GRANIAN_THREADS,
        "workers-kill-timeout": 30,
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    flags = ["--respawn-failed-workers", "--no-ws"]
    _execute([sys.executable, "-m", "granian", *arguments, *flags, APPLICATION], variables)


def _execute_gunicorn(gunicorn_settings: Path, variables: dict[str, str]) -> None:
    """Replace this process by gunicorn.

    As the first process of a container, it would lose signals until gunicorn has its handlers. They are blocked until
    gunicorn is ready: see `when_ready` in the settings of gunicorn.
    """
    script = shutil.which("gunicorn", path=str(Path(sys.executable).parent))
    program = [script] if script else [sys.executable, "-m", "gunicorn"]
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    _execute([*program, "--config", str(gunicorn_settings), APPLICATION], variables)


def _execute(command: list[str], variables: dict[str, str]) -> NoReturn:
    """Replace this process by a server, which then loads only what it needs, and new code after SIGHUP."""
    # `gunicorn.conf.py` explains the settings of glibc.
    glibc = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "65536"}
    # Without the variables of `.env`, which new workers read again after SIGHUP.
    python_path = os.pathsep.join(filter(None, [str(CHECKOUT or ""), INHERITED.get("PYTHONPATH")]))
    os.execve(command[0], command, {**glibc, **INHERITED, "PYTHONPATH": python_path, **variables})


def _parse_host(text: str) -> str:
    if not re.fullmatch(LISTEN_PATTERN, text):
        raise ArgumentTypeError(f"{text} is neither an IP address nor a host name")
    return text


def _parse_port(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**16:
        raise ArgumentTypeError(f"{text} is not a port, which is a number from 0 to 65535")
    return int(text)
