"""One slip in the three forms that people ask for: the picture of the paper, the bytes for the printer, the words. It
sends nothing anywhere.
"""

import io
from dataclasses import dataclass

from PIL import Image

from printers import raster, thermal
from printers.layout import lay_out
from printers.slip import Slip, plain

# 512 dots are printers of 180 dots to the inch on 80 mm paper; the others have 203.
DOTS_PER_INCH = {384: 203, 512: 180, 576: 203}


Data = bytes  # the class below has a field of that name


@dataclass(frozen=True, slots=True)
class Rendered:
    picture: Image.Image
    bytes: Data
    text: str

    @property
    def png(self) -> Data:
        return png_of(self.picture)


def render(slip: Slip, width: int, *, ending: thermal.Ending = "cut") -> Rendered:
    picture = raster.draw(lay_out(slip, width))
    data = thermal.pack(picture, ending=ending, dots_per_inch=DOTS_PER_INCH[width])
    return Rendered(picture=picture, bytes=data, text=plain(slip))


def png_of(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
