"""The only place that knows every part and wires them: settings in, a Flask application out."""

import logging

from flask import Flask
from flask_openapi3.models.info import Info
from flask_openapi3.models.server import Server
from flask_openapi3.openapi import OpenAPI
from werkzeug.middleware.proxy_fix import ProxyFix

import server.api.counters
import server.api.desk
import server.api.document
import server.api.entries
import server.api.reports
import server.api.rules
import server.api.setup
import server.api.sites
import server.api.tickets  # noqa: F401 - each module hangs its resources on the blueprint
from counter.views import counter_pages
from display.views import display_pages
from kiosk import reading
from kiosk.views import kiosk_pages
from server.actions.house import House, open_house
from server.api.blueprint import api
from server.api.document import SECURITY_SCHEMES
from server.clock import Clock
from server.config import Settings
from server.desk.views import desk_pages
from server.manager.calls_pages import calls_pages
from server.manager.changes_pages import changes_pages
from server.manager.closings_pages import closings_pages
from server.manager.devices_pages import devices_pages
from server.manager.fairness_pages import fairness_pages
from server.manager.people_pages import people_pages
from server.manager.rule_pages import rule_pages
from server.manager.setup_pages import setup_pages
from server.manager.views import manager_pages
from server.public.views import public_pages
from server.web import errors, live, oidc, shell
from server.web.account_pages import account_pages
from server.web.heads_sender import HeadsSender, carriers_of
from server.web.life_signs import LifeSigns
from server.web.paper import PaperConsumer
from server.web.public_ids import PublicIds
from server.web.ticker import Ticker
from server.web.voice_maker import VoiceMaker

log = logging.getLogger(__name__)

#: Largest request body; nothing we are sent is longer than a page.
LARGEST_BODY = 64 * 1024


def create_app(settings: Settings, clock: Clock | None = None, house: House | None = None) -> Flask:
    """The whole application on its database, at rest: `start_parts` sets it going in the process that serves it."""
    house = house or open_house(settings, clock)
    app = OpenAPI(
        __name__,
        info=Info(title="Idarati reception", version="1"),
        servers=[Server(url="/")],
        security_schemes=SECURITY_SCHEMES,
        doc_ui=False,
        static_folder=None,
        validation_error_callback=errors.invalid,
    )
    app.config.update(
        SECRET_KEY=settings.secret_key or house.secret("session"),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        SESSION_COOKIE_NAME="idarati_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.cookies_secure,
        PERMANENT_SESSION_LIFETIME=12 * 3600,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["house"] = house
    app.extensions["public_ids"] = PublicIds(house)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    errors.register(app)
    shell.install(app)
    oidc.install(app, settings)
    for pages in (account_pages, public_pages, kiosk_pages, display_pages, counter_pages, desk_pages, manager_pages):
        app.register_blueprint(pages)
    for pages in (
        setup_pages,
        rule_pages,
        calls_pages,
        fairness_pages,
        changes_pages,
        closings_pages,
        people_pages,
        devices_pages,
    ):
        app.register_blueprint(pages)
    app.register_api(api)
    socketio = live.make_socketio(app, house, settings)
    signs = LifeSigns(house, connected=socketio.channel.connected, cut=socketio.channel.cut)
    app.extensions["life_signs"] = signs
    app.extensions["cut_sockets"] = signs.cut_now
    voice = VoiceMaker(house, reading.texts)
    outside = HeadsSender(house, carriers_of(settings))
    app.extensions["parts"] = (socketio.publisher, Ticker(house), PaperConsumer(house), signs, voice, outside)
    return app


def start_parts(app: Flask) -> None:
    """Start what the process does beside answering requests; the second call changes nothing."""
    for part in app.extensions["parts"]:
        part.start()


def stop_parts(app: Flask) -> None:
    for part in reversed(app.extensions["parts"]):
        part.stop()
