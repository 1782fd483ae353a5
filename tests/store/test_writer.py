"""The writer on a real database file: answers, keys, batches, failures."""

from functools import partial

import pytest

from server.actions import calling, days, reception, shifts
from server.actions import setup as setups
from server.clock import FakeClock
from server.domain.errors import Refusal
from server.store import journal, schema
from server.store.engine import open_engine
from server.store.sites import add_site
from server.store.transact import Command, Done, Key
from server.store.writer import BatchWriter
from tests.world import MORNING, small_setup


@pytest.fixture
def engine(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/t.db")
    schema.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def clock():
    return FakeClock(MORNING)


@pytest.fixture
def writer(engine, clock):
    writer = BatchWriter(engine, now=clock.now, prelude=days.turn_the_page)
    writer.run(partial(add_site, code="hall", pack="", public_key="k", demo=False))
    writer.submit(Command(site="hall", actor="test:1", action=partial(setups.put_in_force, setup=small_setup())))
    yield writer
    writer.close()


def draw(writer, key=None, **facts):
    facts = {"service": "a", "language": "ar", **facts}
    return writer.submit(
        Command(
            site="hall",
            actor="kiosk:1",
            action=partial(reception.draw, **facts),
            key=key,
            present=lambda did, hall: (201, {"number": did.turn.number, "seq": did.seq}),
        )
    )


def test_a_ticket_is_drawn_called_and_chained(engine, writer):
    assert draw(writer).answer == (201, {"number": "A001", "seq": 3})
    assert draw(writer, service="b").answer[1]["number"] == "B001"
    writer.submit(Command(site="hall", actor="agent:x", action=partial(shifts.open_shift, counter="hall-1", agent="x")))
    called = writer.submit(
        Command(site="hall", actor="agent:x", action=partial(calling.call_next, counter="hall-1", agent="x"))
    )
    assert isinstance(called, Done)
    assert called.did.turn.number == "A001"
    with engine.connect() as conn:
        head = journal.verify("hall", journal.rows_after(conn, "hall"), head=journal.head(conn, "hall").hash)
    assert isinstance(head, journal.Head)
    assert head.seq == 6


def test_the_same_key_gives_the_same_answer_and_another_body_is_refused(writer):
    first = draw(writer, key=Key(token="t", key="k1", fingerprint="f"))
    again = draw(writer, key=Key(token="t", key="k1", fingerprint="f"))
    other = draw(writer, key=Key(token="t", key="k1", fingerprint="g"))
    assert first.answer == again.answer
    assert other == Refusal("key_reused")
