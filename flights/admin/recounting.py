"""Base classes of the admin of models that totals are computed from. They recount after each edit."""

from contextlib import nullcontext
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from typing_extensions import override

from flights.recount import recount, recount_affected
from spacedb.catalogue.admin import ResourceAdmin


class RecountOnDeleteAdmin(ResourceAdmin):
    """Admin of a model whose deletion cascades to objects that totals are computed from.

    It wraps whole views, so that admin actions, cascades and inlines are covered.
    """

    @override
    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with _recount_after_post(request):
            return super().changelist_view(request, *args, **kwargs)

    @override
    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with _recount_after_post(request):
            return super().delete_view(request, *args, **kwargs)


class RecountAdmin(RecountOnDeleteAdmin):
    """Admin of a model that totals are computed from."""

    @override
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with _recount_after_post(request):
            return super().changeform_view(request, *args, **kwargs)


def recount_spacecraft(page: ResourceAdmin, request: HttpRequest, spacecraft: QuerySet[Any]) -> None:
    """Recount the totals of these spacecraft and of their configurations and families, and show a summary."""
    ids = set(spacecraft.order_by().values_list("pk", flat=True))
    summary = recount(ids, now=timezone.now().replace(microsecond=0))
    text = f"Spacecraft recounted: {summary.recounted}. Totals changed: {len(summary.changes)}."
    if summary.skipped:
        text += f" Spacecraft skipped because not all of their flights are stored: {summary.skipped}."
    page.message_user(request, text, messages.SUCCESS if summary.recounted else messages.WARNING)


def _recount_after_post(request: HttpRequest) -> Any:
    return recount_affected() if request.method == "POST" else nullcontext()
