"""API versions: what each of them consists of, and the registry of those that this server serves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string
from rest_framework.viewsets import ViewSetMixin

from spacedb.rest.help_text import HelpTextStyle, sectioned_help_text
from spacedb.rest.modes import ModeStyle, QueryParameterModes


@dataclass(frozen=True)
class Version:
    """One version of the API, declared in the `__init__.py` of its package in `spacedb/api`."""

    number: str
    """As in its URLs: `2.3.0`."""
    endpoints: Mapping[str, type[ViewSetMixin]]
    """The viewset of each endpoint, by its path below the version: `launches/upcoming`."""
    base: "Version | None" = None
    """The next version, which this one is declared as a difference from; None for the newest."""
    modes: ModeStyle = field(default_factory=QueryParameterModes)
    help_text: HelpTextStyle = sectioned_help_text

    def endpoint(self, url: str) -> tuple[str, type[ViewSetMixin]] | None:
        """The endpoint that a URL or path is a list or a detail of, with its name; None if there is none."""
        try:
            path = urlsplit(url).path.strip("/").removeprefix("api/")
        except ValueError:
            return None
        number, _, rest = path.partition("/")
        names = (rest, rest.rpartition("/")[0]) if number == self.number else ()
        return next(((name, self.endpoints[name]) for name in names if name in self.endpoints), None)


@cache
def versions() -> Mapping[str, Version]:
    """The versions in `settings.API_VERSIONS` by number, the newest first."""
    found = [import_string(f"{package}.VERSION") for package in settings.API_VERSIONS]
    return {version.number: version for version in found}
