"""The WSGI entry point: `gunicorn spacedb.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacedb.settings")

django_application = get_wsgi_application()

from spacedb.caching.release import release  # noqa: E402 (models are there only now)
from spacedb.caching.response_cache import head_as_get, with_response_cache  # noqa: E402

release()  # now, while the files are the ones that were loaded
application = head_as_get(with_response_cache(django_application))
