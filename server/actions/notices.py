"""Suspending a service and hanging a message in the hall. Either is a change of the set-up, by somebody, with an entry.

A suspension gives no more tickets and takes none away: those who hold one are told, and calling goes on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from server.actions import setup as setups
from server.actions.setup import Changed
from server.domain import notices
from server.domain.errors import Refusal
from server.domain.notices import Message, Suspension
from server.domain.sites import Setup
from server.domain.story import Pen


@dataclass(frozen=True, slots=True)
class Posted:
    message: Message
    seq: int


def suspend(pen: Pen, *, service: str, reason: str, instead: str = "") -> Changed | Refusal:
    """No more tickets for this service until it is lifted. Whoever waits may be transferred to the service `instead`, if
    one is named; nobody is moved by this.

    Refused as: no_such_site, no_such_service, no_such_reason, invalid_input (instead of itself), suspended.
    """
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    if service not in setup.service_by_code or (instead and instead not in setup.service_by_code):
        return Refusal("no_such_service")
    if instead == service:
        return Refusal("invalid_input")
    if instead in setup.why_suspended:
        return Refusal("suspended", {"reason": setup.why_suspended[instead]})
    if reason not in notices.SUSPEND_REASONS:
        return Refusal("no_such_reason")
    wanted = Suspension(service=service, reason=reason, instead=instead)
    if wanted in setup.suspended:
        return Changed(seq=None)
    others = tuple(one for one in setup.suspended if one.service != service)
    return setups.put_in_force(pen, setup=replace(setup, suspended=(*others, wanted)), what="suspension")


def lift(pen: Pen, *, service: str) -> Changed | Refusal:
    """Tickets again. Refused as: no_such_site, no_such_service, not_suspended."""
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    if service not in setup.service_by_code:
        return Refusal("no_such_service")
    if service not in setup.why_suspended:
        return Refusal("not_suspended")
    others = tuple(one for one in setup.suspended if one.service != service)
    return setups.put_in_force(pen, setup=replace(setup, suspended=others), what="suspension_lifted")


def post_message(
    pen: Pen, *, texts: Mapping[str, str], from_at: datetime | None = None, until_at: datetime | None = None
) -> Posted | Refusal:
    """A message for the hall; those that are over make room.

    Refused as: no_such_site, language_not_offered, message_too_long, message_unread, message_period, too_many_messages.
    """
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    # One that should have begun begins now.
    from_at = None if from_at is None or from_at <= pen.at else from_at
    message = Message(id=f"m{pen.hall.seq + 1}", texts=_written(texts), from_at=from_at, until_at=until_at)
    bad = _why_not(setup, message, pen.at)
    if bad is not None:
        return bad
    hanging = tuple(one for one in setup.messages if not one.over(pen.at))
    if len(hanging) >= notices.MESSAGES_MOST:
        return Refusal("too_many_messages", {"count": notices.MESSAGES_MOST})
    done = setups.put_in_force(pen, setup=replace(setup, messages=(*hanging, message)), what="message")
    if isinstance(done, Refusal):
        return done
    assert done.seq is not None
    return Posted(message=message, seq=done.seq)


def take_message_down(pen: Pen, *, message: str) -> Changed | Refusal:
    """Refused as: no_such_site, no_such_message."""
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    others = tuple(one for one in setup.messages if one.id != message)
    if others == setup.messages:
        return Refusal("no_such_message")
    return setups.put_in_force(pen, setup=replace(setup, messages=others), what="message_removed")


def _written(texts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    plain = ((lang, notices.plain_text(text)) for lang, text in texts.items())
    return tuple(sorted((lang, text) for lang, text in plain if text))


def _why_not(setup: Setup, message: Message, at: datetime) -> Refusal | None:
    if any(lang not in setup.languages for lang, _text in message.texts):
        return Refusal("language_not_offered")
    if any(len(text) > notices.MESSAGE_LONGEST for _lang, text in message.texts):
        return Refusal("message_too_long", {"count": notices.MESSAGE_LONGEST})
    if not message.says_something_in(setup.languages):
        return Refusal("message_unread")
    if message.over(at) or (message.from_at and message.until_at and message.until_at <= message.from_at):
        return Refusal("message_period")
    if any(edge is not None and edge > at + notices.AHEAD_MOST for edge in (message.from_at, message.until_at)):
        return Refusal("message_period")
    return None
