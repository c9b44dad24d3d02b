"""JSON for apps, pages for people."""

import json
from typing import Any

import orjson
from rest_framework import renderers


class JSONRenderer(renderers.JSONRenderer):
    """Compact JSON in UTF-8; indented where the media type asks (`application/json; indent=4`)."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        body = orjson.dumps(data, default=str)
        if indent := self.get_indent(accepted_media_type or "", renderer_context or {}):
            return json.dumps(json.loads(body), indent=indent, ensure_ascii=False).encode()
        return body


class BrowsableAPIRenderer(renderers.BrowsableAPIRenderer):
    """The same answer as a page, under the endpoint's help text, beside a form for its filters."""

    template = "rest/browsable.html"
