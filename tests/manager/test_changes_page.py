"""The change log: who changed what, when, under which entry."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from server.actions import notices
from server.actions import setup as setups
from server.domain.calendar import Span, SpecialOpening
from server.domain.draw_limits import DrawLimits
from server.domain.sites import Helps
from server.manager import changes_pages
from server.store.people import person_named
from tests.world import weekly

LOG = "/manager/rabat/changes"
DAY = date(2026, 12, 5)


@pytest.fixture
def nadia(office):
    office.person("manager", "rabat", "Nadia")
    return office.logged_in("Nadia")


@pytest.fixture
def change(office, nadia):
    """Does something at the site as Nadia and gives what the log then says on top."""
    with office.house.read() as conn:
        actor = f"manager:{person_named(conn, 'Nadia').code}"

    def do(action, lang="fr", **facts):
        done = office.house.submit("rabat", actor, partial(action, **facts))
        return top(nadia.get(LOG, query_string={"lang": lang}).text, done.did.seq)

    return do


def top(page, seq):
    """The text of the newest entry, which must be this one."""
    first = page.replace("&#39;", "'").partition(f'<li id="entry-{seq}">')[2].partition("</ul>")[0]
    assert first
    return first.replace("<bdi>", "").replace("</bdi>", "")


def test_it_says_who_when_and_under_which_entry(office, change):
    office.clock.advance(minutes=83)
    said = change(notices.post_message, texts={"fr": "Fermé <vendredi>"})
    for part in ("Nadia", "mardi 24 novembre 2026", "10:23", f"Écriture {office.house.hall('rabat').seq}"):
        assert part in said
    assert "Message affiché\u00a0: Fermé &lt;vendredi&gt;" in said


def test_it_says_what_was_changed(office, change):
    service = office.packs["rabat"].services[0]
    name, code = service.names.fr, service.public_code
    assert f"{name}\u00a0: service suspendu (panne" in change(notices.suspend, service=code, reason="system_down")
    assert "غياب العون المكلف" in change(notices.suspend, "ar", service=code, reason="agent_absent")
    assert f"{name}\u00a0: service repris" in change(notices.lift, service=code)
    special = SpecialOpening(on=DAY, spans=(Span(opens_min=540, closes_min=720),), reason="season")
    assert "5 décembre 2026\u00a0: 09:00–12:00 (période d'affluence)" in change(setups.open_specially, opening=special)
    closed = replace(special, spans=(), reason="works")
    assert "5 décembre 2026\u00a0: fermé (travaux)" in change(setups.open_specially, opening=closed)
    assert "retour aux horaires" in change(setups.take_special_opening_back, on=DAY)
    assert "jour férié confirmé (Aïd)" in change(setups.confirm_holiday, on=DAY, name="Aïd")
    assert "annulée (Aïd)" in change(setups.take_holiday_back, on=DAY, name="Aïd")
    week = change(setups.change_week, weekly=weekly().weekly)
    assert "lundi\u00a0: 08:00–17:00" in week
    assert "samedi" not in week


def test_it_says_how_fast_a_kiosk_may_draw(change):
    said = change(setups.change_draw_limits, limits=DrawLimits(gap_s=5, most=20, within_s=600))
    assert "Borne\u00a0: 5 s entre deux tickets, 20 au plus en 600 s" in said


def test_it_says_a_quota_and_that_there_is_none_any_more(office, change):
    service = office.packs["rabat"].services[0]
    facts = {"service": service.public_code}
    assert f"{service.names.fr}\u00a0: 40 tickets par jour au plus" in change(setups.change_quota, **facts, quota=40)
    assert "tickets par jour sans limite" in change(setups.change_quota, **facts, quota=None)


def test_it_says_what_a_counter_serves_and_helps_with(office, change):
    service = office.packs["rabat"].services[0]
    code = service.public_code
    facts = {"serves": (), "helps": (Helps(service=code, after_s=600),)}
    said = change(setups.change_counter, counter="rabat-4", **facts)
    assert "Guichet 4, reçoit\u00a0: Rien" in said
    assert f"Guichet 4, en renfort\u00a0: {service.names.fr} (10 min)" in said
    zone = office.house.hall("rabat").setup.zones[0]
    assert "Guichet 77 ajouté" in change(setups.add_counter, label="77", zone=zone, **facts)
    assert "Guichet 77 supprimé" in change(setups.remove_counter, counter="rabat-77")


def test_an_import_says_so_and_names_the_parts_that_changed(office, change):
    setup = office.house.hall("rabat").setup
    rule = replace(setup.rule, no_show_min_calls=3)
    said = change(setups.put_in_force, setup=replace(setup, rule=rule, services=setup.services[1:]))
    waits = "Une nouvelle version de la règle attend la prochaine ouverture\u00a0: 2"
    for part in ("Import du fichier du site", "Démarches ou engagements modifiés", waits):
        assert part in said


def test_it_begins_with_the_site_itself(nadia):
    page = nadia.get(f"{LOG}?lang=fr").text
    assert "Mise en service du site" in page
    assert "Système" in page


def test_older_changes_stand_on_further_pages(office, nadia, change, monkeypatch):
    monkeypatch.setattr(changes_pages, "SHOWN", 3)
    for day in range(5):
        change(setups.open_specially, opening=SpecialOpening(on=DAY + timedelta(days=day), spans=(), reason="works"))
    page = nadia.get(LOG, query_string={"lang": "fr"}).text
    assert page.count('<li id="entry-') == 3
    older = page.partition("before=")[2].partition('"')[0]
    further = nadia.get(f"{LOG}?before={older}&lang=fr").text
    assert further.count('<li id="entry-') == 3
    assert "Mise en service du site" in further
    assert "before=" not in further.partition("</nav>")[2].partition("Les plus récents")[2]


@pytest.mark.parametrize("before", ["x", "-1", "1" * 40, "²"])
def test_it_refuses_a_place_that_is_none(nadia, before):
    assert nadia.get(LOG, query_string={"before": before}).status_code == 422


def test_a_log_before_everything_is_empty(nadia):
    assert "Aucun changement." in nadia.get(f"{LOG}?before=1&lang=fr").text


def test_it_is_read_by_manager_inspector_and_administrator_alone(office, nadia):
    assert nadia.get("/manager/eljadida/changes").status_code == 403
    office.person("inspector", "rabat", "Ines")
    assert office.logged_in("Ines").get(LOG).status_code == 200
    office.person("agent", "rabat", "Amina")
    assert office.logged_in("Amina").get(LOG).status_code in {302, 403}
