"""The ticker with a clock that stands still: quiet halls turn the page, old answers go."""

from functools import partial

from sqlalchemy import func, insert, select

from server.domain import sealing
from server.store import journal, schema, sealed
from server.store.schema import to_ms
from server.web.ticker import Ticker


def kinds(house, site):
    with house.read() as conn:
        return [entry.kind for entry in journal.all_after(conn, site)]


def keep_answer(house, key, at):
    row = {"token": "t", "key": key, "fingerprint": "f", "status": 201, "answer": "{}", "at": to_ms(at)}
    house.writer.run(lambda conn: conn.execute(insert(schema.idempotency).values(row)))


def kept_answers(house):
    with house.read() as conn:
        return conn.execute(select(func.count()).select_from(schema.idempotency)).scalar_one()


def test_a_quiet_hall_closes_its_day_and_opens_the_next_once(house):
    ticker, second = Ticker(house), Ticker(house)
    ticker.tick()
    assert kinds(house, "hall") == ["setup.changed", "day.opened"]
    house.clock.advance(hours=24)
    ticker.tick()
    second.tick()
    assert kinds(house, "hall") == ["setup.changed", "day.opened", "day.closed", "day.opened"]
    assert kinds(house, "other") == kinds(house, "hall")


def test_answers_older_than_48_hours_go_once_an_hour(house):
    ticker = Ticker(house)
    ticker.tick()
    keep_answer(house, "old", house.clock.now())
    house.clock.advance(hours=47)
    ticker.tick()
    assert kept_answers(house) == 1
    house.clock.advance(minutes=61)
    keep_answer(house, "new", house.clock.now())
    ticker.tick()
    assert kept_answers(house) == 1
    house.clock.advance(hours=46)
    ticker.tick()
    assert kept_answers(house) == 1


def test_notes_are_erased_after_their_days_and_their_rows_stay(house):
    note = sealing.seal("Malaise.", salt=b"0" * 16)
    first = house.clock.now()
    house.writer.run(partial(sealed.keep, site="hall", seq=7, sealed=note, actor="agent:1", at=first))
    ticker = Ticker(house)
    house.clock.advance(hours=24 * house.settings.notes_days - 1)
    ticker.tick()
    with house.read() as conn:
        assert sealed.of_entries(conn, "hall", [7])[7].text == "Malaise."
    house.clock.advance(hours=2)
    ticker.tick()
    with house.read() as conn:
        kept = sealed.of_entries(conn, "hall", [7])[7]
    assert (kept.text, kept.salt, kept.at) == (None, None, first)


def test_a_tick_that_the_database_spoils_is_no_death(house, monkeypatch, caplog):
    from server.store.writer import Busy

    def busy(*_):
        raise Busy("locked")

    monkeypatch.setattr(house.writer, "submit", busy)
    Ticker(house).tick()
    assert "a tick could not be done" in caplog.text
