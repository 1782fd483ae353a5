"""Drawing for a request: the one way in which kiosk page and API come to the action.

A kiosk that people touch draws no faster than its site allows; a token that a program draws with is exempt. When a kiosk
is refused for that, it is noted beside the journal, so that the desk and the manager see it.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from flask import Response

from server.actions import reception
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.store import devices
from server.store.schema import to_ms
from server.store.transact import Answer
from server.web import commands, presenters
from server.web.access import Identity
from server.web.context import house
from server.web.errors import Refused

#: A kiosk that is touched over and over is noted this often.
NOTED_EVERY = timedelta(seconds=10)


def draw(
    site: str, *, service: str, language: str, klass: str, channel: str, appointment: str | None = None
) -> Response:
    """The ticket as the API shows it. `service` may be the real or the neutral code. Raises Refused."""
    view, who = presenters.ticket_view(house(), site), commands.identity()
    action = partial(
        reception.draw,
        service=presenters.hall_code(view.pack, service),
        language=language,
        klass=klass,
        channel=channel,
        appointed_at=None if appointment is None else appointed_at(appointment),
        limited=who.kind == "kiosk" and not who.unlimited,
    )
    try:
        return commands.run(site, action, _presenting(view), needs_key=True)
    except Refused as no:
        if no.refusal.code == "too_fast":
            _note_too_fast(who)
        raise


def appointed_at(text: str) -> datetime:
    """A time with its zone, to the minute: of an appointment nobody says more. Raises Refused: invalid_input."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(Refusal("invalid_input")) from None
    if at.tzinfo is None or at.second or at.microsecond:
        raise Refused(Refusal("invalid_input"))
    return at.astimezone(UTC)


def _presenting(view: presenters.TicketView) -> Callable[[Any, Hall], Answer]:
    def present(did: reception.Drawn, _hall: Hall) -> Answer:
        return 201, presenters.drawn(view, did)

    return present


def _note_too_fast(who: Identity) -> None:
    now = house().clock.now()
    with house().read() as conn:
        kiosk = devices.device(conn, who.code)
    if kiosk is not None and (kiosk.too_fast_at is None or kiosk.too_fast_at <= to_ms(now - NOTED_EVERY)):
        house().writer.run(partial(devices.note_too_fast, code=who.code, at_ms=to_ms(now)))
