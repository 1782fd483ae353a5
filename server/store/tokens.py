"""Questions about tokens. Only a token's SHA-256 is kept; a disabled person's and a revoked device's count no more."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, insert, or_, select, update

from server.store import schema


@dataclass(frozen=True, slots=True)
class TokenRow:
    hash: str
    kind: str
    site: str
    code: str
    counter: str | None


def valid_token(conn: Connection, token_hash: str) -> TokenRow | None:
    """The token if it is neither revoked itself nor belongs to somebody or something that is."""
    tokens, people, devices = schema.tokens, schema.people, schema.devices
    row = conn.execute(
        select(tokens.c.hash, tokens.c.kind, tokens.c.site, tokens.c.code, tokens.c.counter)
        .select_from(
            tokens.outerjoin(people, people.c.code == tokens.c.code).outerjoin(devices, devices.c.code == tokens.c.code)
        )
        .where(
            tokens.c.hash == token_hash,
            tokens.c.revoked_at.is_(None),
            or_(people.c.code.is_(None), people.c.disabled.is_(False)),
            or_(devices.c.code.is_(None), and_(devices.c.revoked_at.is_(None))),
        )
    ).first()
    if row is None:
        return None
    return TokenRow(hash=row.hash, kind=row.kind, site=row.site, code=row.code, counter=row.counter)


def add_token(
    conn: Connection, *, token_hash: str, kind: str, site: str, code: str, counter: str | None, at_ms: int
) -> None:
    conn.execute(
        insert(schema.tokens).values(
            hash=token_hash, kind=kind, site=site, code=code, counter=counter, created_at=at_ms
        )
    )


def revoke_tokens_of(conn: Connection, *, code: str, at_ms: int) -> None:
    conn.execute(
        update(schema.tokens)
        .where(schema.tokens.c.code == code, schema.tokens.c.revoked_at.is_(None))
        .values(revoked_at=at_ms)
    )
