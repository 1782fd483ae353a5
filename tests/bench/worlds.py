"""Data folders to measure on: a new installation without a past, one with a million tickets, one on PostgreSQL."""

import sqlite3
from functools import partial
from pathlib import Path

from server.actions import setup as setups
from server.actions.house import open_house
from server.config import Settings
from server.demo import announcing, making
from server.demo.opening import keep_open
from server.demo.stage import HouseStage
from server.packs.shipped import shipped_packs

#: The columns that tell two copies of the same history apart.
_SHIFTED = {
    "journal": {"seq": "seq - :back"},
    "tickets": {"id": "id || :mark", "drawn_seq": "drawn_seq - :back", "day": "day || :mark"},
    "turns": {"opened_seq": "opened_seq - :back", "ticket": "ticket || :mark", "day": "day || :mark"},
}


def new_installation(data: Path, *, database_url: str = "") -> dict:
    """The four sites with people and devices and no day behind them, open around the clock; the tokens are returned."""
    settings = Settings(data_dir=data, database_url=database_url)
    data.mkdir(parents=True, exist_ok=True)
    making.bring_up_to_date(settings)
    house = open_house(settings)
    try:
        packs = shipped_packs()
        facts = making.populate(house, packs)
        for pack in packs:
            house.submit(pack.site, "bench:setup", partial(setups.put_in_force, setup=pack.setup()))
            keep_open(HouseStage(house, pack.site))
    finally:
        house.close()
    return announcing.tokens(settings, facts)


def add_history(data: Path, *, tickets: int) -> int:
    """Put copies of the month that is there before it, until there are so many tickets; how many there are then.

    The copies have numbers below nought, so the story that goes on is untouched, while every table and index that a
    draw reads or writes is as deep as after years.
    """
    conn = sqlite3.connect(data / "idarati.db", isolation_level=None)
    conn.execute("PRAGMA synchronous=OFF")
    conn.execute("PRAGMA journal_mode=WAL")
    (month,) = conn.execute("SELECT count(*) FROM tickets").fetchone()
    (longest,) = conn.execute("SELECT max(last_seq) FROM site_heads").fetchone()
    for copy in range(1, tickets // month + 1):
        conn.execute("BEGIN")
        for table, shifted in _SHIFTED.items():
            _copy(conn, table, shifted, {"back": copy * (longest + 1), "mark": f"-{copy}", "least": 0})
        conn.execute("COMMIT")
    (there,) = conn.execute("SELECT count(*) FROM tickets").fetchone()
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()
    return there


def _copy(conn: sqlite3.Connection, table: str, shifted: dict[str, str], facts: dict) -> None:
    columns = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(shifted.get(column, f'"{column}"') for column in columns)
    number = "drawn_seq" if table == "tickets" else "opened_seq" if table == "turns" else "seq"
    names = ", ".join(f'"{column}"' for column in columns)
    conn.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {number} > :least", facts)
