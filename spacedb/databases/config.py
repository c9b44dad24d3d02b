"""The entries of Django's setting `DATABASES`, from URLs."""

import re
from typing import Any

import environ

EXPECTED = "a URL such as postgres://USER:PASSWORD@HOST:5432/NAME or sqlite:////path/to/file"

SQLITE, POSTGRESQL = "spacedb.databases.sqlite", "spacedb.databases.postgresql"


def database_config(url: str) -> dict[str, Any]:
    """The entry of a database in `DATABASES`, given its URL. Raises `ValueError` with a description of valid ones.

    The query string of the URL overrides the defaults, for example `?timeout=5&conn_max_age=0`.
    """
    if not re.match(r"(sqlite|postgres(ql)?)://", url):
        raise ValueError(EXPECTED)
    try:
        parsed = environ.Env.db_url_config(url)
    except ValueError:  # an invalid port or IPv6 address
        raise ValueError(EXPECTED) from None
    # Opening a connection takes longer than most queries. Each thread therefore keeps its connection for up to 600
    # seconds, and checks it before use.
    config: dict[str, Any] = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, **parsed}
    config["ENGINE"] = SQLITE if url.startswith("sqlite:") else POSTGRESQL
    config["OPTIONS"] = _options(config["ENGINE"]) | config.get("OPTIONS", {})
    if config["OPTIONS"].get("prepare_threshold") == "none":
        config["OPTIONS"]["prepare_threshold"] = None
    _check(config)
    return config


def replica_configs(urls: str) -> list[dict[str, Any]]:
    """The entries of comma-separated URLs of PostgreSQL databases. Raises `ValueError`, as `database_config` does."""
    configs = [database_config(url.strip()) for url in urls.split(",") if url.strip()]
    if any(config["ENGINE"] != POSTGRESQL for config in configs):
        raise ValueError("comma-separated URLs such as postgres://USER:PASSWORD@HOST:5432/NAME")
    return configs


def _options(engine: str) -> dict[str, Any]:
    if engine == SQLITE:
        return {
            # WAL lets readers continue during a write. With NORMAL, a database in WAL mode survives a crash of the
            # server. Each thread has a connection. With a cache of 500 KiB instead of 2 MiB none is slower, as the
            # system caches the file too. An IMMEDIATE transaction waits for the write lock at its start, instead of
            # failing later.
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -500;",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,  # seconds
        }
    return {
        # By default, TCP detects an unreachable server only after minutes.
        "connect_timeout": 5,  # seconds
        "keepalives_idle": 30,  # seconds
        "keepalives_interval": 10,  # seconds
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,  # milliseconds
        # The statements of query plans are prepared when a connection executes them for the first time: planning their
        # joins takes longer than executing them. Django's cursors never prepare statements.
        "prepare_threshold": 0,
    }


def _check(config: dict[str, Any]) -> None:
    """Raises `ValueError` for options that the driver would refuse when it connects, with a traceback."""
    if not isinstance(config["CONN_MAX_AGE"], int | float | None):
        raise ValueError(f"{EXPECTED}, with a number of seconds as conn_max_age")
    if config["ENGINE"] == POSTGRESQL:
        from psycopg import ProgrammingError
        from psycopg.conninfo import make_conninfo

        if not config["NAME"]:
            raise ValueError(f"{EXPECTED}, with the name of a database")
        if not isinstance(config["OPTIONS"]["prepare_threshold"], int | None):
            raise ValueError(f"{EXPECTED}, with a whole number or none as prepare_threshold")
        django_options = {"isolation_level", "server_side_binding", "assume_role", "pool", "prepare_threshold"}
        options = {name: value for name, value in config["OPTIONS"].items() if name not in django_options}
        try:
            make_conninfo("", **options)
        except ProgrammingError as error:
            raise ValueError(f"{EXPECTED}, with options of libpq ({error})".replace("\n", " ")) from None
    else:
        unknown = config["OPTIONS"].keys() - {"init_command", "transaction_mode", "timeout", "cached_statements"}
        if unknown or not isinstance(config["OPTIONS"]["timeout"], int):
            raise ValueError(f"{EXPECTED}, with a whole number of seconds as timeout and without unknown options")
