"""The command line: `manage.py` and `spacedb`. Errors that the user can correct have no traceback."""

import os
import signal
import sys
import textwrap
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO

import django
from django.core.management import ManagementUtility, get_commands, load_command_class
from django.db import DatabaseError, InterfaceError

import spacedb
from spacedb.databases.errors import error_message, problem_of
from spacedb.environment import SettingsError
from spacedb.installation import PACKAGES


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a management command: the name of the program, followed by the command and its options.

    SIGTERM ends every command as Ctrl-C does: its transaction is rolled back. Without a handler, the first process of a
    container would ignore the signal. `--traceback` shows the traceback of errors.
    """
    signal.signal(signal.SIGTERM, _exit)
    sys.unraisablehook = _resend_lost_sigterm
    # Python has no stream for one that the shell has closed (`>&-`).
    sys.stdout, sys.stderr = sys.stdout or _null(), sys.stderr or _null()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacedb.settings")
    program, *options = sys.argv if arguments is None else arguments
    try:
        _execute("manage.py" if Path(program).name == "manage.py" else "spacedb", options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except SettingsError as error:
        sys.exit(str(error))
    except (DatabaseError, InterfaceError) as error:
        if problem_of(error) is None or "--traceback" in options:
            raise
        sys.exit(error_message(error))
    except BrokenPipeError:
        # The reader has closed the pipe, as `head` does. Python would report that again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)
    except OSError as error:
        if "--traceback" in options:
            raise
        sys.exit(str(error))


def _null() -> TextIO:
    return Path(os.devnull).open("w")


def _exit(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


def _resend_lost_sigterm(unraisable: "sys.UnraisableHookArgs") -> None:
    """Python ignores exceptions in finalizers. If SIGTERM arrives during one, the exit is lost, so send it again."""
    error = unraisable.exc_value
    if isinstance(error, SystemExit) and error.code == 128 + signal.SIGTERM:
        threading.Timer(0.1, os.kill, [os.getpid(), signal.SIGTERM]).start()
    else:
        sys.__unraisablehook__(unraisable)


def _execute(program: str, options: list[str]) -> None:
    if options in ([], ["help"], ["-h"], ["--help"]):
        print(_overview(program))
    elif options in (["version"], ["--version"]):
        print(f"spacedb {spacedb.__version__}")
    else:
        ManagementUtility([program, *options]).execute()


def _overview(program: str) -> str:
    """The help text: the commands of this project, with the first sentence of their help, and the names of others."""
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
            f"usage: {program} COMMAND [OPTIONS]",
            "",
            f"A server with the API of Launch Library 2. `{program} COMMAND --help` describes a command.",
            "",
            *(_wrap(summary, f"  {name:{width}}  ") for name, summary in own.items()),
            "",
            _wrap(", ".join(others), "Commands of Django and of other packages: ", indent=2),
        ]
    )


def _wrap(text: str, start: str, indent: int | None = None) -> str:
    rest = " " * (len(start) if indent is None else indent)
    return textwrap.fill(text, width=100, initial_indent=start, subsequent_indent=rest, break_on_hyphens=False)
