"""The command `spacedb`, or `python -m spacedb`: the management commands, with a short help and short errors."""

import os
import signal
import sys
import textwrap
from types import FrameType
from typing import NoReturn

import spacedb
from spacedb.environment import PACKAGES


def main() -> None:
    """Run the command line.

    SIGTERM ends every command as Ctrl-C does: its transaction is rolled back. Without a handler, the first process of a
    container would ignore the signal. Errors of the system, the database and the settings are printed without a
    traceback, unless `--traceback` is given.
    """
    signal.signal(signal.SIGTERM, _exit)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacedb.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from spacedb.mirror.errors import describe_database_error

    arguments = sys.argv[1:]
    try:
        _execute(arguments)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except (ImproperlyConfigured, DatabaseError, OSError) as error:
        if "--traceback" in arguments:
            raise
        message = describe_database_error(error) if isinstance(error, DatabaseError) else str(error)
        sys.exit(f"spacedb: {message}")


def _exit(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


def _execute(arguments: list[str]) -> None:
    from django.core.management import ManagementUtility

    if arguments in ([], ["help"], ["-h"], ["--help"]):
        print(_overview())
    elif arguments in (["version"], ["--version"]):
        print(f"spacedb {spacedb.__version__}")
    else:
        ManagementUtility(["spacedb", *arguments]).execute()


def _overview() -> str:
    """The help text: the commands of this project, with the first sentence of their help, and the names of others."""
    import django
    from django.core.management import get_commands, load_command_class

    django.setup()
    own, others = {}, []
    for name, app in sorted(get_commands().items()):
        if app.partition(".")[0] in PACKAGES:
            own[name] = load_command_class(app, name).help.partition(". ")[0].rstrip(".")
        else:
            others.append(name)
    width = max(map(len, own))
    return "\n".join(
        [
            "usage: spacedb COMMAND [OPTIONS]",
            "",
            "A server with the API of Launch Library 2. `spacedb COMMAND --help` describes a command.",
            "",
            *(_wrap(summary, f"  {name:{width}}  ") for name, summary in own.items()),
            "",
            _wrap(", ".join(others), "Commands of Django and of other packages: ", indent=2),
        ]
    )


def _wrap(text: str, start: str, indent: int | None = None) -> str:
    rest = " " * (len(start) if indent is None else indent)
    return textwrap.fill(text, width=100, initial_indent=start, subsequent_indent=rest, break_on_hyphens=False)


if __name__ == "__main__":
    main()
