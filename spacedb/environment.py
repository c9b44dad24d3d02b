"""Reads settings from environment variables and the file `ENV_FILE`, and reports all invalid ones at once."""

import io
import os
import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import environ

T = TypeVar("T")

SECRETS = ("SECRET_KEY", "DATABASE_URL", "DATABASE_PASSWORD", "DATABASE_REPLICA_URL", "CACHE_URL", "MIRROR_TOKEN")
"""Variables whose value may be in a file: `NAME_FILE` contains its path."""

INHERITED = dict(os.environ)
"""The variables of the process, without those of the file `ENV_FILE`."""

BOOLEANS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}

RATE = r"([1-9]\d*)/(s(ec(ond)?)?|m(in(ute)?)?|h(our)?|d(ay)?)"
"""Pattern of a rate limit: a number of requests per second, minute, hour or day."""

ORIGIN = r"[a-z][a-z0-9+.-]*://(\*\.)?([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d+)?"
"""Pattern of an origin: scheme, host and port. `*.` matches all subdomains."""

LISTEN_PATTERN = r"[\w.-]+|\[?[0-9a-fA-F:.]+\]?"
"""Pattern of an address to listen on: a name, an IPv4 or an IPv6 address."""

HOST_PATTERN = r"\*|\.?[\w.-]+|\[[0-9a-fA-F:.]+\]"
"""Pattern of an entry of `ALLOWED_HOSTS`: a name, `.example.com` for all subdomains, an IP address, or `*`."""

EXIT_STATUS = 4
"""The exit status of a server with invalid settings. Gunicorn then stops, instead of starting the worker again."""


class SettingsError(Exception):
    """Settings are invalid. The message has a line for each of them that says what is accepted."""


class Environment:
    """The environment variables.

    Each method returns the value of a variable. An empty value is the same as no value. If a value is invalid, the
    method stores an error and returns the default, and `check` raises the errors of all variables at the end.
    """

    def __init__(self) -> None:
        self.errors: list[str] = []
        self._secrets: dict[str, str] = {}  # not in os.environ, which child processes inherit

    def read_file(self, path: Path) -> None:
        """Read variables from a file, if it exists. Those that are set in the environment take precedence."""
        try:
            lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            self.reject("ENV_FILE", f"the file {path} cannot be read: {reason(error)}.")
            return
        for number, line in enumerate(lines, 1):
            # A variable cannot contain a null character.
            if not re.fullmatch(r"(#.*)?|(export )?[A-Za-z_]\w*=[^\0]*", line, re.ASCII):
                # Without the line itself, which may contain a password.
                self.reject("ENV_FILE", f"line {number} of {path} is neither NAME=value nor a comment (#).")
                lines[number - 1] = ""
        environ.Env.read_env(io.StringIO("\n".join(lines)))

    def read_secrets(self) -> None:
        """Read the files that contain secrets."""
        for name in SECRETS:
            if not (path := os.environ.get(f"{name}_FILE")):
                continue
            if os.environ.get(name):
                self.reject(f"{name}_FILE", f"{name} is set too. Remove one of them.")
                continue
            try:
                self._secrets[name] = Path(path).read_text("utf-8")
            except (OSError, ValueError) as error:
                self.reject(f"{name}_FILE", f"the file {path} cannot be read: {reason(error)}.")

    def parse(self, name: str, parse: Callable[[str], T], default: T, *, secret: bool = False) -> T:
        """The value that the function returns for the text of a variable.

        The function raises `ValueError` with a description of what is accepted. Values of secrets are not shown.
        """
        text = self._secrets.get(name, os.environ.get(name, "")).strip()
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as error:
            self.reject(name if secret or name in SECRETS else f"{name}={_shown(text)}", f"expected {error}.")
            return default

    def text(self, name: str, default: str = "") -> str:
        return self.parse(name, str, default)

    def matching(self, name: str, pattern: str, expected: str, default: str = "", *, secret: bool = False) -> str:
        """A text that matches the whole pattern."""
        return self.parse(name, lambda text: _match(text, pattern, expected), default, secret=secret)

    def boolean(self, name: str, *, default: bool) -> bool:
        return self.parse(name, _parse_boolean, default)

    def number(self, name: str, *, default: int, minimum: int = 0, maximum: int | None = None) -> int:
        def parse(text: str) -> int:
            is_number = text.isascii() and text.isdigit() and len(text) < 20
            if not is_number or int(text) < minimum or (maximum is not None and int(text) > maximum):
                limit = f"of at least {minimum}" if maximum is None else f"from {minimum} to {maximum}"
                raise ValueError(f"a whole number {limit}")
            return int(text)

        return self.parse(name, parse, default)

    def choice(self, name: str, choices: Collection[str], *, default: str) -> str:
        """One of several values; case is ignored."""

        def parse(text: str) -> str:
            for choice in choices:
                if choice.lower() == text.lower():
                    return choice
            raise ValueError(f"one of {', '.join(choices)}")

        return self.parse(name, parse, default)

    def items(self, name: str, pattern: str, expected: str) -> list[str]:
        """A comma-separated list of texts that match the whole pattern."""

        def parse(text: str) -> list[str]:
            return [_match(item.strip(), pattern, expected) for item in text.split(",") if item.strip()]

        return self.parse(name, parse, [])

    def url(self, name: str, schemes: Collection[str], expected: str, default: str = "") -> str:
        """A URL with one of the schemes and a host."""
        return self.parse(name, lambda text: parse_url(text, schemes, expected), default)

    def reject(self, name: str, problem: str) -> None:
        self.errors.append(f"{name}: {problem}")

    def check(self) -> None:
        """Raise `SettingsError` if any variable is invalid."""
        if self.errors:
            count = "A setting is" if len(self.errors) == 1 else f"{len(self.errors)} settings are"
            raise SettingsError("\n  ".join([f"{count} invalid:", *self.errors]))


def parse_url(text: str, schemes: Collection[str], expected: str) -> str:
    """A URL with one of the schemes and a host. Raises `ValueError` with the description of what is expected."""
    try:
        parts = urlsplit(text)
        is_valid = parts.scheme in schemes and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:  # an invalid port or IPv6 address
        is_valid = False
    if not is_valid or re.search(r"\s", text):
        raise ValueError(expected)
    return text


def parse_redis_url(text: str) -> str:
    """The URL of a Redis or Valkey server. Raises `ValueError` with a description of valid ones.

    Options that the client would refuse when it connects are invalid too.
    """
    from redis import ConnectionPool, RedisError

    expected = "a URL such as redis://HOST:6379/0"
    url = parse_url(text, ["redis", "rediss"], expected)
    if not re.fullmatch(r"\w+://[^/?]*(/\d*)?(\?.*)?", url):
        raise ValueError(f"{expected}, with the number of a database")
    try:
        pool = ConnectionPool.from_url(url)
        pool.connection_class(**pool.connection_kwargs)
    except (TypeError, ValueError, RedisError) as error:
        raise ValueError(f"{expected}, with options of redis-py ({error})") from None
    return url


def reason(error: Exception) -> str:
    """Why a file cannot be used, such as `Permission denied`."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return (isinstance(error, OSError) and error.strerror) or str(error)


def host_and_port(host: str, port: int) -> str:
    """An address to listen on, such as `127.0.0.1:8000` or `[::1]:8000`."""
    host = host.strip("[]")
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _parse_boolean(text: str) -> bool:
    if text.lower() not in BOOLEANS:
        raise ValueError("true or false")
    return BOOLEANS[text.lower()]


def _match(text: str, pattern: str, expected: str) -> str:
    if not re.fullmatch(pattern, text, re.ASCII):
        raise ValueError(expected)
    return text


def _shown(text: str) -> str:
    """A value in an error message: printable, short and without the password of a URL."""
    return ascii(re.sub(r"//.*@", "//***@", text)[:100])[1:-1]
