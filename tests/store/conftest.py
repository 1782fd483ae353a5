"""A writer on each database, with a site that is set up and open."""

from functools import partial

import pytest

from server.actions import calling, days, reception, shifts
from server.actions import setup as setups
from server.clock import FakeClock
from server.store import journal
from server.store.sites import add_site
from server.store.transact import Command, Done, Key
from server.store.writer import BatchWriter, RowLockWriter
from tests.world import MORNING, small_setup


class Hall:
    """What a test says to the house at the site `hall`."""

    def __init__(self, engine, clock):
        self.engine = engine
        self.clock = clock
        self.writers = []
        self.writer = self.another_writer()
        self.writer.run(partial(add_site, code="hall", pack="", public_key="k", demo=False))
        self.does(partial(setups.put_in_force, setup=small_setup()))

    def another_writer(self, **facts):
        """As another process, or the same after a restart, would have: it knows only what the database holds."""
        make = BatchWriter if self.engine.dialect.name == "sqlite" else RowLockWriter
        writer = make(self.engine, now=self.clock.now, prelude=days.turn_the_page, **facts)
        self.writers.append(writer)
        return writer

    def does(self, action, *, actor="test:1", writer=None, **facts):
        command = Command(site="hall", actor=actor, action=action, **facts)
        return (writer or self.writer).submit(command)

    def draws(self, service="a", *, key=None, token="t", fingerprint="f", writer=None):
        return self.does(
            partial(reception.draw, service=service, language="ar"),
            actor="kiosk:1",
            key=None if key is None else Key(token=token, key=key, fingerprint=fingerprint),
            present=lambda did, hall: (201, {"number": did.turn.number, "seq": did.seq}),
            writer=writer,
        )

    def number(self, *args, **facts):
        done = self.draws(*args, **facts)
        assert isinstance(done, Done), done
        return done.answer[1]["number"]

    def opens(self, n, agent=None):
        return self.does(partial(shifts.open_shift, counter=f"hall-{n}", agent=agent or f"agent{n}"))

    def calls(self, n, *, ending=None, writer=None):
        action = partial(calling.call_next, counter=f"hall-{n}", agent=f"agent{n}", ending=ending)
        return self.does(action, actor=f"agent:agent{n}", writer=writer)

    @property
    def entries(self):
        with self.engine.connect() as conn:
            return list(journal.all_after(conn, "hall"))

    @property
    def drawn(self):
        return [entry.body["number"] for entry in self.entries if entry.kind == "ticket.drawn"]

    def holds(self):
        """The chain holds, ends at the head, and the tables say what it says."""
        from server.reports.replay import replay
        from server.store.engine import snapshot

        with snapshot(self.engine) as conn:
            head = journal.head(conn, "hall")
            assert journal.verify("hall", journal.rows_after(conn, "hall"), head=head.hash) == head
            assert replay(conn, "hall") == []
        return True


@pytest.fixture
def clock():
    return FakeClock(MORNING)


@pytest.fixture
def hall(engine, clock):
    hall = Hall(engine, clock)
    yield hall
    for writer in hall.writers:
        writer.close()
