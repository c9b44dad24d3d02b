"""What a rendered representation depends on besides the objects themselves."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from orjson import Fragment


@dataclass
class RenderContext:
    """The request's part in the JSON of one response.

    `origin` is scheme and host without a trailing slash. `url_suffix` is `?format=…` if the request has that parameter,
    because Launch Library carries it into every nested URL. `rendered` holds each object that has been rendered, by
    serializer class and id, so that an object to which many others refer is rendered once. `fragments` holds the cached
    JSON of objects, also by serializer class and id. It takes precedence over `rendered`: these objects are not loaded.
    """

    origin: str = ""
    url_suffix: str = ""
    rendered: dict[type, dict[Any, dict[str, Any] | None]] = field(default_factory=lambda: defaultdict(dict))
    fragments: dict[type, dict[Any, Fragment]] = field(default_factory=dict)
