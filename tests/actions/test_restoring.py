"""What a restored journal says, and where its numbers go on."""

from dataclasses import replace

from server.actions.restoring import Known, Note
from server.store.journal import Head
from tests.days.auditor import audit
from tests.world import Story

BACKUP = Head(seq=2, hash="b" * 64)
LOST = Head(seq=9, hash="c" * 64)
NOTE = Note(backup=BACKUP, lost=None, there=None, said={}, by="aaaaaa", confirmed_by="bbbbbb")


def restored(world, **changes):
    return world.does(replace(NOTE, **changes))


def test_it_says_from_what_and_by_whom_and_what_was_lost():
    world = Story()
    world.draws("a")
    restored(world, lost=LOST)
    body = world.entries[-1].body
    assert world.kinds[-1] == "journal.restored"
    assert (body["backup_seq"], body["backup_hash"]) == (2, "b" * 64)
    assert (body["lost_seq"], body["lost_hash"]) == (9, "c" * 64)
    assert (body["by"], body["confirmed_by"]) == ("aaaaaa", "bbbbbb")
    assert body["series"] == [{"series": "A", "n": 1}, {"series": "B", "n": 0}]


def test_every_series_goes_on_above_the_highest_number_that_anybody_knows():
    world = Story()
    world.draws("a")
    world.draws("b")
    there = Known(head=LOST, day=world.hall.day.on, numbers={"A": 7, "B": 1})
    restored(world, there=there, said={"A": 5, "B": 12})
    assert [world.draws(service).turn.number for service in ("a", "b", "a")] == ["A008", "B013", "A009"]
    world.clock.advance(hours=24)
    assert world.draws("a").turn.number == "A001"
    audit(world.entries)


def test_numbers_of_another_day_are_no_matter():
    world = Story()
    world.draws("a")
    restored(world, there=Known(head=LOST, day="2026-11-23", numbers={"A": 70}))
    assert world.draws("a").turn.number == "A002"


def test_a_backup_of_yesterday_counts_for_the_day_that_has_begun():
    """What was drawn today, between the backup and now, was of the same letters from 1 on."""
    world = Story()
    world.draws("a")
    world.clock.advance(hours=24)
    restored(world, said={"A": 57, "B": 0})
    assert world.kinds[-3:] == ["day.closed", "day.opened", "journal.restored"]
    assert world.draws("a").turn.number == "A058"
    audit(world.entries)


def test_who_waits_waits_on_and_the_day_counts_what_the_journal_knows():
    world = Story()
    ticket = world.draws("a").turn.ticket
    restored(world, said={"A": 30})
    world.opens(1)
    assert world.calls(1).turn.ticket == ticket
    world.starts(ticket, 1)
    world.finishes(ticket, 1)
    world.draws("a")
    world.clock.advance(hours=24)
    world.ticks()
    (closed,) = [entry for entry in world.entries if entry.kind == "day.closed"]
    assert (closed.body["drawn"], closed.body["served"], closed.body["not_served"]) == (2, 1, 1)
    audit(world.entries)
