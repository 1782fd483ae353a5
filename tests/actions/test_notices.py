"""Suspensions and messages: what people are told, what goes on meanwhile, and who said so."""

from datetime import datetime, timedelta, timezone

import pytest

from server.actions import notices
from server.actions import setup as setups
from server.actions.setup import Changed
from server.domain import board, line
from server.domain.errors import Refusal
from server.domain.sites import setup_from_body
from tests.world import Story, small_setup

FIRE_DRILL = {"fr": "Exercice d'évacuation à 11 h", "ar": "تمرين إخلاء على الساعة 11"}


def lines(world):
    return {one["service"]: one for one in board.board(world.hall, world.clock.now())["lines"]}


def messages(world):
    return board.board(world.hall, world.clock.now())["messages"]


def until(world):
    """When the board says that its messages change."""
    return board.board(world.hall, world.clock.now())["messages_until"]


def test_a_suspended_service_gives_no_tickets_and_says_why():
    world = Story()
    world.does(notices.suspend, service="a", reason="system_down")
    assert world.draws("a") == Refusal("suspended", {"reason": "system_down"})
    assert world.draws("b").turn.number == "B001"


def test_the_suspension_is_said_before_the_hours():
    world = Story()
    world.does(notices.suspend, service="a", reason="supplies")
    world.clock.advance(hours=10)
    assert world.draws("a").code == "suspended"
    assert world.draws("b").code == "service_closed"


def test_whoever_holds_a_ticket_is_told_and_called_all_the_same():
    world = Story()
    world.opens(1)
    world.draws("a")
    world.does(notices.suspend, service="a", reason="network_down")
    told = lines(world)["a"]
    assert (told["suspended"], told["estimate"], told["estimate_why"]) == ("network_down", None, "suspended")
    followed = line.line(world.hall, "a", world.clock.now())
    assert (followed["suspended"], followed["estimate_why"]) == ("network_down", "suspended")
    assert "suspended" not in lines(world)["b"]
    assert world.calls(1).turn.number == "A001"


def test_a_suspension_is_lifted_by_somebody_and_holds_until_then():
    world = Story()
    world.does(notices.suspend, service="a", reason="safety")
    world.clock.advance(hours=24)
    assert world.draws("a").code == "suspended"
    assert world.does(notices.lift, service="a").seq == world.hall.seq
    assert world.draws("a").turn.number == "A001"
    assert world.does(notices.lift, service="a") == Refusal("not_suspended")


def test_each_change_is_an_entry_by_its_actor_and_the_same_twice_is_none():
    world = Story()
    changed = world.does(notices.suspend, service="a", reason="safety")
    assert (world.entries[-1].body["what"], world.entries[-1].actor) == ("suspension", "test:1")
    assert changed == Changed(seq=world.entries[-1].seq)
    assert world.does(notices.suspend, service="a", reason="safety") == Changed(seq=None)
    world.does(notices.suspend, service="a", reason="supplies")
    assert [(one.service, one.reason) for one in world.hall.setup.suspended] == [("a", "supplies")]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"service": "z", "reason": "safety"}, "no_such_service"),
        ({"service": "a", "reason": "because"}, "no_such_reason"),
    ],
)
def test_only_known_services_for_reviewed_reasons(facts, code):
    world = Story()
    assert world.does(notices.suspend, **facts).code == code
    assert len(world.written) == 2


def test_a_message_hangs_in_the_hall_in_its_languages():
    world = Story()
    posted = world.does(notices.post_message, texts=FIRE_DRILL)
    assert posted.message.id == "m3"
    assert messages(world) == [{"id": "m3", "texts": {**FIRE_DRILL, "zgh": None, "en": None}}]
    world.does(notices.take_message_down, message="m3")
    assert messages(world) == []
    assert world.does(notices.take_message_down, message="m3") == Refusal("no_such_message")


def test_a_message_comes_and_goes_at_its_time():
    world = Story()
    now = world.clock.now()
    facts = {"from_at": now + timedelta(hours=1), "until_at": now + timedelta(hours=2)}
    world.does(notices.post_message, texts=FIRE_DRILL, **facts)
    assert messages(world) == []
    assert until(world) == "2026-11-24T10:00:00.000Z"
    world.clock.advance(hours=1)
    assert len(messages(world)) == 1
    assert until(world) == "2026-11-24T11:00:00.000Z"
    world.clock.advance(hours=1)
    assert messages(world) == []
    assert until(world) is None


def test_five_messages_hang_at_once_and_what_is_over_makes_room():
    world = Story()
    until_at = world.clock.now() + timedelta(hours=1)
    for n in range(5):
        world.does(notices.post_message, texts={"fr": f"Message {n}"}, until_at=until_at)
    assert world.does(notices.post_message, texts=FIRE_DRILL) == Refusal("too_many_messages", {"count": 5})
    world.clock.advance(hours=1)
    world.does(notices.post_message, texts=FIRE_DRILL)
    assert len(world.hall.setup.messages) == 1


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"fr": "x" * 201}, "message_too_long"),
        ({"de": "Guten Tag"}, "language_not_offered"),
        ({"en": "Only English"}, "message_unread"),
        ({"fr": "  \n "}, "message_unread"),
        ({}, "message_unread"),
    ],
)
def test_a_message_is_short_and_everybody_finds_a_language(texts, code):
    assert Story().does(notices.post_message, texts=texts).code == code


def test_at_a_site_of_one_language_that_language_is_enough():
    world = Story(small_setup(languages=("en",)))
    assert world.does(notices.post_message, texts={"en": "Open day"}).seq == 3


def test_a_message_that_is_over_before_it_begins_is_refused():
    world = Story()
    now = world.clock.now()
    for facts in (
        {"until_at": now},
        {"from_at": now + timedelta(hours=2), "until_at": now + timedelta(hours=1)},
        {"until_at": datetime.max.replace(tzinfo=timezone(timedelta(hours=-5)))},
        {"from_at": now + timedelta(days=400)},
    ):
        assert world.does(notices.post_message, texts=FIRE_DRILL, **facts) == Refusal("message_period")


def test_a_message_that_should_have_begun_begins_now():
    world = Story()
    long_ago = datetime.min.replace(tzinfo=timezone(timedelta(hours=5)))
    assert world.does(notices.post_message, texts=FIRE_DRILL, from_at=long_ago).message.from_at is None


def test_a_message_is_one_line_of_visible_text():
    world = Story()
    world.does(notices.post_message, texts={"fr": "Salle\u202e  2\r\nfermée\x00 \ud800"})
    assert messages(world)[0]["texts"]["fr"] == "Salle 2 fermée"


def test_an_entry_from_before_there_were_suspensions_is_read():
    world = Story()
    body = {**world.entries[0].body["setup"]}
    del body["suspended"], body["messages"]
    assert setup_from_body(body) == world.setup


def test_before_the_first_set_up_there_is_nothing_to_tell():
    world = Story(set_up=False)
    for action, facts in (
        (notices.suspend, {"service": "a", "reason": "safety"}),
        (notices.lift, {"service": "a"}),
        (notices.post_message, {"texts": FIRE_DRILL}),
        (notices.take_message_down, {"message": "m1"}),
        (setups.remove_counter, {"counter": "hall-1"}),
    ):
        assert world.does(action, **facts) == Refusal("no_such_site")
