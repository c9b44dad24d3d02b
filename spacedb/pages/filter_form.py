"""The filter form of a list."""

from typing import Any

from django.template import loader
from django.utils.safestring import SafeString, mark_safe
from rest_framework.request import Request

from spacedb.pages.links import request_links


def filter_form(view: Any, request: Request) -> SafeString | None:
    """A form with all filters of a view and their current values; None if it has none."""
    links = request_links(request)
    filterset_class: Any = getattr(view, "filterset_class", None)
    names = set(view.filter_names())
    if not names and not view.search_fields:
        return None
    filterset = filterset_class(request.query_params, queryset=view.get_queryset(), request=request) if names else None
    context = {
        "form": filterset and filterset.form,
        "has_search": bool(view.search_fields),
        "search": request.query_params.get("search", ""),
        "hidden": links.hidden("search", "offset", *names),
        "is_open": not names.isdisjoint(request.query_params) or "search" in request.query_params,
        "action": links.path,
    }
    return mark_safe(loader.get_template("pages/filter_form.html").render(context, request._request))
