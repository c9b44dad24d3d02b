"""The browsable API: DRF's renderer of HTML, with the filter panel.

DRF imports the renderers while it defines its views. So this module imports nothing that imports views.
"""

from typing import Any

from django.utils.safestring import SafeString
from typing_extensions import override

from spacedb.rest import renderers


class BrowsableAPIRenderer(renderers.BrowsableAPIRenderer):
    renderer_context: Any

    @override
    def get_filter_form(self, data: Any, view: Any, request: Any) -> SafeString | None:
        """The filter panel of a list. It is also on the page of an error of a parameter, to correct the value."""
        from spacedb.pages.filters.render import render_filters

        return render_filters(view, request, self.renderer_context["response"])
