"""What the desk needs from outside the journal, for its page and for programs alike: documents of cards, kiosks that print.

At a discreet site the code of a document may tell what somebody came for, so the journal gets the document's place on the
service's card instead. It decides nothing about tickets.
"""

from functools import partial

from server.actions import desk
from server.domain.errors import Refusal
from server.packs.pack import Pack
from server.packs.parts import RequiredDocument
from server.store import devices
from server.store.devices import DeviceRow
from server.store.transact import Action
from server.web.context import house
from server.web.errors import Refused


def kiosks_of(site: str) -> list[DeviceRow]:
    """The site's kiosks that are in use, by name."""
    with house().read() as conn:
        rows = devices.devices_of(conn, site)
    return [row for row in rows if row.kind == "kiosk" and row.revoked_at is None]


def kiosk(site: str, code: str, *, prints: bool) -> str:
    """The code of a kiosk of this site; with `prints` of one that has a printer. Raises Refused: no_such_device."""
    if code not in {row.code for row in kiosks_of(site) if row.printer or not prints}:
        raise Refused(Refusal("no_such_device"))
    return code


def forget_too_fast(code: str) -> None:
    """The limit is lifted, so what was noted against it is no news any more."""
    house().writer.run(partial(devices.note_too_fast, code=code, at_ms=None))


def sending_home(pack: Pack, service: str, document: str) -> Action:
    """The action that counts it, in the codes of the journal. Raises Refused: no_such_service, no_such_document."""
    wanted = pack.service(service)
    if wanted is None:
        raise Refused(Refusal("no_such_service"))
    card = [required.id for required in pack.documents_of(wanted)]
    if document not in card:
        raise Refused(Refusal("no_such_document"))
    sealed = f"d{card.index(document) + 1}" if pack.discreet else document
    return partial(desk.send_home, service=wanted.public_code, document=sealed)


def document_of(pack: Pack, service: str, sealed: str) -> RequiredDocument | None:
    """Which document an entry means; None if the card has changed since and no longer has it."""
    wanted = pack.service(service)
    card = () if wanted is None else pack.documents_of(wanted)
    names = {f"d{n}" if pack.discreet else required.id: required for n, required in enumerate(card, start=1)}
    return names.get(sealed)
