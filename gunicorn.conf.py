"""How gunicorn serves spacedb; read by itself from the directory it is started in. Every value can be given on the
command line as well, or in GUNICORN_CMD_ARGS."""

import ctypes
import os
from contextlib import suppress
from pathlib import Path

import environ

env = environ.Env()
env.read_env(env.str("ENV_FILE", default=str(Path(__file__).parent / ".env")))

# On this machine only, unless told otherwise: what faces the world should be a proxy that ends TLS.
bind = f"{env.str('HOST', default='127.0.0.1')}:{env.int('PORT', default=8000)}"

# Answers are made by Python, so processes share the work of the cores; threads keep a slow reader, or a wait for the
# database, from holding a whole process. More than eight seldom help one database.
workers = env.int("WEB_CONCURRENCY", default=min(2 * (os.cpu_count() or 1) + 1, 8))
worker_class = "gthread"
threads = 4
# One heap for all of them, as Python runs one thread at a time anyway: of a heap for each, as glibc has it, each would
# keep what its largest answer took. Other systems' C libraries know nothing of it.
M_ARENA_MAX = -8
with suppress(AttributeError, OSError):
    ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)
keepalive = 75  # seconds; apps ask for page after page

# Each worker loads the code itself, so that `kill -HUP` loads a new release without dropping a request. `--preload`
# saves some memory where there are many workers; a new release then takes `kill -USR2`, or a restart.
preload_app = False
graceful_timeout = 30
timeout = 60
# Bounds what a leak in any library could gather; far apart, as a worker that begins has nothing in its cache yet.
max_requests = 500_000
max_requests_jitter = 100_000

# The heartbeat file must not wait for a disk.
if Path("/dev/shm").is_dir():
    worker_tmp_dir = "/dev/shm"

# Requests are logged by the application (LOG_LEVEL, LOG_FORMAT); a second line for each would only cost.
accesslog = None
errorlog = "-"

# Nobody steers the server but its own process signals.
control_socket_disable = True
