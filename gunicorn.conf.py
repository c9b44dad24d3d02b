"""Gunicorn settings of a spacedb server.

`spacedb run` passes this file to gunicorn, which by itself reads it from the directory that it is started in. Options
in GUNICORN_CMD_ARGS override it.
"""

import errno
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from operator import attrgetter
from pathlib import Path
from typing import Any

from gunicorn.errors import HaltServer


def read_settings() -> "subprocess.CompletedProcess[str]":
    """Validate all settings, and return those of gunicorn: a process that prints JSON, or fails with a message.

    It is a process of its own, so that gunicorn itself contains no code of the application, and SIGHUP can load a new
    release.
    """
    return run_python("-m", "spacedb.gunicorn_settings")


def run_python(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a process with the code and the environment of a new worker. It fails if it takes more than a minute."""
    python_path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"PYTHONPATH": python_path}
    command = [sys.executable, *arguments]
    try:
        return subprocess.run(command, check=False, env=environment, stdout=subprocess.PIPE, text=True, timeout=60)
    except subprocess.TimeoutExpired as error:
        print(error, file=sys.stderr)
        return subprocess.CompletedProcess(command, 1)


process = read_settings()
if process.returncode:
    sys.exit(process.returncode)
server: dict[str, Any] = json.loads(process.stdout)
bind, workers = server["bind"], server["workers"]

worker_class = "spacedb.server.worker.BufferingWorker"  # its lanes define the number of threads
# At most half of the files that a process may open, as databases and logs need some, too.
open_files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
worker_connections = 500 if open_files == resource.RLIM_INFINITY else max(20, min(500, open_files // 2))
sendfile = True  # the event loop sends files from the disk
# `spacedb run`, the Dockerfile and the benchmarks start gunicorn with two settings of glibc:
# - MALLOC_ARENA_MAX=1. By default, glibc gives each thread its own memory arena, and each arena keeps the memory of the
#   largest response that was rendered in it. Python runs one thread at a time, so that a single arena is not slower.
# - MALLOC_MMAP_THRESHOLD_=65536. By default, glibc raises this threshold up to 32 MiB after the first large response,
#   and then keeps the memory of large responses in a fragmented heap.

keepalive = 75  # seconds; clients that read a list request page after page

# Each worker loads the code itself, so that `kill -HUP` switches to a new release without dropping requests. With many
# workers, `--preload` saves some memory; a new release then requires `kill -USR2` or a restart.
preload_app = False
graceful_timeout = 30  # seconds
timeout = 60  # seconds
# Restarting workers limits the effect of memory leaks in libraries. It is done rarely, as the cache of a new worker is
# empty.
max_requests = 500_000
max_requests_jitter = 100_000

# Updates of the heartbeat file must not wait for a disk.
if Path("/dev/shm").is_dir():
    worker_tmp_dir = "/dev/shm"

# By default gunicorn trusts all clients on this machine: X-Forwarded-Proto would set the scheme, and SCRIPT_NAME the
# path. The settings HTTPS and TRUSTED_PROXIES decide what Django trusts, and nothing else is.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
header_map = "drop"  # X_Forwarded_For must not become the same variable as X-Forwarded-For

# The application logs requests (see LOG_LEVEL and LOG_FORMAT in the settings).
accesslog = None
errorlog = "-"

# The server is controlled by signals only.
control_socket_disable = True


def on_starting(arbiter: Any) -> None:
    check_addresses(arbiter)
    reload, manage_workers, reap_workers = arbiter.reload, arbiter.manage_workers, arbiter.reap_workers

    def manage_workers_when_loaded() -> None:
        """Gunicorn would stop the old workers of a reload while the new ones still load the code.

        Wait for them, but not longer than `graceful_timeout`.
        """
        deadline = time.monotonic() + arbiter.cfg.graceful_timeout
        while waits_for_new_workers(arbiter) and time.monotonic() < deadline:
            time.sleep(0.05)
            arbiter.reap_workers()
        manage_workers()

    def reload_if_valid() -> None:
        """Gunicorn would exit if the settings are invalid, or the code cannot be loaded."""
        if read_settings().returncode:
            arbiter.log.error("Not reloaded: the settings are invalid.")
        elif run_python("-c", "import spacedb.wsgi").returncode:
            arbiter.log.error("Not reloaded: the code cannot be loaded.")
        else:
            reload()

    def reap_and_continue() -> None:
        """Gunicorn would exit if a worker cannot load the code, although other workers respond."""
        error = None
        while True:
            try:
                reap_workers()
                break
            except HaltServer as halt:  # raised for the first such worker, before the others are reaped
                error = halt
        if error is not None:
            if not any(map(is_loaded, arbiter.WORKERS.values())):
                raise error
            arbiter.log.error("A worker cannot load the code. The other workers continue. %s", error.reason)
            time.sleep(1)  # before gunicorn starts the next one

    arbiter.reload = reload_if_valid
    arbiter.manage_workers = manage_workers_when_loaded
    arbiter.reap_workers = reap_and_continue


def waits_for_new_workers(arbiter: Any) -> bool:
    """Whether there are more workers than configured, as during a reload, and the newest ones still load the code."""
    workers = sorted(arbiter.WORKERS.values(), key=attrgetter("age"))
    return len(workers) > arbiter.num_workers and not all(map(is_loaded, workers[-arbiter.num_workers :]))


def is_loaded(worker: Any) -> bool:
    """Whether a worker has loaded the code. It is assumed of other worker classes, which have no such attribute."""
    return getattr(worker, "is_loaded", True)


def check_addresses(arbiter: Any) -> None:
    """Exit with one message if an address cannot be used. Gunicorn would try again for 5 seconds.

    Addresses of sockets that were inherited, from systemd or from an older gunicorn, are in use already.
    """
    is_inherited = arbiter.LISTENERS or arbiter.master_pid or "LISTEN_FDS" in os.environ
    for address in () if is_inherited or arbiter.cfg.reuse_port else arbiter.cfg.address:
        if isinstance(address, tuple):  # not the path of a Unix socket
            try:
                with socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET) as listener:
                    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    listener.bind(address)
            except OSError as error:
                hint = HINTS.get(error.errno or 0, "")
                sys.exit(f"The server cannot listen on {address[0]} port {address[1]}: {error.strerror}.{hint}")


HINTS = {
    errno.EADDRINUSE: " Stop the process that uses it, or set another PORT.",
    errno.EACCES: " Ports below 1024 need privileges. Set another PORT.",
    errno.EADDRNOTAVAIL: " HOST must be an address of this machine.",
}


def when_ready(arbiter: Any) -> None:
    """Deliver the signals that `spacedb run` blocked until gunicorn handles them."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
