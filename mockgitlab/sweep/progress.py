"""Telling how far a sweep is: a bar on a terminal where the library rich is installed, lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TextIO

from mockgitlab.sweep.runs import Run

Tell = Callable[[str, Run | None], None]
"""Called with what is run before it begins, and again with the run when it is done."""


@contextmanager
def progress(total: int, stream: TextIO | None = None) -> Iterator[Tell]:
    """Return what is to be told of each run: ``tell("no_totals", None)``, then ``tell("no_totals", run)``."""
    stream = stream or sys.stderr
    if stream.isatty() and find_spec("rich") is not None:
        with _bar(total, stream) as tell:
            yield tell
    else:
        yield _Lines(total, stream)


class _Lines:
    """A line for each run that is done."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self._total, self._stream, self._done = total, stream, 0

    def __call__(self, name: str, run: Run | None) -> None:
        if run is not None:
            self._done += 1
            print(f"{self._done}/{self._total} {name}: {run.told} ({run.seconds:.1f} s)", file=self._stream, flush=True)


@contextmanager
def _bar(total: int, stream: TextIO) -> Iterator[Tell]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task("", total=total)

        def tell(name: str, run: Run | None) -> None:
            bar.update(task, description=name, advance=0 if run is None else 1)
            if run is not None and run.broken:
                bar.console.print(f"{name}: {run.told}", highlight=False)

        yield tell
