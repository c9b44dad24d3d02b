"""The context processor of the layout."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from spacedb.rest.versions import versions


def layout(request: HttpRequest) -> dict[str, Any]:
    """The context of the layout.

    - `api_versions`: the numbers of the API versions, newest first.
    - `support_url`: where users find help, or an empty string.
    """
    return {"api_versions": list(versions()), "support_url": settings.SUPPORT_URL}
