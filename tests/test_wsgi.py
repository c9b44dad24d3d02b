"""The WSGI entry point."""

import gc
import importlib


def test_garbage_collector_skips_what_is_loaded() -> None:
    from spacedb import wsgi

    gc.unfreeze()
    try:
        importlib.reload(wsgi)
        assert gc.get_freeze_count() > 100_000
    finally:
        gc.unfreeze()
