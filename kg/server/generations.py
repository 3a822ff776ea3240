"""Which generation of the graph a folder holds, told without opening it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.store import POINTER


@dataclass(frozen=True, slots=True)
class Stamp:
    """What changes whenever another generation takes over: whoever writes makes the file anew."""

    inode: int
    modified_ns: int

    @property
    def modified_seconds(self) -> float:
        """When it took over, in seconds since 1970."""
        return self.modified_ns / 1e9

    def __str__(self) -> str:
        """For tags of answers."""
        return f"{self.modified_ns:x}-{self.inode:x}"


def stamp(folder: Path) -> Stamp | None:
    """Of the generation that counts now; ``None`` where there is no graph."""
    try:
        found = (folder / POINTER).stat()
    except OSError:
        return None
    return Stamp(found.st_ino, found.st_mtime_ns)


def generation(folder: Path) -> str:
    """Name of the generation that counts now; nothing where there is no graph."""
    try:
        return (folder / POINTER).read_text("utf-8", errors="replace").strip()
    except OSError:
        return ""
