"""The code that a phone reads, as a square of dark and light modules with its quiet zone around it. Which payload is
worth a code is the caller's business; how large a module is on paper is the layout's.
"""

from functools import lru_cache

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4  # modules; the standard asks for four, and phones miss codes that have less

Modules = tuple[tuple[bool, ...], ...]


@lru_cache(maxsize=64)
def modules(payload: str) -> Modules:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(payload)
    code.make(fit=True)
    return tuple(tuple(bool(dark) for dark in row) for row in code.get_matrix())
