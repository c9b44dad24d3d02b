"""Servers under test: spacedb, the textbook implementations, Datasette, nginx and json-server."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.load import LoadError, get
from benchmarks.processes import ROOT, Server, free_port, serving

MEMORY_SETTINGS = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "65536"}
"""Settings of glibc that `make run` and the Dockerfile set; see gunicorn.conf.py."""

JSON_SERVER = "json-server@0.17.4"
SETTINGS = {"ENV_FILE": os.devnull, "SECRET_KEY": "benchmarks", "LOG_LEVEL": "ERROR"}
"""Environment variables that make the results independent of the `.env` file."""


class NotInstalled(Exception):
    """A program is not installed on this machine."""


class Contenders:
    """Starts servers for one database. Their logs and other files are written to a directory."""

    def __init__(self, database: str, directory: Path, database_pid: int | None = None) -> None:
        self.database, self.directory, self.database_pid = database, directory, database_pid

    def spacedb(self, name: str, **env: str) -> AbstractContextManager[Server]:
        return self._gunicorn(name, "spacedb.wsgi:application", env)

    def textbook(self, name: str = "textbook", **env: str) -> AbstractContextManager[Server]:
        """Start the textbook implementations, with Django REST framework and with django-ninja."""
        return self._gunicorn(name, "benchmarks.textbook.wsgi:application", env)

    @contextmanager
    def granian(self) -> Iterator[Server]:
        """Start spacedb with `SERVER=granian`."""
        if not find_spec("granian"):
            raise NotInstalled("granian")
        port, command = free_port(), [sys.executable, "manage.py", "run"]
        settings = {"DATABASE_URL": self.database, "PORT": str(port), "SERVER": "granian", "SPACEDB_STARTER": "none"}
        with serving(command, port, SETTINGS | settings, self.directory / "granian.log") as server:
            yield server

    @contextmanager
    def _gunicorn(self, name: str, application: str, env: dict[str, str]) -> Iterator[Server]:
        """Start gunicorn with the default settings, but without restarts of workers during the measurement."""
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "--max-requests=0", application]
        log = self.directory / f"{name}.log"
        settings = {"DATABASE_URL": self.database, "PORT": str(port)}
        with serving(command, port, SETTINGS | MEMORY_SETTINGS | settings | env, log) as server:
            yield replace(server, database_pid=self.database_pid)

    @contextmanager
    def datasette(self) -> Iterator[tuple[Server, str]]:
        """Start Datasette. Yield the server, and the path of 100 rows of the table of spacecraft as JSON."""
        program = ROOT / ".venv-bench" / "bin" / "datasette"
        if not program.exists():
            raise NotInstalled("Datasette (`make .venv-bench/stamp`)")
        if not self.database.startswith("sqlite:"):
            raise NotInstalled("Datasette for this database, as it reads SQLite only")
        path, port = Path(self.database.removeprefix("sqlite:///")), free_port()
        command = [str(program), "serve", str(path), "--port", str(port)]
        with serving(command, port, {}, self.directory / "datasette.log") as server:
            yield server, f"/{path.stem}/spacecraft_spacecraft.json?_size=100&_shape=objects"

    @contextmanager
    def nginx(self, body: bytes) -> Iterator[tuple[Server, str]]:
        """Start nginx with `body` as a static file, which the operating system keeps in memory. Yield also its path."""
        program = _find_nginx()
        port, root = free_port(), self.directory / "nginx"
        (root / "files").mkdir(parents=True, exist_ok=True)
        (root / "files" / "page.json").write_bytes(body)
        temporary = "".join(
            f"    {kind}_temp_path {root}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (root / "nginx.conf").write_text(
            f"daemon off;\nworker_processes auto;\npid {root}/nginx.pid;\nerror_log {root}/error.log;\n"
            "events { worker_connections 256; }\n"
            "http {\n    access_log off;\n    sendfile on;\n    tcp_nopush on;\n    open_file_cache max=16;\n"
            "    keepalive_requests 100000000;\n    types { application/json json; }\n"
            f"{temporary}    server {{ listen 127.0.0.1:{port}; root {root}/files; }}\n}}\n"
        )
        with self._nginx(program, root, port) as server:
            yield server, "/page.json"

    @contextmanager
    def cached_by_nginx(self, backend: Server) -> Iterator[Server]:
        """Start nginx in front of a server, with the cache and the other settings of compose.yaml."""
        port, root = free_port(), self.directory / "nginx-cache"
        root.mkdir(exist_ok=True)
        configuration = (ROOT / "deploy" / "nginx" / "compose.conf").read_text()
        for old, new in (
            ("listen 8080;", f"listen 127.0.0.1:{port};"),
            ("server app:8000;", f"server {backend.address.removeprefix('http://')};"),
            ("/tmp/", f"{root}/"),
            ("/var/cache/nginx/", f"{root}/"),
        ):
            if old not in configuration:
                raise LoadError(f"deploy/nginx/compose.conf does not contain {old!r}")
            configuration = configuration.replace(old, new)
        (root / "nginx.conf").write_text(f"daemon off;\n{configuration}")
        with self._nginx(_find_nginx(), root, port) as server:
            yield server

    def _nginx(self, program: str, root: Path, port: int) -> AbstractContextManager[Server]:
        """Start nginx with the file nginx.conf in `root`."""
        # By default, the workers of a master that runs as root could not read the directory.
        user = ["-g", "user root;"] if root.owner() == "root" else []
        command = [program, "-p", str(root), "-c", str(root / "nginx.conf"), *user]
        return serving(command, port, {}, self.directory / f"{root.name}.log")

    @contextmanager
    def json_server(self, objects: list[object]) -> Iterator[tuple[Server, str]]:
        """Start json-server with the JSON of all objects. Yield also the path of 100 of them."""
        npm, node = shutil.which("npm"), shutil.which("node")
        if npm is None or node is None:
            raise NotInstalled("npm")
        home = ROOT / "var" / "bench" / "json-server"
        script = home / "node_modules" / "json-server" / "lib" / "cli" / "bin.js"
        if not script.exists():
            home.mkdir(parents=True, exist_ok=True)
            install = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(home), JSON_SERVER]
            try:
                subprocess.run(install, check=True, capture_output=True, timeout=180)
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
                raise NotInstalled(f"{JSON_SERVER} (npm install failed: {error})") from error
        port, data = free_port(), self.directory / "objects.json"
        data.write_text(json.dumps({"spacecraft": objects}))
        command = [node, str(script), "--quiet", "--port", str(port), "--host", "127.0.0.1", str(data)]
        with serving(command, port, {}, self.directory / "json-server.log") as server:
            yield server, "/spacecraft?_limit=100"


def _find_nginx() -> str:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        raise NotInstalled("nginx")
    return program


def check_same_objects(server: Server, path: str, other: Server, other_path: str) -> None:
    """Raise `LoadError` unless two servers return the same objects, apart from the host in URLs.

    The order is not compared, as that of most related objects is undefined in the textbook implementations.
    """
    pages = []
    for each, url in ((server, path), (other, other_path)):
        body = get(each.address + url).body.replace(each.address.encode(), b"http://server")
        page = json.loads(body, object_hook=_with_sorted_lists)
        pages.append(page["results"] if "results" in page else page["items"])
    if pages[0] != pages[1]:
        raise LoadError(f"{path} of spacedb and {other_path} of the textbook implementation return different objects.")


def _with_sorted_lists(obj: dict[str, Any]) -> dict[str, Any]:
    for value in obj.values():
        if isinstance(value, list):
            value.sort(key=partial(json.dumps, sort_keys=True))
    return obj
