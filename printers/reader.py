"""Reads ESC/POS bytes as a printer would and gives back the paper: what the virtual printer shows, and how the packer is
checked. It knows only the commands that our packer may send, and refuses anything else loudly, because a byte that a
printer doesn't understand comes out as rubbish on paper.
"""

from dataclasses import dataclass, field

from PIL import Image, ImageChops


class UnreadableJobError(ValueError):
    """The bytes are not a job that this reader knows: which byte, and where."""


@dataclass(frozen=True, slots=True)
class Paper:
    picture: Image.Image
    cut: bool


@dataclass(slots=True)
class _Job:
    data: bytes
    at: int = 0
    bands: list[tuple[int, int, bytes]] = field(default_factory=list)  # width in bytes, rows, dots; 0 wide is a feed
    cut: bool = False

    def take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        if len(taken) < count:
            raise UnreadableJobError(f"the job ends at byte {len(self.data)}, in the middle of a command")
        self.at += count
        return taken


def read(data: bytes) -> Paper:
    job = _Job(data)
    while job.at < len(data):
        _command(job)
    bytes_per_row = max((wide for wide, _, _ in job.bands), default=0) or 1
    dots = bytearray()
    for wide, rows, band in job.bands:
        if wide not in (0, bytes_per_row):
            raise UnreadableJobError(f"bands of {wide} and of {bytes_per_row} bytes across in one job")
        dots += band if wide else bytes(bytes_per_row * rows)
    rows = len(dots) // bytes_per_row
    picture = Image.frombytes("1", (bytes_per_row * 8, rows), bytes(dots)) if rows else Image.new("1", (8, 1))
    return Paper(picture=ImageChops.invert(picture), cut=job.cut)


def _command(job: _Job) -> None:
    start = job.at
    match job.take(2):
        case b"\x1b@":
            pass
        case b"\x1dP":
            job.take(2)
        case b"\x1bJ":
            job.bands.append((0, job.take(1)[0], b""))
        case b"\x1dv":
            _band(job)
        case b"\x1dV":
            _cut(job)
        case unknown:
            raise UnreadableJobError(f"unknown command {unknown.hex(' ')} at byte {start}")


def _band(job: _Job) -> None:
    start = job.at - 2
    head = job.take(6)
    wide, rows = int.from_bytes(head[2:4], "little"), int.from_bytes(head[4:6], "little")
    if head[0:1] != b"0" or head[1] not in (0, 48) or not wide or not rows:
        raise UnreadableJobError(f"a raster band with the head {head.hex(' ')} at byte {start}")
    job.bands.append((wide, rows, job.take(wide * rows)))


def _cut(job: _Job) -> None:
    if job.take(1)[0] in (65, 66):
        job.take(1)
    job.cut = True
