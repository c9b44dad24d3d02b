"""Validates all settings, and prints those of gunicorn as JSON: `python -m spacedb.gunicorn_settings`."""

import json
import os
import sys

from django.conf import settings

from spacedb.environment import SettingsError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacedb.settings")
    try:
        host, port, workers = settings.HOST, settings.PORT, settings.WEB_CONCURRENCY
    except SettingsError as error:
        sys.exit(str(error))
    host = host.strip("[]")
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    print(json.dumps({"bind": bind, "workers": workers}))


if __name__ == "__main__":
    main()
