"""Validates all settings, and prints those of gunicorn as JSON: `python -m spacedb.gunicorn_settings`."""

import json
import os
import sys

from django.conf import settings

from spacedb.environment import SettingsError, host_and_port


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacedb.settings")
    try:
        host, port, workers = settings.HOST, settings.PORT, settings.WEB_CONCURRENCY
    except SettingsError as error:
        sys.exit(str(error))
    print(json.dumps({"bind": host_and_port(host, port), "workers": workers}))


if __name__ == "__main__":
    main()
