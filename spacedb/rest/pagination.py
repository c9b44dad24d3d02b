"""Pagination by `limit` and `offset`, as Launch Library has it."""

from typing import Any

from django.db.models import QuerySet
from django.utils.http import urlencode
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from typing_extensions import override

from spacedb.caching.fragments import FragmentCache

MAX_OFFSET = 2**31 - 1
"""No list is longer. The databases disagree about larger numbers."""


class Pagination(LimitOffsetPagination):
    """`limit` objects from `offset` on: at most 100, and 10 if `limit` is missing or invalid.

    An offset past the end returns an empty page. `next` and `previous` contain all parameters of the request in
    alphabetical order, and `limit`; `previous` has no `offset` when it would be 0.
    """

    default_limit = 10
    max_limit = 100

    queryset: QuerySet[Any]
    """All objects of the list, in their order."""
    count: int
    limit: int
    offset: int

    @override
    def get_offset(self, request: Request) -> int:
        return min(super().get_offset(request), MAX_OFFSET)

    def page_ids(self, queryset: QuerySet[Any], request: Request, fragments: FragmentCache) -> list[Any]:
        """The ids of the objects on the page. The query starts at the nearer end of the list."""
        self.request = request
        self.queryset = queryset
        self.limit = self.get_limit(request) or self.default_limit
        self.offset = self.get_offset(request)
        self.count = fragments.count(queryset)
        self.display_page_controls = self.count > self.limit and self.template is not None
        if not self.count:
            return []
        ids = queryset.values_list("pk", flat=True)
        if not self.offset and self.count <= self.limit:
            return list(ids)  # with a LIMIT, PostgreSQL would search all rows in the order of the list
        objects_after = self.count - self.offset - self.limit
        if self.offset <= max(objects_after, 0):
            return list(ids[self.offset : self.offset + self.limit])
        return list(ids.reverse()[max(objects_after, 0) : max(self.count - self.offset, 0)])[::-1]

    @override
    def get_next_link(self) -> str | None:
        return self._link(self.offset + self.limit) if self.offset + self.limit < self.count else None

    @override
    def get_previous_link(self) -> str | None:
        return self._link(max(0, self.offset - self.limit)) if self.offset > 0 else None

    def _link(self, offset: int) -> str:
        assert self.request is not None
        query = self.request.query_params.copy()
        query[self.limit_query_param] = str(self.limit)
        query.pop(self.offset_query_param, None)
        if offset:
            query[self.offset_query_param] = str(offset)
        return self.request.build_absolute_uri(f"{self.request.path}?{urlencode(sorted(query.lists()), doseq=True)}")
