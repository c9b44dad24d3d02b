"""Django settings of a spacedb server.

The comment above a setting that is an environment variable starts with the name of the variable.
"""

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

# ENV_FILE: path of a file with environment variables. Default: .env in the directory of manage.py.
# Variables that are set in the environment take precedence over the file.
env = environ.Env()
env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))

# DATA_DIR: directory of the files that the server writes: the SQLite database, the secret key, the pages of the mirror.
# Default: var in the directory of manage.py.
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))


def load_secret_key(path: Path) -> str:
    """Return the secret key that is stored in a file. The file is created at the first start."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Worker processes start at the same time. Linking a complete file is atomic, and only one of them succeeds.
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as temporary:  # created with mode 0600
            temporary.write(get_random_secret_key())
            temporary.flush()
            with suppress(FileExistsError):
                os.link(temporary.name, path)
    return path.read_text()


# DEBUG: whether error pages show tracebacks and settings (true or false). Default: false.
DEBUG = env.bool("DEBUG", default=False)

# SECRET_KEY: key that signs sessions and password reset links of editors. Default: a random key, stored in
# DATA_DIR/secret_key.
SECRET_KEY = env.str("SECRET_KEY", default="") or load_secret_key(DATA_DIR / "secret_key")

# --- Applications -----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "spacedb.catalogue.apps.AdminConfig",  # django.contrib.admin
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
    "spacedb.web.policy.PolicyMiddleware",
    # Adds headers to every response, so that scripts can read errors and follow redirects.
    "spacedb.rest.cors.CorsMiddleware",
    "spacedb.rest.hosts.HostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Serves static files before the middleware that only the API and the admin need.
    "whitenoise.middleware.WhiteNoiseMiddleware",
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


def database_config(url: str) -> dict[str, Any]:
    """Return the entry of a database in `DATABASES`, given its URL.

    The query string of the URL overrides the defaults, for example `?timeout=5&conn_max_age=0`.
    """
    # Opening a connection takes longer than most queries. Each thread therefore keeps its connection for up to 600
    # seconds, and checks it before use.
    config: dict[str, Any] = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, **env.db_url_config(url)}
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            # WAL lets readers continue during a write. With NORMAL, a database in WAL mode survives a crash of the
            # server. An IMMEDIATE transaction waits for the write lock at its start, instead of failing later.
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,  # seconds
            **config.get("OPTIONS", {}),
        }
    elif config["ENGINE"] == "django.db.backends.postgresql":
        config["OPTIONS"] = {
            # By default, TCP detects an unreachable server only after minutes.
            "connect_timeout": 5,  # seconds
            "keepalives_idle": 30,  # seconds
            "keepalives_interval": 10,  # seconds
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,  # milliseconds
            **config.get("OPTIONS", {}),
        }
    return config


def database_url() -> str:
    if url := env.str("DATABASE_URL", default=""):
        return str(url)
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    return "sqlite:///" + quote(str(DATA_DIR / "spacedb.sqlite3"))


# DATABASE_URL: URL of the database: sqlite:///PATH or postgres://USER:PASSWORD@HOST:PORT/NAME. Default: the SQLite
# database spacedb.sqlite3 in DATA_DIR.
DATABASES = {"default": database_config(database_url())}

# DATABASE_REPLICA_URL: comma-separated URLs of PostgreSQL read replicas. API responses are rendered from any replica
# that is reachable; everything else uses the primary database. Default: none.
REPLICAS: list[str] = []
for url in env.list("DATABASE_REPLICA_URL", default=[]):
    REPLICAS.append(f"replica{len(REPLICAS) + 1}")
    DATABASES[REPLICAS[-1]] = {**database_config(url), "TEST": {"MIRROR": "default"}}
DATABASE_ROUTERS = ["spacedb.revision.snapshot.ReplicaRouter"]

# --- Language and time, as in Launch Library --------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True
# The admin shows dates and times in ISO 8601 format, as the API does.
DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = "Y-m-d H:i:s"

# --- Static files: the admin, the browsable API and the documentation pages -------------------------------------------

# Static files are served from the installed packages, so that no build step is needed. If `collectstatic` was run, as
# in the container image, the collected and compressed files are served instead.
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not STATIC_ROOT.is_dir()
# Even with DEBUG, as all static files come from installed packages.
WHITENOISE_AUTOREFRESH = False
warnings.filterwarnings("ignore", "No directory at", UserWarning)

# --- The API ----------------------------------------------------------------------------------------------------------

# Packages of the API versions that are served, newest first.
API_VERSIONS = ["spacedb.api.v2_3_0", "spacedb.api.v2_2_0", "spacedb.api.v2_1_0", "spacedb.api.v2_0_0"]

REST_FRAMEWORK = {
    # The API is public and read-only, and its responses do not depend on the user. A token (`manage.py token USERNAME`)
    # only selects another rate limit. The admin has its own login.
    "DEFAULT_AUTHENTICATION_CLASSES": ["spacedb.throttling.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_THROTTLE_CLASSES": ["spacedb.throttling.throttle.Throttle"],
    "DEFAULT_THROTTLE_RATES": {
        # THROTTLE_ANON: rate limit of each IP address without a token: a number of requests per second, minute, hour or
        # day, such as 15/hour. Default: no limit.
        "anon": env.str("THROTTLE_ANON", default=""),
        # THROTTLE_USER: rate limit of each token, in the same format. Default: no limit.
        "user": env.str("THROTTLE_USER", default=""),
    },
    # TRUSTED_PROXIES: number of reverse proxies that append to X-Forwarded-For. The client has the address that the
    # first of them appended. Default: 0, which ignores the header, as without a proxy clients could forge it.
    "NUM_PROXIES": env.int("TRUSTED_PROXIES", default=0),
    "DEFAULT_RENDERER_CLASSES": [
        "spacedb.rest.renderers.JSONRenderer",
        "spacedb.rest.renderers.BrowsableAPIRenderer",
    ],
    "DEFAULT_SCHEMA_CLASS": "spacedb.rest.openapi.Schema",
    "EXCEPTION_HANDLER": "spacedb.rest.errors.exception_handler",
}

# UNKNOWN_TOKENS: what happens to requests with a token that this server does not have: `ignore` handles them like
# requests without a token, `reject` responds with the status 401. Default: ignore, as apps send a token of Launch
# Library.
UNKNOWN_TOKENS = env.str("UNKNOWN_TOKENS", default="") or "ignore"

# CACHE_CONTROL: value of the Cache-Control header of API responses. Default: no-cache, with which clients and proxies
# may store responses but have to revalidate them (304). `public, max-age=60` lets them reuse responses for 60 seconds,
# even if the data have changed.
CACHE_CONTROL = env.str("CACHE_CONTROL", default="no-cache")

# CACHE_SIZE: maximum size of the response cache of each process in MiB; 0 disables the cache. Default: 16.
# Cached responses are valid as long as the data do not change.
CACHE_SIZE = env.int("CACHE_SIZE", default=16)

# CACHE_URL: URL of a Redis or Valkey server, such as redis://HOST:6379/0, as a response cache that several machines
# share. Default: none.
CACHE_URL = env.str("CACHE_URL", default="")

# OBJECT_CACHE_SIZE: maximum size of the fragment cache of each process in MiB; 0 disables the cache. Default: 8.
# The fragment cache contains the rendered JSON of objects. New responses are composed of it.
OBJECT_CACHE_SIZE = env.int("OBJECT_CACHE_SIZE", default=8)

# `spacedb.rest.openapi` generates one OpenAPI document per API version.
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "LaunchLibrary API",  # as in the official document
    "DESCRIPTION": "Spacecraft, their flights and the agencies behind them: an API compatible with Launch Library 2.",
    "VERSION": None,  # set for each document
    "LICENSE": {"name": "Apache License 2.0"},
    "DEFAULT_GENERATOR_CLASS": "spacedb.rest.openapi.Generator",
    "SCHEMA_PATH_PREFIX": r"/\d+\.\d+\.\d+",
    "SERVE_INCLUDE_SCHEMA": False,
    # Without a component for each enum, which the official document does not have.
    "POSTPROCESSING_HOOKS": [],
    # Docstrings of serializers and views address developers of spacedb; `spacedb.rest.openapi` adds descriptions for
    # API users.
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
}

# --- The mirror: `manage.py mirror` -----------------------------------------------------------------------------------

# MIRROR_SOURCE: base URL of the API version to copy. Default: https://ll.thespacedevs.com/2.3.0/.
MIRROR_SOURCE = env.str("MIRROR_SOURCE", default="https://ll.thespacedevs.com/2.3.0/")

# MIRROR_PAGE_STORE: directory that keeps downloaded pages between runs. Default: mirror in DATA_DIR.
MIRROR_PAGE_STORE = Path(env.str("MIRROR_PAGE_STORE", default=str(DATA_DIR / "mirror")))

# MIRROR_TOKEN: API token for the source. Default: none. The command line accepts only a file with the token, as other
# users of the machine could read an argument in the process list.
MIRROR_TOKEN = env.str("MIRROR_TOKEN", default="")

# MIRROR_RESERVE: number of requests of the source's rate limit that the mirror leaves to other clients with the same
# IP address or token. Default: 1.
MIRROR_RESERVE = env.int("MIRROR_RESERVE", default=1)

# MIRROR_CONTACT: contact address (URL or email), sent in the User-Agent header. Default: none.
MIRROR_CONTACT = env.str("MIRROR_CONTACT", default="")

# --- Security ---------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["spacedb.web.login.LimitedBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]

# CORS_ALLOWED_ORIGINS: comma-separated origins, such as https://example.com, whose pages may use the API. Default: all
# origins.
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_ALLOW_ALL_ORIGINS = not CORS_ALLOWED_ORIGINS
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = [
    *default_headers,
    "cache-control",
    "if-modified-since",
    "if-none-match",
    "pragma",
    "x-api-key",  # ignored, but some clients send it to every server
]
CORS_EXPOSE_HEADERS = ["ETag", "Retry-After"]

# CSRF_TRUSTED_ORIGINS: comma-separated origins from which the forms of the admin may be posted, in addition to its own.
# Default: none.
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# HTTPS: whether a reverse proxy terminates TLS and sets X-Forwarded-Proto (true or false). True enables redirects to
# HTTPS, HSTS and secure cookies. Default: false, as without such a proxy clients could forge the header.
HTTPS = env.bool("HTTPS", default=False)
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]  # health checks bypass the proxy
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60  # one year
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # Silence the checks for HSTS on subdomains and for HSTS preloading, which the owner of the domain has to decide.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# ALLOWED_HOSTS: comma-separated host names that the server is reached by. Default: without HTTPS, the names and
# addresses of this machine and of private networks (`spacedb.rest.hosts`), which suits development; with HTTPS, none.
# Loopback names are always allowed, as health checks on the same machine use them.
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", default=[]), "localhost", "127.0.0.1", "[::1]"]
ALLOW_ONLY_PRIVATE_HOSTS = not env.list("ALLOWED_HOSTS", default=[]) and not HTTPS
if ALLOW_ONLY_PRIVATE_HOSTS:
    ALLOWED_HOSTS = ["*"]  # HostMiddleware checks the host: Django could not match ranges of IP addresses

# --- Logging ----------------------------------------------------------------------------------------------------------

# The log has one line per request, on standard error. Tracebacks do not contain the values of variables, which may be
# passwords.

# LOG_LEVEL: minimum level of log messages: DEBUG, INFO, WARNING, ERROR or CRITICAL. Default: INFO.
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()

# LOG_FORMAT: format of log messages: console (text) or json. Default: console.
LOG_FORMAT = env.str("LOG_FORMAT", default="console")

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
        # The default handlers of Django would log the same events again, and send mail to ADMINS.
        "django": {"handlers": [], "level": "NOTSET"},
        # django_structlog logs every request with its status.
        "django.request": {"level": "CRITICAL"},
        # The mirror logs its requests itself.
        "httpx2": {"level": "WARNING"},
        "httpcore2": {"level": "INFO"},
        "stamina": {"level": "ERROR"},
    },
}
# The start of a request is logged with DEBUG only. Status 4xx is an error of the client, not of the server.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
# Without the user, as loading it takes two queries.
DJANGO_STRUCTLOG_USER_ID_FIELD = ""
# `spacedb.throttling.clients` adds the IP address. django_structlog would believe any X-Forwarded-For.
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
