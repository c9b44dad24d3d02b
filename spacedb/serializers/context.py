"""What a rendered representation depends on besides the objects themselves."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class RenderContext:
    """The request's part in the JSON of one response.

    `origin` is scheme and host without a trailing slash. `url_suffix` is `?format=…` if the request has that parameter,
    because Launch Library carries it into every nested URL. `rendered` holds each object that has been rendered, by
    serializer class and id, so that an object to which many others refer is rendered once.
    """

    origin: str = ""
    url_suffix: str = ""
    rendered: dict[tuple[type, Any], dict[str, Any] | None] = field(default_factory=dict)
