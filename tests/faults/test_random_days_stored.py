"""The random days once more, on real databases: on PostgreSQL by two processes that take turns, each with only what the
database told it; on SQLite by the one that may. Rows, chain and hall are proved at the end of each.
"""

from itertools import cycle

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from server.actions import days
from server.domain import fold
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.story import Written
from server.reports import explanations
from server.reports.replay import replay
from server.store import journal
from server.store.engine import open_engine, snapshot
from server.store.sites import add_site
from server.store.transact import Command
from server.store.writer import BatchWriter, RowLockWriter
from tests.days.test_random_days import Days
from tests.world import Story

pytestmark = pytest.mark.slow

QUICK = settings(max_examples=5, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(QUICK, max_examples=25, stateful_step_count=150)


class Stored:
    """A site on a database, where every verb goes to the next of its writers."""

    def __init__(self, url, site, clock):
        self.site = site
        self.engine = open_engine(url)
        make = BatchWriter if self.engine.dialect.name == "sqlite" else RowLockWriter
        count = 1 if self.engine.dialect.name == "sqlite" else 2
        self.writers = [make(self.engine, now=clock.now, prelude=days.turn_the_page) for _ in range(count)]
        self.turns = cycle(self.writers)
        self.writers[0].run(lambda conn: add_site(conn, code=site, pack="", public_key="k", demo=False))
        self.hall = Hall(site=site)
        self.written: list[Written] = []

    def does(self, action):
        done = next(self.turns).submit(Command(site=self.site, actor="test:1", action=action))
        with self.engine.connect() as conn:
            for row in list(journal.rows_after(conn, self.site, self.hall.seq)):
                entry = journal.entry_from_text(row.text, row.hash)
                self.hall = fold.apply(self.hall, entry)
                self.written.append(Written(entry=entry, text=row.text, hall=self.hall))
        if isinstance(done, BaseException):
            raise done
        return done if isinstance(done, Refusal) else done.did

    def prove_and_close(self):
        with snapshot(self.engine) as conn:
            head = journal.head(conn, self.site)
            assert journal.verify(self.site, journal.rows_after(conn, self.site), head=head.hash) == head
            assert replay(conn, self.site) == []
            *differences, _count = explanations.recalled(conn, self.site)
            assert differences == []
            for writer in self.writers:
                assert writer.halls.caught_up(conn, self.site) == self.hall
        for writer in self.writers:
            writer.close()
        self.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def machine(request, tmp_path_factory, sqlite_template):
    """A machine whose every example begins on an empty database."""

    class StoredDays(Days):
        def __init__(self):
            if request.param == "sqlite":
                path = tmp_path_factory.mktemp("day") / "idarati.db"
                path.write_bytes(sqlite_template.read_bytes())
                self.url, self.drop = f"sqlite:///{path}", path.unlink
            else:
                server = request.getfixturevalue("postgres")
                self.url = server.clone()
                self.drop = lambda: server.drop(self.url)
            Story.place = staticmethod(lambda site, clock: Stored(self.url, site, clock))
            super().__init__()

        def teardown(self):
            super().teardown()
            self.world.told.prove_and_close()
            self.drop()

    before = Story.__dict__["place"]
    yield StoredDays
    Story.place = before


def test_random_days_on_a_real_database_break_no_promise(machine):
    run_state_machine_as_test(machine, settings=QUICK)


@pytest.mark.long
def test_many_random_days_on_a_real_database_break_no_promise(machine):
    run_state_machine_as_test(machine, settings=LONG)
