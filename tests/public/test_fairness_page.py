"""What anybody may see of a site's order: of closed days, by reason, never of an agent, and no small number."""

import re

import pytest

from server.web import fairness_shown, i18n

FRENCH = i18n.words("fr")


def works(office, site, *, out_of_order=1, served=8):
    """A morning at one counter: people in their order, then so many before others; and the day is closed."""
    agent, kiosk = office.agent(site, f"Amina of {site}"), office.kiosk(site)
    service = office.packs[site].counters[0].serves[0]
    counter = f"/counters/{site}-1"
    assert agent.post(f"{counter}/shifts").status_code == 201
    draw = {"service": service, "language": "fr"}
    tickets = []
    for _ in range(served + out_of_order + 1):
        tickets.append(kiosk.post(f"/sites/{site}/tickets", draw).json["id"])
        office.clock.advance(minutes=1)
    ending = {}
    for _ in range(served):
        assert agent.post(f"{counter}/calls", ending).status_code == 201
        office.clock.advance(minutes=1)
        ending = {"ending": "finished"}
    for ticket in tickets[served + 1 :]:
        body = {"ticket": ticket, "reason": "our_error", **ending}
        assert agent.post(f"{counter}/calls", body).status_code == 201
        office.clock.advance(minutes=1)


def next_day(office, site):
    office.clock.advance(hours=30)
    office.house.submit(site, "system:test", lambda _pen: None)


def page(office, site="rabat", lang="fr"):
    answer = office.client().get(f"/p/{site}/fairness?lang={lang}")
    assert answer.status_code == 200
    return answer.text


def told(text):
    """The words of the page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_of_a_day_that_is_not_over_nothing_is_told(office):
    works(office, "rabat")
    assert 'data-role="unexplained"' not in page(office)
    assert "Ce que ce système n&#39;empêche pas" in page(office)


def test_a_closed_day_is_told_and_small_numbers_are_not(office):
    works(office, "rabat", out_of_order=2)
    next_day(office, "rabat")
    text = told(page(office))
    assert "Dépassements sans motif 0" in text
    assert "Appels recomptés 10" in text
    assert "Appels hors ordre Moins de 5" in text
    assert "Erreur d&#39;orientation ou d&#39;appel de notre part Moins de 5" in text
    assert "Amina" not in text
    assert "agent:" not in text


def test_from_five_on_a_number_is_told(office):
    works(office, "rabat", out_of_order=5)
    next_day(office, "rabat")
    assert "Appels hors ordre 5" in told(page(office))


def test_a_discreet_sites_numbers_are_rounded(office):
    works(office, "eljadida", served=5, out_of_order=2)
    next_day(office, "eljadida")
    text = told(page(office, "eljadida"))
    # 7 calls, 2 of them out of order.
    assert "Appels recomptés 5" in text
    assert "Appels hors ordre 0" in text


def test_the_same_for_programs(office):
    works(office, "rabat", out_of_order=2)
    works(office, "eljadida", served=5, out_of_order=2)
    next_day(office, "rabat")
    office.house.submit("eljadida", "system:test", lambda _pen: None)
    rabat, eljadida = (office.client().get(f"/open-data/{site}/fairness.json") for site in ("rabat", "eljadida"))
    assert rabat.headers["Cache-Control"] == "public, max-age=300"
    (day,) = rabat.json["days"]
    assert day.pop("day") == "2026-11-24"
    assert day == rabat.json["total"]
    assert (day["calls"], day["unexplained"], day["out_of_order_calls"]) == (10, 0, None)
    assert day["out_of_order_reasons"] == {"our_error": None}
    assert (eljadida.json["total"]["calls"], eljadida.json["total"]["out_of_order_calls"]) == (5, 0)


def test_what_nothing_explains_is_told_exactly(office):
    works(office, "rabat", out_of_order=1)

    def cheats(pen):
        """The one who still waits, before nobody: so another comes first, and is passed."""
        waiting = sorted(turn.place for turn in pen.hall.turns.values() if turn.state == "waiting")
        turn = pen.hall.turns[waiting[-1][2]]
        named = {"ticket": turn.ticket, "number": turn.number, "service": turn.service}
        where = {"counter": "rabat-1", "zone": "", "agent": pen.hall.shifts["rabat-1"].agent}
        pen.write("ticket.called", {**named, **where, "reason": {}, "ended_seq": None})

    service = office.packs["rabat"].counters[0].serves[0]
    office.kiosk("rabat").post("/sites/rabat/tickets", {"service": service, "language": "fr"})
    office.house.submit("rabat", "agent:cheat", cheats)
    next_day(office, "rabat")
    text = page(office)
    assert "order__number--alarm" in text
    assert "Dépassements sans motif 1" in told(text)


@pytest.mark.parametrize("lang", ["ar", "fr", "zgh", "es", "en"])
def test_it_speaks_every_language(office, lang):
    works(office, "rabat")
    next_day(office, "rabat")
    text = page(office, lang=lang)
    assert lang not in office.packs["rabat"].languages or f'lang="{lang}"' in text


def test_a_month_is_reckoned_once_a_day(office):
    works(office, "rabat")
    next_day(office, "rabat")
    first = page(office)
    with office.house.engine.connect() as conn:
        assert conn.exec_driver_sql("select count(*) from fairness_days").scalar() == 1
    assert page(office) == first


def test_a_site_that_does_not_exist_has_no_page(office):
    assert office.client().get("/p/nowhere/fairness").status_code == 404


@pytest.mark.parametrize(
    ("count", "open_site", "discreet"),
    [(0, "0", "0"), (1, None, "0"), (4, None, "5"), (5, "5", "5"), (7, "7", "5"), (8, "8", "10")],
)
def test_how_a_count_is_told(count, open_site, discreet):
    fewer = "Moins de 5"
    assert str(fairness_shown.told_to_public(FRENCH, discreet=False)(count)) == (open_site or fewer)
    assert fairness_shown.told_to_public(FRENCH, discreet=True)(count) == discreet
