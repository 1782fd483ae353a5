"""The published rule: made from the rule in force, with its bound, in the site's languages, for anybody."""

import re
from dataclasses import replace
from functools import partial

import pytest

from server.actions import rules
from server.actions import setup as setups
from server.actions.rules import Wanted
from server.domain.sites import Rule

WANTED = Wanted(
    head_starts={"ordinary": 0, "priority": 900, "appointment": 300},
    no_show_min_calls=3,
    no_show_min_s=90,
    put_back_head_start_s=0,
    put_backs_max=0,
)


def page(office, site="rabat", lang="fr"):
    answer = office.client().get(f"/p/{site}/rule?lang={lang}")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    ("lang", "promise"),
    [
        ("fr", "aucune arrivée plus de 20 minutes après vous"),
        ("ar", "بعدكم بأكثر من 20 دقيقة"),
        ("en", "more than 20 minutes after you"),
    ],
)
def test_the_bound_is_printed_from_the_rule(office, lang, promise):
    assert promise in page(office, lang=lang).replace("\u2068", "").replace("\u2069", "")
    assert f'data-bound-s="{Rule().bound_s}"' in page(office)


def test_another_rule_prints_another_bound_after_the_next_opening(office):
    office.house.submit("rabat", "manager:a", partial(rules.change, wanted=WANTED))
    before = page(office)
    assert "Ce qui change à la prochaine ouverture" in before
    assert 'data-bound-s="1200"' in before
    office.clock.advance(hours=24)
    office.house.submit("rabat", "system:day", lambda pen: pen.hall.seq)
    after = page(office)
    assert 'data-bound-s="900"' in after
    assert "version 2" in re.sub(r"<[^>]+>", "", after)
    assert "remis en file" not in after


def test_a_change_in_the_middle_of_a_day_is_shown_with_its_reason(office):
    office.house.submit("rabat", "manager:a", partial(rules.change, wanted=WANTED))
    office.house.submit("rabat", "manager:b", partial(rules.enforce, reason="safety"))
    assert "a pris effet en cours de journée" in page(office)
    assert "sécurité des personnes" in page(office)


def test_each_counter_says_what_it_serves_and_when_it_helps(office):
    shown = page(office)
    setup = office.house.hall("rabat").setup
    assert shown.count("<dt>") == len(setup.counters)
    helped = [helped for counter in setup.counters for helped in counter.helps]
    assert helped
    assert shown.count("Aide") == len(helped)


def test_a_discreet_site_names_no_service(office):
    shown = page(office, site="eljadida")
    real = [service.names.own("fr") for service in office.packs["eljadida"].services]
    assert not [name for name in real if name and name in shown]
    assert "Service 1" in shown.replace("\u2068", "").replace("\u2069", "").replace("\u00a0", " ")


def test_it_says_since_when_the_version_holds_whatever_else_was_changed(office):
    office.clock.advance(hours=1)
    hall = office.house.hall("rabat")
    changed = replace(hall.setup, draw_limits=replace(hall.setup.draw_limits, gap_s=9))
    office.house.submit("rabat", "manager:a", partial(setups.put_in_force, setup=changed))
    told = office.api(None).get("/sites/rabat/rule").json
    assert told["since"]["seq"] == 1
    assert told["rule"]["bound_s"] == 1200
    assert told["next_rule"] is None


def test_a_site_that_is_not_there_has_no_rule(office):
    assert office.client().get("/p/nowhere/rule").status_code == 404
