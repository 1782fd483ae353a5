"""The published rule of a site: who is called next, why, and what that promises. Anybody may open it; it is made from the
rule in force and can't say anything else.
"""

from flask import Response, make_response, render_template

from server.domain import calendar
from server.domain.errors import Refusal
from server.web import i18n, language, published_rule
from server.web.access import public
from server.web.context import house
from server.web.errors import Refused


@public
def rule(site: str) -> Response:
    hall, pack = house().hall(site), house().pack(site)
    if hall is None or hall.setup is None or pack is None:
        raise Refused(Refusal("no_such_site"))
    setup = hall.setup
    words = i18n.words(language.of_request(pack.languages))
    with house().read() as conn:
        known = published_rule.since(conn, setup)
    since = None if known is None else calendar.local(known.at, setup.timezone)
    with_appointments = any(service.appointments for service in setup.services)
    page = render_template(
        "public/rule.html",
        site=site,
        site_name=words.name({lang: pack.names.own(lang) for lang in i18n.LANGUAGES}),
        rule=setup.rule,
        since=None
        if known is None or since is None
        else {"seq": known.seq, "date": words.full_date(since.date()), "time": words.time(since)},
        reason=words.t(f"rule_reason.{setup.rule.reason}") if setup.rule.reason else None,
        sentences=published_rule.sentences(setup.rule, words, with_appointments=with_appointments),
        head_starts=published_rule.head_starts(setup.rule, words),
        promise=published_rule.promise(setup.rule, words),
        reasons=[words.t(f"reason.{code}") for code in setup.possible_call_reasons],
        counters=[published_rule.counter_row(counter, pack, words) for counter in setup.counters],
        next_rule=None
        if setup.next_rule is None
        else {
            "version": setup.next_rule.version,
            "head_starts": published_rule.head_starts(setup.next_rule, words),
            "sentences": published_rule.sentences(setup.next_rule, words, with_appointments=with_appointments),
        },
        **language.for_template(words.lang, pack.languages),
    )
    return make_response(page)
