"""The filter form of a list."""

from typing import Any

from django.template import loader
from django.utils.safestring import SafeString
from rest_framework.request import Request

from spacedb.pages.links import request_links


def filter_form(view: Any, request: Request) -> SafeString | None:
    """A form with all filters of a view and their current values; None if it has none."""
    links = request_links(request)
    filterset_class = getattr(view, "filterset_class", None)
    names = set(view.filter_names())
    if not names and not view.search_fields:
        return None
    form = filterset_class(request.query_params, queryset=view.get_queryset(), request=request).form if names else None
    context = {
        "form": form,
        "has_search": bool(view.search_fields),
        "search": request.query_params.get("search", ""),
        "hidden": links.hidden("search", "offset", *names),
        "is_open": not names.isdisjoint(request.query_params) or "search" in request.query_params,
        "action": links.path,
    }
    return loader.get_template("pages/filter_form.html").render(context, request._request)
