"""Taking a site's pack in: a new site begins with it, a known one changes to it by an entry.

The pack lies in the database under its digest before the set-up that names it is in force, so no reader ever finds a
set-up without its names.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from sqlalchemy import Connection

from server.actions import setup as setups
from server.actions.house import House
from server.domain import calendar
from server.domain.calendar import Holiday, Hours
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
    return setups.put_in_force(pen, setup=_with_own_decisions(pack.setup(), pen.hall, pen))


def _with_own_decisions(setup: Setup, hall: Hall, pen: Pen) -> Setup:
    """What somebody decided at the site outlives a new pack: special openings and holidays from today on, services
    that are suspended, messages that are not over, how fast a kiosk may draw.
    """
    if hall.setup is None:
        return setup
    today = calendar.local(pen.at, setup.timezone).date()
    return replace(
        setup,
        hours=_with_dates(setup.hours, hall.setup.hours, today),
        suspended=tuple(
            one if one.instead in setup.service_by_code else replace(one, instead="")
            for one in hall.setup.suspended
            if one.service in setup.service_by_code
        ),
        messages=tuple(one for one in hall.setup.messages if not one.over(pen.at)),
        draw_limits=hall.setup.draw_limits,
    )


def _with_dates(hours: Hours, before: Hours, today: date) -> Hours:
    own = {special.on for special in hours.specials}
    specials = [special for special in before.specials if special.on >= today and special.on not in own]
    confirmed = [holiday for holiday in before.holidays if holiday.on >= today and holiday.confirmed_by]
    named = {(holiday.on, holiday.name) for holiday in confirmed}
    others = [holiday for holiday in hours.holidays if (holiday.on, holiday.name) not in named]
    return replace(
        hours, specials=(*hours.specials, *specials), holidays=tuple(sorted([*others, *confirmed], key=_date))
    )


def _date(holiday: Holiday) -> tuple[date, str]:
    return holiday.on, holiday.name
