"""Recognizes Launch Library responses: which endpoint a document is from, and which serializer represents its objects.

Three shapes are accepted: a page (`count`, `next`, `previous`, `results`), a single object, and a list of objects. Each
may be wrapped as a capture, an object with the `request` and the `body`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from spacedb.ingest.errors import DocumentError
from spacedb.rest.versions import versions
from spacedb.rest.viewsets import ReadOnlyViewSet
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.describe import FieldSpec, InlineSpec, NestedListSpec, NestedSpec, Spec, describe
from spacedb.serializers.fields import ResponseModeField


@dataclass(frozen=True)
class ParsedObject:
    """One object of a document, with the serializer that represents it and its path in the document."""

    raw: dict[str, Any]
    serializer: SerializerClass
    path: str


def objects(document: Any) -> Iterator[ParsedObject | DocumentError]:
    """The objects of a document. Raises `DocumentError` if it is no Launch Library response.

    An item of a list that cannot be recognized is yielded as an error.
    """
    path, request = "", None
    if isinstance(document, dict) and "body" in document and "request" in document:
        document, request, path = document["body"], document["request"], "body"
    if isinstance(document, dict) and "results" in document:
        request = request or document.get("next") or document.get("previous")
        document, path = document["results"], f"{path}.results".lstrip(".")
        if not isinstance(document, list):
            raise DocumentError("Expected a list.", path)
    if isinstance(document, dict):
        yield ParsedObject(document, _serializer(document, request, path), path)
    elif isinstance(document, list):
        for number, raw in enumerate(document):
            yield _item(raw, request, f"{path}[{number}]")
    else:
        raise DocumentError("Not a Launch Library response: expected a page, an object or a list of objects.")


def _item(raw: Any, request: Any, path: str) -> ParsedObject | DocumentError:
    if not isinstance(raw, dict):
        return DocumentError("Expected an object.", path)
    try:
        return ParsedObject(raw, _serializer(raw, request, path), path)
    except DocumentError as error:
        return error


def _serializer(raw: dict[str, Any], request: Any, path: str) -> SerializerClass:
    """The serializer that represents this object: by its own `url` or that of the request, else by its keys."""
    url = raw.get("url") or request
    if isinstance(url, str):
        serializer = min(_viewset(url, path).modes.values(), key=lambda candidate: _distance(candidate, raw))
    else:
        candidates = {
            candidate
            for viewset in _viewsets()
            for candidate in viewset.modes.values()
            if _keys(candidate) == raw.keys()
        }
        if len(candidates) != 1:
            raise DocumentError("Not a Launch Library response: neither URL nor keys identify the endpoint.", path)
        [serializer] = candidates
    characteristic_keys = _keys(serializer) - {"id", "url", "name"}
    if characteristic_keys and not characteristic_keys & raw.keys():
        raise DocumentError(
            f"Not a Launch Library response: the object has none of the keys of {serializer.__name__}.", path
        )
    return serializer


def _distance(serializer: SerializerClass, raw: dict[str, Any]) -> tuple[int, bool, int, int]:
    """How badly a serializer fits an object: unknown keys, another mode, missing keys, differences in nested keys.

    A key counts as unknown if its value is an object and the serializer has a single value there, or the other way
    round. The last number distinguishes modes that differ only in their nested objects, in versions without
    `response_mode`.
    """
    keys, specs = _keys(serializer), describe(serializer)
    is_other_mode = any(
        isinstance(spec, FieldSpec)
        and isinstance(spec.field, ResponseModeField)
        and raw.get(spec.key, spec.field.mode) != spec.field.mode
        for spec in specs
    )
    nested_differences = sum(
        len(_keys(spec.serializer) ^ nested.keys())
        for spec in specs
        if isinstance(spec, NestedSpec | NestedListSpec) and isinstance(nested := _first(raw.get(spec.key)), dict)
    )
    misfits = sum(_is_misfit(spec, value) for spec in specs if (value := raw.get(spec.key)) is not None)
    return len(raw.keys() - keys) + misfits, is_other_mode, len(keys - raw.keys()), nested_differences


def _is_misfit(spec: Spec | InlineSpec, value: Any) -> bool:
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


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


@cache
def _keys(serializer: SerializerClass) -> frozenset[str]:
    return frozenset(spec.key for spec in describe(serializer))


def _viewset(url: str, path: str) -> type[ReadOnlyViewSet]:
    for version in versions().values():
        _, viewset = version.endpoint(url) or ("", None)
        if viewset is not None and issubclass(viewset, ReadOnlyViewSet):
            return viewset
    raise DocumentError(f"Not a response of an endpoint that this server has: {url[:200]}", path)


def _viewsets() -> Iterator[type[ReadOnlyViewSet]]:
    for version in versions().values():
        for viewset in version.endpoints.values():
            if issubclass(viewset, ReadOnlyViewSet):
                yield viewset
