"""A printer for people without one: it reads the bytes as a real one would and keeps the last tickets in a folder, as
pictures and as bytes. One process prints into one folder; any number may look.
"""

import threading
from dataclasses import dataclass
from pathlib import Path

from printers import reader
from printers.errors import PrinterUnreachable
from printers.preview import png_of

KEEP = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """A ticket that came out: its place in the order of printing, and its two files."""

    name: str
    picture: Path
    data: Path


class VirtualPrinter:
    def __init__(self, folder: Path, *, keep: int = KEEP) -> None:
        if keep < 1:
            raise ValueError("a virtual printer keeps at least one ticket")
        self.folder = folder
        self._keep = keep
        self._one_at_a_time = threading.Lock()

    def send(self, data: bytes) -> None:
        picture = png_of(reader.read(data).picture)
        with self._one_at_a_time:
            try:
                self._keep_ticket(data, picture)
            except OSError as trouble:
                raise PrinterUnreachable("folder", f"cannot keep a ticket in {self.folder}: {trouble}") from trouble

    def tickets(self) -> tuple[Kept, ...]:
        """The tickets kept, the newest first."""
        pictures = sorted(self.folder.glob("*.png"), reverse=True)
        return tuple(Kept(picture.stem, picture, picture.with_suffix(".bin")) for picture in pictures)

    def _keep_ticket(self, data: bytes, picture: bytes) -> None:
        """The bytes come first and leave last, so that a picture which can be seen has its bytes beside it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = self.tickets()
        name = f"{int(kept[0].name) + 1 if kept else 1:08d}"
        _write_whole(self.folder / f"{name}.bin", data)
        _write_whole(self.folder / f"{name}.png", picture)
        for old in kept[self._keep - 1 :]:
            old.picture.unlink(missing_ok=True)
            old.data.unlink(missing_ok=True)


def _write_whole(path: Path, content: bytes) -> None:
    """A reader sees the whole file or none."""
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(content)
    unfinished.replace(path)
