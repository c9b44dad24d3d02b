"""Content negotiation: errors name the formats and the media types that an endpoint has."""

from collections.abc import Iterable
from typing import Any

from rest_framework.exceptions import NotAcceptable, NotFound
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from typing_extensions import override

MAX_LENGTH = 50
"""Characters of a requested format in an error message."""


class ContentNegotiation(DefaultContentNegotiation):
    """REST framework's negotiation by `format` and `Accept`, with helpful messages."""

    @override
    def select_renderer(
        self, request: Any, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        try:
            selected: tuple[BaseRenderer, str] = super().select_renderer(request, renderers, format_suffix)
        except NotAcceptable as error:
            types = dict.fromkeys(str(renderer.media_type) for renderer in error.available_renderers or ())
            message = f"{error.detail} Available: {', '.join(types)}."
            raise NotAcceptable(message, available_renderers=error.available_renderers) from error
        return selected

    @override
    def filter_renderers(self, renderers: Iterable[BaseRenderer], format: str) -> list[BaseRenderer]:
        renderers = list(renderers)
        if selected := [renderer for renderer in renderers if renderer.format == format]:
            return selected
        formats = dict.fromkeys(str(renderer.format) for renderer in renderers)
        shown = format if len(format) <= MAX_LENGTH else f"{format[:MAX_LENGTH]}…"
        raise NotFound(f'"{shown}" is not a format of this endpoint. Accepted: {", ".join(formats)}.')
