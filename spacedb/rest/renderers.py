"""The renderer of JSON. `spacedb.pages.renderer` renders HTML."""

import re
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
        indent = self.get_indent(accepted_media_type or "", renderer_context or {})
        return _indented(body, indent) if indent else body


def _indented(body: bytes, width: int) -> bytes:
    """JSON with one value per line. The objects in `body` may be JSON from a cache, which orjson would not indent.

    The encoder of the standard library needs ten times the time and the memory, and orjson indents by two spaces only.
    """
    lines = orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2)
    if width == 2:
        return lines
    return re.sub(rb"^ +", lambda spaces: b" " * (len(spaces[0]) // 2 * width), lines, flags=re.MULTILINE)
