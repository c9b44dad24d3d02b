"""Why a document is refused."""


class DocumentError(Exception):
    """A document does not fit. `path` says where in it: `results[3].launch.net`."""

    def __init__(self, reason: str, path: str = "") -> None:
        self.reason = reason
        self.path = path
        super().__init__(f"{path}: {reason}" if path else reason)
