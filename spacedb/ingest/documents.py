"""Recognizes Launch Library responses: which endpoint a document is from, and which serializer represents its objects.

Four shapes are accepted: a page (`count`, `next`, `previous`, `results`), a single object, a list of objects, and a
list of pages. Each may be wrapped as a capture, an object with the `request` and the `body`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from spacedb.ingest.errors import DocumentError, NotAResponseError
from spacedb.ingest.messages import shorten
from spacedb.rest.versions import versions
from spacedb.rest.viewsets import ResourceViewSet, endpoint_serializers
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.describe import FieldSpec, InlineSpec, NestedListSpec, NestedSpec, Spec, describe
from spacedb.serializers.fields import ResponseModeField

MAX_DEPTH = 100
"""Maximum nesting depth of an object. The deepest responses of Launch Library have about twelve levels."""

CONTAINERS = frozenset({dict, list})
"""The types of JSON values that contain others."""

REQUEST_KEYS = ("request", "url")
"""The keys of a capture that may contain the URL of its request."""

PAGE_URL_KEYS = ("next", "previous")

MAX_BATCH = 500
"""The number of single objects that are read together."""


@dataclass(frozen=True)
class ParsedObject:
    """One object of a document, with the serializer that represents it and its path in the document."""

    raw: dict[str, Any]
    serializer: SerializerClass
    path: str


def batches(documents: Iterable[tuple[str, object]]) -> Iterator[list[ParsedObject | DocumentError]]:
    """The objects of documents that are given with their paths, in batches that are read together.

    Each page, list and capture is a batch: pages of different times may contain different values of the same object.
    Up to `MAX_BATCH` single objects, as in JSON Lines, are one batch until one of them occurs again. So are captures of
    single objects with the same request: they are the items of one list. A response that cannot be recognized is an
    error in a batch, like an item of a list.
    """
    batch, ids, batch_urls = list[ParsedObject | DocumentError](), set[str](), list[str]()
    for document_path, document in documents:
        for path, response in _responses(document, document_path):
            try:
                parsed_objects = list(objects(response, path))
            except DocumentError as error:
                batch.append(error)
                continue
            single, urls = _single_object(response)
            pk = None if single is None else str(single.get("id"))
            if batch and (pk is None or pk in ids or urls != batch_urls or len(batch) >= MAX_BATCH):
                yield batch
                batch, ids = [], set()
            if pk is None:
                yield parsed_objects
            else:
                batch += parsed_objects
                ids.add(pk)
                batch_urls = urls
    if batch:
        yield batch


def _single_object(response: object) -> tuple[dict[str, Any] | None, list[str]]:
    """The object of a response with a single object, and the URLs of its capture, if it is one. None for others."""
    urls: list[str] = []
    if isinstance(response, dict) and _is_capture(response):
        urls = _texts(response, REQUEST_KEYS)
        response = response["body"] if urls else None
    return (response if isinstance(response, dict) and not _is_page(response) else None), urls


def _responses(document: object, path: str) -> list[tuple[str, object]]:
    """The responses in a document, each with its path: the items of a list that is no response, else the document.

    Such a list contains pages, captures, or the same object twice: a response never does.
    """
    if isinstance(document, list):
        ids = [str(item.get("id")) for item in document if isinstance(item, dict)]
        if len(set(ids)) < len(ids) or any(_is_page(item) or _is_capture(item) for item in document):
            return [(f"{path}[{number}]", item) for number, item in enumerate(document)]
    return [(path, document)]


def objects(response: Any, path: str = "") -> Iterator[ParsedObject | DocumentError]:
    """The objects of a response. Raises `DocumentError` if it is no Launch Library response.

    An item of a list that cannot be recognized is yielded as an error.
    """
    urls: list[str] = []
    if _is_capture(response):
        urls += _texts(response, REQUEST_KEYS)
        response, path = response["body"], f"{path}.body".lstrip(".")
    if _is_page(response):
        urls += _texts(response, PAGE_URL_KEYS)
        response, path = response["results"], f"{path}.results".lstrip(".")
        if not isinstance(response, list):
            raise NotAResponseError(f"Expected a list, got {shorten(response)}.", path)
    if isinstance(response, list):
        for number, raw in enumerate(response):
            yield _item(raw, urls, f"{path}[{number}]")
    elif reason := _describe_other(response):
        raise NotAResponseError(f"Not a Launch Library response: {reason}", path)
    else:
        yield _parse_object(response, urls, path)


def _item(raw: object, urls: list[str], path: str) -> ParsedObject | DocumentError:
    if not isinstance(raw, dict):
        return NotAResponseError(f"Expected an object, got {shorten(raw)}.", path)
    try:
        return _parse_object(raw, urls, path)
    except DocumentError as error:
        return error


def _parse_object(raw: dict[str, Any], urls: list[str], path: str) -> ParsedObject:
    _check_depth(raw, path)
    return ParsedObject(raw, _serializer(raw, urls, path), path)


def _texts(document: dict[str, Any], keys: Iterable[str]) -> list[str]:
    return [text for key in keys if isinstance(text := document.get(key), str)]


def _is_page(document: object) -> bool:
    return isinstance(document, dict) and "results" in document


def _is_capture(document: object) -> bool:
    """Whether the document is a wrapped response. An object with an `id` is a response itself."""
    return isinstance(document, dict) and isinstance(document.get("body"), dict | list) and "id" not in document


def _check_depth(raw: dict[str, Any], path: str) -> None:
    level, depth = list[Any]([raw]), 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise NotAResponseError(f"The object is nested more than {MAX_DEPTH} levels deep.", path)
        level = [
            child
            for container in level
            for child in (container.values() if type(container) is dict else container)
            if type(child) in CONTAINERS
        ]


def _describe_other(document: object) -> str:
    """What a document looks like that is no object of an endpoint, and what to do; empty if it may be one."""
    match document:
        case {"id": _} | {"url": _}:
            return ""
        case {"detail": str(detail)}:
            return f"it looks like an error response ({shorten(detail)}). Save the response to a successful request."
        case {"log": {"entries": _}}:
            return "it looks like an HTTP archive (HAR). Save the response itself, from the network tab of the browser."
        case {"openapi": _} | {"swagger": _}:
            return "it looks like an OpenAPI document. Save the response of an endpoint."
        case dict() if document and all(isinstance(url, str) and _is_url(url) for url in document.values()):
            return "it looks like the list of endpoints at the root of an API. Save the response of one of them."
        case dict() if document and all(_is_list_of_texts(reasons) for reasons in document.values()):
            return f"it looks like an error response ({shorten(document)}). Save the response to a successful request."
        case dict() if document:
            return ""
        case _:
            return f"expected a page, an object or a list of objects, got {shorten(document)}."


def _is_url(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


# --- Serializers ------------------------------------------------------------------------------------------------------


def _serializer(raw: dict[str, Any], urls: list[str], path: str) -> SerializerClass:
    """The serializer that represents this object: by the URLs of the response, else by its own `url`, else by its keys.

    The response takes precedence, because pages of 2.0.0 have contained the URLs of 2.2.0.
    """
    urls = [*urls, *_texts(raw, ["url"])]
    viewset = next(filter(None, map(_viewset, urls)), None)
    if viewset is not None:
        serializer = min(viewset.modes.values(), key=lambda candidate: _distance(candidate, raw))
        _check_keys(raw, serializer, path)
        return serializer
    candidates = {
        serializer
        for serializer in endpoint_serializers()
        if _keys(serializer) == raw.keys() and not _is_other_mode(serializer, raw)
    }
    if len(candidates) == 1 and not isinstance(raw.get("url"), str):
        return candidates.pop()
    if urls:
        raise NotAResponseError(f"Not a response of an endpoint that this server has: {shorten(urls[-1])}.", path)
    reason = f"neither URL nor keys identify the endpoint of an object with the keys {', '.join(sorted(raw))[:200]}."
    raise NotAResponseError(f"Not a Launch Library response: {reason}", path)


def _check_keys(raw: dict[str, Any], serializer: SerializerClass, path: str) -> None:
    """Refuse an object that contains nothing, and one with the URL of an endpoint but the keys of another."""
    existing = _keys(serializer) & raw.keys()
    if not existing - {"id", "url"}:
        reason = f"besides id and url, the object has none of the keys of {serializer.__name__}."
        raise NotAResponseError(f"Not a Launch Library response: {reason}", path)
    if len(raw) < 2 * len(existing):
        return  # most of its keys exist, so that no other serializer can have twice as many of them
    other = max(endpoint_serializers(), key=lambda candidate: len(_keys(candidate) & raw.keys()))
    if len(_keys(other) & raw.keys()) >= 2 * len(existing):
        reason = f"the URL is that of {serializer.__name__}, but the keys are those of {other.__name__}."
        raise NotAResponseError(f"Not a Launch Library response: {reason}", path)


def _distance(serializer: SerializerClass, raw: dict[str, Any]) -> tuple[int, bool, int, int]:
    """How badly a serializer fits an object: unknown keys, another mode, missing keys, differences in nested keys.

    A key counts as unknown if its value is an object and the serializer has a single value there, or the other way
    round. The last number distinguishes modes that differ only in their nested objects, in versions without
    `response_mode`.
    """
    keys, specs = _keys(serializer), describe(serializer)
    nested_differences = sum(
        len(_keys(spec.serializer) ^ nested.keys())
        for spec in specs
        if isinstance(spec, NestedSpec | NestedListSpec) and isinstance(nested := _first(raw.get(spec.key)), dict)
    )
    misfits = sum(_is_misfit(spec, value) for spec in specs if (value := raw.get(spec.key)) is not None)
    unknown, missing = len(raw.keys() - keys) + misfits, len(keys - raw.keys())
    return unknown, _is_other_mode(serializer, raw), missing, nested_differences


def _is_other_mode(serializer: SerializerClass, raw: dict[str, Any]) -> bool:
    """Whether the object has the `response_mode` of another mode."""
    return any(
        isinstance(spec, FieldSpec)
        and isinstance(spec.field, ResponseModeField)
        and raw.get(spec.key) not in (None, spec.field.mode)
        for spec in describe(serializer)
    )


def _is_misfit(spec: Spec | InlineSpec, value: object) -> bool:
    """Whether the serializer expects an object or a list where the value is none, or the other way round."""
    match spec:
        case NestedSpec() | InlineSpec():
            return not isinstance(value, dict)
        case NestedListSpec(reduction=None):
            return not isinstance(value, list)
        case NestedListSpec():
            return False
        case _:
            return isinstance(value, dict | list)


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value


@cache
def _keys(serializer: SerializerClass) -> frozenset[str]:
    return frozenset(spec.key for spec in describe(serializer))


@lru_cache
def _viewset(url: str) -> type[ResourceViewSet] | None:
    """The viewset of the endpoint with this URL; None if this server has none."""
    for version in versions().values():
        _, viewset = version.endpoint(url) or ("", None)
        if viewset is not None and issubclass(viewset, ResourceViewSet):
            return viewset
    return None
