"""One history of migrations that goes up, down and says the same as schema.py, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from server.store import migrate, revision, schema
from server.store.engine import open_engine
from tests.conftest import BOTH


@pytest.fixture(params=BOTH)
def empty(request, tmp_path):
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path}/empty.db")
        yield engine
        engine.dispose()
        return
    server = request.getfixturevalue("postgres")
    url = server.empty()
    engine = open_engine(url)
    yield engine
    engine.dispose()
    server.drop(url)


def test_the_history_has_one_head():
    assert migrate.heads() == (revision.newest(),)


def test_it_makes_exactly_the_tables_of_the_schema(empty):
    assert not revision.is_current(empty)
    migrate.upgrade(empty)
    assert revision.is_current(empty)
    assert migrate.differences(empty) == []
    with empty.connect() as conn:
        assert set(inspect(conn).get_table_names()) == {*schema.metadata.tables, "alembic_version"}


def test_it_goes_down_and_up_again(empty):
    migrate.upgrade(empty)
    migrate.downgrade(empty, to="base")
    assert revision.current(empty) is None
    with empty.connect() as conn:
        assert inspect(conn).get_table_names() == ["alembic_version"]
    migrate.upgrade(empty)
    assert migrate.differences(empty) == []


def test_a_second_upgrade_changes_nothing(empty):
    migrate.upgrade(empty)
    migrate.upgrade(empty)
    assert revision.is_current(empty)


def test_two_upgrades_at_once_are_one(empty):
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(migrate.upgrade, [empty, empty]))
    assert revision.is_current(empty)


def test_an_upgrade_that_breaks_leaves_nothing_behind(empty, monkeypatch):
    def break_off(conn):
        raise RuntimeError("power cut")

    monkeypatch.setattr("server.store.triggers.create", break_off)
    with pytest.raises(RuntimeError, match="power cut"):
        migrate.upgrade(empty)
    with empty.connect() as conn:
        assert inspect(conn).get_table_names() == []


def test_every_migration_lies_in_the_package():
    folder = Path(migrate.__file__).parent / "migrations"
    assert (folder / "env.py").is_file()
    assert (folder / "script.py.mako").is_file()
    numbers = [path.name[:4] for path in sorted((folder / "versions").glob("*.py"))]
    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET text = 'x'",
        "UPDATE journal SET at = 0 WHERE seq = 1",
        "DELETE FROM journal",
        "DELETE FROM journal WHERE site = 'hall'",
    ],
)
def test_the_database_refuses_to_change_the_journal(engine, statement):
    fill(engine)
    with engine.connect() as conn:
        with pytest.raises(DBAPIError, match="the journal is append-only"):
            conn.execute(text(statement))
        conn.rollback()
        assert conn.execute(text("SELECT count(*), min(text), min(at) FROM journal")).one() == (2, "a", 1)


@pytest.mark.postgres
def test_postgresql_refuses_to_empty_the_journal(postgres):
    engine = open_engine(postgres.clone())
    fill(engine)
    with engine.connect() as conn, pytest.raises(DBAPIError, match="the journal is append-only"):
        conn.execute(text("TRUNCATE journal"))
    engine.dispose()


def test_sqlite_refuses_to_replace_an_entry(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/t.db")
    migrate.upgrade(engine)
    fill(engine)
    with engine.connect() as conn, pytest.raises(DBAPIError, match="the journal is append-only"):
        conn.execute(text("INSERT OR REPLACE INTO journal VALUES ('hall', 1, 'k', 1, 'other', 'h')"))
    engine.dispose()


def fill(engine):
    with engine.begin() as conn:
        for seq in (1, 2):
            conn.execute(
                text("INSERT INTO journal (site, seq, kind, at, text, hash) VALUES ('hall', :seq, 'k', 1, 'a', 'h')"),
                {"seq": seq},
            )
