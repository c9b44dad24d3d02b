"""Renderers: JSON, and the browsable API."""

import re
import secrets
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


CONTENT = secrets.token_hex(16)
"""Stands for the JSON while the template is rendered. It is random, because pages contain parameters of requests."""

URL = re.compile(
    rb"(?<=&quot;)https?://(?:(?!&quot;)[^\s\\])+(?=&quot;)"  # a value
    rb"|https?://(?:(?!&(?:quot|lt|gt|#x27);)[^\s\\])*[\w/#=-]"  # in a text, without the punctuation that follows
)
"""A URL in escaped JSON."""


class BrowsableAPIRenderer(renderers.BrowsableAPIRenderer):
    """The browsable API: a page with the help text and the response.

    The JSON is inserted into the rendered template. With the filter `urlize` of the template, a page of 100 detailed
    launches would take three seconds and more than 100 MB.
    """

    template = "rest/browsable.html"
    content = b""

    @override
    def get_context(self, data: Any, accepted_media_type: str | None, renderer_context: Any) -> dict[str, Any]:
        """Without the inline style of code samples, which the pages do not contain and the policy forbids."""
        return {**super().get_context(data, accepted_media_type, renderer_context), "code_style": ""}

    @override
    def get_content(self, renderer: Any, data: Any, accepted_media_type: str | None, renderer_context: Any) -> str:
        self.content = renderer.render(data, accepted_media_type, renderer_context | {"indent": 2})
        return CONTENT

    @override
    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:  # type: ignore[override]
        # A string would be encoded again, although most of it is JSON.
        page = super().render(data, accepted_media_type, renderer_context)
        head, _, tail = page.partition(CONTENT)
        return b"".join((head.encode(), _with_links(self.content), tail.encode()))


def _with_links(body: bytes) -> bytes:
    """Escaped text with links."""
    for character, entity in ((b"&", b"&amp;"), (b"<", b"&lt;"), (b">", b"&gt;"), (b'"', b"&quot;"), (b"'", b"&#x27;")):
        body = body.replace(character, entity)
    return URL.sub(rb'<a href="\g<0>" rel="nofollow">\g<0></a>', body)
