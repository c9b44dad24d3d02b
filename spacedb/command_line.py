"""The command line. Errors that the user can correct are one message, without a traceback."""

import os
import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line

from spacedb.environment import SettingsError


def main(arguments: Sequence[str] = sys.argv) -> None:
    """Run a management command. `--traceback` shows the traceback of errors."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacedb.settings")
    try:
        execute_from_command_line([*arguments])
    except SettingsError as error:
        if "--traceback" in arguments:
            raise
        sys.exit(str(error))
