"""Django settings of a spacedb server.

The comment above a setting that is an environment variable starts with the name of the variable.
"""

import logging
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import quote

import structlog
from corsheaders.defaults import default_headers

from spacedb.cpus import cpu_count
from spacedb.databases.config import POSTGRESQL, database_config, replica_configs
from spacedb.environment import HOST_PATTERN, LISTEN_PATTERN, ORIGIN, RATE, Environment, parse_redis_url, reason
from spacedb.files import load_secret_key, make_private_folder
from spacedb.installation import CHECKOUT, DEFAULT_DATA_DIR, DEFAULT_ENV_FILE

# ENV_FILE: path of a file with environment variables. Default: .env in the directory of manage.py, or in the current
# directory if spacedb is an installed package. Variables that are set in the environment take precedence.
env = Environment()
env.read_file(Path(env.text("ENV_FILE", str(DEFAULT_ENV_FILE))))
env.read_secrets()

# DATA_DIR: directory of the files that the server writes: the SQLite database, the secret key, the pages of the mirror.
# Default: var in the directory of manage.py; the data directory of the user if spacedb is an installed package.
DATA_DIR = Path(env.text("DATA_DIR", str(DEFAULT_DATA_DIR)))


# DEBUG: whether error pages show tracebacks and settings (true or false). Default: false.
DEBUG = env.boolean("DEBUG", default=False)

# SECRET_KEY: key that signs sessions and password reset links of editors. Default: a random key, stored in
# DATA_DIR/secret_key.
SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY:
    try:
        SECRET_KEY = load_secret_key(DATA_DIR / "secret_key")
    except (OSError, ValueError) as error:
        file = DATA_DIR / "secret_key"
        env.reject("SECRET_KEY", f"{file} cannot be used: {reason(error)}. Set SECRET_KEY, or a writable DATA_DIR.")

# --- Applications -----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "spacedb.catalogue.apps.CatalogueConfig",  # before the admin, as it has templates in place of Django's
    "spacedb.catalogue.apps.AdminConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "django_structlog",
    "health_check",
    "spacedb.explore",
    "spacedb.web",
    "spacedb.pages",
    "spacedb.export",
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
    "spacedb.throttling.middleware.RateLimitMiddleware",
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
                "spacedb.pages.context.layout",
            ],
        },
    },
]

# SUPPORT_URL: where users of this server find help. Pages link to it. Default: no link.
SUPPORT_URL = env.matching(
    "SUPPORT_URL", r"(https?://|mailto:)[!-~]+", "a URL such as https://example.com/help or mailto:help@example.com"
)

# --- Database ---------------------------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# DATABASE_URL: URL of the database: sqlite:///PATH or postgres://USER:PASSWORD@HOST:PORT/NAME. Default: the SQLite
# database spacedb.sqlite3 in DATA_DIR.
DEFAULT_DATABASE = database_config("sqlite:///" + quote(str(DATA_DIR / "spacedb.sqlite3")))
DATABASES = {"default": env.parse("DATABASE_URL", database_config, DEFAULT_DATABASE)}
if DATABASES["default"] is DEFAULT_DATABASE:
    try:
        make_private_folder(DATA_DIR)
    except OSError as error:
        env.reject(f"DATA_DIR={DATA_DIR}", f"the folder cannot be created: {reason(error)}.")

# DATABASE_REPLICA_URL: comma-separated URLs of PostgreSQL read replicas. API responses are rendered from any replica
# that is reachable; everything else uses the primary database. Default: none.
REPLICAS: list[str] = []
NO_REPLICAS: list[dict[str, Any]] = []
for config in env.parse("DATABASE_REPLICA_URL", replica_configs, NO_REPLICAS):
    REPLICAS.append(f"replica{len(REPLICAS) + 1}")
    DATABASES[REPLICAS[-1]] = {**config, "TEST": {"MIRROR": "default"}}
if REPLICAS and DATABASES["default"]["ENGINE"] != POSTGRESQL:
    env.reject("DATABASE_REPLICA_URL", "replicas require a PostgreSQL database in DATABASE_URL.")

# DATABASE_PASSWORD: password for the PostgreSQL databases whose URL contains none. Default: none.
DATABASE_PASSWORD = env.text("DATABASE_PASSWORD")
for config in DATABASES.values():
    if config["ENGINE"] == POSTGRESQL and not config["PASSWORD"]:
        config["PASSWORD"] = DATABASE_PASSWORD

# STATEMENT_TIMEOUT: time limit in seconds for the queries of a request; 0 is no limit. Default: 10. Commands have none.
STATEMENT_TIMEOUT = env.number("STATEMENT_TIMEOUT", default=10, maximum=86_400)

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
STATIC_ROOT = (DEFAULT_DATA_DIR if CHECKOUT else DATA_DIR) / "static"
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
        "anon": env.matching("THROTTLE_ANON", RATE, "a rate such as 15/hour"),
        # THROTTLE_USER: rate limit of each token, in the same format. Default: no limit.
        "user": env.matching("THROTTLE_USER", RATE, "a rate such as 15/hour"),
    },
    # TRUSTED_PROXIES: number of reverse proxies that append to X-Forwarded-For. The client has the address that the
    # first of them appended. Default: 0, which ignores the header, as without a proxy clients could forge it.
    "NUM_PROXIES": env.number("TRUSTED_PROXIES", default=0),
    "DEFAULT_RENDERER_CLASSES": [
        "spacedb.rest.renderers.JSONRenderer",
        "spacedb.pages.renderer.BrowsableAPIRenderer",
    ],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "spacedb.rest.negotiation.ContentNegotiation",
    "DEFAULT_SCHEMA_CLASS": "spacedb.rest.openapi.Schema",
    "EXCEPTION_HANDLER": "spacedb.rest.errors.exception_handler",
}

# UNKNOWN_TOKENS: what happens to requests with a token that this server does not have: `ignore` handles them like
# requests without a token, `reject` responds with the status 401. Default: ignore, as apps send a token of Launch
# Library.
UNKNOWN_TOKENS = env.choice("UNKNOWN_TOKENS", ["ignore", "reject"], default="ignore")

# CACHE_CONTROL: value of the Cache-Control header of API responses. Default: no-cache, with which clients and proxies
# may store responses but have to revalidate them (304). `public, max-age=60` lets them reuse responses for 60 seconds,
# even if the data have changed.
CACHE_CONTROL = env.matching("CACHE_CONTROL", r"[ -~]+", "a header value such as public, max-age=60", "no-cache")

# CACHE_SIZE: maximum size of the response cache of each process in MiB; 0 disables the cache. Default: 16.
# Cached responses are valid as long as the data do not change.
CACHE_SIZE = env.number("CACHE_SIZE", default=16)

# CACHE_URL: URL of a Redis or Valkey server, such as redis://HOST:6379/0, as a response cache that several machines
# share. Default: none.
CACHE_URL = env.parse("CACHE_URL", parse_redis_url, "")

# OBJECT_CACHE_SIZE: maximum size of the fragment cache of each process in MiB; 0 disables the cache. Default: 8.
# The fragment cache contains the rendered JSON of objects. New responses are composed of it.
OBJECT_CACHE_SIZE = env.number("OBJECT_CACHE_SIZE", default=8)

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
DEFAULT_SOURCE = "https://ll.thespacedevs.com/2.3.0/"
MIRROR_SOURCE = env.url("MIRROR_SOURCE", ["https", "http"], f"a URL such as {DEFAULT_SOURCE}", DEFAULT_SOURCE)

# MIRROR_PAGE_STORE: directory that keeps downloaded pages between runs. Default: mirror in DATA_DIR.
MIRROR_PAGE_STORE = Path(env.text("MIRROR_PAGE_STORE", str(DATA_DIR / "mirror")))

# MIRROR_TOKEN: API token for the source. Default: none. The command line accepts only a file with the token, as other
# users of the machine could read an argument in the process list.
MIRROR_TOKEN = env.matching("MIRROR_TOKEN", r"[!-~]+", "one word of printable ASCII characters", secret=True)

# MIRROR_RESERVE: number of requests of the source's rate limit that the mirror leaves to other clients with the same
# IP address or token. Default: 1.
MIRROR_RESERVE = env.number("MIRROR_RESERVE", default=1)

# MIRROR_BUDGET: maximum number of requests that incremental runs of the mirror send in 24 hours. Default: 40/day.
MIRROR_BUDGET = env.matching(
    "MIRROR_BUDGET", r"([5-9]|[1-9]\d{1,5})(/day)?", "requests a day such as 40/day, at least 5", "40/day"
)

# MIRROR_CONTACT: contact address (URL or email), sent in the User-Agent header. Default: none.
MIRROR_CONTACT = env.matching("MIRROR_CONTACT", r"[ -~]+", "a URL or an email address in ASCII characters")

# --- Security ---------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["spacedb.web.login.LimitedBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]

# CORS_ALLOWED_ORIGINS: comma-separated origins, such as https://example.com, whose pages may use the API. Default: all
# origins.
CORS_ALLOWED_ORIGINS = env.items("CORS_ALLOWED_ORIGINS", ORIGIN, "origins such as https://example.com")
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
CORS_EXPOSE_HEADERS = ["ETag", "Link", "RateLimit", "RateLimit-Policy", "Retry-After"]

# CSRF_TRUSTED_ORIGINS: comma-separated origins from which the forms of the admin may be posted, in addition to its own.
# Default: none.
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS", ORIGIN, "origins such as https://example.com")

# HTTPS: whether a reverse proxy terminates TLS and sets X-Forwarded-Proto (true or false). True enables redirects to
# HTTPS, HSTS and secure cookies. Default: false, as without such a proxy clients could forge the header.
HTTPS = env.boolean("HTTPS", default=False)
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
listed_hosts = env.items("ALLOWED_HOSTS", HOST_PATTERN, "host names without scheme and port, such as example.com")
ALLOWED_HOSTS = [*listed_hosts, "localhost", "127.0.0.1", "[::1]"]
ALLOW_ONLY_PRIVATE_HOSTS = not listed_hosts and not HTTPS
if ALLOW_ONLY_PRIVATE_HOSTS:
    ALLOWED_HOSTS = ["*"]  # HostMiddleware checks the host: Django could not match ranges of IP addresses

# --- Logging ----------------------------------------------------------------------------------------------------------

# The log has one line per request, on standard error. Tracebacks do not contain the values of variables, which may be
# passwords.

# LOG_LEVEL: minimum level of log messages: DEBUG, INFO, WARNING, ERROR or CRITICAL. Default: INFO.
LOG_LEVEL = env.choice("LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], default="INFO")

# LOG_FORMAT: format of log messages: console (text) or json. Default: console.
LOG_FORMAT = env.choice("LOG_FORMAT", ["console", "json"], default="console")

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
        # Failed checks are logged by `spacedb.web.health`, without a traceback.
        "health_check": {"level": "ERROR"},
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

# --- The command `run` ------------------------------------------------------------------------------------------------

# SPACEDB_STARTER: what `run` loads into an empty database: the starter catalogue (`full`), or `none`. Default: full.
SPACEDB_STARTER = env.choice("SPACEDB_STARTER", ["full", "none"], default="full")

# --- The server -------------------------------------------------------------------------------------------------------

# SERVER: the WSGI server that `run` starts: gunicorn, with limits for slow and greedy clients (gunicorn.conf.py), or
# granian, which is faster and needs a proxy that has such limits. Default: gunicorn.
SERVER = env.choice("SERVER", ["gunicorn", "granian"], default="gunicorn")

# HOST, PORT: address to listen on. Default: 127.0.0.1, 8000. Only a proxy that terminates TLS should be reachable from
# other machines.
HOST = env.matching("HOST", LISTEN_PATTERN, "an IP address or a host name", "127.0.0.1")
PORT = env.number("PORT", default=8000, maximum=65535)

# WEB_CONCURRENCY: number of worker processes. Default: two per CPU and one more, at most 8, as more rarely help with a
# single database. While one thread of a process waits for the database, others run.
WEB_CONCURRENCY = env.number("WEB_CONCURRENCY", default=min(2 * cpu_count() + 1, 8), minimum=1)

env.check()
