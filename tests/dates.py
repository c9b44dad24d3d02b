"""The date of the data, for what tests ask by date: Last-Modified is left out while it is ahead of the clock."""

import time
from uuid import uuid4

from spacedb.revision.models import Revision


def written_long_ago() -> None:
    """As if whatever has been written was written an hour ago, and nobody had been told another date."""
    Revision.objects.update(last_modified=int(time.time()) - 3600, token=uuid4().hex)
