"""Pause Python's garbage collector.

It would traverse the many parsed objects again and again, although they contain no cycles.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_garbage_collector() -> Iterator[None]:
    """Pause it in this context.

    The code must not leave cycles, such as an error to which one of its own frames refers.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
