"""Servers under test: spacedb, the textbook implementation, nginx and json-server."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from benchmarks.load import LoadError
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

    def __init__(self, database: str, directory: Path) -> None:
        self.database, self.directory = database, directory

    def spacedb(self, name: str, **env: str) -> AbstractContextManager[Server]:
        return self._gunicorn(name, "spacedb.wsgi:application", env)

    def textbook(self) -> AbstractContextManager[Server]:
        return self._gunicorn("textbook", "benchmarks.textbook.wsgi:application", {})

    def _gunicorn(self, name: str, application: str, env: dict[str, str]) -> AbstractContextManager[Server]:
        """Start gunicorn with the default settings, but without restarts of workers during the measurement."""
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "--max-requests=0", application]
        log = self.directory / f"{name}.log"
        settings = {"DATABASE_URL": self.database, "PORT": str(port)}
        return serving(command, port, SETTINGS | MEMORY_SETTINGS | settings | env, log)

    @contextmanager
    def nginx(self, body: bytes) -> Iterator[Server]:
        """Start nginx with `body` as a static file, which the operating system keeps in memory."""
        program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
        if program is None:
            raise NotInstalled("nginx")
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
        # By default, the workers of a master that runs as root could not read the directory.
        user = ["-g", "user root;"] if root.owner() == "root" else []
        command = [program, "-p", str(root), "-c", str(root / "nginx.conf"), *user]
        with serving(command, port, {}, self.directory / "nginx.log") as server:
            yield server

    @contextmanager
    def json_server(self, objects: list[object]) -> Iterator[Server]:
        """Start json-server with the JSON of all objects. It has its own pagination."""
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
            yield server


def check_same_json(body: bytes, other_body: bytes, host: str, other_host: str) -> None:
    """Raise `LoadError` unless two responses contain the same JSON, apart from the host in URLs."""
    if json.loads(body) != json.loads(other_body.replace(other_host.encode(), host.encode())):
        raise LoadError("The textbook implementation and spacedb return different JSON.")
