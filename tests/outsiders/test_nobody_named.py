"""The journal is written to be published: whatever is exported of it names no person, no ground and no public id."""

import json
from functools import partial

import pytest
from sqlalchemy import select

from server.actions.house import open_house
from server.config import Settings
from server.demo.making import make_demo
from server.packs.parts import LANGUAGES
from server.reports import journal_file
from server.store import schema
from server.web.public_ids import public_id
from tests.office import Office

NOTE = "Son enfant s'appelle Zineb et elle a de la fièvre."
REMARK = "C'est Monsieur Bennani qui me l'a demandé."


def exported(house, site):
    with house.read() as conn:
        return list(journal_file.lines(conn, site))


def strings_of(rows):
    """Every string that stands in the entries, names of fields left out."""
    found = set()

    def walk(held):
        if isinstance(held, str):
            found.add(held)
        elif isinstance(held, dict):
            for part in held.values():
                walk(part)
        elif isinstance(held, list):
            for part in held:
                walk(part)

    for row in rows:
        walk(json.loads(row))
    return found


def people_in(house):
    with house.read() as conn:
        return [row.name for row in conn.execute(select(schema.people.c.name))]


def public_ids_of(house, site):
    with house.read() as conn:
        tickets = [row.id for row in conn.execute(select(schema.tickets.c.id).where(schema.tickets.c.site == site))]
    return [public_id(house.public_key(site), ticket) for ticket in tickets]


def nobody_is_named(house, pack):
    rows = exported(house, pack.site)
    text, strings = "\n".join(rows), strings_of(rows)
    ids = public_ids_of(house, pack.site)
    assert ids
    assert [one for one in ids if one in text] == []
    assert [name for name in people_in(house) if name in text] == []
    grounds = {ground.id for ground in pack.priority}
    named = {ground.names.own(lang) for ground in pack.priority for lang in LANGUAGES} - {None}
    assert grounds
    assert strings & (grounds | named) == set()
    if pack.discreet:
        real = {service.code for service in pack.services}
        words = {service.names.own(lang) for service in pack.services for lang in LANGUAGES} - {None}
        assert strings & (real | words) == set()
    return text


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path)
    yield office
    office.close()


@pytest.mark.parametrize("site", ["rabat", "eljadida"])
def test_a_day_with_priorities_notes_and_remarks_names_nobody(office, site):
    pack = office.packs[site]
    counter = pack.counters[0]
    service = pack.service(counter.serves[0])
    kiosk, desk = office.kiosk(site), office.api(office.person("orienter", site, "Ouafae Menthe"))
    for klass in ("ordinary", "priority", "ordinary"):
        body = {"service": service.public_code, "language": "fr", "class": klass}
        assert kiosk.post(f"/sites/{site}/tickets", body).status_code == 201
        assert desk.post(f"/sites/{site}/tickets", body).status_code == 201
    office.person("manager", site, "Nadia Safran")
    amina = office.agent(site, "Amina Cannelle")
    assert amina.post(f"/counters/{counter.id}/shifts").status_code == 201
    last = office.house.hall(site).lines[service.public_code][-1][2]
    reason = office.house.hall(site).setup.possible_call_reasons[0]
    called = amina.post(f"/counters/{counter.id}/calls", {"ticket": last, "reason": reason, "note": NOTE})
    assert called.status_code == 201, called.text
    assert amina.post(f"/sites/{site}/journal/{called.json['seq']}/remarks", {"text": REMARK}).status_code == 201
    text = nobody_is_named(office.house, pack)
    assert '"class":"priority"' in text
    for secret in (NOTE, REMARK, "Zineb", "Bennani"):
        assert secret not in text


def test_what_is_open_to_everybody_names_nobody_either(office):
    kiosk = office.kiosk("rabat")
    office.person("agent", "rabat", "Amina Cannelle")
    kiosk.post("/sites/rabat/tickets", {"service": "acc", "language": "fr", "class": "priority"})
    office.clock.advance(hours=24)
    office.house.submit("rabat", "system:tick", lambda _pen: None)
    client = office.client()
    addresses = ("journal/2026-11-24.jsonl", "journal/before-2026-11-24.jsonl", "journal.json", "")
    for address in addresses:
        page = client.get(f"/open-data/rabat/{address}")
        assert page.status_code == 200
        for secret in (*people_in(office.house), *public_ids_of(office.house, "rabat")):
            assert secret not in page.text


@pytest.mark.long
def test_a_demonstration_names_nobody_of_its_many_people(tmp_path):
    settings = Settings(data_dir=tmp_path, demo=True)
    make_demo(settings, days_back=3)
    house = open_house(settings)
    try:
        assert len(people_in(house)) > 20
        for site in house.site_codes():
            nobody_is_named(house, house.pack(site))
    finally:
        house.close()


def test_the_check_sees_what_it_should(office):
    """A check that can't fail proves nothing."""
    office.kiosk("rabat").post("/sites/rabat/tickets", {"service": "acc", "language": "fr"})
    ids = public_ids_of(office.house, "rabat")
    office.house.submit("rabat", f"agent:{ids[0]}", partial(_writes_remark, text="Amina Cannelle"))
    with pytest.raises(AssertionError):
        nobody_is_named(office.house, office.packs["rabat"])


def _writes_remark(pen, *, text):
    pen.write("entry.remarked", {"about": 1, "agent": "a", "sealed": text})
    return True
