import re

from printers import qr
from server.web import qr_drawing


def test_the_drawn_code_has_exactly_the_dark_modules():
    drawing = qr_drawing.drawing("HTTPS://Q.EXAMPLE/T/ABC")
    dark = {
        (x, int(y))
        for start, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawing.path)
        for x in range(int(start), int(start) + int(length))
    }
    rows = qr.modules("HTTPS://Q.EXAMPLE/T/ABC")
    assert drawing.size == len(rows)
    assert dark == {(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module}
