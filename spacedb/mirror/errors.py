"""Why a mirror comes to an end, or waits."""

LONGEST_WAIT_ASKED = 26 * 60 * 60.0
"""Seconds. A source that asks for more than a day does not want to be asked."""


class MirrorError(Exception):
    """The mirror cannot go on. What the server held before, it holds still; pages that have arrived are kept."""


class Transient(Exception):
    """What may be otherwise in a while: the source is busy, slow, out of reach, or cut its answer short.

    `retry_after` is what the source asked for, in seconds; `busy` says that it refused for too many requests.
    """

    def __init__(self, reason: str, *, retry_after: float | None = None, busy: bool = False) -> None:
        self.retry_after = retry_after
        self.busy = busy
        super().__init__(reason)
