"""Pauses Python's garbage collector."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_garbage_collector() -> Iterator[None]:
    """Do not look for cycles, of which parsed documents have none: their many objects would be traversed repeatedly.

    Code that runs for long has to call `gc.collect(1)` now and then, which traverses new objects only.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
