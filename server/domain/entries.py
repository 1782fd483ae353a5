"""A journal entry: its text, its hash, and what the body of each kind holds.

An entry's hash is SHA-256 over its canonical JSON (RFC 8785) without the hash; `prev` is the hash of the entry before.
Bodies hold only strings, integers, booleans, null, lists and objects with ASCII keys, never a float, so Python's own
`json.dumps` with sorted keys is canonical. The chain is written to be published: nothing that names a person or the
ground of a priority may stand in it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

GENESIS = "0" * 64
#: Larger integers are not the same number in every language that may check the chain.
LARGEST = 2**53 - 1

_KEY = re.compile(r"[a-z][a-z0-9_]*")

#: Body fields of each kind, beside `v`. docs/journal.md says what each means; a test holds the two together.
BODIES: Mapping[str, tuple[str, ...]] = {
    "setup.changed": ("what", "setup"),
    "day.opened": ("day", "timezone", "tz_version", "begins_at", "ends_at"),
    "day.closed": (
        "day",
        "opened_seq",
        "begins_at",
        "ends_at",
        "drawn",
        "served",
        "no_shows",
        "withdrawn",
        "not_served",
        "carried",
        "estimator",
    ),
    "shift.opened": ("counter", "zone", "agent", "serves", "helps"),
    "shift.paused": ("counter", "agent", "reason"),
    "shift.resumed": ("counter", "agent"),
    "shift.closed": ("counter", "agent", "why"),
    "ticket.drawn": (
        "ticket",
        "number",
        "series",
        "n",
        "service",
        "zone",
        "class",
        "language",
        "channel",
        "due_at",
        "appointed_at",
        "ahead",
        "point_s",
        "told",
        "untold",
    ),
    "ticket.reclassified": ("ticket", "number", "service", "class", "due_at"),
    "ticket.reprinted": ("ticket", "number", "service", "copy", "kiosk"),
    "ticket.called": ("ticket", "number", "service", "counter", "zone", "agent", "reason", "ended_seq"),
    "ticket.called_out_of_order": (
        "ticket",
        "number",
        "service",
        "counter",
        "zone",
        "agent",
        "why",
        "sealed",
        "rule",
        "due_at",
        "overtaken",
        "ended_seq",
    ),
    "ticket.recalled": ("ticket", "number", "service", "counter", "zone", "calls"),
    "ticket.started": ("ticket", "number", "service", "counter", "zone"),
    "ticket.finished": ("ticket", "number", "service", "counter", "zone", "outcome"),
    "ticket.no_show": ("ticket", "number", "service", "counter", "zone", "calls"),
    "ticket.put_back": ("ticket", "number", "service", "counter", "agent", "times", "due_at"),
    "ticket.parked": ("ticket", "number", "service", "counter", "zone", "agent", "called_at"),
    "ticket.resumed": ("ticket", "number", "service", "counter", "agent", "due_at"),
    "ticket.transferred": (
        "ticket",
        "number",
        "service",
        "counter",
        "zone",
        "agent",
        "served",
        "outcome",
        "to_service",
        "to_counter",
        "to_zone",
        "arrived_at",
        "due_at",
    ),
    "ticket.withdrawn": ("ticket", "number", "service"),
    "ticket.expired": ("ticket", "number", "service", "was"),
    "action.undone": ("ticket", "number", "service", "counter", "zone", "agent", "undone"),
    "entry.remarked": ("about", "agent", "sealed"),
    "help.called": ("counter", "zone", "agent"),
    "help.answered": ("counter", "zone", "agent"),
    "desk.sent_home": ("service", "document"),
    "desk.limit_lifted": ("kiosk", "until"),
    "journal.restored": ("backup_seq", "backup_hash", "lost_seq", "lost_hash", "series", "by", "confirmed_by"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    site: str
    seq: int
    at: datetime
    kind: str
    actor: str
    body: Mapping[str, Any]
    prev: str
    hash: str


def seal(
    *, site: str, seq: int, at: datetime, kind: str, actor: str, body: Mapping[str, Any], prev: str
) -> tuple[Entry, str]:
    """The entry with its hash, and the canonical text that was hashed: the text is the record."""
    text = canonical(
        {
            "site": site,
            "seq": seq,
            "at": instant_text(at),
            "kind": kind,
            "actor": actor,
            "body": body,
            "prev": prev,
        }
    )
    entry = Entry(site=site, seq=seq, at=at, kind=kind, actor=actor, body=body, prev=prev, hash=hash_of(text))
    return entry, text


def entry_from_text(text: str, entry_hash: str) -> Entry:
    facts = json.loads(text)
    return Entry(
        site=facts["site"],
        seq=facts["seq"],
        at=instant(facts["at"]),
        kind=facts["kind"],
        actor=facts["actor"],
        body=facts["body"],
        prev=facts["prev"],
        hash=entry_hash,
    )


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """The entry as the API and the export show it."""
    return {
        "site": entry.site,
        "seq": entry.seq,
        "at": instant_text(entry.at),
        "kind": entry.kind,
        "actor": entry.actor,
        "body": entry.body,
        "prev": entry.prev,
        "hash": entry.hash,
    }


def canonical(value: Mapping[str, Any]) -> str:
    """RFC 8785 for what an entry may hold; anything else is a programming error and raises TypeError."""
    _check(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def hash_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def instant_text(at: datetime) -> str:
    """UTC with milliseconds and `Z`: the one way an instant is written in the journal."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")[:23] + "Z"


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def whole_seconds(begin_at: datetime, end_at: datetime) -> int:
    return int((end_at - begin_at).total_seconds())


def whole_ms(begin_at: datetime, end_at: datetime) -> int:
    return (end_at - begin_at) // timedelta(milliseconds=1)


def _check(value: object) -> None:
    """Two programs must never write the same value in two ways: so no floats, no large integers, plain keys."""
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int) and -LARGEST <= value <= LARGEST:
        return
    if isinstance(value, Mapping):
        for key, held in value.items():
            if not _KEY.fullmatch(key):
                raise TypeError(f"not a key of the journal: {key!r}")
            _check(held)
    elif isinstance(value, list | tuple):
        for held in value:
            _check(held)
    else:
        raise TypeError(f"not a value of the journal: {value!r}")
