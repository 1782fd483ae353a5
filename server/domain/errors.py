"""Refusals: what the house says when something can't be done, as a value and not as an exception.

A refusal changes nothing. Its code is stable (others rely on it), its message is found in the words of each language
under `error.<code>`, and where the person could do something, `hint` names the message that says what.
A programming error is no refusal: it crashes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

#: What a message may be filled with. Instants are turned into local time by whoever shows them.
Param = str | int | datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    code: str
    params: Mapping[str, Param] = field(default_factory=dict)
    hint: str | None = None
    hint_params: Mapping[str, Param] = field(default_factory=dict)
