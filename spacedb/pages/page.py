"""The context of a page of the browsable API."""

from http import HTTPStatus
from typing import Any

import orjson
from rest_framework.request import Request
from rest_framework.response import Response

from spacedb.pages import navigation
from spacedb.pages.errors import error_context
from spacedb.pages.links import request_links
from spacedb.pages.results import Result
from spacedb.pages.root import root_context
from spacedb.rest.routers import VersionRootView


def page_context(
    data: Any, view: Any, request: Request, response: Response, renderer: Any, renderer_context: Any
) -> dict[str, Any]:
    """The context of the page of a response, except the help text and the filter form.

    `renderer` renders the result in the default format, which is JSON.
    """
    links = request_links(request)
    context = {
        "view": view,
        "request": request,
        "username": request.user.get_username(),
        "status_line": f"HTTP {response.status_code} {response.status_text}",
        **navigation.breadcrumbs(view, links),
    }
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        return context | error_context(orjson.loads(orjson.dumps(data, default=str)), view, request, response)
    context |= {
        "versions": navigation.version_choices(view, links),
        "formats": navigation.format_choices(view, links),
        "edit_url": navigation.edit_url(view, request),
    }
    if isinstance(view, VersionRootView) and request.method != "OPTIONS":
        return context | root_context(view.version, data)
    body = renderer.render(data, renderer.media_type, renderer_context)
    headers = dict(sorted(response.items())) | {"Content-Type": renderer.media_type}
    return context | Result(view, request, links, orjson.loads(body), headers).context()
