"""The filter panel of a page as HTML."""

from http import HTTPStatus
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from rest_framework.request import Request
from rest_framework.response import Response

from spacedb.caching.fragments import FragmentCache
from spacedb.pages.filters.panel import FilterPanel
from spacedb.rest.viewsets import ReadOnlyViewSet
from spacedb.revision.snapshot import retry_lost, snapshot


def render_filters(view: Any, request: Request, response: Response) -> SafeString | None:
    """The form and the chips of a list, or of a response to invalid parameters; None for other responses."""
    if not isinstance(view, ReadOnlyViewSet) or getattr(view, "action", None) != "list":
        return None
    if not view.filter_names() and not view.search_fields:
        return None
    if response.status_code == HTTPStatus.OK:  # within the snapshot of the view
        return _render(FilterPanel(view, request, view.fragments))
    if response.status_code != HTTPStatus.BAD_REQUEST:
        return None
    return retry_lost(lambda: _render_errors(view, request, response.data))


def _render_errors(view: ReadOnlyViewSet, request: Request, errors: Any) -> SafeString:
    """The panel with the messages at their fields. The view's snapshot has ended with the exception."""
    with snapshot() as revision:
        return _render(FilterPanel(view, request, FragmentCache(revision.uuid if revision else None), errors))


def _render(panel: FilterPanel) -> SafeString:
    return render_to_string("pages/filters.html", {"panel": panel})
