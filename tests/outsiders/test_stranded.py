"""A transfer out of the line before the outsider: right while the service is suspended, and a fault at any other time."""

from server.actions import notices
from tests.outsiders.book import rows_of, verify, write_rows
from tests.outsiders.test_restored import rewritten
from tests.world import Story


def told():
    world = Story()
    world.opens(2)
    ticket = world.draws("a").turn.ticket
    world.does(notices.suspend, service="a", reason="system_down", instead="b")
    world.transfers(ticket, 2, service="b")
    world.calls(2)
    return world.entries


def checked(tmp_path, entries):
    return verify(write_rows(tmp_path / "journal.jsonl", rows_of(entries)))


def test_while_the_service_is_suspended_it_holds(tmp_path):
    assert checked(tmp_path, told()).faults == []


def test_where_it_was_not_suspended_it_is_a_fault(tmp_path):
    def nothing_suspended(entry):
        if entry.kind != "setup.changed":
            return entry.body
        return {**entry.body, "setup": {**entry.body["setup"], "suspended": []}}

    entries = told()
    moved = next(entry.seq for entry in entries if entry.kind == "ticket.transferred")
    assert (moved, "moves") in checked(tmp_path, rewritten(entries, nothing_suspended)).faults
