"""The waiting room's display: one page per site or zone, shown on a machine that was enrolled as a display."""

from flask import Blueprint, render_template

from display import presenters
from server.domain.errors import Refusal
from server.web import language
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused

display_pages = Blueprint(
    "display",
    __name__,
    template_folder="templates",
    static_folder="static/display",
    static_url_path="/static/display",
)


@display_pages.get("/display/<site>")
@guard("display")
def whole_board(site: str) -> str:
    return _page(site, None)


@display_pages.get("/display/<site>/<zone>")
@guard("display")
def zone_board(site: str, zone: str) -> str:
    return _page(site, zone)


def _page(site: str, zone: str | None) -> str:
    hall, pack = house().hall(site), house().pack(site)
    if hall is None or hall.setup is None or pack is None:
        raise Refused(Refusal("no_such_site"))
    if zone is not None and zone not in hall.setup.zone_codes:
        raise Refused(Refusal("no_such_zone"))
    offered = tuple(pack.languages)
    lang = language.of_request(offered)
    return render_template(
        "display/board.html",
        **presenters.page(hall.setup, pack, lang=lang, zone=zone),
        **language.for_template(lang, offered),
    )
