"""Content encodings: compresses response bodies for clients that accept it."""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import brotli

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
"""By preference. At these levels a page of a hundred objects takes some milliseconds."""

IDENTITY = "identity"

ALIASES = {"x-gzip": "gzip"}


@lru_cache(maxsize=256)
def negotiate_encoding(accept_encoding: str) -> str:
    """The content encoding for an `Accept-Encoding` header (RFC 9110, section 12.5.3).

    The encoding with the highest weight wins, among equals the first in `ENCODERS`. `identity` is chosen if the client
    gives it a higher weight, or accepts nothing else.
    """
    weights: dict[str, float] = {}
    for item in accept_encoding.lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        if name and (weight := _weight(parameters)) is not None:
            weights[ALIASES.get(name, name)] = weight
    wildcard = weights.get("*", 0)
    best = max(ENCODERS, key=lambda name: weights.get(name, wildcard))
    weight = weights.get(best, wildcard)
    return best if weight > 0 and weight >= weights.get(IDENTITY, 0) else IDENTITY


def _weight(parameters: list[str]) -> float | None:
    """The weight of an encoding; None for an invalid one, with which the encoding is ignored."""
    if not parameters:
        return 1
    name, _, value = parameters[0].partition("=")
    if name.strip() != "q" or len(parameters) > 1:
        return None
    digits = value.strip()
    if not digits.replace(".", "", 1).isdecimal() or not digits.isascii() or len(digits) > len("0.123"):
        return None
    return float(digits) if 0 <= float(digits) <= 1 else None


def encode(body: bytes, encoding: str) -> bytes:
    return ENCODERS[encoding](body) if encoding in ENCODERS else body


def encode_pieces(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Encode a body piece by piece."""
    match encoding:
        case "br":
            compressor = brotli.Compressor(quality=5)
            yield from map(compressor.process, pieces)
            yield compressor.finish()
        case "gzip":
            gzipper = zlib.compressobj(level=6, wbits=16 + zlib.MAX_WBITS)
            yield from map(gzipper.compress, pieces)
            yield gzipper.flush()
        case _:
            yield from pieces
