"""Every test of a verb is told three times: in memory, on SQLite and on PostgreSQL, and each time proved afterwards."""

import shutil
from functools import partial

import pytest
from sqlalchemy import delete, event, text

from server.actions import days
from server.domain import fold
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.story import Written
from server.reports.replay import replay
from server.store import journal, schema
from server.store.engine import open_engine, snapshot
from server.store.sites import add_site
from server.store.transact import Command
from server.store.writer import BatchWriter, RowLockWriter
from tests.conftest import BOTH
from tests.world import Memory, Story


class Stored:
    """A place on a database: each verb goes through the writer, and what it wrote is read back from the journal."""

    def __init__(self, engine, site, clock):
        self.engine, self.site = engine, site
        make = BatchWriter if engine.dialect.name == "sqlite" else RowLockWriter
        self.writer = make(engine, now=clock.now, prelude=days.turn_the_page)
        self.writer.run(partial(add_site, code=site, pack="", public_key="k", demo=False))
        self.hall = Hall(site=site)
        self.written: list[Written] = []

    def does(self, action):
        done = self.writer.submit(Command(site=self.site, actor="test:1", action=action))
        with self.engine.connect() as conn:
            for row in list(journal.rows_after(conn, self.site, self.hall.seq)):
                entry = journal.entry_from_text(row.text, row.hash)
                self.hall = fold.apply(self.hall, entry)
                self.written.append(Written(entry=entry, text=row.text, hall=self.hall))
            assert self.writer.halls.caught_up(conn, self.site) == self.hall
        return done if isinstance(done, Refusal) else done.did

    def close(self):
        """The chain holds, the tables say what the journal says, and a start from the checkpoint finds the same hall."""
        with snapshot(self.engine) as conn:
            head = journal.head(conn, self.site)
            assert journal.verify(self.site, journal.rows_after(conn, self.site), head=head.hash) == head
            assert replay(conn, self.site) == []
            self.writer.halls.forget(self.site)
            again = self.writer.halls.caught_up(conn, self.site)
        assert again == self.hall
        self.writer.close()
        self.engine.dispose()


@pytest.fixture(scope="session")
def shared(request):
    """One database for all of these tests on PostgreSQL, where making one takes longer than a test."""
    server = request.getfixturevalue("postgres")
    url = server.clone()
    engine = _hasty(open_engine(url), "SET SESSION synchronous_commit = off")
    yield engine
    engine.dispose()
    server.drop(url)


@pytest.fixture(autouse=True, params=["memory", *BOTH])
def where(request, monkeypatch, tmp_path):
    """Stories of this test are told there, each on an empty database, and are proved when the next begins."""
    if request.param == "memory":
        monkeypatch.setattr(Story, "place", Memory)
        yield
        return
    told: list[Stored] = []

    def place(site, clock):
        prove(told)
        told.append(Stored(_empty(request, tmp_path), site, clock))
        return told[-1]

    monkeypatch.setattr(Story, "place", staticmethod(place))
    yield
    prove(told)


def prove(told):
    while told:
        told.pop().close()


def _empty(request, tmp_path):
    if request.node.callspec.params["where"] == "sqlite":
        path = tmp_path / "idarati.db"
        for old in tmp_path.glob("idarati.db*"):
            old.unlink()
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return _hasty(open_engine(f"sqlite:///{path}"), "PRAGMA synchronous=OFF")
    engine = request.getfixturevalue("shared")
    with engine.begin() as conn:
        # The journal's triggers forbid what follows; for this once they are told that somebody else has checked.
        conn.execute(text("SET LOCAL session_replication_role = replica"))
        for table in schema.metadata.tables.values():
            conn.execute(delete(table))
    return engine


def _hasty(engine, statement):
    """Not waiting for the disk: what survives a power cut is tested elsewhere, with the product's own engine."""

    @event.listens_for(engine, "connect")
    def say(connection, _record):
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()
        if engine.dialect.name != "sqlite":
            connection.commit()

    return engine
