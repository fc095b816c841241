"""Files with all that clients said: nobody but their owner reads them, and what has the name is whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def written_whole(file: Path) -> Iterator[Path]:
    """An empty file beside `file`, to be written in the block, that takes its name in the end.

    Where the block raises nothing is left of it. Raises `OSError` where it cannot be written there.
    """
    partial = file.with_name(f".{file.name}.part")
    try:
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        yield partial
        partial.replace(file)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
