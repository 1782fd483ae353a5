"""Doors of the demonstration: one button makes this browser the machine that a page is for. They do not exist elsewhere.

A real machine is enrolled by a code that its site's manager asked for. A newcomer who only wants to see a kiosk has none
and should not need one, so the demonstration hands out the token of the machine it made for this.
"""

from flask import Response

from server.domain.errors import Refusal
from server.public import machines
from server.web import access
from server.web.access import public
from server.web.context import house
from server.web.demo_facts import read_demo
from server.web.errors import Refused


@public
def open_screen(kind: str, site: str) -> Response:
    """Give this browser the demonstration's machine of this kind, and go to its page."""
    settings = house().settings
    facts = read_demo(settings.data_dir) if settings.demo else None
    stage = None if facts is None else facts.sites.get(site)
    found = [] if stage is None else [device for device in stage.devices if device.kind == kind]
    if not found:
        raise Refused(Refusal("not_found"))
    if not access.csrf_fits():
        raise Refused(Refusal("csrf"))
    return machines.enrolled(kind=kind, site=site, token=found[0].token)
