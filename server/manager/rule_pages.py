"""The calling rule as a manager changes it: a form for the next opening, and putting a waiting rule in force at once.

What the rule is, and what it promises, is on the public page; here is only the form. Whoever wrote a waiting rule finds
no button to put it in force.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from server.actions import rules
from server.actions.rules import Wanted
from server.domain.errors import Refusal
from server.domain.sites import RULE_REASONS, Rule
from server.manager import presenters
from server.store.transact import Action
from server.web import commands, errors, i18n, language, published_rule, reporting
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused

rule_pages = Blueprint("rule", __name__)

MAY_CHANGE = ("manager", "admin")
#: Fields of the form, in minutes or as they are, with the highest number that each takes and the key of its label.
FIELDS: Mapping[str, tuple[int, str]] = {
    "priority_min": (rules.MOST_HEAD_START_S // 60, "rule.priority_min"),
    "appointment_min": (rules.MOST_HEAD_START_S // 60, "rule.appointment_min"),
    "no_show_min_calls": (rules.MOST_CALLS, "rule.no_show_calls"),
    "no_show_min_s": (rules.MOST_NO_SHOW_S, "rule.no_show_s"),
    "put_back_min": (rules.MOST_HEAD_START_S // 60, "rule.put_back_min"),
    "put_backs_max": (rules.MOST_PUT_BACKS, "rule.put_backs_most"),
}


@rule_pages.get("/manager/<site>/rule")
@guard(*MAY_CHANGE)
def show(site: str) -> Response:
    return _page(site, None)


@rule_pages.post("/manager/<site>/rule")
@guard(*MAY_CHANGE)
def change(site: str) -> Response:
    try:
        wanted = _wanted()
    except ValueError:
        return _page(site, Refusal("invalid_rule"))
    return _change(site, partial(rules.change, wanted=wanted))


@rule_pages.get("/manager/<site>/rule/enforcements")
@guard(*MAY_CHANGE)
def lead_back(site: str) -> Response:
    """Whoever opens again the address that only took a form comes to the page."""
    return _see_other(url_for("rule.show", site=site))


@rule_pages.post("/manager/<site>/rule/enforcements")
@guard(*MAY_CHANGE)
def enforce(site: str) -> Response:
    return _change(site, partial(rules.enforce, reason=request.form.get("reason", "")[:40]))


def _wanted() -> Wanted:
    """What the form says. Raises ValueError for what is no number."""
    typed = {name: int(request.form.get(name, "")[:6]) for name in FIELDS}
    return Wanted(
        head_starts={
            "ordinary": 0,
            "priority": typed["priority_min"] * 60,
            "appointment": typed["appointment_min"] * 60,
        },
        no_show_min_calls=typed["no_show_min_calls"],
        no_show_min_s=typed["no_show_min_s"],
        put_back_head_start_s=typed["put_back_min"] * 60,
        put_backs_max=typed["put_backs_max"],
    )


def _change(site: str, action: Action) -> Response:
    done = house().submit(site, commands.identity().actor, action)
    if isinstance(done, Refusal):
        return _page(site, done)
    return _see_other(url_for("rule.show", site=site, saved="none" if done.did.seq is None else done.did.seq))


def _page(site: str, problem: Refusal | None) -> Response:
    place = reporting.place_of(site)
    if isinstance(place, Refusal):
        raise Refused(place)
    words = i18n.words(language.of_request(tuple(place.pack.languages)))
    setup = place.setup
    with_appointments = any(service.appointments for service in setup.services)
    values = _values(setup.next_rule or setup.rule)
    page = render_template(
        "manager/rule.html",
        site=site,
        site_name=words.name(presenters.by_language(place.pack.names)),
        problem=None if problem is None else errors.message(problem, words.lang),
        saved=request.args.get("saved") if request.args.get("saved", "").isdigit() else None,
        unchanged=request.args.get("saved") == "none",
        version=setup.rule.version,
        promise=published_rule.promise(setup.rule, words),
        fields=[
            (name, words.t(key), request.form.get(name, values[name]), most) for name, (most, key) in FIELDS.items()
        ],
        waiting=None
        if setup.next_rule is None
        else {
            "version": setup.next_rule.version,
            "head_starts": published_rule.head_starts(setup.next_rule, words),
            "sentences": published_rule.sentences(setup.next_rule, words, with_appointments=with_appointments),
            "own": setup.next_rule_by == commands.identity().actor,
        },
        reasons=[(code, words.t(f"rule_reason.{code}")) for code in RULE_REASONS],
        lang_href=lambda code: url_for("rule.show", site=site, lang=code),
        **language.for_template(words.lang, tuple(place.pack.languages)),
    )
    return make_response(page, 200 if problem is None else errors.status_of(problem.code))


def _values(rule: Rule) -> dict[str, Any]:
    return {
        "priority_min": rule.head_start_s("priority") // 60,
        "appointment_min": rule.head_start_s("appointment") // 60,
        "no_show_min_calls": rule.no_show_min_calls,
        "no_show_min_s": rule.no_show_min_s,
        "put_back_min": rule.put_back_head_start_s // 60,
        "put_backs_max": rule.put_backs_max,
    }


def _see_other(address: str) -> Response:
    response = redirect(address, code=303)
    assert isinstance(response, Response)
    return response
