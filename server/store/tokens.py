"""Questions about tokens. Only a token's SHA-256 is kept; a disabled person's and a revoked device's count no more."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, insert, or_, select, update

from server.store import schema

#: Neither revoked itself nor of somebody or something that is; tables joined by the actor's code.
_COUNTS = (
    schema.tokens.c.revoked_at.is_(None),
    or_(schema.people.c.code.is_(None), schema.people.c.disabled.is_(False)),
    or_(schema.devices.c.code.is_(None), schema.devices.c.revoked_at.is_(None)),
)


@dataclass(frozen=True, slots=True)
class TokenRow:
    hash: str
    kind: str
    site: str
    code: str
    counter: str | None
    #: Draws as fast as it likes; of kiosks only.
    unlimited: bool


def valid_token(conn: Connection, token_hash: str) -> TokenRow | None:
    """The token if it is neither revoked itself nor belongs to somebody or something that is."""
    tokens, people, devices = schema.tokens, schema.people, schema.devices
    row = conn.execute(
        select(tokens.c.hash, tokens.c.kind, tokens.c.site, tokens.c.code, tokens.c.counter, tokens.c.unlimited)
        .select_from(
            tokens.outerjoin(people, people.c.code == tokens.c.code).outerjoin(devices, devices.c.code == tokens.c.code)
        )
        .where(tokens.c.hash == token_hash, *_COUNTS)
    ).first()
    if row is None:
        return None
    return TokenRow(
        hash=row.hash, kind=row.kind, site=row.site, code=row.code, counter=row.counter, unlimited=row.unlimited
    )


def still_valid(conn: Connection, hashes: Collection[str]) -> set[str]:
    """Those of these tokens that count, in one question: for whoever holds many sockets."""
    tokens, people, devices = schema.tokens, schema.people, schema.devices
    query = (
        select(tokens.c.hash)
        .select_from(
            tokens.outerjoin(people, people.c.code == tokens.c.code).outerjoin(devices, devices.c.code == tokens.c.code)
        )
        .where(tokens.c.hash.in_(hashes), *_COUNTS)
    )
    return set(conn.execute(query).scalars())


def add_token(
    conn: Connection,
    *,
    token_hash: str,
    kind: str,
    site: str,
    code: str,
    counter: str | None,
    at_ms: int,
    unlimited: bool = False,
) -> None:
    conn.execute(
        insert(schema.tokens).values(
            hash=token_hash,
            kind=kind,
            site=site,
            code=code,
            counter=counter,
            unlimited=unlimited,
            created_at=at_ms,
        )
    )


def revoke_tokens_of(conn: Connection, *, code: str, at_ms: int) -> None:
    conn.execute(
        update(schema.tokens)
        .where(schema.tokens.c.code == code, schema.tokens.c.revoked_at.is_(None))
        .values(revoked_at=at_ms)
    )
