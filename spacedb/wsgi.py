"""The WSGI entry point: `gunicorn spacedb.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from spacedb.caching.paths import with_canonical_paths

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacedb.settings")

django_application = get_wsgi_application()

from spacedb.caching.release import release  # noqa: E402 (needs the models)
from spacedb.caching.response_cache import head_as_get, with_response_cache  # noqa: E402

release()  # now, before a deployment can replace the files of the loaded code
application = head_as_get(with_canonical_paths(with_response_cache(django_application)))
