"""The closing of a day: the head on a page and on paper, for somebody who can't change the journal."""

import pytest

from printers.slip import plain
from server.actions import devices
from server.domain import heads
from server.store import journal, print_jobs
from server.web import closing_slips, printing
from tests.office import csrf_of

DAY = "2026-11-24"
LIST, SLIP = "/manager/rabat/closings", f"/manager/rabat/closings/{DAY}"


@pytest.fixture
def over(office):
    """A day with two tickets is over at both sites."""
    for site in ("rabat", "eljadida"):
        service = office.packs[site].services[0].public_code
        for _ in range(2):
            office.kiosk(site).post(f"/sites/{site}/tickets", {"service": service, "language": "fr"})
    office.clock.advance(hours=24)
    for site in ("rabat", "eljadida"):
        office.house.submit(site, "system:tick", lambda _pen: None)
    return office


def logged_in(office, role, name):
    office.person(role, "rabat", name)
    return office.logged_in(name)


def head_of(office, site="rabat"):
    with office.house.read() as conn:
        (closed,) = journal.of_kind(conn, site, "day.closed", after=0, until=9999)
    return closed


@pytest.mark.parametrize("role", ["manager", "inspector"])
def test_the_list_has_the_head_of_each_day_and_where_the_journal_stands_now(over, role):
    page = logged_in(over, role, "Nadia").get(f"{LIST}?lang=fr").text
    closed = head_of(over)
    assert heads.grouped(closed.hash) in page
    with over.house.read() as conn:
        now = journal.head(conn, "rabat")
    assert now.seq > closed.seq
    assert heads.grouped(now.hash) in page
    assert now.hash in page


def test_the_slip_says_day_counts_and_the_whole_hash(over):
    page = logged_in(over, "inspector", "Ines").get(f"{SLIP}?lang=fr").text
    closed = head_of(over)
    for part in ("mardi 24 novembre 2026", closed.hash, heads.grouped(closed.hash), f"1 – {closed.seq}"):
        assert part in page
    assert 'name="kiosk"' not in page


@pytest.mark.parametrize("day", ["2026-11-25", "2026-11-23", "yesterday"])
def test_a_day_that_is_not_over_has_no_slip(over, day):
    answer = logged_in(over, "manager", "Nadia").get(f"/manager/rabat/closings/{day}")
    assert answer.status_code == 404


def test_who_works_at_the_counter_is_not_shown_it(over):
    assert logged_in(over, "agent", "Amina").get(LIST).status_code in {302, 401, 403}


def test_the_manager_prints_it_on_a_kiosk_once(over):
    kiosk = devices.add_device(over.house, site="rabat", kind="kiosk", name="Hall", printer="virtual:").code
    nadia = logged_in(over, "manager", "Nadia")
    page = nadia.get(f"{SLIP}?lang=ar").text
    key = page.partition('name="key" value="')[2].partition('"')[0]
    form = {"kiosk": kiosk, "key": key, "csrf_token": csrf_of(page)}
    for _ in range(2):
        assert nadia.post(f"{SLIP}/prints", data=form).status_code == 303
    with over.house.read() as conn:
        [job] = [job for job in _jobs(conn) if job.ticket.startswith(closing_slips.MARK)]
    assert job.device == kiosk
    closed = head_of(over)
    printed = plain(printing.PrinterWorker(over.house, name="p", voice=printing.Voice())._slip(job))
    assert heads.grouped(closed.hash) in printed
    assert closed.hash[:4] in printed
    assert "http://hall.example/open-data/rabat/" in printed
    assert "تذاكر: 2" in printed.replace("\u2068", "").replace("\u2069", "")


def test_only_a_kiosk_of_the_site_that_prints_is_taken_and_no_inspector_prints(over):
    nadia = logged_in(over, "manager", "Nadia")
    csrf = csrf_of(nadia.get(SLIP).text)
    assert nadia.post(f"{SLIP}/prints", data={"kiosk": "nobody", "csrf_token": csrf}).status_code == 404
    ines = logged_in(over, "inspector", "Ines")
    csrf = csrf_of(ines.get(SLIP).text)
    assert ines.post(f"{SLIP}/prints", data={"kiosk": "nobody", "csrf_token": csrf}).status_code in {302, 401, 403}


@pytest.mark.parametrize("lang", ["ar", "fr", "zgh", "en"])
def test_the_paper_is_in_the_language_it_is_asked_in(over, lang):
    from server.web.closed import day_of

    with over.app.app_context():
        day = day_of("rabat", DAY)
    slip = closing_slips.slip(over.packs["rabat"], day, lang, published_at=None)
    assert slip.language == lang
    assert heads.grouped(day.hash) in plain(slip)


def _jobs(conn):
    from sqlalchemy import select

    from server.store import schema

    return [print_jobs._job(row) for row in conn.execute(select(schema.print_jobs)).all()]
