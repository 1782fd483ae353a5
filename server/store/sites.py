"""Questions about sites: their packs and the key of their public ticket ids."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from server.domain.entries import GENESIS
from server.store import schema


@dataclass(frozen=True, slots=True)
class SiteRow:
    code: str
    pack: str
    public_key: str
    demo: bool


def add_site(conn: Connection, *, code: str, pack: str, public_key: str, demo: bool) -> None:
    """A site with an empty journal. Its first entry will be the set-up."""
    conn.execute(insert(schema.sites).values(code=code, pack=pack, public_key=public_key, demo=demo))
    conn.execute(insert(schema.site_heads).values(site=code, last_seq=0, last_hash=GENESIS))


def change_pack(conn: Connection, *, code: str, pack: str) -> None:
    conn.execute(update(schema.sites).where(schema.sites.c.code == code).values(pack=pack))


def all_sites(conn: Connection) -> list[SiteRow]:
    rows = conn.execute(select(schema.sites).order_by(schema.sites.c.code))
    return [SiteRow(code=row.code, pack=row.pack, public_key=row.public_key, demo=row.demo) for row in rows]


def site_row(conn: Connection, code: str) -> SiteRow | None:
    row = conn.execute(select(schema.sites).where(schema.sites.c.code == code)).first()
    return None if row is None else SiteRow(code=row.code, pack=row.pack, public_key=row.public_key, demo=row.demo)
