"""The counter console: one page, its picture of the counter as data, and the agent's going. The keys themselves are
calls of the API.
"""

from functools import partial
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template

from counter import asides, choices, lines, own_day, presenters, wording
from counter.desks import Desk
from server.actions import shifts
from server.domain.errors import Refusal
from server.domain.hall import Hall, Shift
from server.domain.sites import PAUSE_REASONS, Setup
from server.packs.pack import Pack
from server.store import logins, people
from server.store.schema import from_ms
from server.web import access, commands, handing, i18n, language, static_files
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused

counter_pages = Blueprint(
    "counter",
    __name__,
    template_folder="templates",
)
static_files.add("counter", Path(__file__).parent / "static" / "counter")


@counter_pages.get("/counter/<site>")
@guard("agent")
def console(site: str) -> Response:
    """The page without its picture, so that opening it again costs a word with the server and no more."""
    _hall, _setup, pack = _site(site)
    lang = language.of_request(tuple(pack.languages))
    words = i18n.words(lang)
    agent = commands.identity().code
    text = render_template(
        "counter/console.html",
        site=site,
        site_name=words.name({code: pack.names.own(code) for code in pack.languages}),
        agent=agent,
        agent_name=_name_of(agent),
        keys={verb: letter for verb, letter, _key in wording.KEYS},
        key_words=[(letter, words.t(key)) for _verb, letter, key in wording.KEYS],
        pause_reasons=PAUSE_REASONS,
        script_words=i18n.catalogue(lang, wording.SCRIPT_WORDS),
        **language.for_template(lang, tuple(pack.languages)),
    )
    return handing.page(text)


@counter_pages.get("/counter/<site>/state")
@guard("agent")
def state(site: str) -> Response:
    """The console's picture, fetched after each key and each entry that the live channel tells of."""
    text = current_app.json.dumps(presenters.console(_desk(site)))
    return handing.compressed(text, "application/json")


@counter_pages.get("/counter/<site>/destinations")
@guard("agent")
def destinations(site: str) -> Response:
    """Where the person who is here can be sent. Refused as: no_shift."""
    return jsonify(choices.destinations(*_at_work(site)))


@counter_pages.get("/counter/<site>/waiting")
@guard("agent")
def waiting(site: str) -> Response:
    """Whom this counter could call before others, and for which reasons. Refused as: no_shift."""
    desk, shift = _at_work(site)
    reasons = choices.reasons(desk.setup)
    text = current_app.json.dumps({"people": lines.waiting(desk, shift), "reasons": reasons})
    return handing.compressed(text, "application/json")


@counter_pages.get("/counter/<site>/missed")
@guard("agent")
def missed(site: str) -> Response:
    """Who did not come today and may be put back. Refused as: no_shift."""
    return jsonify({"people": asides.missed(*_at_work(site))})


@counter_pages.get("/counter/<site>/own-day")
@guard("agent")
def day(site: str) -> Response:
    """The agent's own counts, fetched when a turn of his has ended."""
    return jsonify(own_day.of(site, commands.identity().code))


@counter_pages.post("/counter/<site>/leave")
@guard("agent")
def leave(site: str) -> Response:
    """One agent goes and the next one comes: the counter closes, the login ends, and the login page waits.

    Refused as: counter_busy, for whoever is at the counter must not be left with nobody.
    """
    who = commands.identity()
    desk = _desk(site)
    if desk.shift is not None:
        close = partial(shifts.close, counter=desk.shift.counter, agent=who.code)
        refused = house().submit(site, who.actor, close)
        # Somebody else may have closed it in this instant.
        if isinstance(refused, Refusal) and refused.code != "counter_closed":
            raise Refused(refused)
    access.log_out_session()
    response = redirect(f"/login?next=/counter/{site}", code=303)
    assert isinstance(response, Response)
    return response


def _desk(site: str) -> Desk:
    hall, setup, pack = _site(site)
    who, agents = commands.identity().code, {shift.agent for shift in hall.shifts.values()}
    with house().read() as conn:
        names = people.names_of(conn, agents) if agents else {}
        seen = logins.last_seen(conn, agents - {who}) if who not in agents else {}
    return Desk(
        hall=hall,
        setup=setup,
        pack=pack,
        words=i18n.words(language.of_request(tuple(pack.languages))),
        names=names,
        agent=who,
        at=house().clock.now(),
        seen_at={agent: from_ms(at) for agent, at in seen.items()},
    )


def _at_work(site: str) -> tuple[Desk, Shift]:
    desk = _desk(site)
    if desk.shift is None:
        raise Refused(Refusal("no_shift"))
    return desk, desk.shift


def _site(site: str) -> tuple[Hall, Setup, Pack]:
    hall, pack = house().hall(site), house().pack(site)
    if hall is None or hall.setup is None or pack is None:
        raise Refused(Refusal("no_such_site"))
    return hall, hall.setup, pack


def _name_of(agent: str) -> str:
    with house().read() as conn:
        return people.names_of(conn, [agent]).get(agent, agent)
