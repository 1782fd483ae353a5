"""The charts of the waits page, and the part of the page that keeps itself fresh."""

import re
from datetime import date, timedelta
from functools import partial
from html.parser import HTMLParser

import pytest

from server.manager import charts
from server.reports.filters import Asked
from server.store import devices
from server.store.schema import to_ms

pytestmark = pytest.mark.slow

MONTH = "from=2026-11-01&to=2026-11-30"
VOID = {"meta", "link", "input", "br"}


@pytest.fixture
def hall(office):
    """Counter 1 called two people of its first line, after 7 and 36 minutes; a third waits."""
    amina, kiosk = office.agent("rabat", "Amina"), office.kiosk("rabat")
    service = office.packs["rabat"].counters[0].serves[0]
    amina.post("/counters/rabat-1/shifts")
    for _ in range(3):
        kiosk.post("/sites/rabat/tickets", {"service": service, "language": "fr"})
    office.clock.advance(minutes=7)
    amina.post("/counters/rabat-1/calls")
    office.clock.advance(minutes=29)
    amina.post("/counters/rabat-1/calls", {"ending": "finished"})
    office.person("manager", "rabat", "Nadia")
    return office


@pytest.fixture
def nadia(hall):
    return hall.logged_in("Nadia")


def chart(page, name):
    (found,) = re.findall(rf'aria-labelledby="chart-{name}">.*?</section>', page, flags=re.DOTALL)
    return found


def rows(part):
    """The rows of its tables, as the texts of their cells."""
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL) for row in part.split("<tr>")[1:]]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def test_the_spread_has_a_bar_and_its_numbers_for_each_step(nadia):
    part = chart(nadia.get(f"/manager/rabat?{MONTH}&lang=en").text, "spread")
    heading, *steps = rows(part)
    assert heading == ["Wait, in minutes", "", "Measured", "Out of 100"]
    assert [step for step in steps if step[2] != "0"] == [
        ["5 to 10", "", "1", "50"],
        ["35 to 40", "", "1", "50"],
    ]
    assert (len(steps), steps[-1][0]) == (13, "60 and more")
    assert part.count('class="bar__fill" width="100.0"') == 2


def test_the_heat_map_has_the_median_and_how_many(nadia):
    """Tuesday at 9: 7 and 36 minutes, in the middle 21.5, which is the fifth step of five minutes."""
    page = nadia.get(f"/manager/rabat?{MONTH}&lang=en").text
    assert '<td class="heat-4"><b>22</b><small>2</small></td>' in chart(page, "moments")
    heading, tuesday = rows(chart(page, "moments"))
    assert (heading[0], tuesday[0]) == ("Day", "Tuesday")


def test_the_share_within_target_stands_beside_the_promise(hall, nadia):
    """Of a line that promises a call within 10 minutes one was called in time and one was not."""
    service = hall.house.hall("rabat").setup.services[0]
    (only,) = rows(chart(nadia.get(f"/manager/rabat?{MONTH}&lang=en").text, "kept"))[1:]
    within = [minutes * 60 <= service.target.within_s for minutes in (7, 36)]
    assert only[2:] == ["2", str(50 * sum(within))]
    assert f"M{service.target.percent} 0v10" in nadia.get("/manager/rabat").text


def test_the_line_of_days_has_its_table(nadia):
    part = chart(nadia.get(f"/manager/rabat?{MONTH}&lang=en").text, "days")
    # the median of 7 and 36 minutes, nine tenths at 7 + 0.9 × 29
    assert rows(part)[1][1:] == ["2", "21:30", "33:06", "36:00"]
    # day 24 of 30 is 23/29 of the way; 21.5 of 40 minutes is 46.25 from the top
    assert 'd="M79.3 46.2"' in part


@pytest.mark.parametrize(
    ("by", "shown"),
    [("service", {"kept"}), ("hour", {"moments"}), ("day", {"days"}), ("counter", set()), ("agent", set())],
)
def test_who_asks_for_one_thing_gets_its_chart_alone(nadia, by, shown):
    page = nadia.get(f"/manager/rabat?{MONTH}&by={by}").text
    assert set(re.findall(r'id="chart-(\w+)"', page)) == shown


def test_one_day_has_no_line_of_days():
    day = date(2026, 11, 24)
    assert "days" not in charts.shown_for(None, Asked(from_on=day, to_on=day, by="service"))
    assert "days" in charts.shown_for(None, Asked(from_on=day - timedelta(days=1), to_on=day, by="service"))


def test_days_without_anybody_say_so(nadia):
    page = nadia.get("/manager/rabat?from=2026-10-01&to=2026-10-31&lang=fr").text
    for name in charts.ALL:
        assert rows(chart(page, name)) == []


def test_nothing_is_styled_inline_and_every_element_is_closed(nadia):
    class Closing(HTMLParser):
        open_tags: list[str]

        def handle_starttag(self, tag, attrs):
            assert not {"style", "onclick"} & dict(attrs).keys()
            if tag not in VOID:
                self.open_tags.append(tag)

        def handle_endtag(self, tag):
            assert self.open_tags.pop() == tag

    parser = Closing()
    parser.open_tags = []
    parser.feed(nadia.get(f"/manager/rabat?{MONTH}&lang=ar").text)
    assert parser.open_tags == []


def machine(office, code, *, kind, seen):
    def write(conn):
        add = partial(devices.add_device, conn, printer="", enrol_hash=code, enrol_until=0, at_ms=0)
        add(code=code, site="rabat", kind=kind, name=f"Machine {code}")
        if seen is not None:
            devices.note_seen(conn, code=code, at_ms=to_ms(seen), version=None)

    office.house.writer.run(write)


def test_the_hall_now_is_a_part_of_its_own_in_the_language_asked_for(nadia):
    part = nadia.get("/manager/rabat/now?in=en")
    assert part.status_code == 200
    assert "<html" not in part.text
    assert "Amina" in part.text
    assert "No alerts" in part.text
    # asking for it is no choice of a language
    assert not [cookie for cookie in part.headers.getlist("Set-Cookie") if cookie.startswith("lang=")]


def test_people_without_an_open_counter_are_marked(hall, nadia):
    assert "No open counter" not in nadia.get("/manager/rabat/now?in=en").text
    services = hall.house.hall("rabat").setup.services
    served = {service for counter in hall.packs["rabat"].counters[:1] for service in counter.serves}
    other = next(service.code for service in services if service.code not in served)
    hall.kiosk("rabat").post("/sites/rabat/tickets", {"service": other, "language": "fr"})
    assert nadia.get("/manager/rabat/now?in=en").text.count("No open counter") == 1


def test_machines_show_their_last_sign_of_life_and_silent_ones_are_told(hall, nadia):
    now = hall.clock.now()
    machine(hall, "lives1", kind="kiosk", seen=now)
    machine(hall, "silent", kind="display", seen=now - timedelta(minutes=10))
    machine(hall, "never1", kind="counter", seen=None)
    machine(hall, "relay1", kind="relay", seen=now)
    page = nadia.get("/manager/rabat/now?in=en").text
    shown = dict(re.findall(r"<li>\s*<span><bdi>Machine (\w+)</bdi>(.*?)</li>", page, flags=re.DOTALL))
    assert list(shown) == ["lives1", "silent", "never1"]
    assert "Online" in shown["lives1"]
    assert "<bdi>09:26</bdi>" in shown["silent"]
    assert "Never seen" in shown["never1"]
    (alert,) = re.findall(r'<ul class="now__alerts".*?</ul>', page, flags=re.DOTALL)
    assert "Display not updated" in alert
    assert "Machine silent" in alert
    assert "09:26" in alert


def test_the_part_is_for_the_manager_of_this_site_alone(hall, nadia):
    assert nadia.get("/manager/eljadida/now").status_code == 403
    assert hall.client().get("/manager/rabat/now").status_code == 302
