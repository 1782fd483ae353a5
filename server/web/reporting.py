"""Reports as a request asks for them: the words of its address become a question, and the question a report.

The API and the manager's pages come through here, so that both refuse the same questions and show the same figures. Who
may read reports may know what a service really is, so services appear under their own codes, also at a discreet site.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from server.domain import calendar
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.sites import Setup
from server.packs.pack import Pack
from server.reports import counters, distribution, filters, waits
from server.reports.counters import Counters
from server.reports.distribution import Distribution
from server.reports.filters import Asked, By
from server.reports.waits import Waits
from server.web import presenters
from server.web.context import house


@dataclass(frozen=True, slots=True)
class Place:
    """The site that is reported on, as it is set up now."""

    hall: Hall
    setup: Setup
    pack: Pack
    at: datetime

    @property
    def today(self) -> date:
        """The business day that is open, or the one that the next entry would open."""
        if self.hall.day is not None and self.at < self.hall.day.ends_at:
            return date.fromisoformat(self.hall.day.on)
        return calendar.business_day(self.setup.timezone, self.setup.change_over_min, self.at).on


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is told of some days, from one reading."""

    waits: dict[By, Waits]
    counters: Counters
    distribution: Distribution


def place_of(site: str) -> Place | Refusal:
    hall, pack = house().hall(site), house().pack(site)
    if hall is None or hall.setup is None or pack is None:
        return Refusal("no_such_site")
    return Place(hall=hall, setup=hall.setup, pack=pack, at=house().clock.now())


def waits_report(site: str, from_text: str | None, to_text: str | None, by: str | None) -> Waits | Refusal:
    """Refused as: no_such_site, invalid_input."""
    place = place_of(site)
    if isinstance(place, Refusal):
        return place
    question = filters.asked(from_text=from_text, to_text=to_text, by=by, today=place.today)
    return question if isinstance(question, Refusal) else waits_tables(place, question, (question.by,))[0]


def waits_tables(place: Place, question: Asked, bys: tuple[By, ...]) -> list[Waits]:
    """Several tables of the same days, read once."""
    turns = _read(place, question)
    targets = waits.targets_of(place.setup)
    tables = [waits.told_apart(turns, by=by, timezone=place.setup.timezone, targets=targets) for by in bys]
    return [_under_own_codes(table, place.pack) for table in tables]


def figures(place: Place, question: Asked, bys: Iterable[By]) -> Figures:
    """Tables, times of shifts and how waits are spread; the turns of these days are read once for all of them."""
    timezone, targets = place.setup.timezone, waits.targets_of(place.setup)
    with house().read() as conn:
        turns = waits.read_turns(conn, site=place.hall.site, from_on=question.from_on, to_on=question.to_on)
        worked = counters.of_turns(conn, turns, at=place.at, targets=targets)
    total = worked.total.turns
    tables = {by: waits.told_apart(turns, by=by, timezone=timezone, targets=targets, total=total) for by in bys}
    return Figures(
        waits={by: _under_own_codes(table, place.pack) for by, table in tables.items()},
        counters=worked,
        distribution=distribution.distribution(turns, timezone=timezone),
    )


def counters_report(site: str, from_text: str | None, to_text: str | None) -> Counters | Refusal:
    """Refused as: no_such_site, invalid_input."""
    place = place_of(site)
    if isinstance(place, Refusal):
        return place
    question = filters.asked(from_text=from_text, to_text=to_text, by=None, today=place.today)
    return question if isinstance(question, Refusal) else counters_table(place, question)


def counters_table(place: Place, question: Asked) -> Counters:
    turns = _read(place, question)
    with house().read() as conn:
        return counters.of_turns(conn, turns, at=place.at, targets=waits.targets_of(place.setup))


def _read(place: Place, question: Asked) -> waits.Turns:
    with house().read() as conn:
        return waits.read_turns(conn, site=place.hall.site, from_on=question.from_on, to_on=question.to_on)


def _under_own_codes(table: Waits, pack: Pack) -> Waits:
    if table.by != "service":
        return table
    rows = (replace(row, key=presenters.real_code(pack, str(row.key))) for row in table.rows)
    return replace(table, rows=tuple(rows))
