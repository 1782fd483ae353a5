"""The counter console: one page, and its picture of the counter as data. The keys themselves are calls of the API."""

from flask import Blueprint, Response, jsonify, render_template

from counter import presenters
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.sites import PAUSE_REASONS
from server.packs.pack import Pack
from server.store import people
from server.web import commands, i18n, language
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused

counter_pages = Blueprint(
    "counter",
    __name__,
    template_folder="templates",
    static_folder="static/counter",
    static_url_path="/static/counter",
)

#: Messages that the page's script shows.
SCRIPT_WORDS = (
    "common.error",
    "counter.title",
    "counter.open",
    "counter.nobody_here",
    "counter.called_at",
    "counter.started_at",
    "counter.joined_at",
    "counter.calls_made",
    "counter.paused_since",
    "counter.longest_wait",
    "counter.waited",
    "counter.helps",
    "counter.taken",
    "display.waiting",
    "error.nobody_waiting",
    "error.server_unreachable",
    "class.ordinary",
    "class.priority",
    "class.appointment",
    *(f"pause.{reason}" for reason in PAUSE_REASONS),
)


@counter_pages.get("/counter/<site>")
@guard("agent")
def console(site: str) -> str:
    hall, pack = _hall_and_pack(site)
    lang = language.of_request(tuple(pack.languages))
    who = commands.identity()
    with house().read() as conn:
        name = people.names_of(conn, [who.code]).get(who.code, who.code)
    words = i18n.words(lang)
    names = {code: pack.names.own(code) for code in pack.languages}
    return render_template(
        "counter/console.html",
        site=site,
        site_name=words.name(names),
        agent_name=name,
        pause_reasons=PAUSE_REASONS,
        state=presenters.console(hall, pack, words, agent=who.code, at=house().clock.now()),
        script_words=i18n.catalogue(lang, SCRIPT_WORDS),
        **language.for_template(lang, tuple(pack.languages)),
    )


@counter_pages.get("/counter/<site>/state")
@guard("agent")
def state(site: str) -> Response:
    """The console's picture, fetched after each key and each entry that the live channel tells of."""
    hall, pack = _hall_and_pack(site)
    words = i18n.words(language.of_request(tuple(pack.languages)))
    return jsonify(presenters.console(hall, pack, words, agent=commands.identity().code, at=house().clock.now()))


def _hall_and_pack(site: str) -> tuple[Hall, Pack]:
    hall, pack = house().hall(site), house().pack(site)
    if hall is None or hall.setup is None or pack is None:
        raise Refused(Refusal("no_such_site"))
    return hall, pack
