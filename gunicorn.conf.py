"""Gunicorn settings of a spacedb server.

Gunicorn reads this file from the directory that it is started in. Options on the command line or in GUNICORN_CMD_ARGS
override it.
"""

import os
from pathlib import Path

import environ

env = environ.Env()
env.read_env(env.str("ENV_FILE", default=str(Path(__file__).parent / ".env")))

# HOST, PORT: address to listen on. Default: 127.0.0.1, 8000. Only a proxy that terminates TLS should be reachable from
# other machines.
bind = f"{env.str('HOST', default='127.0.0.1')}:{env.int('PORT', default=8000)}"

# WEB_CONCURRENCY: number of worker processes. Default: two per CPU core and one more, at most 8, as more rarely help
# with a single database. While one thread of a process waits for the database or a slow client, others serve requests.
workers = env.int("WEB_CONCURRENCY", default=min(2 * (os.cpu_count() or 1) + 1, 8))
worker_class = "gthread"
threads = 4
# The Makefile, the Dockerfile and the benchmarks start gunicorn with two settings of glibc:
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

# By default gunicorn believes headers such as X-Forwarded-Proto of every client on this machine. The settings HTTPS and
# TRUSTED_PROXIES decide what Django believes.
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""

# The application logs requests (see LOG_LEVEL and LOG_FORMAT in the settings).
accesslog = None
errorlog = "-"

# The server is controlled by signals only.
control_socket_disable = True
