"""The navigation of the pages of the API: adjacent pages, modes, formats, other versions, the admin."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.urls import NoReverseMatch, reverse
from rest_framework.request import Request

from spacedb.pages.links import DEFAULT_VIEW, VIEW_PARAM, VIEWS, Links
from spacedb.rest.detail_urls import has_detail
from spacedb.rest.pagination import Pagination
from spacedb.rest.routers import VersionRootView
from spacedb.rest.timeline import PreviousViewSet, UpcomingViewSet
from spacedb.rest.versions import Version, versions
from spacedb.rest.viewsets import ReadOnlyViewSet, ResourceViewSet, SingleObjectViewSet

PAGE_SIZES = (10, 25, 50, 100)

NO_VERSION = Version("", {})

FORMAT_NAMES = {"json": "JSON", "csv": "CSV", "ics": "iCalendar", "geojson": "GeoJSON"}


@dataclass(frozen=True)
class MenuLink:
    """A link of a menu."""

    label: str
    url: str
    is_current: bool = False


@dataclass(frozen=True)
class PageControls:
    """The links between the pages of a list. A URL is empty if there is no such page."""

    first: int
    last: int
    total: int
    first_url: str
    previous_url: str
    next_url: str
    last_url: str
    sizes: list[MenuLink]


def page_controls(paginator: Pagination, shown: int, links: Links) -> PageControls:
    """The controls of a page with `shown` objects."""
    limit, offset, total = paginator.limit, paginator.offset, paginator.count
    last_offset = max(0, (total - 1) // limit * limit)

    def url(position: int) -> str:
        return links.here(offset=position or None)

    return PageControls(
        first=offset + 1 if shown else 0,
        last=offset + shown if shown else 0,
        total=total,
        first_url=url(0) if offset > 0 else "",
        previous_url=url(max(0, min(offset - limit, last_offset))) if offset > 0 else "",
        next_url=url(offset + limit) if offset + limit < total else "",
        last_url=url(last_offset) if offset < last_offset else "",
        sizes=[MenuLink(str(size), links.here(limit=size, offset=None), size == limit) for size in PAGE_SIZES],
    )


def view_choices(links: Links, is_list: bool) -> list[MenuLink]:
    """The views of the result."""
    labels = {"table": "Table" if is_list else "Page", "json": "JSON", "raw": "Raw"}
    return [
        MenuLink(
            labels[view],
            links.here(**{VIEW_PARAM: None if view == DEFAULT_VIEW else view}),
            view == links.selection.view,
        )
        for view in VIEWS
    ]


def mode_choices(view: Any, request: Request, links: Links) -> list[MenuLink]:
    """The modes of a list; empty if it has only one."""
    if getattr(view, "detail", True) or len(getattr(view, "modes", ())) < 2:
        return []
    style = view.version.mode_style
    requested = style.requested(request, view.path_mode)
    current = requested if requested in view.modes else view.default_mode
    path = request.path.removesuffix(style.suffix(view.path_mode))
    choices = []
    for mode in view.modes:
        selected = "" if mode == view.default_mode else mode
        query = dict.fromkeys(style.query(mode)) | style.query(selected)
        url = Links(links.origin, f"{path}{style.suffix(selected)}", links.query, links.selection).here(**query)
        choices.append(MenuLink(mode.capitalize(), url, mode == current))
    return choices


def format_choices(view: Any, links: Links) -> list[MenuLink]:
    """The formats of the result, without pages."""
    formats = dict.fromkeys(renderer.format for renderer in view.renderer_classes if renderer.media_type != "text/html")
    return [
        MenuLink(FORMAT_NAMES.get(name, name), links.here(format=name, **{VIEW_PARAM: None}))
        for name in formats
        if name
    ]


def list_path(view: Any) -> str:
    """The path of the list of an endpoint; empty for other views."""
    basename = getattr(view, "basename", None)
    return reverse(f"{basename}-list") if basename else ""


def list_title(view: Any) -> str:
    """The title of a list, such as `Upcoming launches`."""
    queryset = getattr(view, "queryset", None)
    if queryset is None or isinstance(view, SingleObjectViewSet):
        return str(view.get_view_name())
    text = lower(str(queryset.model._meta.verbose_name_plural))
    kind = {UpcomingViewSet: "upcoming", PreviousViewSet: "previous"}
    words = [word for viewset, word in kind.items() if isinstance(view, viewset)]
    text = " ".join([*words, text])
    return text[:1].upper() + text[1:]


def lower(name: str) -> str:
    """The name of a model in lower case, except for abbreviations."""
    return " ".join(word.lower() if word[1:].islower() else word for word in name.split())


def breadcrumbs(view: Any, links: Links) -> dict[str, Any]:
    """The pages above a page, and those that document it."""
    number = getattr(view, "version", NO_VERSION).number
    if not number:
        return {"breadcrumbs": [], "documents": []}
    root = f"{number}-root"
    above = [MenuLink(number, reverse(root))] if not isinstance(view, VersionRootView) else []
    if getattr(view, "detail", False):
        above.append(MenuLink(list_title(view), links.with_view(list_path(view))))
    pages = {"Swagger UI": f"{number}-swagger", "ReDoc": f"{number}-redoc"} if number in versions() else {}
    documents = [
        MenuLink("Documentation", reverse("docs")),
        *(MenuLink(name, reverse(page)) for name, page in pages.items()),
    ]
    return {"breadcrumbs": above, "documents": documents}


def _identity(view: Any) -> Any:
    """What the endpoints of one resource have in common in all versions."""
    if not issubclass(view, ResourceViewSet):
        return view.__name__
    kinds = (UpcomingViewSet, PreviousViewSet, SingleObjectViewSet)
    return (view.queryset.model, *(issubclass(view, kind) for kind in kinds))


@cache
def _endpoints_by_identity(number: str) -> dict[Any, str]:
    return {_identity(view): name for name, view in versions()[number].endpoints.items()}


def version_choices(view: Any, links: Links) -> list[MenuLink]:
    """The same resource in every version that has it; a detail only where the object exists."""
    number = view.version.number
    if number not in versions():
        return []
    if isinstance(view, VersionRootView):
        return [MenuLink(other, reverse(f"{other}-root"), other == number) for other in versions()]
    choices = []
    pk = view.kwargs.get("pk") if getattr(view, "detail", False) else None
    for other in versions():
        name = _endpoints_by_identity(other).get(_identity(type(view)))
        if name is None:
            continue
        if pk is None:
            choices.append(MenuLink(other, links.with_view(reverse(f"{other}-{name}-list")), other == number))
        elif other == number or has_detail(versions()[other], name, pk):
            url = links.with_view(reverse(f"{other}-{name}-detail", args=[pk]))
            choices.append(MenuLink(other, url, other == number))
    return choices


def edit_url(view: Any, request: Request) -> str:
    """The form of the admin for the object of a detail; empty if the user may not change it, or is not logged in."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(view, ReadOnlyViewSet) or not view.detail:
        return ""
    options = view.queryset.model._meta
    user = get_user(request._request)  # that of the session: `request.user` is that of a token
    if not (user.is_staff and user.has_perm(f"{options.app_label}.change_{options.model_name}")):
        return ""
    try:
        return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[view.find_ids()[0]])
    except NoReverseMatch:  # a model without an admin
        return ""
