"""The journal as a file of JSON lines: written for whoever wants to keep or check it, and checked as if by a stranger.

A line is an entry as the API shows it. What was hashed is made again from the line by the published rule (canonical
JSON without `hash`), so nothing in our database is trusted, and whatever that rule leaves out is refused: a float, a
large integer, a name given twice.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection

from server.domain.entries import GENESIS, Entry, canonical, entry_to_json
from server.store import journal
from server.store.journal import Broken, Head

_FIELDS = {"site": str, "seq": int, "at": str, "kind": str, "actor": str, "body": dict, "prev": str, "hash": str}
_HASH = re.compile(r"[0-9a-f]{64}")


def lines(conn: Connection, site: str, *, after: int = 0, until: int | None = None) -> Iterator[str]:
    """The entries after number `after`, up to `until`, one JSON document each, without the line's end."""
    for row in journal.rows_after(conn, site, after):
        if until is not None and row.seq > until:
            return
        yield canonical({**json.loads(row.text), "hash": row.hash})


def line_of(entry: Entry) -> str:
    return canonical(entry_to_json(entry))


def verify(
    rows: Iterable[bytes], *, head: str | None = None, after: str | None = None
) -> tuple[str | None, Head | Broken]:
    """The site that the file is about, and its head if all of it holds, else the first entry that doesn't.

    `head` is the hash that the chain must end at. `after` is the hash that a file which begins in the middle goes on
    from; without it a file begins at entry 1. Of either the first characters are enough.
    """
    site: str | None = None
    last: Head | None = None
    last_at = ""
    passed: Head | None = None
    for number, row in enumerate(rows, start=1):
        expected_seq = 1 if last is None else last.seq + 1
        facts = _facts_of(row)
        if isinstance(facts, str):
            return site, Broken(seq=expected_seq, why=f"line {number}: {facts}")
        entry_hash = facts.pop("hash")
        if last is None:
            site = facts["site"]
            last = _begin(facts, after)
        try:
            text = canonical(facts)
            why = journal.why_broken(str(site), last, last_at, facts=facts, text=text, entry_hash=entry_hash)
        except (TypeError, ValueError) as error:
            why = f"its text is not one that the journal writes ({error})"
        if why is not None:
            return site, Broken(seq=last.seq + 1, why=f"line {number}: {why}")
        last, last_at = Head(seq=facts["seq"], hash=entry_hash), facts["at"]
        passed = last if head is not None and entry_hash.startswith(head) else passed
    return site, journal.ends_at(last or Head(seq=0, hash=after or GENESIS), head, passed)


def _begin(facts: dict[str, Any], after: str | None) -> Head:
    """What the first entry of a file must follow."""
    if after is None:
        return Head(seq=0, hash=GENESIS)
    return Head(seq=facts["seq"] - 1, hash=facts["prev"] if facts["prev"].startswith(after) else after)


def _facts_of(row: bytes) -> dict[str, Any] | str:
    """The entry on this line, or what is wrong with the line."""
    try:
        facts = json.loads(
            row.decode(),
            object_pairs_hook=_without_doubles,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except UnicodeDecodeError:
        return "it is not UTF-8"
    except (ValueError, RecursionError) as error:
        return f"it is not JSON as the journal writes it ({error})"
    if not isinstance(facts, dict) or facts.keys() != _FIELDS.keys():
        return f"an entry has exactly {', '.join(_FIELDS)}"
    for name, kind in _FIELDS.items():
        if type(facts[name]) is not kind:
            return f"{name} is not what it should be"
    if not _HASH.fullmatch(facts["hash"]):
        return "hash is not what it should be"
    return facts


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    facts = dict(pairs)
    if len(facts) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return facts


def _no_float(text: str) -> Any:
    raise ValueError(f"a number that is no integer: {text}")
