"""The command line. Errors that the user can correct are one message, without a traceback."""

import os
import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line
from django.db import DatabaseError, InterfaceError

from spacedb.databases.errors import describe, problem_of
from spacedb.environment import SettingsError


def main(arguments: Sequence[str] = sys.argv) -> None:
    """Run a management command. `--traceback` shows the traceback of errors."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacedb.settings")
    try:
        execute_from_command_line([*arguments])
    except SettingsError as error:
        sys.exit(str(error))
    except (DatabaseError, InterfaceError) as error:
        if problem_of(error) is None or "--traceback" in arguments:
            raise
        sys.exit(describe(error))
