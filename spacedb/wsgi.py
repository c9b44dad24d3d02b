"""The WSGI entry point: `gunicorn spacedb.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacedb.settings")

django_application = get_wsgi_application()

from spacedb.api.serving import cached, head_as_get  # noqa: E402 (models are there only now)

application = head_as_get(cached(django_application))
