"""Install a wheel into a new environment, start the server in an empty folder, and request pages from it.

`python -m scripts.check_wheel dist/spacedb_server-0.1.0-py3-none-any.whl`
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

PAGES = {"/2.3.0/spacecraft/?limit=1": b'"count"', "/docs/how-to/deploy/": b"<h1", "/health/?format=json": b"{"}
"""Pages, and what they contain."""

TIMEOUT = 300
"""Seconds to wait for the server."""


def main(wheel: Path) -> None:
    """Print each page that works. Raises an error for the first that does not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "venv", with_pip=True)
        programs = folder / "venv" / "bin"
        pip = [str(programs / "python"), "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", str(wheel.resolve())], check=True)
        (folder / "empty").mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = subprocess.Popen(
            [programs / "spacedb", "run", "--port", str(port), "--verbosity", "0"],
            cwd=folder / "empty",
            env={"PATH": f"{programs}:{os.environ['PATH']}", "HOME": name, "LOG_LEVEL": "WARNING"},
        )
        try:
            for page, content in PAGES.items():
                assert content in fetch(f"http://127.0.0.1:{port}{page}", server), page
                print(f"{page} works")
        finally:
            server.send_signal(signal.SIGTERM)
            code = server.wait(TIMEOUT)
    assert code == 0, f"the exit code after SIGTERM is {code}"


def fetch(url: str, server: subprocess.Popen[bytes]) -> bytes:
    """The content of a page. While the server starts, wait for it."""
    deadline = time.monotonic() + TIMEOUT
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=60) as response:
                return bytes(response.read())
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{url} does not respond")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
