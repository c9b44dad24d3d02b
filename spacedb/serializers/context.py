"""What rendering depends on besides the objects."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class RenderContext:
    """What the JSON of one answer depends on beside the objects themselves.

    `base` is scheme and host, without a slash at its end; `suffix` is `?format=…` where the request had
    one, for Launch Library carries it into every nested url. `dumped` keeps each object that was
    dumped, by form and id, so that an object shared by many is dumped once.
    """

    base: str = ""
    suffix: str = ""
    dumped: dict[tuple[type, Any], dict[str, Any]] = field(default_factory=dict)
