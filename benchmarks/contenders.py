"""Those who serve: ourselves with and without the answer cache, the textbook, nginx, json-server."""

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

JSON_SERVER = "json-server@0.17.4"
SETTINGS = {"ENV_FILE": os.devnull, "SECRET_KEY": "to measure with", "LOG_LEVEL": "ERROR"}
"""The developer's own `.env` is not read."""


class NotInstalled(Exception):
    """There is no such program on this machine."""


class Contenders:
    """Starts servers that read one database; logs and files go to a directory."""

    def __init__(self, database: str, directory: Path) -> None:
        self.database, self.directory = database, directory

    def ours(self, name: str, **env: str) -> AbstractContextManager[Server]:
        return self._gunicorn(name, "spacedb.wsgi:application", env)

    def textbook(self) -> AbstractContextManager[Server]:
        return self._gunicorn("textbook", "benchmarks.textbook.wsgi:application", {})

    def _gunicorn(self, name: str, application: str, env: dict[str, str]) -> AbstractContextManager[Server]:
        """As it is shipped, but that no worker ends while it is measured."""
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "--max-requests=0", application]
        log = self.directory / f"{name}.log"
        return serving(command, port, SETTINGS | {"DATABASE_URL": self.database, "PORT": str(port)} | env, log)

    @contextmanager
    def nginx(self, body: bytes) -> Iterator[Server]:
        """A file, from the memory that the system keeps files in."""
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
        # Workers of a master that runs as root would not be let into a directory of root's.
        user = ["-g", "user root;"] if root.owner() == "root" else []
        command = [program, "-p", str(root), "-c", str(root / "nginx.conf"), *user]
        with serving(command, port, {}, self.directory / "nginx.log") as server:
            yield server

    @contextmanager
    def json_server(self, objects: list[object]) -> Iterator[Server]:
        """The JSON of all objects as they are, in its own kind of page."""
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
                raise NotInstalled(f"{JSON_SERVER}, which npm could not install: {error}") from error
        port, data = free_port(), self.directory / "objects.json"
        data.write_text(json.dumps({"spacecraft": objects}))
        command = [node, str(script), "--quiet", "--port", str(port), "--host", "127.0.0.1", str(data)]
        with serving(command, port, {}, self.directory / "json-server.log") as server:
            yield server


def same(one: bytes, other: bytes, host: str, other_host: str) -> None:
    """Raises `LoadError` where two answers tell different things, each on its own host."""
    if json.loads(one) != json.loads(other.replace(other_host.encode(), host.encode())):
        raise LoadError("the textbook's answer is not ours")
