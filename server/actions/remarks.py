"""An agent's word on an entry about himself: sealed in the journal, readable beside it, erasable at any time."""

from dataclasses import dataclass

from server.domain.errors import Refusal
from server.domain.story import Pen


@dataclass(frozen=True, slots=True)
class Remarked:
    about: int
    seq: int


def remark(pen: Pen, *, about: int, agent: str, sealed: str) -> Remarked | Refusal:
    """Whether the entry is about this agent is known outside the hall and checked before. Refused as: no_such_entry."""
    if not 0 < about <= pen.hall.seq or pen.kind_of(about) is None:
        return Refusal("no_such_entry")
    entry = pen.write("entry.remarked", {"about": about, "agent": agent, "sealed": sealed})
    return Remarked(about=about, seq=entry.seq)
