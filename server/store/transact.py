"""One transaction of the writer: commands in, entries and rows written, answers out.

The same function serves one command under PostgreSQL's row lock and a batch of 256 in SQLite's writer thread:

1. Lock the heads of the sites, in order of their names, and look up the keys that were answered before.
2. Let each command's action decide on the site's working hall. What one command refuses or breaks is taken back and
   hurts nobody else, because nothing has reached the database yet.
3. Write entries, heads, state rows and answers, each table once, and what commands write beside them.

Whoever calls it commits, and only then shows the halls to readers.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, insert, select, tuple_

from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.story import Pen, Written
from server.store import journal, projection, schema
from server.store.halls import Halls
from server.store.schema import to_ms

#: An action writes with the pen and returns what it did, or a refusal.
Action = Callable[[Pen], Any]
#: What is kept under an idempotency key: the HTTP status and the body.
Answer = tuple[int, dict[str, Any] | None]
Prelude = Callable[[Pen], None]
Now = Callable[[], datetime]


class JournalDamaged(Exception):  # noqa: N818 - reads as what it says
    """Entries are missing at the end of a journal. Writing on would tell a second story under the same numbers."""


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key, whose it is, and the request it stands for."""

    token: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Command:
    site: str
    actor: str
    action: Action
    key: Key | None = None
    #: Turns what the action did and the hall after it into the answer that is kept under the key.
    present: Callable[[Any, Hall], Answer] | None = None
    #: Writes beside the journal what must stand or fall with the entries, knowing what the action did; not called when
    #: it refuses, or when the answer is a kept one.
    beside: Callable[[Connection, Any], None] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """`did` is what the action returned; None when the answer is a kept one."""

    did: Any
    answer: Answer | None
    hall: Hall | None


Outcome = Done | Refusal | BaseException


@dataclass(slots=True)
class Prepared:
    outcomes: list[Outcome] = field(default_factory=list)
    halls: dict[str, Hall] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)


def prepare(conn: Connection, halls: Halls, commands: Sequence[Command], *, now: Now, prelude: Prelude) -> Prepared:
    """Steps 1 to 3. Raises what the database raises, and JournalDamaged."""
    working = _lock(conn, halls, {command.site for command in commands})
    answers = _kept_answers(conn, [command.key for command in commands if command.key is not None])
    prepared = Prepared(halls=working)
    # Read under the lock: whoever waited for it is later than whoever held it.
    at = now()
    fresh: list[Mapping[str, Any]] = []
    for command in commands:
        outcome = _run(conn, prepared, command, answers, now=at, prelude=prelude)
        prepared.outcomes.append(outcome)
        kept = _to_keep(command, outcome, answers, at)
        if kept is not None:
            fresh.append(kept)
    if prepared.written:
        journal.append(conn, prepared.written)
        projection.write(conn, prepared.written)
    if fresh:
        conn.execute(insert(schema.idempotency), fresh)
    for command, outcome in zip(commands, prepared.outcomes, strict=True):
        if command.beside is not None and isinstance(outcome, Done) and outcome.did is not None:
            command.beside(conn, outcome.did)
    return prepared


def _lock(conn: Connection, halls: Halls, sites: Iterable[str]) -> dict[str, Hall]:
    working = {}
    for site in sorted(sites):
        head = journal.head(conn, site, lock=True)
        if head is None:
            continue
        hall = halls.at_head(conn, site, head)
        if (hall.seq, hall.hash) != (head.seq, head.hash):
            raise JournalDamaged(f"{site}: the head is entry {head.seq}, the journal ends at {hall.seq}")
        working[site] = hall
    return working


def _kept_answers(conn: Connection, keys: Sequence[Key]) -> dict[tuple[str, str], tuple[str, Answer]]:
    if not keys:
        return {}
    table = schema.idempotency
    rows = conn.execute(
        select(table.c.token, table.c.key, table.c.fingerprint, table.c.status, table.c.answer).where(
            tuple_(table.c.token, table.c.key).in_([(key.token, key.key) for key in keys])
        )
    )
    return {(row.token, row.key): (row.fingerprint, (row.status, json.loads(row.answer))) for row in rows}


def _run(
    conn: Connection,
    prepared: Prepared,
    command: Command,
    answers: Mapping[tuple[str, str], tuple[str, Answer]],
    *,
    now: datetime,
    prelude: Prelude,
) -> Outcome:
    hall = prepared.halls.get(command.site)
    if hall is None:
        return Refusal("no_such_site")
    if command.key is not None:
        kept = answers.get((command.key.token, command.key.key))
        if kept is not None:
            fingerprint, answer = kept
            same = fingerprint == command.key.fingerprint
            return Done(did=None, answer=answer, hall=None) if same else Refusal("key_reused")
    pen = Pen(hall=hall, now=now, actor=command.actor, kind_of=partial(_kind_of, conn, prepared, command.site))
    try:
        prelude(pen)
        paged, before = pen.hall, len(pen.written)
        did = command.action(pen)
        if isinstance(did, Refusal):
            pen.take_back(paged, before)
        present = None if isinstance(did, Refusal) else command.present
        shown = None if present is None else present(did, pen.hall)
    except Exception as error:  # noqa: BLE001 - one broken command must not take the batch with it; its caller gets it
        return error
    prepared.halls[command.site] = pen.hall
    prepared.written.extend(pen.written)
    return did if isinstance(did, Refusal) else Done(did=did, answer=shown, hall=pen.hall)


def _kind_of(conn: Connection, prepared: Prepared, site: str, seq: int) -> str | None:
    for stroke in prepared.written:
        if stroke.entry.site == site and stroke.entry.seq == seq:
            return stroke.entry.kind
    return journal.kind_of(conn, site, seq)


def _to_keep(
    command: Command,
    outcome: Outcome,
    answers: dict[tuple[str, str], tuple[str, Answer]],
    now: datetime,
) -> Mapping[str, Any] | None:
    """The row that keeps this answer. Refusals, empty answers and kept answers are not kept (again)."""
    if command.key is None or not isinstance(outcome, Done) or outcome.did is None or outcome.answer is None:
        return None
    status, body = outcome.answer
    if body is None:
        return None
    answers[(command.key.token, command.key.key)] = (command.key.fingerprint, outcome.answer)
    return {
        "token": command.key.token,
        "key": command.key.key,
        "fingerprint": command.key.fingerprint,
        "status": status,
        "answer": json.dumps(body, ensure_ascii=False),
        "at": to_ms(now),
    }
