"""Each closed day's head goes to addresses outside, once, however badly they behave."""

import json
import logging
from datetime import timedelta
from hashlib import sha256

import pytest

from server import hosting
from server.config import SettingError, Settings
from server.domain import heads
from server.store import journal
from server.web import heads_sender
from server.web.head_carriers import CarrierError, Mail, Webhook, signature
from server.web.heads_sender import HeadsSender, carriers_of
from tests.office import Office
from tests.web import outside


@pytest.fixture
def office(tmp_path, database_url):
    office = Office(tmp_path / "data", sites=("rabat",), database_url=database_url)
    yield office
    office.close()


@pytest.fixture
def posts():
    with outside.posts() as posts:
        yield posts


@pytest.fixture
def mails():
    with outside.mails() as mails:
        yield mails


def sender_to(office, *carriers):
    """A sender that has begun: it sends what closes from now on."""
    sender = HeadsSender(office.house, carriers)
    sender.look()
    return sender


def night_falls(office):
    office.clock.advance(hours=24)
    office.house.submit("rabat", "system:tick", lambda _pen: None)
    with office.house.read() as conn:
        return journal.newest_of_kind(conn, "rabat", "day.closed", limit=1)[0]


def test_nothing_is_sent_where_nothing_is_set(office):
    assert carriers_of(Settings()) == []
    sender = HeadsSender(office.house, [])
    sender.start()
    assert sender._loop._thread is None


def test_the_head_of_a_closed_day_is_posted_once_and_signed(office, posts):
    sender = sender_to(office, Webhook(posts.url, key="a shared key"))
    closed = night_falls(office)
    for _ in range(3):
        sender.look()
    [body] = posts.bodies
    assert json.loads(body) == {
        "site": "rabat",
        "day": "2026-11-24",
        "seq": closed.seq,
        "hash": closed.hash,
        "short": heads.short(closed.hash),
    }
    assert posts.headers[0]["X-Idarati-Signature"] == signature("a shared key", body)


def test_without_a_key_nothing_is_signed(office, posts):
    sender = sender_to(office, Webhook(posts.url))
    night_falls(office)
    sender.look()
    assert "X-Idarati-Signature" not in posts.headers[0]


def test_the_past_of_a_new_address_is_not_sent(office, posts):
    night_falls(office)
    sender = sender_to(office, Webhook(posts.url))
    sender.look()
    assert posts.bodies == []


@pytest.mark.parametrize("status", [500, 404, 302])
def test_what_did_not_arrive_is_tried_again_later_and_said_once(office, posts, caplog, status):
    sender = sender_to(office, Webhook(posts.url))
    night_falls(office)
    posts.status = status
    sender.look()
    sender.look()
    assert len(posts.bodies) == 1
    office.clock.advance(minutes=1, seconds=1)
    sender.look()
    assert len(posts.bodies) == 2
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 1
    posts.status = 200
    office.clock.advance(minutes=2, seconds=1)
    sender.look()
    office.clock.advance(hours=1)
    sender.look()
    assert len(posts.bodies) == 3
    assert "again" in caplog.text


def test_days_that_waited_come_in_order_when_the_address_is_back(office, posts):
    sender = sender_to(office, Webhook(posts.url))
    posts.status = 503
    for _ in range(3):
        night_falls(office)
        sender.look()
    posts.status = 200
    posts.bodies.clear()
    office.clock.advance(hours=2)
    sender.look()
    assert [json.loads(body)["day"] for body in posts.bodies] == ["2026-11-24", "2026-11-25", "2026-11-26"]


def test_an_address_that_is_away_holds_up_no_other(office, posts):
    sender = sender_to(office, Webhook("http://127.0.0.1:9", deadline_s=0.5), Webhook(posts.url))
    night_falls(office)
    sender.look()
    assert len(posts.bodies) == 1


def test_of_two_processes_one_sends(office, posts):
    one, other = (sender_to(office, Webhook(posts.url)) for _ in range(2))
    night_falls(office)
    one.look()
    other.look()
    assert len(posts.bodies) == 1


def test_what_another_process_has_sent_meanwhile_is_not_sent_again(office, posts):
    one, other = (sender_to(office, Webhook(posts.url)) for _ in range(2))
    closed = night_falls(office)
    seen_by_other = other._waiting(_cursor(posts), "rabat")
    one.look()
    other._waiting = lambda *_asked: seen_by_other
    other.look()
    assert [entry.seq for entry in seen_by_other] == [closed.seq]
    assert len(posts.bodies) == 1


def test_while_one_process_sends_another_keeps_away(office, posts):
    sender = sender_to(office, Webhook(posts.url))
    closed = night_falls(office)
    taken = office.house.writer.run(lambda conn: sender._take(_cursor(posts), "rabat", closed.seq, conn))
    assert taken
    sender.look()
    assert posts.bodies == []
    office.clock.advance(seconds=heads_sender.TAKEN_FOR / timedelta(seconds=1) + 1)
    sender.look()
    assert len(posts.bodies) == 1


def test_the_head_is_mailed(office, mails):
    sender = sender_to(office, Mail("court@example.ma", server=mails.url, sender="reception@example.ma"))
    closed = night_falls(office)
    for _ in range(2):
        sender.look()
    [text] = mails.texts
    assert f"short: {heads.short(closed.hash)}" in text
    assert f"hash: {closed.hash}" in text
    assert "To: court@example.ma" in text
    assert any(line.lower().startswith("rcpt to:<court@example.ma>") for line in mails.said)


def test_a_mail_server_that_refuses_is_asked_again(office, mails):
    sender = sender_to(office, Mail("court@example.ma", server=mails.url, sender="reception@example.ma"))
    night_falls(office)
    mails.refuses = True
    sender.look()
    assert mails.texts == []
    mails.refuses = False
    office.clock.advance(minutes=2)
    sender.look()
    assert len(mails.texts) == 1


def test_a_mail_server_that_is_not_there_is_a_carriers_error():
    with pytest.raises(CarrierError):
        Mail("a@example.ma", server="smtp://127.0.0.1:9", sender="b@example.ma", deadline_s=0.5).carry(
            {"site": "rabat", "day": "2026-11-24", "short": "A" * 16}
        )


def test_closing_a_day_does_not_wait_for_an_address_that_hangs(office):
    """The sender has a thread of its own; nothing on the way to an answer asks it."""
    sender = HeadsSender(office.house, [Webhook("http://127.0.0.1:9", deadline_s=5)])
    assert sender.look not in office.house.wake


@pytest.mark.parametrize(
    "settings",
    [
        {"heads_webhooks": "ftp://example.ma/x"},
        {"heads_webhooks": "https://good.example.ma/ just-words"},
        {"heads_mail": "a@example.ma"},
        {"heads_mail": "a@example.ma", "smtp_url": "smtp://localhost"},
        {"heads_mail": "a@example.ma", "smtp_url": "mail.example.ma", "mail_from": "b@example.ma"},
    ],
)
def test_an_address_that_can_not_be_is_told_at_the_start(settings):
    with pytest.raises(SettingError):
        carriers_of(Settings(**settings))
    with pytest.raises(SettingError):
        hosting.check(Settings(**settings))


def test_addresses_stand_one_after_the_other():
    mail = {"heads_mail": "a@example.ma b@example.ma", "smtp_url": "smtp://localhost", "mail_from": "c@example.ma"}
    found = carriers_of(Settings(heads_webhooks="https://a.example.ma/ https://b.example.ma/", **mail))
    assert len(found) == 4


def _cursor(posts):
    return f"heads:{sha256(posts.url.encode()).hexdigest()[:24]}"
