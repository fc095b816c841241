"""A disk of its own for SQLite, which can be filled to the last byte and emptied again."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
from pathlib import Path
from types import TracebackType

SIZE_MB = 96
PIECE = bytes(64 * 1024)


class Disk:
    """A small tmpfs where we may mount one; elsewhere a folder, whose files may be kept from growing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_own = False
        self._ballast = folder / "ballast"

    def __enter__(self) -> Disk:
        self.folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(self.folder)]
        if os.geteuid() == 0 and shutil.which("mount"):
            self.is_own = not subprocess.run(mount, capture_output=True, check=False).returncode
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.is_own:
            subprocess.run(["umount", "-l", str(self.folder)], capture_output=True, check=False)

    def fill(self) -> None:
        """Leave not a byte free. Only for a disk that is our own."""
        assert self.is_own, "nobody fills a disk that is shared"
        with contextlib.suppress(OSError), self._ballast.open("ab", buffering=0) as ballast:
            while True:
                ballast.write(PIECE)
        with contextlib.suppress(OSError), self._ballast.open("ab", buffering=0) as ballast:
            while True:
                ballast.write(b"\0")

    def empty(self) -> None:
        """Give the room back."""
        self._ballast.unlink(missing_ok=True)


def let_nothing_grow(pid: int) -> None:
    """Refuse a process every write past the first page of a file, as a quota does."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))


def let_grow(pid: int) -> None:
    """Let its files grow again."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
