"""Binding a sentence to the journal without writing it there.

`sealed` is SHA-256 over sixteen random bytes and the text. Bytes and text stand outside and can be erased; what is left
proves nothing about what was written, and the chain stays whole. While they are kept, anybody who is shown them can
check that this was the text.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from server.domain.errors import Refusal

SALT_BYTES = 16
LONGEST = 500
#: Angle brackets of markup; control characters but the line break.
_MARKUP = re.compile(r"<[a-zA-Z/!?]|[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Sealed:
    salt: bytes
    text: str

    @property
    def hash(self) -> str:
        return sha256(self.salt + self.text.encode()).hexdigest()


def seal(text: str, *, salt: bytes) -> Sealed | Refusal:
    """Refused as: note_too_long, note_markup. An empty text is refused as note_required."""
    text = text.strip()
    if not text:
        return Refusal("note_required")
    if len(text) > LONGEST:
        return Refusal("note_too_long", {"count": LONGEST})
    if _MARKUP.search(text):
        return Refusal("note_markup")
    return Sealed(salt=salt, text=text)
