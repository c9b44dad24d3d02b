"""Renderers: JSON, and the browsable API."""

import json
from typing import Any

import orjson
from rest_framework import renderers
from typing_extensions import override


class JSONRenderer(renderers.JSONRenderer):
    """Compact JSON in UTF-8, or indented JSON if requested (`Accept: application/json; indent=4`)."""

    @override
    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        body = orjson.dumps(data, default=str)
        if indent := self.get_indent(accepted_media_type or "", renderer_context or {}):
            return json.dumps(json.loads(body), indent=indent, ensure_ascii=False).encode()
        return body


class BrowsableAPIRenderer(renderers.BrowsableAPIRenderer):
    """The browsable API: a page with the help text, the response, and a dialog for filters."""

    template = "rest/browsable.html"

    @override
    def get_context(self, data: Any, accepted_media_type: str | None, renderer_context: Any) -> dict[str, Any]:
        """Without the inline style of code samples, which the pages do not contain and the policy forbids."""
        return {**super().get_context(data, accepted_media_type, renderer_context), "code_style": ""}
