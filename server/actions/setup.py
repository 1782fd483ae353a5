"""Changing what a site is set up to do. Every change is an entry that carries the whole set-up in force after it."""

from dataclasses import dataclass, replace

from server.actions import days
from server.domain import hall as halls
from server.domain.calendar import SpecialOpening
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.sites import Setup, setup_to_body
from server.domain.story import Pen


@dataclass(frozen=True, slots=True)
class Changed:
    """`seq` is None when the site was set up like this already."""

    seq: int | None


def put_in_force(pen: Pen, *, setup: Setup, what: str = "pack") -> Changed | Refusal:
    """Make `setup` the one in force; the same set-up once more writes nothing.

    Refused as: counter_busy, counter_taken, when it does without a counter where somebody is served or works: nobody
    could ever end that turn or close that shift.
    """
    assert setup.site == pen.hall.site
    if pen.hall.setup == setup:
        return Changed(seq=None)
    needed = _counter_in_use(pen.hall, setup)
    if needed is not None:
        return needed
    entry = pen.write("setup.changed", {"what": what, "setup": setup_to_body(setup)})
    days.turn_the_page(pen)
    return Changed(seq=entry.seq)


def open_specially(pen: Pen, *, opening: SpecialOpening) -> Changed | Refusal:
    """Other hours on one date. Refused as: no_such_site."""
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    others = tuple(special for special in setup.hours.specials if special.on != opening.on)
    hours = replace(setup.hours, specials=(*others, opening))
    return put_in_force(pen, setup=replace(setup, hours=hours), what="special_opening")


def _counter_in_use(hall: Hall, setup: Setup) -> Refusal | None:
    """Why a counter that `setup` no longer has can't be missed yet."""
    gone = (
        []
        if hall.setup is None
        else [counter for counter in hall.setup.counters if counter.id not in setup.counter_by_id]
    )
    for counter in gone:
        present = halls.turn_at(hall, counter.id)
        if present is not None:
            return Refusal("counter_busy", {"number": present.number, "counter": counter.label})
        if counter.id in hall.shifts:
            return Refusal("counter_taken", {"counter": counter.label})
    return None
