"""The set-up page: each form is one entry by a named person, and what is refused says why where it was typed."""

import re
from dataclasses import replace
from functools import partial

import pytest

from server.actions import setup as setups
from tests.office import csrf_of

pytestmark = pytest.mark.slow

SETUP = "/manager/rabat/setup"


@pytest.fixture
def manager(office):
    office.person("manager", "rabat", "Nadia")
    return Manager(office, office.logged_in("Nadia"))


class Manager:
    """Nadia with her browser: sends a form of the page with the page's token."""

    def __init__(self, office, client):
        self.office, self.client = office, client
        self.csrf = csrf_of(client.get(SETUP).text)

    def get(self, address=SETUP, lang="fr"):
        page = self.client.get(f"{address}{'&' if '?' in address else '?'}lang={lang}")
        assert page.status_code == 200
        return page.text.replace("&#39;", "'")

    def sends(self, part, lang="fr", **fields):
        return self.client.post(
            f"{SETUP}/{part}", data={"csrf_token": self.csrf, **fields}, headers={"Accept-Language": lang}
        )

    def changes(self, part, **fields):
        """A form that holds leads back to its section by a new request; the page then names the entry."""
        answer = self.sends(part, **fields)
        assert answer.status_code == 303, answer.text
        assert str(self.setup_seq) in answer.headers["Location"]
        assert f"#entry-{self.setup_seq}" in self.get(answer.headers["Location"].partition("#")[0])

    def refused(self, part, status, **fields):
        answer = self.sends(part, **fields)
        assert answer.status_code == status
        assert 'role="alert"' in answer.text
        return answer.text.replace("&#39;", "'")

    @property
    def setup(self):
        return self.office.house.hall("rabat").setup

    @property
    def setup_seq(self):
        return self.office.house.hall("rabat").seq


@pytest.fixture
def service(office):
    return office.packs["rabat"].services[0]


def test_a_service_is_suspended_and_resumed(manager, service):
    manager.changes("suspensions", service=service.code, reason="network_down")
    assert "coupure du réseau" in manager.get()
    assert "انقطاع الشبكة" in manager.get(lang="ar")
    manager.changes("suspensions/lifted", service=service.code)
    assert manager.setup.suspended == ()


def test_a_suspension_may_name_where_people_can_go_instead(manager, office, service):
    other = office.packs["rabat"].services[1]
    manager.changes("suspensions", service=service.code, reason="network_down")
    assert f'<option value="{other.code}">' in manager.get()
    manager.changes("suspensions", service=service.code, reason="network_down", instead=other.code)
    assert manager.setup.instead_of == {service.code: other.code}
    assert f'<option value="{other.code}" selected>' in manager.get()
    manager.refused("suspensions", 422, service=other.code, reason="network_down", instead=other.code)


def test_a_suspension_without_a_reason_is_refused_in_the_language_of_the_page(manager, service):
    assert "Ce motif n'est pas dans la liste." in manager.refused("suspensions", 422, service=service.code)


def test_a_service_gets_a_quota_and_loses_it_again(manager, service):
    manager.changes("quotas", service=service.code, quota="40")
    assert manager.setup.service_by_code[service.code].quota == 40
    assert "Tickets par jour\u00a0: 40 au plus" in manager.get()
    assert "Reste aujourd'hui\u00a0: 40" in manager.get()
    for typed in ("0", "-3", "many", "99999"):
        manager.refused("quotas", 422, service=service.code, quota=typed)
    manager.changes("quotas", service=service.code, quota="")
    assert manager.setup.service_by_code[service.code].quota is None


def test_a_message_is_shown_and_taken_down(manager):
    until = "2026-11-24T18:30"
    manager.changes("messages", **{"text-fr": "<i>Fermé</i> vendredi", "text-ar": "", "from": "", "until": until})
    (message,) = manager.setup.messages
    assert "&lt;i&gt;Fermé&lt;/i&gt; vendredi" in manager.get()
    assert message.until_at.isoformat() == "2026-11-24T18:30:00+00:00"
    manager.changes("messages/taken-down", message=message.id)
    assert manager.setup.messages == ()


def test_a_refused_message_is_not_lost(manager):
    page = manager.refused("messages", 422, **{"text-en": "Only in English"})
    assert "Écrivez le message en arabe ou en français au moins." in page
    assert "Only in English</textarea>" in page


def test_a_day_gets_other_hours_and_loses_them(manager):
    manager.changes("days", on="2026-12-05", reason="backlog", opens1="09:00", closes1="00:00")
    assert "09:00–24:00" in manager.get()
    manager.changes("days/taken-back", on="2026-12-05")
    assert all(special.on.isoformat() != "2026-12-05" for special in manager.setup.hours.specials)


@pytest.mark.parametrize(
    "hours",
    [
        {"opens1": "12:00", "closes1": "09:00"},
        {"opens1": "09:00"},
        {"opens1": "9", "closes1": "12"},
        {"opens1": "09:00", "closes1": "12:00", "opens2": "11:00", "closes2": "15:00"},
    ],
)
def test_hours_that_do_not_fit_are_refused(manager, hours):
    page = manager.refused("days", 422, on="2026-12-05", reason="backlog", **hours)
    assert "les plages ne se chevauchent pas" in page


@pytest.mark.parametrize(
    ("part", "fields"),
    [
        ("days", {"on": "soon", "reason": "backlog"}),
        ("days", {"on": "2026-12-05", "reason": "so"}),
        ("days", {"on": "2026-11-01", "reason": "backlog"}),
        ("holidays", {"on": "", "name": "x"}),
        ("messages", {"text-fr": "x", "until": "tomorrow"}),
        ("messages", {"text-fr": "x", "until": "0001-01-01T00:00"}),
        ("messages", {"text-fr": "x", "until": "9999-12-31T23:59"}),
        ("week", {"day0-opens1": "25:00", "day0-closes1": "26:00"}),
    ],
)
def test_what_is_no_date_and_no_reason_is_refused(manager, part, fields):
    manager.refused(part, 422, **fields)


def test_a_proposed_holiday_is_confirmed_by_a_person_and_taken_back(manager):
    feast = {"on": "2027-03-09", "name": "Aïd al-Fitr"}
    manager.changes("holidays", **feast)
    (confirmed,) = [one for one in manager.setup.hours.holidays if one.on.isoformat() == "2027-03-09"]
    assert confirmed.confirmed_by.startswith("manager:")
    manager.changes("holidays/taken-back", **feast)


@pytest.mark.parametrize("on", ["2027-01-02", "9999-12-31", "0001-01-01"])
def test_nobody_types_a_holiday(manager, on):
    page = manager.refused("holidays", 404, on=on, name="Amina is on leave")
    assert "Rien n'a été décidé pour cette date." in page


@pytest.mark.parametrize("part", ["messages", "suspensions/lifted", "holidays"])
def test_the_address_of_a_form_leads_back_to_the_page(manager, part):
    assert manager.client.get(f"{SETUP}/{part}").headers["Location"] == SETUP


def test_at_a_discreet_site_the_form_asks_not_to_name_a_service(office, manager):
    hint = "ne citez aucune démarche par son nom"
    assert hint not in manager.get()
    office.person("manager", "eljadida", "Karima")
    assert hint in office.logged_in("Karima").get("/manager/eljadida/setup?lang=fr").text


def test_in_arabic_the_days_have_arabic_names(manager):
    assert "رأس السنة الميلادية" in manager.get(lang="ar")


def test_the_usual_week_is_changed(manager):
    hours = {f"day{n}-opens1": "08:00" for n in range(5)} | {f"day{n}-closes1": "16:00" for n in range(5)}
    manager.changes("week", **hours)
    assert [len(spans) for spans in manager.setup.hours.weekly] == [1, 1, 1, 1, 1, 0, 0]


def test_a_counter_gets_other_lines(manager, office):
    first, second, *_ = [one.public_code for one in office.packs["rabat"].services]
    manager.changes(
        "counters/rabat-3", **{f"line-{first}": "serves", f"line-{second}": "helps", f"after-{second}": "7"}
    )
    counter = manager.setup.counter_by_id["rabat-3"]
    assert (counter.serves, [(one.service, one.after_s) for one in counter.helps]) == ((first,), [(second, 420)])
    assert 'value="7"' in manager.get(f"{SETUP}/counters/rabat-3")


def test_a_counter_comes_and_goes_unless_somebody_works_there(manager, office):
    zone = manager.setup.zones[0]
    manager.changes("counters/new", label="77", zone=zone)
    manager.changes("counters/rabat-77/removal")
    office.agent("rabat", "Amina").post("/counters/rabat-1/shifts")
    page = manager.refused("counters/rabat-1/removal", 409)
    assert "guichet 1" in page.lower()
    assert manager.client.get(f"{SETUP}/counters/rabat-77").status_code == 404
    assert manager.refused("counters/new", 422, label="a b", zone=zone)


def test_how_fast_a_kiosk_draws_is_set_here(manager):
    manager.changes("limits", gap_s="5", most="20", within_s="600")
    assert (manager.setup.draw_limits.gap_s, manager.setup.draw_limits.most) == (5, 20)
    manager.refused("limits", 422, gap_s="-1", most="20", within_s="600")
    manager.refused("limits", 422, gap_s="61", most="20", within_s="600")


def test_a_site_with_long_names_sixty_services_and_forty_counters_is_shown(manager, office):
    setup = manager.setup
    services = tuple(replace(setup.services[0], code=f"service_{n}_{'x' * 40}") for n in range(60))
    codes = tuple(service.code for service in services)
    counters = tuple(
        replace(setup.counters[0], id=f"rabat-{n}", label=str(n), serves=codes, helps=()) for n in range(40)
    )
    large = replace(setup, services=services, counters=counters)
    office.house.submit("rabat", "system:test", partial(setups.put_in_force, setup=large))
    assert manager.get().count('data-counter="') == 40
    assert len(manager.get().encode()) < 600_000
    assert manager.get(f"{SETUP}/counters/rabat-39").count('<select id="line-') == 60


def test_a_site_without_counters_says_so(manager, office):
    office.house.submit(
        "rabat", "system:test", partial(setups.put_in_force, setup=replace(manager.setup, counters=(), messages=()))
    )
    page = manager.get()
    for said in ("Aucun guichet.", "Aucun message.", "Aucun guichet ne s'en charge"):
        assert said in page


def test_the_same_again_is_no_entry(manager, service):
    manager.changes("suspensions", service=service.code, reason="safety")
    before = manager.setup_seq
    answer = manager.sends("suspensions", service=service.code, reason="safety")
    assert "saved=none" in answer.headers["Location"]
    assert "Rien n'a changé." in manager.get(answer.headers["Location"].partition("#")[0])
    assert manager.setup_seq == before


@pytest.mark.parametrize("lang", ["ar", "fr", "zgh", "es", "en"])
def test_the_pages_speak_every_language(manager, lang):
    for address in (SETUP, f"{SETUP}/counters/new", f"{SETUP}/counters/rabat-1", "/manager/rabat/changes"):
        manager.get(address, lang=lang)


def test_nothing_changes_without_the_pages_token(manager, service):
    for part in ("suspensions", "messages", "days", "holidays", "week", "counters/new", "counters/rabat-1/removal"):
        assert manager.client.post(f"{SETUP}/{part}", data={"service": service.code}).status_code == 403


def test_a_set_up_is_for_the_manager_of_this_site_and_the_administrator(manager, office):
    assert manager.client.get("/manager/eljadida/setup").status_code == 403
    assert office.client().get(SETUP).headers["Location"] == f"/login?next={SETUP}"
    for role, name in (("agent", "Amina"), ("orienter", "Omar"), ("inspector", "Ines")):
        office.person(role, "rabat", name)
        assert office.logged_in(name).get(SETUP).status_code in {302, 403}
    office.person("admin", "", "Root")
    assert office.logged_in("Root").get("/manager/eljadida/setup").status_code == 200


def test_at_a_discreet_site_staff_read_real_names_and_the_journal_neutral_codes(office):
    office.person("manager", "eljadida", "Nadia")
    client = office.logged_in("Nadia")
    page = client.get("/manager/eljadida/setup?lang=fr").text.replace("&#39;", "'")
    real = office.packs["eljadida"].services[0]
    assert real.names.fr in page
    assert f'data-service="{real.public_code}"' in page


def test_no_markup_stands_in_an_attribute_where_a_name_is_not_translated(manager):
    for address in (SETUP, f"{SETUP}/counters/new", "/manager/rabat/changes"):
        page = manager.get(address, lang="zgh")
        assert re.findall(r'<[a-z]+(?:\s[a-z-]+(?:="[^"<]*")?)*\s[a-z-]+="[^"]*<', page) == []
