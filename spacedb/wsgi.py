"""The WSGI entry point: `gunicorn spacedb.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacedb.settings")

application = get_wsgi_application()
