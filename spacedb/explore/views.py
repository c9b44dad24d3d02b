"""The views of the pages. They read the catalogue in a snapshot, and clients can revalidate their copies.

The pages are rendered for every request, as they may depend on its time. Their ETag is a digest of the content, so a
page that has changed is never taken for current. Like the documentation, they do not count towards rate limits.
"""

import datetime as dt
from hashlib import blake2b
from http import HTTPStatus
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View
from rest_framework.exceptions import ValidationError
from typing_extensions import override

from spacedb.caching.encoding import IDENTITY, encode, negotiate_encoding
from spacedb.explore.examples import LANGUAGES, examples
from spacedb.explore.in_space import in_space
from spacedb.explore.listings import counts, newest_version, resources
from spacedb.explore.places import world_map
from spacedb.explore.searching import LIMIT, search
from spacedb.explore.stations import station_page, stations
from spacedb.explore.timeline import timeline
from spacedb.rest.errors import database_unavailable
from spacedb.rest.versions import versions
from spacedb.revision.snapshot import retry_lost, snapshot


@method_decorator(csrf_exempt, name="dispatch")  # otherwise a POST request gets 403 instead of 405
class CataloguePage(View):
    """The base of the pages."""

    template_name: str

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            html, status = retry_lost(self._render)
        except (DatabaseError, InterfaceError) as error:
            return self._unavailable(error)
        encoding = negotiate_encoding(request.headers.get("Accept-Encoding", ""))
        body = encode(html.encode(), encoding)
        etag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
        response = HttpResponse(body, status=status, headers={"ETag": etag, "Cache-Control": "no-cache"})
        if encoding != IDENTITY:
            response["Content-Encoding"] = encoding
        patch_vary_headers(response, ["Accept-Encoding"])
        conditional = get_conditional_response(request, etag=etag, response=response)
        assert conditional is not None
        return conditional

    def context(self, now: dt.datetime) -> dict[str, Any]:
        """The context of the template. It is called in a snapshot."""
        raise NotImplementedError

    def status(self, context: dict[str, Any]) -> HTTPStatus:
        return HTTPStatus.OK

    def _render(self) -> tuple[str, HTTPStatus]:
        with snapshot():
            context = self.context(timezone.now())
            return render_to_string(self.template_name, context, self.request), self.status(context)

    def _unavailable(self, error: Exception) -> HttpResponse:
        """503 as a page, which needs no database."""
        unavailable = database_unavailable(error)
        if unavailable is None:
            raise error
        headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(unavailable.wait)} if unavailable.wait else {})
        html = render_to_string("explore/unavailable.html", {"detail": unavailable.detail}, self.request)
        return HttpResponse(html, status=unavailable.status_code, headers=headers)


class HomeView(CataloguePage):
    """`/`: the home page in a browser. Other clients get the URLs of the versions as JSON."""

    template_name = "explore/home.html"

    @override
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.get_preferred_type(["application/json", "text/html"]) == "text/html":
            response = super().get(request, **kwargs)
        else:
            roots = {number: request.build_absolute_uri(reverse(f"{number}-root")) for number in versions()}
            response = JsonResponse({**roots, "docs": request.build_absolute_uri(reverse("docs"))})
        patch_vary_headers(response, ["Accept"])
        return response

    @override
    def context(self, now: dt.datetime) -> dict[str, Any]:
        number_of = counts()
        pages = ("root", "swagger", "redoc", "schema")
        return {
            "in_space": in_space(now),
            "resources": [(resource, number_of[resource.endpoint]) for resource in resources()],
            "is_empty": not any(number_of.values()),
            "version_pages": {number: {page: reverse(f"{number}-{page}") for page in pages} for number in versions()},
            "newest": newest_version().number,
            "languages": LANGUAGES,
            "examples": examples(self.request.build_absolute_uri("/").rstrip("/")),
        }


class SearchView(CataloguePage):
    """`/search/?q=`: objects of several kinds that contain all words of the query."""

    template_name = "explore/search.html"

    @override
    def context(self, now: dt.datetime) -> dict[str, Any]:
        query = self.request.GET.get("q", "").strip()
        context = {"query": query, "limit": LIMIT}
        try:
            return {**context, "kinds": list(search(query)) if query else []}
        except ValidationError as error:
            details: Any = error.detail  # messages by parameter
            return {**context, "errors": [message for messages in details.values() for message in messages]}

    @override
    def status(self, context: dict[str, Any]) -> HTTPStatus:
        return HTTPStatus.BAD_REQUEST if "errors" in context else HTTPStatus.OK


class ExploreView(CataloguePage):
    """`/explore/`: the stations, the timeline of flights, and the map of pads and landing locations."""

    template_name = "explore/explore.html"

    @override
    def context(self, now: dt.datetime) -> dict[str, Any]:
        return {"stations": stations(), "timeline": timeline(), "map": world_map(), "newest": newest_version().number}


class StationView(CataloguePage):
    """`/explore/stations/{id}/`: the page of a space station."""

    template_name = "explore/station.html"

    @override
    def context(self, now: dt.datetime) -> dict[str, Any]:
        return {"station": station_page(self.kwargs["pk"], now), "today": now.date()}
