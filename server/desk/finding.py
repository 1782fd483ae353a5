"""Which ticket somebody holds out: its number of today, its id, or what a reader read from its code.

Numbers are typed as they are spoken, `a17` or `A 017`. What a reader types is the address on the paper; it comes in the
body of a request, never in an address, because whoever has it can open the ticket's page.
"""

import re
from typing import cast

from flask import current_app

from server.desk.presenters import Place
from server.domain import numbering
from server.domain.tickets import site_and_seq
from server.store import tickets
from server.web.context import house
from server.web.public_ids import PublicIds

NUMBER = re.compile(r"([A-Z]{1,2})\s*(\d{1,6})")
LONGEST = 300


def find(place: Place, asked: str) -> str | None:
    """The ticket's id at this site."""
    wanted = asked.strip()[:LONGEST]
    number = NUMBER.fullmatch(wanted.upper())
    if number is not None and place.hall.day is not None:
        spelled = numbering.number(number[1], int(number[2]))
        with house().read() as conn:
            return tickets.numbered(conn, place.site, day=place.hall.day.on, number=spelled)
    return _here(place, wanted.lower()) or _here(place, _by_public_id(wanted) or "")


def _by_public_id(wanted: str) -> str | None:
    ids = cast(PublicIds, current_app.extensions["public_ids"])
    return ids.find(wanted.partition("?")[0].rstrip("/").rpartition("/")[2])


def _here(place: Place, ticket: str) -> str | None:
    named = site_and_seq(ticket)
    if named is None or named[0] != place.site:
        return None
    with house().read() as conn:
        return None if tickets.ticket(conn, ticket) is None else ticket
