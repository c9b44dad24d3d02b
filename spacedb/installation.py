"""The folders of this installation: a checkout of the project, or a package that was installed from a wheel."""

from pathlib import Path

from platformdirs import user_data_path

PACKAGES = ("agencies", "flights", "spacecraft", "spacedb")
"""The packages of this project, which are installed next to each other."""

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent if (PACKAGE.parent / "manage.py").is_file() else None
"""The checkout that contains this file, or None if it was installed from a wheel."""

RESOURCES = CHECKOUT or PACKAGE / "resources"
"""The folder that contains `docs`, `fixtures` and `gunicorn.conf.py`. The wheel has copies of them in the package."""

DEFAULT_DATA_DIR = CHECKOUT / "var" if CHECKOUT else user_data_path("spacedb", appauthor=False)

DEFAULT_ENV_FILE = (CHECKOUT or Path.cwd()) / ".env"
