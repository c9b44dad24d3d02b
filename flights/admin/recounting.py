"""Edits that totals stand on are followed by a recount, in the same transaction."""

from contextlib import nullcontext
from typing import Any

from django.http import HttpRequest

from flights.recount import recounted
from spacedb.catalogue.admin import ResourceAdmin


class RecountOnDeleteAdmin(ResourceAdmin):
    """Objects that take some along on which totals stand, when they are deleted.

    Wrapped are the views and not what they call: so actions and cascades count too, and rows within a page.
    """

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with _recounted(request):
            return super().changelist_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with _recounted(request):
            return super().delete_view(request, *args, **kwargs)


class RecountAdmin(RecountOnDeleteAdmin):
    """Objects that totals stand on themselves."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with _recounted(request):
            return super().changeform_view(request, *args, **kwargs)


def _recounted(request: HttpRequest) -> Any:
    return recounted() if request.method == "POST" else nullcontext()
