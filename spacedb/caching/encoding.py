"""Content codings: compressed bodies, for clients that say that they take them."""

import gzip
from collections.abc import Callable
from functools import lru_cache

import brotli

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
"""The best first. Levels at which a page of a hundred objects takes milliseconds."""

IDENTITY = "identity"


@lru_cache(maxsize=256)
def negotiate_encoding(accepted: str) -> str:
    """The coding for a client that sent this `Accept-Encoding` (RFC 9110, section 12.5.3).

    The one with the highest weight; of several, the first in `CODINGS`. A body as it is comes last, unless the client
    weighs it higher, and is sent as well where nothing that we have is accepted.
    """
    weights: dict[str, float] = {}
    for item in accepted.lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        if name and (weight := _weight(parameters)) is not None:
            weights["gzip" if name == "x-gzip" else name] = weight
    others = weights.get("*", 0)
    best = max(ENCODERS, key=lambda name: weights.get(name, others))
    weight = weights.get(best, others)
    return best if weight > 0 and weight >= weights.get(IDENTITY, 0) else IDENTITY


def _weight(parameters: list[str]) -> float | None:
    """None for a weight that is none: what has it is as if it was not there."""
    if not parameters:
        return 1
    name, _, value = parameters[0].partition("=")
    if name.strip() != "q" or len(parameters) > 1:
        return None
    digits = value.strip()
    if not digits.replace(".", "", 1).isdecimal() or not digits.isascii() or len(digits) > len("0.123"):
        return None
    return float(digits) if 0 <= float(digits) <= 1 else None


def encode(body: bytes, name: str) -> bytes:
    return ENCODERS[name](body) if name in ENCODERS else body
