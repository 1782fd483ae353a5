"""A set-up goes through the journal and comes back the same."""

import json
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from server.domain import entries
from server.domain.calendar import DatedHours, Holiday, Span, SpecialOpening
from server.domain.notices import Message, Suspension
from server.domain.sites import Counter, Helps, Rule, Service, ServiceTarget, setup_from_body, setup_to_body
from tests.world import MORNING, small_setup, weekly

codes = st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True)
numbers = st.integers(0, 10_000)
services = st.builds(
    Service,
    code=codes,
    series=st.sampled_from("ABC"),
    zone=codes,
    target=st.none() | st.builds(ServiceTarget, percent=st.integers(1, 100), within_s=numbers),
    last_ticket_before_s=numbers,
    appointments=st.booleans(),
)
counters = st.builds(
    Counter,
    id=codes,
    label=st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
    zone=codes,
    serves=st.lists(codes, max_size=3).map(tuple),
    helps=st.lists(st.builds(Helps, service=codes, after_s=numbers), max_size=2).map(tuple),
)
rules = st.builds(
    Rule,
    version=numbers,
    algorithm=st.just(1),
    head_starts=st.dictionaries(st.sampled_from(["ordinary", "priority", "appointment"]), numbers),
    no_show_min_calls=numbers,
    no_show_min_s=numbers,
)


@given(st.lists(services, max_size=3).map(tuple), st.lists(counters, max_size=3).map(tuple), rules, st.booleans())
def test_a_set_up_comes_back_from_the_journal_as_it_went_in(offered, places, rule, discreet):
    setup = small_setup(services=offered, counters=places, rule=rule, discreet=discreet)
    body = setup_to_body(setup)
    entries.canonical(body)
    assert setup_from_body(body) == setup


def test_suspensions_and_messages_come_back_too():
    message = Message(id="m7", texts=(("ar", "مغلق"), ("fr", "Fermé")), until_at=MORNING)
    setup = small_setup(suspended=(Suspension(service="a", reason="safety"),), messages=(message,))
    assert setup_from_body(json.loads(entries.canonical(setup_to_body(setup)))) == setup


def test_hours_with_every_kind_of_exception_come_back_too():
    hours = replace(
        weekly(),
        dated=(
            DatedHours(
                name="Ramadan",
                from_on=date(2027, 2, 8),
                to_on=date(2027, 3, 9),
                weekly=weekly(540, 900).weekly,
                source="decree",
                weekdays=(0, 1, 2, 3, 4),
            ),
        ),
        holidays=(Holiday(on=date(2027, 1, 11), name="Manifesto", confirmed_by="k3f9"),),
        specials=(SpecialOpening(on=date(2027, 1, 2), spans=(Span(opens_min=0, closes_min=1440),), reason="backlog"),),
    )
    setup = small_setup(hours=hours)
    assert setup_from_body(setup_to_body(setup)) == setup


def test_a_counter_may_call_what_it_serves_and_what_it_helps_with():
    _one, two, _three = small_setup().counters
    assert two.may_call("b")
    assert two.may_call("a")
    assert not two.may_call("c")


def test_the_rule_that_holds_where_a_site_says_nothing_is_the_one_that_is_published():
    rule = Rule()
    assert rule.head_starts == {"ordinary": 0, "priority": 20 * 60, "appointment": 10 * 60}
    assert (rule.version, rule.algorithm, rule.no_show_min_calls, rule.no_show_min_s) == (1, 1, 2, 60)
    assert rule.bound_s == 20 * 60
