"""The `search` parameter."""

from collections.abc import Sequence
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.filters import SearchFilter as DRFSearchFilter
from rest_framework.request import Request
from typing_extensions import override

MAX_SEARCH_LENGTH = 1000
MAX_SEARCH_TERMS = 20


class SearchFilter(DRFSearchFilter):
    """Searches the view's `search_fields`. Each term must occur in one of them."""

    @override
    def get_search_terms(self, request: Request) -> list[str]:
        search = request.query_params.get(self.search_param, "")
        if "\x00" in search:
            raise ValidationError({self.search_param: ["Null characters are not allowed."]})
        if len(search) > MAX_SEARCH_LENGTH:
            raise ValidationError({self.search_param: [f"Ensure this has at most {MAX_SEARCH_LENGTH} characters."]})
        terms = list(dict.fromkeys(super().get_search_terms(request)))
        if len(terms) > MAX_SEARCH_TERMS:
            raise ValidationError({self.search_param: [f"Ensure this has at most {MAX_SEARCH_TERMS} terms."]})
        return terms

    @override
    def get_search_fields(self, view: Any, request: Request) -> Sequence[str]:
        return [view.lookup_of(name) for name in view.search_fields]
