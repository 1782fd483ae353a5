"""Taking a site's pack in: a new site begins with it, a known one changes to it by an entry.

The pack lies in the database under its digest before the set-up that names it is in force, so no reader ever finds a
set-up without its names.
"""

import secrets
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from server.actions import setup as setups
from server.actions.house import House
from server.domain import calendar
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.sites import Setup
from server.domain.story import Pen
from server.packs.pack import Pack
from server.store import sites

ACTOR = "system:setup"


@dataclass(frozen=True, slots=True)
class Imported:
    site: str
    new: bool
    #: Number of the entry; None if the site was set up like this already.
    seq: int | None


def import_pack(house: House, pack: Pack, *, demo: bool = False, actor: str = ACTOR) -> Imported | Refusal:
    """Put the pack in force; the same pack once more changes nothing. Refused as: counter_busy, counter_taken."""
    new = house.writer.run(partial(_keep, pack=pack, demo=demo))
    done = house.submit(pack.site, actor, partial(_put_in_force, pack=pack))
    if isinstance(done, Refusal):
        return done
    return Imported(site=pack.site, new=new, seq=done.did.seq)


def _keep(conn: Connection, *, pack: Pack, demo: bool) -> bool:
    if sites.site_row(conn, pack.site) is not None:
        sites.keep_pack(conn, site=pack.site, text=pack.text)
        return False
    sites.add_site(conn, code=pack.site, pack=pack.text, public_key=secrets.token_hex(32), demo=demo)
    return True


def _put_in_force(pen: Pen, *, pack: Pack) -> setups.Changed | Refusal:
    if pen.hall.setup is not None and pen.hall.setup.pack == pack.digest:
        return setups.Changed(seq=None)
    return setups.put_in_force(pen, setup=_with_specials(pack.setup(), pen.hall, pen))


def _with_specials(setup: Setup, hall: Hall, pen: Pen) -> Setup:
    """Special openings that somebody decided on at the site outlive a new pack, from today on."""
    if hall.setup is None:
        return setup
    today = calendar.local(pen.at, setup.timezone).date()
    own = {special.on for special in setup.hours.specials}
    kept = [special for special in hall.setup.hours.specials if special.on >= today and special.on not in own]
    return replace(setup, hours=replace(setup.hours, specials=(*setup.hours.specials, *kept)))
