"""The page of an error: what went wrong, and links that may help."""

from difflib import get_close_matches
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from spacedb.pages import navigation
from spacedb.pages.navigation import MenuLink
from spacedb.rest.versions import versions


def error_context(data: Any, view: Any, request: Request, response: Response) -> dict[str, Any]:
    """The context of the page of an error. `data` is its JSON: a message as `detail`, or messages by parameter."""
    messages, parameters = [], {}
    for key, value in data.items() if isinstance(data, dict) else [("detail", data)]:
        texts = [str(text) for text in (value if isinstance(value, list) else [value])]
        if key in ("detail", "non_field_errors"):
            messages += texts
        else:
            parameters[key] = (request.query_params.get(key, ""), texts)
    return {
        "title": response.status_text,
        "is_error": True,
        "error_messages": messages,
        "parameters": parameters,
        "helpful_links": helpful_links(view, request),
    }


def helpful_links(view: Any, request: Request) -> list[MenuLink]:
    """Pages that help after an error."""
    choices = []
    if path := navigation.list_path(view):
        choices.append(MenuLink(navigation.list_title(view), path))
    number, _, name = request.path.strip("/").partition("/")
    if number in versions():
        endpoints = versions()[number].endpoints
        if not path:
            first = name.partition("/")[0]
            near = get_close_matches(name, endpoints, n=3) or get_close_matches(first, endpoints, n=3)
            choices += [MenuLink(f"{number}/{match}", f"/{number}/{match}/") for match in near]
        choices.append(MenuLink(f"All endpoints of version {number}", f"/{number}/"))
    return choices
