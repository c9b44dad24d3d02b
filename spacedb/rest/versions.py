"""API versions, and the registry of the versions that this server provides."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string
from rest_framework.viewsets import ViewSetMixin

from spacedb.caching.paths import FORMAT_SUFFIX
from spacedb.rest.help_text import HelpTextStyle, sectioned_help_text
from spacedb.rest.modes import ModeStyle, QueryParameterModes


@dataclass(frozen=True)
class Version:
    """One version of the API, declared in the `__init__.py` of its package in `spacedb/api`."""

    number: str
    """The number in its URLs: `2.3.0`."""
    endpoints: Mapping[str, type[ViewSetMixin]]
    """The viewset of each endpoint, by its name: the path after the version number, such as `launches/upcoming`."""
    base: "Version | None" = None
    """The next version, from which this one is derived; None for the newest version."""
    mode_style: ModeStyle = field(default_factory=QueryParameterModes)
    """How URLs select a mode."""
    help_text: HelpTextStyle = sectioned_help_text
    """How help texts are written."""
    documents_all_nulls: bool = True
    """Whether the OpenAPI document marks every value that can be null; otherwise only those that serializers declare.
    False for a version whose official document is available: ours has the same nulls."""

    def endpoint(self, url: str) -> tuple[str, type[ViewSetMixin]] | None:
        """The name and the viewset of the endpoint whose list or detail has this URL or path; None if none has.

        Anything may precede the version number: Launch Library has also published its URLs with `/api/`, and other
        hosts provide it under `/api/ll/`.
        """
        segments = url_segments(url)
        start = segments.index(self.number) + 1 if self.number in segments else len(segments)
        names = ("/".join(segments[start:]), "/".join(segments[start:-1]))
        return next(((name, self.endpoints[name]) for name in names if name in self.endpoints), None)


def url_segments(url: str) -> list[str]:
    """The segments of the path of a URL, without a format suffix of the last one: `launch/upcoming.json`."""
    try:
        segments = [segment for segment in urlsplit(url).path.split("/") if segment]
    except ValueError:
        return []
    return [*segments[:-1], *(re.sub(f"{FORMAT_SUFFIX}$", "", segment) for segment in segments[-1:])]


@cache
def versions() -> Mapping[str, Version]:
    """The versions in `settings.API_VERSIONS` by number, the newest first."""
    imported = [import_string(f"{package}.VERSION") for package in settings.API_VERSIONS]
    return {version.number: version for version in imported}
