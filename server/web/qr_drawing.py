"""A QR code as an SVG path, for pages that show one: an enrolment, an invitation, a second factor."""

from dataclasses import dataclass

from printers import qr


@dataclass(frozen=True, slots=True)
class Drawing:
    #: Modules on each side, with the quiet zone.
    size: int
    path: str


def drawing(payload: str) -> Drawing:
    """A rectangle for each dark module of a row; neighbours are one."""
    rows = qr.modules(payload)
    runs = [f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for start, length in _runs(row)]
    return Drawing(size=len(rows), path="".join(runs))


def _runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Where each stretch of dark modules begins, and how long it is."""
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and x and row[x - 1]:
            start, length = found.pop()
            found.append((start, length + 1))
        elif dark:
            found.append((x, 1))
    return found
