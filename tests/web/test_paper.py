"""From a ticket drawn at a kiosk to paper: the real journal, the real writer, printers that behave badly."""

import logging
import time
from functools import partial

import pytest
from PIL import Image
from sqlalchemy import func, select

from printers.slip import plain
from server.actions import devices, reception
from server.actions import setup as setups
from server.actions.house import open_house
from server.app import create_app
from server.clock import FakeClock
from server.config import Settings
from server.domain import heads
from server.packs.shipped import shipped_packs
from server.reports.alerts import alerts
from server.store import cursors, journal, print_jobs, schema
from server.store.engine import open_engine
from server.store.schema import to_ms
from server.store.sites import add_site
from server.web import checklists, paper, printing
from server.web.public_ids import public_id
from tests.printers import eyes
from tests.printers.fakes import FakePrinter, closed_port
from tests.world import MORNING

pytestmark = pytest.mark.slow

PACKS = {pack.site: pack for pack in shipped_packs()}
KEY = "k" * 64


class Reception:
    """A house with one site and its kiosks, and as many paper consumers as a test wants."""

    def __init__(self, settings, site="rabat", clock=None):
        self.site = site
        self.clock = clock or FakeClock(MORNING)
        self.house = open_house(settings, self.clock)
        self.consumers = []

    def founded(self):
        pack = PACKS[self.site]
        self.house.writer.run(partial(add_site, code=self.site, pack=pack.text, public_key=KEY, demo=True))
        self.house.submit(self.site, "system:test", partial(setups.put_in_force, setup=pack.setup()))
        return self

    def kiosk(self, printer="virtual:", name="k1"):
        return devices.add_device(self.house, site=self.site, kind="kiosk", name=name, printer=printer).code

    def prints(self, **facts):
        consumer = paper.PaperConsumer(
            self.house, **{"look_s": 0.05, "deadline_s": 0.3, "pace_s": 0.0, "on_death": _fail, **facts}
        )
        consumer.start()
        self.consumers.append(consumer)
        self.until(lambda: self.site in self.cursor())
        return consumer

    def draws(self, kiosk, language="ar", service=None):
        action = partial(reception.draw, service=service or PACKS[self.site].services[0].public_code, language=language)
        return self.house.submit(self.site, f"kiosk:{kiosk}", action).did.turn.ticket

    def job(self, ticket):
        with self.house.read() as conn:
            return print_jobs.latest_of(conn, ticket)

    def state(self, ticket):
        job = self.job(ticket)
        return None if job is None else (job.state, job.problem)

    def jobs(self):
        with self.house.read() as conn:
            table = schema.print_jobs
            return dict(conn.execute(select(table.c.state, func.count()).group_by(table.c.state)).all())

    def cursor(self):
        with self.house.read() as conn:
            return cursors.positions(conn, paper.CONSUMER)

    def alerts(self):
        with self.house.read() as conn:
            return alerts(conn, self.site, self.clock.now())

    def papers(self):
        return paper.recent(self.house.settings.data_dir, self.site)

    def until(self, what, timeout_s=10.0):
        end = time.monotonic() + timeout_s
        while not what():
            assert time.monotonic() < end, f"it did not come to that: {self.jobs()}"
            time.sleep(0.005)

    def settles(self, ticket, state, problem=None):
        self.until(lambda: self.state(ticket) == (state, problem))

    def close(self):
        for consumer in self.consumers:
            consumer.stop()
        self.house.close()


def _fail(name, error):
    raise AssertionError(name) from error


@pytest.fixture
def settings(tmp_path, database_url):
    return Settings(data_dir=tmp_path / "data", database_url=database_url, public_url="https://accueil.example.ma/")


@pytest.fixture
def rabat(settings):
    place = Reception(settings).founded()
    yield place
    place.close()


def lines(caplog, level=logging.WARNING):
    return [record.getMessage() for record in caplog.records if record.levelno >= level]


def test_a_ticket_drawn_at_a_kiosk_comes_out_of_its_printer(rabat):
    kiosk = rabat.kiosk()
    rabat.prints()
    ticket = rabat.draws(kiosk)
    rabat.settles(ticket, "done")
    (picture,) = rabat.papers()
    assert picture.parent == rabat.house.settings.data_dir / "paper" / "rabat" / kiosk
    assert eyes.codes_in(Image.open(picture)) == [f"https://accueil.example.ma/t/{public_id(KEY, ticket)}"]


def test_the_paper_carries_the_code_of_the_ticket_s_own_entry(rabat):
    ticket = rabat.draws(rabat.kiosk(), language="fr")
    with rabat.house.read() as conn:
        (drawn,) = journal.of_kind(conn, "rabat", "ticket.drawn", after=0, until=99)
    job = print_jobs.PrintJob(1, "rabat", ticket, "k1", 1, "queued", None, 0)
    worker = printing.PrinterWorker(rabat.house, name="k1", voice=printing.Voice())
    assert heads.grouped(drawn.hash) in plain(worker._ticket(job))


def test_a_list_of_documents_comes_out_of_the_same_printer_and_its_code_leads_to_the_card(rabat):
    kiosk = rabat.kiosk()
    rabat.prints()
    job = checklists.job_name(PACKS["rabat"].service("mut"), "ar", "key")
    wanted = print_jobs.Wanted(ticket=job, device=kiosk, asked_at=to_ms(rabat.clock.now()))
    rabat.house.writer.run(partial(print_jobs.queue, site="rabat", papers=[wanted]))
    rabat.settles(job, "done")
    (picture,) = rabat.papers()
    assert eyes.codes_in(Image.open(picture)) == ["https://accueil.example.ma/c/rabat/mut?lang=ar"]


def test_a_ticket_drawn_by_the_api_says_how_its_paper_stands_and_its_code_leads_to_it(rabat):
    app = create_app(rabat.house.settings, house=rabat.house)
    (consumer,) = [part for part in app.extensions["parts"] if isinstance(part, paper.PaperConsumer)]
    consumer.start()
    rabat.consumers.append(consumer)
    rabat.until(lambda: "rabat" in rabat.cursor())
    token = devices.create_device_token(rabat.house, device=rabat.kiosk(), unlimited=True)
    asked = {"headers": {"Authorization": f"Bearer {token}", "Idempotency-Key": "1"}}
    client = app.test_client()
    drawn = client.post("/api/v1/sites/rabat/tickets", json={"service": "imm", "language": "ar"}, **asked).get_json()
    rabat.settles(drawn["id"], "done")
    assert client.get(f"/api/v1/tickets/{drawn['id']}", **asked).get_json()["print"] == {"state": "done", "copy": 1}
    (picture,) = rabat.papers()
    assert eyes.codes_in(Image.open(picture)) == [drawn["follow_url"]]
    assert "مركز تسجيل السيارات بالرباط" in eyes.words_in(Image.open(picture))


def test_only_kiosks_with_a_printer_print(rabat):
    mute = rabat.kiosk(printer="", name="mute")
    rabat.prints()
    without = rabat.draws(mute)
    rabat.house.submit("rabat", "orienter:k3f9", partial(reception.draw, service="acc", language="fr", channel="desk"))
    last = rabat.draws(rabat.kiosk())
    rabat.settles(last, "done")
    assert rabat.job(without) is None
    assert rabat.jobs() == {"done": 1}


def test_a_new_installation_does_not_print_the_past(rabat):
    kiosk = rabat.kiosk()
    past = [rabat.draws(kiosk) for _ in range(5)]
    rabat.prints()
    rabat.settles(rabat.draws(kiosk), "done")
    assert [rabat.job(ticket) for ticket in past] == [None] * 5
    assert len(rabat.papers()) == 1


def test_what_was_drawn_while_nobody_printed_is_printed_if_it_is_young(rabat):
    kiosk = rabat.kiosk()
    rabat.prints().stop()
    old = [rabat.draws(kiosk) for _ in range(3)]
    rabat.clock.advance(minutes=4)
    young = rabat.draws(kiosk)
    rabat.prints()
    rabat.settles(young, "done")
    for ticket in old:
        rabat.settles(ticket, "expired")
    assert len(rabat.papers()) == 1


def test_a_network_printer_took_it_and_that_is_all_we_know(rabat):
    with FakePrinter() as printer:
        kiosk = rabat.kiosk(f"{printer.url}?width=384")
        rabat.prints()
        rabat.settles(rabat.draws(kiosk, "zgh"), "unknown")
        (job,) = printer.wait_for(1)
    assert job.startswith(b"\x1b@")


@pytest.mark.parametrize("behaviour", ["hangs_up", "never_reads"])
def test_a_printer_that_hangs_or_closes_blocks_the_job_and_nothing_else(rabat, behaviour):
    good = rabat.kiosk(name="k2")
    with FakePrinter(behaviour) as printer:
        bad = rabat.kiosk(printer.url)
        rabat.prints()
        ticket = rabat.draws(bad)
        rabat.settles(rabat.draws(good), "done")
        rabat.settles(ticket, "blocked", "printer_offline")


def test_a_hanging_printer_does_not_hold_up_other_paper(rabat):
    good = rabat.kiosk(name="k2")
    with FakePrinter("never_reads") as printer:
        bad = rabat.kiosk(printer.url)
        rabat.prints(deadline_s=2.0)
        stuck = rabat.draws(bad)
        rabat.settles(stuck, "sending")
        for _ in range(5):
            rabat.settles(rabat.draws(good), "done")
        assert rabat.state(stuck) == ("sending", None)
        rabat.settles(stuck, "blocked", "printer_offline")


def test_the_log_says_once_that_a_printer_is_away_and_once_that_it_is_back(rabat, caplog):
    kiosk = rabat.kiosk(f"tcp://127.0.0.1:{closed_port()}")
    rabat.prints()
    for _ in range(3):
        rabat.settles(rabat.draws(kiosk), "blocked", "printer_offline")
    assert len(lines(caplog)) == 1
    assert f"rabat: kiosk k1 ({kiosk}) does not print" in lines(caplog)[0]
    devices.set_printer(rabat.house, device=kiosk, printer="virtual:")
    for _ in range(3):
        rabat.settles(rabat.draws(kiosk), "done")
    rabat.until(lambda: len(lines(caplog)) == 2)
    assert lines(caplog)[1] == f"rabat: kiosk k1 ({kiosk}) prints again"


def test_the_alert_stands_since_the_first_ticket_that_did_not_come_out_and_goes_with_the_next_that_does(rabat):
    kiosk = rabat.kiosk(f"tcp://127.0.0.1:{closed_port()}")
    rabat.prints()
    assert rabat.alerts() == []
    for _ in range(3):
        rabat.settles(rabat.draws(kiosk), "blocked", "printer_offline")
        rabat.clock.advance(minutes=10)
    assert rabat.alerts() == [{"code": "printer_offline", "since": "2026-11-24T09:00:00.000Z", "device": kiosk}]
    devices.set_printer(rabat.house, device=kiosk, printer="virtual:")
    rabat.settles(rabat.draws(kiosk), "done")
    assert rabat.alerts() == []
    devices.set_printer(rabat.house, device=kiosk, printer=f"tcp://127.0.0.1:{closed_port()}")
    rabat.settles(rabat.draws(kiosk), "blocked", "printer_offline")
    assert [alert["since"] for alert in rabat.alerts()] == ["2026-11-24T09:30:00.000Z"]
    rabat.clock.advance(hours=2)
    assert rabat.alerts() == []


def test_an_address_that_names_no_printer_blocks_the_job(rabat, caplog):
    kiosk = rabat.kiosk("lpt1")
    rabat.prints()
    rabat.settles(rabat.draws(kiosk), "blocked", "printer_error")
    rabat.settles(rabat.draws(kiosk), "blocked", "printer_error")
    assert len(lines(caplog)) == 1


def test_a_folder_that_can_not_be_written_blocks_the_job(rabat):
    kiosk = rabat.kiosk()
    rabat.house.settings.data_dir.mkdir(exist_ok=True)
    (rabat.house.settings.data_dir / "paper").write_text("not a folder")
    rabat.prints()
    rabat.settles(rabat.draws(kiosk), "blocked", "printer_error")


def test_without_shaping_nothing_is_printed_and_it_is_said_once(rabat, caplog, monkeypatch):
    monkeypatch.setattr("printers.typeface.features.check", lambda name: False)
    kiosks = [rabat.kiosk(), rabat.kiosk(name="k2")]
    rabat.prints()
    for kiosk in kiosks * 2:
        rabat.settles(rabat.draws(kiosk), "blocked", "printer_shaping")
    assert len(lines(caplog)) == 1
    assert "libfribidi0" in lines(caplog)[0]
    assert {alert["code"] for alert in rabat.alerts()} == {"printer_shaping"}


def test_a_ticket_that_waited_three_minutes_for_paper_is_let_go(rabat):
    with FakePrinter("never_reads") as printer:
        kiosk = rabat.kiosk(printer.url)
        rabat.prints(deadline_s=1.5)
        stuck, late = rabat.draws(kiosk), rabat.draws(kiosk)
        rabat.settles(stuck, "sending")
        rabat.clock.advance(minutes=3, seconds=1)
        rabat.settles(late, "expired")


def test_what_a_killed_process_held_is_not_printed_again(rabat):
    kiosk = rabat.kiosk()
    rabat.prints().stop()
    tickets = [rabat.draws(kiosk) for _ in range(3)]
    rabat.house.writer.run(partial(paper.queue_drawn, site="rabat"))
    for state in ("claimed", "sending"):
        job = rabat.house.writer.run(
            partial(
                print_jobs.claim,
                devices=[kiosk],
                at_ms=to_ms(MORNING),
                created_since_ms=0,
                held_since_ms=to_ms(MORNING),
            )
        )
        rabat.house.writer.run(
            partial(print_jobs.move, job_id=job.id, from_states=("claimed",), state=state, at_ms=to_ms(MORNING))
        )
    rabat.prints()
    time.sleep(0.2)
    assert [rabat.state(ticket)[0] for ticket in tickets] == ["claimed", "sending", "queued"]
    rabat.clock.advance(seconds=16)
    rabat.settles(tickets[2], "done")
    assert [rabat.state(ticket)[0] for ticket in tickets[:2]] == ["claimed", "sending"]
    rabat.clock.advance(seconds=45)
    for ticket in tickets[:2]:
        rabat.settles(ticket, "unknown")
    assert len(rabat.papers()) == 1


def test_two_consumers_on_one_database_print_each_ticket_once(rabat, settings):
    other = Reception(settings, clock=rabat.clock)
    with FakePrinter() as shared:
        kiosks = [rabat.kiosk(), rabat.kiosk(shared.url, "k2"), rabat.kiosk(shared.url, "k3")]
        rabat.prints()
        other.prints()
        for place in (rabat, other) * 5:
            for kiosk in kiosks:
                place.draws(kiosk)
        rabat.until(lambda: rabat.jobs() == {"done": 10, "unknown": 20}, timeout_s=60)
        other.close()
        assert len(shared.jobs) == 20
    codes = [code for picture in rabat.papers() for code in eyes.codes_in(Image.open(picture))]
    assert len(codes) == len(set(codes)) == 10


def test_printing_goes_at_its_pace(rabat):
    kiosk = rabat.kiosk()
    rabat.prints(pace_s=0.2)
    began = time.monotonic()
    for ticket in [rabat.draws(kiosk) for _ in range(4)]:
        rabat.settles(ticket, "done")
    assert time.monotonic() - began > 0.6


def test_a_database_that_is_away_is_said_once_and_nothing_is_lost(rabat, caplog):
    kiosk = rabat.kiosk()
    rabat.prints()
    engine, rabat.house.engine = rabat.house.engine, open_engine("sqlite:////nowhere/at/all.db")
    rabat.until(lambda: "paper can't follow" in caplog.text)
    ticket = rabat.draws(kiosk)
    time.sleep(0.3)
    rabat.house.engine = engine
    rabat.settles(ticket, "done")
    assert [line for line in lines(caplog) if "follow" in line] == [
        "paper can't follow the journal; it tries again each second",
        "paper follows the journal again",
    ]


def test_recent_paper_comes_newest_first_whatever_kiosk_printed_it(rabat):
    first, second = rabat.kiosk(), rabat.kiosk(name="k2")
    rabat.prints()
    for kiosk in (first, second, first):
        rabat.settles(rabat.draws(kiosk), "done")
    assert [picture.parent.name for picture in rabat.papers()] == [first, second, first]
    assert paper.recent(rabat.house.settings.data_dir, "eljadida") == []


def test_kiosks_share_a_printer_by_its_address_and_not_by_its_paper():
    def printer(url, code="c"):
        return printing.printer_of(printing.DeviceRow(code, "rabat", "kiosk", "k", url, None))

    assert printer("tcp://10.0.0.7") == printer("tcp://10.0.0.7:9100?width=384", "d") == "tcp://10.0.0.7:9100"
    assert printer("virtual:") != printer("virtual:", "d")
