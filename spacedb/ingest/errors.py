"""Why a document is refused."""

from typing import Self


class DocumentError(Exception):
    """A document cannot be read. `path` is the place in it, such as `results[3].launch.net`."""

    def __init__(self, reason: str, path: str = "") -> None:
        self.reason = reason
        self.path = path
        super().__init__(f"{path}: {reason}" if path else reason)

    def copy(self) -> Self:
        """The same error without a traceback, whose frames must not refer to it: they would never be freed."""
        return type(self)(self.reason, self.path)


class NotAResponseError(DocumentError):
    """The content is not a response of an endpoint that this server has."""
