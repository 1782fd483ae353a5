"""The living hall on a real database with a clock that is moved by hand: alive, open at any hour, and polite."""

from collections import Counter
from datetime import UTC, date, datetime
from functools import partial

import pytest

from server.actions import calling, reception, serving, shifts
from server.actions import setup as setups
from server.actions.house import open_house
from server.clock import FakeClock
from server.config import Settings
from server.demo.backstage import Backstage
from server.demo.living import LivingSite, counters_to_open
from server.demo.opening import ALL_DAY
from server.domain import calendar
from server.domain import hall as halls
from server.domain.calendar import Span, SpecialOpening
from server.domain.errors import Refusal
from server.store import journal, schema
from server.store.sites import add_site
from server.store.writer import Busy
from tests.demo.small import CAST, small_load
from tests.world import small_setup

pytestmark = pytest.mark.slow

#: A Saturday night, when the office is closed.
NIGHT = datetime(2026, 11, 28, 22, 30, tzinfo=UTC)


@pytest.fixture
def clock():
    return FakeClock(NIGHT)


@pytest.fixture
def house(tmp_path, clock):
    house = open_house(Settings(data_dir=tmp_path), clock)
    schema.metadata.create_all(house.engine)
    house.writer.run(partial(add_site, code="hall", pack="", public_key="k", demo=True))
    house.submit("hall", "test:1", partial(setups.put_in_force, setup=small_setup()))
    yield house
    house.close()


@pytest.fixture
def living(house):
    return LivingSite(house, site="hall", load=small_load(), cast=CAST)


def play(living, clock, *, minutes):
    for _ in range(int(minutes * 60)):
        living.tick()
        clock.advance(seconds=1)


def entries(house):
    with house.read() as conn:
        return list(journal.all_after(conn, "hall"))


def by_hand(house, action, **facts):
    did = house.submit("hall", "agent:hand", partial(action, **facts))
    return did if isinstance(did, Refusal) else did.did


def test_at_once_people_wait_and_counters_are_open(house, living):
    living.tick()
    hall = house.hall("hall")
    assert len(hall.turns) >= 6
    assert set(hall.shifts) == set(counters_to_open(hall.setup, small_load()))


def test_it_is_open_in_the_night_by_a_special_opening_and_goes_on_over_midnight(house, living, clock):
    play(living, clock, minutes=1)
    assert [s.on for s in house.hall("hall").setup.hours.specials] == [date(2026, 11, 28), date(2026, 11, 29)]
    play(living, clock, minutes=120)
    hall = house.hall("hall")
    assert [s.on for s in hall.setup.hours.specials][-1] == date(2026, 11, 30)
    opening = calendar.opening_at(hall.setup.hours, hall.setup.timezone, clock.now())
    assert opening.ends_at.date() > date(2026, 11, 29)
    drawn = [entry.at for entry in entries(house) if entry.kind == "ticket.drawn"]
    assert any(at.hour == 0 for at in drawn)


def test_what_a_person_decides_about_the_hours_stands(house, living, clock):
    play(living, clock, minutes=1)
    afternoon = SpecialOpening(on=date(2026, 11, 29), spans=(Span(opens_min=840, closes_min=960),), reason="works")
    by_hand(house, setups.open_specially, opening=afternoon)
    play(living, clock, minutes=180)
    setup = house.hall("hall").setup
    assert calendar.spans_on(setup.hours, date(2026, 11, 29)) == afternoon.spans
    assert calendar.spans_on(setup.hours, date(2026, 11, 30)) == ALL_DAY


def test_people_are_called_served_and_missed_and_the_lines_stay_bearable(house, living, clock):
    play(living, clock, minutes=240)
    kinds = Counter(entry.kind for entry in entries(house))
    assert kinds["ticket.finished"] > 60
    assert kinds["ticket.no_show"] > 0
    assert kinds["shift.paused"] > 0
    assert sum(halls.waiting_count(house.hall("hall"), service) for service in "ab") < 25


def test_everything_it_does_says_that_it_is_simulated(house, living, clock):
    play(living, clock, minutes=20)
    actors = {entry.actor.partition(":")[0] for entry in entries(house)}
    assert actors == {"demo", "system", "test"}


def test_one_counter_is_free_where_people_wait_and_the_hall_never_touches_it(house, living, clock):
    living.tick()
    free = {"hall-1", "hall-2", "hall-3"} - set(house.hall("hall").shifts)
    assert free == {"hall-1"}
    by_hand(house, shifts.open_shift, counter="hall-1", agent="hand")
    called = by_hand(house, calling.call_next, counter="hall-1", agent="hand")
    play(living, clock, minutes=30)
    hall = house.hall("hall")
    assert hall.turns[called.turn.ticket].state == "called"
    assert hall.shifts["hall-1"].agent == "hand"


def test_it_gives_way_when_a_person_moves_something_at_its_counter(house, living, clock):
    play(living, clock, minutes=3)
    counter = next(counter for counter in house.hall("hall").at_counter)
    turn = halls.turn_at(house.hall("hall"), counter)
    verb = serving.start if turn.state == "called" else serving.finish
    by_hand(house, verb, ticket=turn.ticket, agent=turn.agent)
    seq = house.hall("hall").seq
    play(living, clock, minutes=40)
    later = [entry for entry in entries(house) if entry.seq > seq and entry.body.get("counter") == counter]
    assert later == []
    assert counter in house.hall("hall").shifts
    living.end()
    assert counter in house.hall("hall").shifts


def test_it_gives_way_when_somebody_closes_and_does_not_open_again(house, living, clock):
    play(living, clock, minutes=3)
    counter = next(iter(house.hall("hall").shifts))
    by_hand(house, shifts.close_for_agent, counter=counter)
    play(living, clock, minutes=30)
    assert counter not in house.hall("hall").shifts


def test_a_counter_that_a_person_has_opened_first_is_left_to_them(house, living, clock):
    by_hand(house, shifts.open_shift, counter="hall-3", agent="hand")
    play(living, clock, minutes=30)
    assert {e.actor for e in entries(house) if e.body.get("counter") == "hall-3"} == {"agent:hand"}


def test_a_ticket_drawn_by_hand_is_served_like_any_other(house, living, clock):
    living.tick()
    mine = by_hand(house, reception.draw, service="a", language="fr").turn.ticket
    play(living, clock, minutes=90)
    kinds = [entry.kind for entry in entries(house) if entry.body.get("ticket") == mine]
    assert kinds[0] == "ticket.drawn"
    assert kinds[-1] == "ticket.finished"


def test_new_agents_come_on_a_new_business_day(house, living, clock):
    play(living, clock, minutes=2)
    clock.advance(hours=5, minutes=40)
    play(living, clock, minutes=20)
    hall = house.hall("hall")
    assert hall.day.on == "2026-11-29"
    assert len(hall.shifts) == 2
    assert hall.tally.drawn > 6


def test_it_closes_its_counters_when_it_ends_and_leaves_the_waiting_waiting(house, living, clock):
    play(living, clock, minutes=5)
    living.end()
    hall = house.hall("hall")
    assert not hall.shifts
    assert not hall.at_counter
    assert hall.turns


def test_what_a_cut_off_run_left_behind_is_cleared_away(house, living, clock):
    play(living, clock, minutes=5)
    left_at = clock.now()
    clock.advance(hours=2)
    again = LivingSite(house, site="hall", load=small_load(), cast=CAST)
    play(again, clock, minutes=10)
    hall = house.hall("hall")
    assert all(turn.joined_at > left_at for turn in hall.turns.values())
    assert all(shift.opened_at > left_at for shift in hall.shifts.values())
    assert len(hall.shifts) == 2


def test_what_a_person_took_over_before_the_cut_is_not_cleared_away(house, living, clock):
    play(living, clock, minutes=3)
    counter = next(counter for counter in house.hall("hall").at_counter)
    turn = halls.turn_at(house.hall("hall"), counter)
    by_hand(house, serving.start if turn.state == "called" else serving.finish, ticket=turn.ticket, agent=turn.agent)
    shift = house.hall("hall").shifts[counter]
    again = LivingSite(house, site="hall", load=small_load(), cast=CAST)
    play(again, clock, minutes=10)
    assert house.hall("hall").shifts[counter].opened_seq == shift.opened_seq


def test_quiet_it_only_keeps_the_site_open(house, clock):
    quiet = LivingSite(house, site="hall", load=small_load(), cast=CAST, quiet=True)
    play(quiet, clock, minutes=10)
    assert {entry.kind for entry in entries(house)} == {"setup.changed", "day.opened"}
    assert by_hand(house, reception.draw, service="a", language="ar").turn.number == "A001"


def test_a_busy_writer_only_delays_it(house, living, clock, monkeypatch):
    submit, times = house.writer.submit, Counter()

    def sometimes_busy(command):
        times["all"] += 1
        if times["all"] % 5 == 0:
            raise Busy("try later")
        return submit(command)

    monkeypatch.setattr(house.writer, "submit", sometimes_busy)
    play(living, clock, minutes=60)
    assert Counter(entry.kind for entry in entries(house))["ticket.finished"] > 10


def test_the_thread_stops_when_the_server_does(house, living):
    backstage = Backstage([living])
    backstage.start()
    for _ in range(100):
        if house.hall("hall").turns:
            break
        import time

        time.sleep(0.05)
    backstage.stop()
    assert not house.hall("hall").shifts
    assert house.hall("hall").turns
