"""The WSGI entry point: `gunicorn spacedb.wsgi:application`."""

import gc
import os
import sys

from django.core.wsgi import get_wsgi_application

from spacedb.environment import EXIT_STATUS, SettingsError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacedb.settings")

try:
    django_application = get_wsgi_application()
except SettingsError as error:
    print(error, file=sys.stderr)
    sys.exit(EXIT_STATUS)

from django.conf import settings

from spacedb.caching.paths import with_canonical_paths
from spacedb.caching.release import release
from spacedb.caching.response_cache import head_as_get, with_response_cache
from spacedb.databases.deadline import with_time_limit
from spacedb.rest.preloading import preload

preload()
release()  # now, before a deployment can replace the files of the loaded code
cached_application = head_as_get(with_canonical_paths(with_response_cache(django_application)))
application = with_time_limit(cached_application, settings.STATEMENT_TIMEOUT)

# A full collection would pause a request for 0.1 s, to examine objects that live as long as the process: code, plans.
gc.collect()
gc.freeze()
