"""Recognising a Launch Library answer: of which endpoint it is, in which form its objects are.

Three shapes are taken: a page (`count`, `next`, `previous`, `results`), a single object, and a bare list of
objects. Each may be wrapped as a capture, in an object that holds the `request` beside the `body`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from spacedb.ingest.errors import DocumentError
from spacedb.rest.versions import versions
from spacedb.rest.viewsets import ReadOnlyViewSet
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.describe import NestedListSpec, NestedSpec, Whole, describe
from spacedb.serializers.fields import ResponseModeField


@dataclass(frozen=True)
class ParsedObject:
    """One object of a document, with the form it is in and its place in the document."""

    raw: dict[str, Any]
    form: SerializerClass
    path: str


def objects(document: Any) -> Iterator[ParsedObject]:
    """The objects of a document.

    Raises `DocumentError` if it is none of Launch Library's answers.
    """
    path, request = "", None
    if isinstance(document, dict) and "body" in document and "request" in document:
        document, request, path = document["body"], document["request"], "body"
    if isinstance(document, dict) and "results" in document:
        request = request or document.get("next") or document.get("previous")
        document, path = document["results"], f"{path}.results".lstrip(".")
        if not isinstance(document, list):
            raise DocumentError("is not a list", path)
    if isinstance(document, dict):
        yield ParsedObject(document, _form(document, request, path), path)
    elif isinstance(document, list):
        for number, raw in enumerate(document):
            at = f"{path}[{number}]"
            if not isinstance(raw, dict):
                raise DocumentError("is not an object", at)
            yield ParsedObject(raw, _form(raw, request, at), at)
    else:
        raise DocumentError("not a Launch Library answer: neither a page, nor an object, nor a list of objects")


def _form(raw: dict[str, Any], request: Any, path: str) -> SerializerClass:
    """The form that this object is in: by its own `url` or the page's, else by its keys."""
    address = raw.get("url") or request
    if isinstance(address, str):
        view = _view(address, path)
        form = min(_forms(view), key=lambda form: _distance(form, raw))
    else:
        candidates = [form for view in _views() for form in _forms(view) if _keys(form) == raw.keys()]
        if len(set(candidates)) != 1:
            raise DocumentError("not a Launch Library answer: nothing tells which endpoint this is from", path)
        form = candidates[0]
    telling = _keys(form) - {"id", "url", "name"}
    if telling and not telling & raw.keys():
        raise DocumentError(f"not a Launch Library answer: it has none of the keys of a {form.__name__}", path)
    return form


def _distance(form: SerializerClass, raw: dict[str, Any]) -> tuple[int, int, bool, int]:
    """How badly an object fits a form: by the keys that the form does not know, those that the object lacks, its mode.

    Some modes differ in what they nest alone; versions without `response_mode` are told apart by that.
    """
    keys = _keys(form)
    modes = {part.key: part.field for part in describe(form) if isinstance(part, Whole)}
    says_another = any(
        raw.get(key, field.mode) != field.mode for key, field in modes.items() if isinstance(field, ResponseModeField)
    )
    nested = [
        (part.form, raw.get(part.key)) for part in describe(form) if isinstance(part, NestedSpec | NestedListSpec)
    ]
    return (
        len(raw.keys() - keys),
        len(keys - raw.keys()),
        says_another,
        sum(len(_keys(of) ^ one.keys()) for of, told in nested if isinstance(one := _first(told), dict)),
    )


def _first(told: Any) -> Any:
    return told[0] if isinstance(told, list) and told else told


@cache
def _keys(form: SerializerClass) -> frozenset[str]:
    return frozenset(part.key for part in describe(form))


def _forms(view: type[ReadOnlyViewSet]) -> list[SerializerClass]:
    return list(view.modes.values())


def _view(address: str, path: str) -> type[ReadOnlyViewSet]:
    for version in versions().values():
        _, view = version.endpoint(address) or ("", None)
        if view is not None and issubclass(view, ReadOnlyViewSet):
            return view
    raise DocumentError(f"not an answer of an endpoint that is known here: {address[:200]}", path)


def _views() -> Iterator[type[ReadOnlyViewSet]]:
    views = (view for version in versions().values() for view in version.endpoints.values())
    return iter(dict.fromkeys(view for view in views if issubclass(view, ReadOnlyViewSet)))
