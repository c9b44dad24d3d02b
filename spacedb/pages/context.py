"""The context processor of the layout."""

from typing import Any

from django.http import HttpRequest

from spacedb.rest.versions import versions


def layout(request: HttpRequest) -> dict[str, Any]:
    """`api_versions`: the numbers of the API versions, newest first, for the navigation."""
    return {"api_versions": list(versions())}
