"""Questions about sites: their packs and the key of their public ticket ids."""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from server.domain.entries import GENESIS
from server.store import schema


@dataclass(frozen=True, slots=True)
class SiteRow:
    code: str
    public_key: str
    demo: bool


def add_site(conn: Connection, *, code: str, pack: str, public_key: str, demo: bool) -> None:
    """A site with an empty journal and the text of its pack. Its first entry will be the set-up."""
    conn.execute(insert(schema.sites).values(code=code, public_key=public_key, demo=demo))
    conn.execute(insert(schema.site_heads).values(site=code, last_seq=0, last_hash=GENESIS))
    keep_pack(conn, site=code, text=pack)


def keep_pack(conn: Connection, *, site: str, text: str) -> None:
    """Packs lie here by their digest, before a set-up names them; the same one twice is one."""
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    digest = sha256(text.encode()).hexdigest()
    row = {"digest": digest, "site": site, "text": text}
    conn.execute(dialect.insert(schema.packs).values(row).on_conflict_do_nothing(index_elements=["digest"]))


def pack_text(conn: Connection, digest: str) -> str | None:
    text: str | None = conn.execute(select(schema.packs.c.text).where(schema.packs.c.digest == digest)).scalar()
    return text


def all_sites(conn: Connection) -> list[SiteRow]:
    rows = conn.execute(select(schema.sites).order_by(schema.sites.c.code))
    return [SiteRow(code=row.code, public_key=row.public_key, demo=row.demo) for row in rows]


def site_row(conn: Connection, code: str) -> SiteRow | None:
    row = conn.execute(select(schema.sites).where(schema.sites.c.code == code)).first()
    return None if row is None else SiteRow(code=row.code, public_key=row.public_key, demo=row.demo)
