"""Secrets of the installation that are made once and kept in the database, so that all processes share them."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from server.store import schema


def get_or_make(conn: Connection, *, name: str, fresh: str) -> str:
    """The secret `name`; `fresh` becomes it if there is none, whoever comes first."""
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    conn.execute(
        dialect.insert(schema.secrets).values(name=name, value=fresh).on_conflict_do_nothing(index_elements=["name"])
    )
    value: str = conn.execute(select(schema.secrets.c.value).where(schema.secrets.c.name == name)).scalar_one()
    return value
