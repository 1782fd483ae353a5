"""The waiting room's display: one page per site or zone, shown on a machine that was enrolled as a display."""

from pathlib import Path

from flask import Blueprint, Response, jsonify, render_template, request

from display import plain, presenters
from display.wishes import wishes_of
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.sites import Setup
from server.packs.pack import Pack
from server.web import handing, language, static_files
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused

display_pages = Blueprint(
    "display",
    __name__,
    template_folder="templates",
)
static_files.add("display", Path(__file__).parent / "static" / "display")


@display_pages.get("/display/<site>")
@guard("display")
def whole_board(site: str) -> Response:
    return _board(site, None)


@display_pages.get("/display/<site>/<zone>")
@guard("display")
def zone_board(site: str, zone: str) -> Response:
    return _board(site, zone)


@display_pages.get("/display/<site>/plain")
@guard("display")
def plain_board(site: str) -> Response:
    """For old televisions: no script, loaded anew by the browser itself."""
    return _plain(site, None)


@display_pages.get("/display/<site>/<zone>/plain")
@guard("display")
def plain_zone_board(site: str, zone: str) -> Response:
    return _plain(site, zone)


@display_pages.get("/display/<site>/version")
@guard("display")
def version(site: str) -> Response:
    """What an open page asks now and then, to know whether it is still the newest."""
    _hall, setup, pack = _known(site, None)
    return jsonify({"version": presenters.version(setup, pack)})


def _board(site: str, zone: str | None) -> Response:
    _hall, setup, pack = _known(site, zone)
    lang = language.of_request(pack.languages)
    shown = presenters.page(setup, pack, lang=lang, zone=zone, wishes=wishes_of(request.args))
    return handing.page(
        render_template("display/board.html", **shown, lang_href=_in_language, **_texts(lang, pack.languages))
    )


def _plain(site: str, zone: str | None) -> Response:
    hall, _setup, pack = _known(site, zone)
    lang = language.of_request(pack.languages)
    shown = plain.page(hall, pack, lang=lang, zone=zone, at=house().clock.now())
    response = handing.page(render_template("display/plain.html", **shown, **_texts(lang, pack.languages)))
    response.headers["Cache-Control"] = "no-store"
    return response


def _texts(lang: str, offered: tuple[str, ...]) -> dict[str, object]:
    return language.for_template(lang, offered)


def _in_language(code: str) -> str:
    """The same address in another language: what else the wall asks for stays."""
    kept = "".join(f"&{name}={value}" for name, value in request.args.items() if name != "lang")
    return f"?lang={code}{kept}"


def _known(site: str, zone: str | None) -> tuple[Hall, Setup, Pack]:
    hall, pack = house().hall(site), house().pack(site)
    if hall is None or hall.setup is None or pack is None:
        raise Refused(Refusal("no_such_site"))
    if zone is not None and zone not in hall.setup.zone_codes:
        raise Refused(Refusal("no_such_zone"))
    return hall, hall.setup, pack
