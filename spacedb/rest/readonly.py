"""The base of read-only views."""

from collections.abc import Sequence

from spacedb.rest.versions import Version


class ReadOnly:
    """Base of views that allow GET, HEAD and OPTIONS. As in Launch Library, the `Allow` header names only GET."""

    http_method_names: Sequence[str] = ("get", "head", "options")

    version = Version("", {})
    """The API version that the view belongs to; its router sets it."""

    @property
    def allowed_methods(self) -> list[str]:
        return ["GET"]
