"""A hash as people write it down: the first 80 bits in base32, sixteen characters that fit on a ticket.

Eighty bits are enough to find an entry again and too many to make another one fit. Whoever has room writes all 64 digits.
"""

import re
from base64 import b32decode, b32encode

_HASH = re.compile(r"[0-9a-f]{64}")
_SHORT = re.compile(r"[A-Z2-7]{16}")


def short(entry_hash: str) -> str:
    return b32encode(bytes.fromhex(entry_hash)[:10]).decode("ascii")


def grouped(entry_hash: str) -> str:
    """The sixteen characters as they are printed, four by four, so that nobody loses his place."""
    code = short(entry_hash)
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def prefix_of(text: str) -> str | None:
    """What the hash begins with that somebody has typed, whole or short; None where it is neither."""
    plain = re.sub(r"[\s-]", "", text)
    if _HASH.fullmatch(plain.lower()):
        return plain.lower()
    return b32decode(plain.upper()).hex() if _SHORT.fullmatch(plain.upper()) else None
