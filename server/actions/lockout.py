"""Failed attempts: counted by what they were made on, and answered with a wait once there were too many.

A name is locked whether or not somebody bears it, so that the answer tells nobody which names exist. A locked name or
address is refused without looking at the pass phrase; those refusals lengthen nothing, so that a person who waits gets
in. What is counted is kept as a hash.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import Connection

from server.actions.house import House
from server.domain.errors import Refusal
from server.store import logins
from server.store.logins import Failures
from server.store.schema import to_ms

#: After this long without a failure, what was counted is forgotten.
REMEMBERED = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Target:
    """What attempts are made on; from the `most`-th failure on, it is locked for a while."""

    what: str
    value: str
    most: int

    @property
    def hash(self) -> str:
        return sha256(f"{self.what}:{self.value}".encode()).hexdigest()


def name(value: str) -> Target:
    return Target("name", value.strip().casefold(), most=5)


def address(value: str) -> Target:
    """A whole office may stand behind one address."""
    return Target("address", value, most=50)


def second_factor(person: str) -> Target:
    return Target("second_factor", person, most=5)


def locked(house: House, *targets: Target) -> Refusal | None:
    """Refused as: too_many_requests, with the seconds to wait."""
    now_ms = to_ms(house.clock.now())
    with house.read() as conn:
        until = logins.locked_until(conn, [target.hash for target in targets], at_ms=now_ms)
    return None if until is None else Refusal("too_many_requests", {"seconds": -(-(until - now_ms) // 1000)})


def failed(house: House, *targets: Target) -> None:
    now_ms = to_ms(house.clock.now())

    def write(conn: Connection) -> None:
        for target in targets:
            known = logins.failures(conn, target.hash)
            recent = known is not None and known.last_at >= now_ms - _ms(REMEMBERED)
            n = 1 + (known.n if known is not None and recent else 0)
            until = now_ms + _ms(LOCKED_FOR) if n >= target.most else 0
            logins.note_failures(conn, target.hash, Failures(n=n, last_at=now_ms, locked_until=until))
        logins.purge_failures(conn, before_ms=now_ms - _ms(REMEMBERED))

    house.writer.run(write)


def passed(house: House, target: Target) -> None:
    """Whoever got in is trusted afresh. Writes nothing where nothing was counted."""
    with house.read() as conn:
        known = logins.failures(conn, target.hash)
    if known is not None:
        house.writer.run(lambda conn: logins.forget_failures(conn, target.hash))


def _ms(time: timedelta) -> int:
    return time // timedelta(milliseconds=1)
