"""Settings of a spacedb server. Everything a host may want to change is an environment variable, listed here by use."""

import logging
import os
import tempfile
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import environ
import structlog
from corsheaders.defaults import default_headers
from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

# The environment wins over the file, so that one start can differ without editing it.
env = environ.Env()
env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))

# What the server itself writes: the SQLite database and the key.
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))


def kept_secret_key(path: Path) -> str:
    """The key in `path`, made there on the first start.

    Workers start together, so the file appears with its content, by a link that only one of them can make."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:  # mode 0600
            draft.write(get_random_secret_key())
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, path)
    return path.read_text()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret_key(DATA_DIR / "secret_key")

# The machine may always ask itself: health probes come by a loopback name, whatever the public one is.
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", default=[]), "localhost", "127.0.0.1", "[::1]"]

# --- Applications -----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "django_structlog",
    "health_check",
    "spacedb.web",
    "spacedb.mirror",
    "spacedb.ingest",
    "spacedb.rest",
    "spacedb.throttling",
    "spacedb.revision",
    "spacedb.common",
    "agencies",
    "spacecraft",
    "flights",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Static files are answered here, before anything that only the API and the admin need.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "spacedb.rest.errors.DatabaseErrorMiddleware",
]

ROOT_URLCONF = "spacedb.urls"
WSGI_APPLICATION = "spacedb.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database ---------------------------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def connection_to(url: str) -> dict[str, Any]:
    """A database by its URL, with defaults fit for serving; a query in the URL (`?timeout=5&conn_max_age=0`) overrides
    them."""
    # Opening a connection costs more than most queries, so each thread keeps its own and checks it before use.
    config: dict[str, Any] = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, **env.db_url_config(url)}
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            # Readers go on while one writes; a write waits its turn from its first statement instead of failing
            # half-way; NORMAL is durable against a crash of the server in WAL mode. Django turns foreign keys on.
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,  # seconds
            **config.get("OPTIONS", {}),
        }
    elif config["ENGINE"] == "django.db.backends.postgresql":
        config["OPTIONS"] = {
            # A server that does not answer, or went without a word, keeps nobody waiting for minutes, as TCP would.
            "connect_timeout": 5,  # seconds
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,  # milliseconds
            **config.get("OPTIONS", {}),
        }
    return config


def database_url() -> str:
    """DATABASE_URL; without one, a file in DATA_DIR."""
    if url := env.str("DATABASE_URL", default=""):
        return str(url)
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    return "sqlite:///" + quote(str(DATA_DIR / "spacedb.sqlite3"))


DATABASES = {"default": connection_to(database_url())}

# Copies that PostgreSQL keeps up to date by itself: answers are read from any of them that can be reached. All else,
# and all writing, is done in the database itself.
REPLICAS: list[str] = []
for url in env.list("DATABASE_REPLICA_URL", default=[]):
    REPLICAS.append(f"replica{len(REPLICAS) + 1}")
    DATABASES[REPLICAS[-1]] = {**connection_to(url), "TEST": {"MIRROR": "default"}}
DATABASE_ROUTERS = ["spacedb.revision.snapshot.ReplicaRouter"]

# --- Language and time: Launch Library speaks English and UTC ---------------------------------------------------------

LANGUAGE_CODE = "en-us"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True
DATE_FORMAT = "Y-m-d"  # in the admin, as in the API
DATETIME_FORMAT = "Y-m-d H:i:s"

# --- Static files: the admin, the browsable API and the documentation pages -------------------------------------------

# Served out of the installed packages, so a server needs no build step; where `collectstatic` was run (the container
# does), the collected and compressed copies are served instead.
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not STATIC_ROOT.is_dir()
WHITENOISE_AUTOREFRESH = False  # also with DEBUG: none of these files is ours to edit
warnings.filterwarnings("ignore", "No directory at", UserWarning)

# --- The API ----------------------------------------------------------------------------------------------------------

# The packages of the API versions that are served, the newest first.
API_VERSIONS = ["spacedb.api.v2_3_0", "spacedb.api.v2_2_0", "spacedb.api.v2_0_0"]

REST_FRAMEWORK = {
    # Public and read-only: whoever asks gets the same answer. Editors use the admin, which has its own login. A token
    # (`manage.py token NAME`, or the admin) only gives its user another limit than the anonymous have.
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    # How many requests each client may make: `15/hour` (second, minute, hour, day), in any hour; empty for no limit.
    "DEFAULT_THROTTLE_CLASSES": ["spacedb.throttling.throttle.Throttle"],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("THROTTLE_ANON", default=""),  # per address
        "user": env.str("THROTTLE_USER", default=""),  # per token
    },
    # How many proxies in front of this server add to X-Forwarded-For; the anonymous client's address is the one that
    # the first of them wrote. 0 goes by the address of the connection: without a proxy anyone could send that header.
    "NUM_PROXIES": env.int("TRUSTED_PROXIES", default=0),
    "DEFAULT_RENDERER_CLASSES": [
        "spacedb.rest.renderers.JSONRenderer",
        "spacedb.rest.renderers.BrowsableAPIRenderer",
    ],
    "DEFAULT_SCHEMA_CLASS": "spacedb.rest.openapi.Schema",
    "EXCEPTION_HANDLER": "spacedb.rest.errors.exception_handler",
}

# What is said to clients and caches of every answer of resources. They may keep it, and ask each time whether it still
# holds (304): so nobody is told of what no longer is. `public, max-age=60` saves them from asking, for a minute.
CACHE_CONTROL = env.str("CACHE_CONTROL", default="no-cache")

# Answers that were given are kept, and given again while the data are the same: up to so many MiB in each process (0:
# none), and, where several machines serve, in one Redis or Valkey for all (`redis://HOST:6379/0`).
CACHE_SIZE = env.int("CACHE_SIZE", default=16)
CACHE_URL = env.str("CACHE_URL", default="")
# New answers are put together from the JSON of objects, which is kept as long: up to so many MiB in each process.
OBJECT_CACHE_SIZE = env.int("OBJECT_CACHE_SIZE", default=8)

# The OpenAPI documents: one for each version, made by `spacedb.rest.openapi`.
SPECTACULAR_SETTINGS = {
    "TITLE": "spacedb",
    "DESCRIPTION": "Spacecraft, their flights and the agencies behind them, as Launch Library 2 tells them.",
    "VERSION": None,  # the API's, of each document its own
    "LICENSE": {"name": "Apache License 2.0"},
    "DEFAULT_GENERATOR_CLASS": "spacedb.rest.openapi.Generator",
    "SCHEMA_PATH_PREFIX": r"/\d+\.\d+\.\d+",
    "SERVE_INCLUDE_SCHEMA": False,
    # What our docstrings tell is for those who read the code; models and views say what a client should know.
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
}

# --- The mirror: `manage.py mirror` -----------------------------------------------------------------------------------

MIRROR_SOURCE = env.str("MIRROR_SOURCE", default="https://ll.thespacedevs.com/2.3.0/")
# The folder that holds the pages of the run in progress and of the last run.
MIRROR_PAGE_STORE = Path(env.str("MIRROR_PAGE_STORE", default=str(DATA_DIR / "mirror")))
# Not a command-line option, because other users can read command lines in the list of processes.
MIRROR_TOKEN = env.str("MIRROR_TOKEN", default="")
# Requests of the source's rate limit that are left to other clients with the same IP address or token.
MIRROR_RESERVE = env.int("MIRROR_RESERVE", default=1)
# Contact address (a URL or an e-mail address), sent to the source in the User-Agent header.
MIRROR_CONTACT = env.str("MIRROR_CONTACT", default="")

# --- Security ---------------------------------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]

# Any page may read a public API; naming origins narrows that.
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_ALLOW_ALL_ORIGINS = not CORS_ALLOWED_ORIGINS
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = [*default_headers, "if-modified-since", "if-none-match"]
CORS_EXPOSE_HEADERS = ["ETag"]

CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# HTTPS=true says that a proxy in front ends TLS and sets X-Forwarded-Proto itself. Off by default, because without
# such a proxy anyone could send that header, and plain http on one's own machine would only redirect to nowhere.
HTTPS = env.bool("HTTPS", default=False)
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]  # probes come past the proxy
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # Whether HSTS may bind the other hosts of the domain, or be preloaded, is for the owner of the domain to say.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# --- Logging: one line per request, on standard error; no tracebacks with values, which may be passwords --------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
LOG_FORMAT = env.str("LOG_FORMAT", default="console")  # or json

LOG_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *LOG_PROCESSORS,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "console": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
            "foreign_pre_chain": LOG_PROCESSORS,
        },
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
            "foreign_pre_chain": LOG_PROCESSORS,
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handlers would print the same events a second time, and mail admins that nobody named.
        "django": {"handlers": [], "level": "NOTSET"},
        # django_structlog already tells of every request, with its status.
        "django.request": {"level": "CRITICAL"},
        # The mirror logs its requests itself.
        "httpx2": {"level": "WARNING"},
        "httpcore2": {"level": "INFO"},
        "stamina": {"level": "ERROR"},
    },
}
# Arrivals are told only when debugging; a wrong address is the asker's mistake, not this server's.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
DJANGO_STRUCTLOG_USER_ID_FIELD = ""  # asking for the user would cost an editor's request two queries
