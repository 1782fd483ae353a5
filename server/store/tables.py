"""All rows of all tables, out and in again, as plain values: what a backup holds. What a row means is nobody's business
here, so that a database of an older schema can be filled with what its own backup held.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, column, func, insert, select, table, text

from server.store import schema

#: Rows that are read, and written, at once.
PAGE = 1000

Row = Sequence[Any]


def all_tables() -> list[Table]:
    """Each after those that it refers to."""
    return list(schema.metadata.sorted_tables)


def columns(named: Table) -> list[str]:
    return [one.name for one in named.columns]


def rows(conn: Connection, named: Table) -> Iterator[Row]:
    """Every row, in the order of its key, never more than a page of them in memory."""
    query = select(named).order_by(*named.primary_key.columns)
    found = conn.execution_options(yield_per=PAGE).execute(query)
    for page in found.partitions():
        yield from (tuple(row) for row in page)


def fill(conn: Connection, name: str, names: Sequence[str], values: Iterable[Row]) -> int:
    """Put rows into an empty table; how many there were."""
    statement = insert(table(name, *(column(one) for one in names)))
    count, left = 0, iter(values)
    while page := [dict(zip(names, row, strict=True)) for row in islice(left, PAGE)]:
        conn.execute(statement, page)
        count += len(page)
    return count


def count_on(conn: Connection) -> None:
    """Keys that the database counts itself go on above those that were put in. SQLite does that by itself."""
    if conn.dialect.name == "sqlite":
        return
    highest = conn.execute(select(func.max(schema.print_jobs.c.id))).scalar()
    if highest is not None:
        conn.execute(text("SELECT setval(pg_get_serial_sequence('print_jobs', 'id'), :highest)"), {"highest": highest})
