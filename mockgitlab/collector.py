"""Python's garbage collector, kept from looking again and again through what is loaded to stay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 20_000
"""After so many new objects a process that serves looks for garbage among them."""


@contextmanager
def paused() -> Iterator[None]:
    """Collect nothing meanwhile, and take what was made for old afterwards: for very many objects and no garbage."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            _make_old()
            gc.enable()


def settle() -> None:
    """Take all objects for lasting, and look for garbage seldom: for a process that does nothing but serve.

    Most of what a request leaves is kept (rows, the journal), and Python looks at it after 700 objects already.
    """
    gc.freeze()
    gc.set_threshold(SELDOM)


def _make_old() -> None:
    """Put all objects among the oldest, which costs nothing; else the next collection would look through them all."""
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()
