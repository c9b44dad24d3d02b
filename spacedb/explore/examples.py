"""Example requests for each resource, in several programming languages."""

from typing import NamedTuple

from spacedb.explore.listings import resources

LANGUAGES = {"curl": "curl", "python": "Python", "javascript": "JavaScript", "swift": "Swift"}
"""The titles of the languages, by the name of their template."""


class Example(NamedTuple):
    """A request that works with any data."""

    title: str
    url: str


def examples(origin: str) -> list[Example]:
    """A request for each resource to the server at `origin`: five objects, in the order that the help text has."""
    return [
        Example(
            resource.title,
            f"{origin}{resource.url}?limit=5"
            + (f"&ordering={resource.view.ordering_example}" if resource.view.ordering_example else ""),
        )
        for resource in resources()
    ]
