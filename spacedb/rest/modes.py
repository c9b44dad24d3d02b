"""How a request selects a mode, the level of detail of a list."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from rest_framework.request import Request

MODE_PARAM = "mode"


class ModeStyle(Protocol):
    """How the URLs of an API version select a mode."""

    def query(self, mode: str) -> dict[str, str]:
        """The query parameters that select the mode; empty for the default mode (`mode=""`)."""

    def suffix(self, mode: str) -> str:
        """The suffix of the list's path, such as `detailed/`; empty for the default mode (`mode=""`)."""

    def suffixes(self, modes: Iterable[str]) -> Mapping[str, str]:
        """The path suffixes that need routes, each with its mode."""

    def requested(self, request: Request, path_mode: str) -> str:
        """The mode that a request for a list selects, existing or not; empty if it selects none."""


class QueryParameterModes:
    """`/2.3.0/launches/?mode=detailed`: the style of all versions so far."""

    def query(self, mode: str) -> dict[str, str]:
        return {MODE_PARAM: mode} if mode else {}

    def suffix(self, mode: str) -> str:
        return ""

    def suffixes(self, modes: Iterable[str]) -> Mapping[str, str]:
        return {}

    def requested(self, request: Request, path_mode: str) -> str:
        return request.query_params.get(MODE_PARAM, "")


class PathSuffixModes:
    """`/2.4.0/launches/detailed/`: the style of the coming version 2.4.0."""

    def query(self, mode: str) -> dict[str, str]:
        return {}

    def suffix(self, mode: str) -> str:
        return f"{mode}/" if mode else ""

    def suffixes(self, modes: Iterable[str]) -> Mapping[str, str]:
        return {self.suffix(mode): mode for mode in modes}

    def requested(self, request: Request, path_mode: str) -> str:
        return path_mode
