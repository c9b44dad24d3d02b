"""Views that can only be read."""

from collections.abc import Sequence


class ReadOnly:
    """The first base of a view that answers GET; HEAD and OPTIONS too, without `Allow` naming them, as upstream."""

    http_method_names: Sequence[str] = ("get", "head", "options")

    @property
    def allowed_methods(self) -> list[str]:
        return ["GET"]
