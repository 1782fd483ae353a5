"""My ticket: where the code on the paper leads. Open to whoever holds the paper, listed nowhere, kept in no cache.

It is a plain page that comes again every 20 seconds, so that it works on any phone and leaves nothing running.
"""

from flask import Response, current_app, make_response, render_template, request

from server.domain import heads
from server.domain.errors import Refusal
from server.domain.tickets import site_and_seq
from server.public import presenters
from server.store import journal, tickets
from server.web import i18n, language
from server.web.access import public
from server.web.context import house
from server.web.errors import Refused
from server.web.public_ids import PublicIds

AGAIN_AFTER_S = 20


@public
def my_ticket(public_id: str) -> Response:
    """Number, state, counter when called, people ahead and range, in the ticket's own language unless one is chosen."""
    ids = current_app.extensions["public_ids"]
    assert isinstance(ids, PublicIds)
    ticket = ids.find(public_id)
    named = None if ticket is None else site_and_seq(ticket)
    if ticket is None or named is None:
        raise Refused(Refusal("not_found"))
    hall, pack = house().hall(named[0]), house().pack(named[0])
    assert hall is not None
    assert pack is not None
    with house().read() as conn:
        row = tickets.ticket(conn, ticket)
        turns = tickets.turns_of(conn, ticket)
        entry_hash = None if row is None else journal.hash_at(conn, named[0], row.drawn_seq)
    if row is None or not turns:
        raise Refused(Refusal("not_found"))
    lang = i18n.choose(request.args.get("lang"), row.language, None, pack.languages)
    shown = presenters.ticket(i18n.words(lang), pack, hall, row, turns, at=house().clock.now())
    page = render_template(
        "public/ticket.html",
        ticket=shown,
        code=None if entry_hash is None else heads.grouped(entry_hash),
        discreet=pack.discreet,
        again_after_s=AGAIN_AFTER_S if shown["renewed"] else None,
        **language.for_template(lang, pack.languages),
    )
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
