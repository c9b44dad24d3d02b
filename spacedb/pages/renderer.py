"""The browsable API: DRF's renderer of HTML, with pages that show the result as a table, an object, or JSON.

DRF imports the renderers while it defines its views. So this module imports nothing that imports views.
"""

from http import HTTPStatus
from typing import Any

from django.utils.safestring import SafeString
from rest_framework import renderers
from typing_extensions import override


class BrowsableAPIRenderer(renderers.BrowsableAPIRenderer):
    """The browsable API. It is read-only, so it has none of DRF's forms for other methods."""

    template = "pages/browsable.html"
    renderer_context: dict[str, Any]

    @override
    def get_context(self, data: Any, accepted_media_type: str | None, renderer_context: Any) -> dict[str, Any]:
        from spacedb.pages.page import page_context

        view, request, response = (renderer_context[name] for name in ("view", "request", "response"))
        context = page_context(data, view, request, response, self.get_default_renderer(view), renderer_context)
        return context | {
            "description": self.get_description(view, response.status_code),
            "filter_form": self.get_filter_form(data, view, request),
        }

    @override
    def get_description(self, view: Any, status_code: int) -> str:
        """The help text; its headings are those of a part of the page."""
        text: str = super().get_description(view, status_code) if status_code != HTTPStatus.NOT_FOUND else ""
        return SafeString(text.replace("<h4>", "<h3>").replace("</h4>", "</h3>"))

    @override
    def get_filter_form(self, data: Any, view: Any, request: Any) -> SafeString | None:
        """The filter panel of a list. It is also on the page of an error of a parameter, to correct the value."""
        from spacedb.pages.filters.render import render_filters

        return render_filters(view, request, self.renderer_context["response"])
