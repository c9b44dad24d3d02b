"""Links to the same list with other parameters."""

from collections.abc import Mapping

from django.utils.http import urlencode
from rest_framework.request import Request

DROPPED = "offset"
"""A list with other filters starts at its first page."""

MAX_QUERY_LENGTH = 1000
"""A page with a longer query string has no chips, facets and suggestions. Each of their links would repeat it."""


class FilterLinks:
    """Links relative to a request, with its other parameters in their order."""

    def __init__(self, request: Request) -> None:
        self.path = request.path
        self.are_long = len(request.META.get("QUERY_STRING", "")) > MAX_QUERY_LENGTH
        self.values: Mapping[str, list[str]] = {
            name: values for name, values in request.query_params.lists() if name != DROPPED and any(values)
        }

    def replace(self, name: str, value: str) -> str:
        """The link with this value of the parameter."""
        return self._url({**self.values, name: [value]})

    def remove(self, *names: str) -> str:
        """The link without these parameters."""
        return self._url({name: values for name, values in self.values.items() if name not in names})

    def _url(self, values: Mapping[str, list[str]]) -> str:
        query = urlencode(list(values.items()), doseq=True)
        return f"{self.path}?{query}" if query else self.path
