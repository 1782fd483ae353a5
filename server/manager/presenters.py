"""What the manager's page shows of the hall now, and what things are called on it.

Managers are staff: they read real service names also at a discreet site, and the name of an agent beside the code by
which the journal knows him. Whoever has been erased stays a code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from server.domain import calendar
from server.domain import hall as halls
from server.domain.hall import Shift
from server.packs.parts import Words as PackWords
from server.reports.filters import By
from server.reports.waits import Key
from server.web.i18n import LANGUAGES, Text, Words
from server.web.reporting import Place


@dataclass(frozen=True, slots=True)
class Names:
    """What the keys of a report are called in the language of the page."""

    place: Place
    words: Words
    agents: Mapping[str, str]

    def of(self, by: By, key: Key) -> Text | str:
        if key is None:
            return self.words.t("manager.never_called")
        match by:
            case "service":
                return self.service(str(key))
            case "counter":
                return self.words.t("counter.title", counter=self.counter(str(key)))
            case "agent":
                return self.agents.get(str(key), str(key))
            case "hour":
                return f"{key:0>2}:00"
            case "day":
                return self.words.full_date(date.fromisoformat(str(key)))

    def place_of(self, by: By, key: Key) -> int:
        """Where a row stands: services and counters as the site lists them, the others as the report does."""
        match by:
            case "service":
                listed: list[str] = [service.code for service in self.place.pack.services]
            case "counter":
                listed = [counter.id for counter in self.place.setup.counters]
            case _:
                return 0
        return listed.index(str(key)) if key in listed else len(listed)

    def plain(self, by: By, key: Key) -> str:
        """For a file: no markup."""
        return str(self.of(by, key))

    def service(self, code: str) -> Text | str:
        service = self.place.pack.service(code)
        return code if service is None else self.words.name(by_language(service.names))

    def counter(self, counter: str) -> str:
        """Its label; a counter that the site no longer has keeps its code."""
        known = self.place.setup.counter_by_id.get(counter)
        return counter if known is None else known.label


def by_language(names: PackWords) -> dict[str, str | None]:
    return {lang: names.own(lang) for lang in LANGUAGES}


def hall_now(place: Place, names: Names) -> dict[str, Any]:
    """Who waits, which counters are open, what has been done today."""
    hall, tally = place.hall, place.hall.tally
    open_counters = [counter.id for counter in place.setup.counters if counter.id in hall.shifts]
    return {
        "time": _time(place, place.at),
        "lines": [_line(place, names, service.code) for service in place.setup.services],
        "counters": [_counter(place, names, hall.shifts[counter]) for counter in open_counters],
        "tally": [
            (names.words.t(f"manager.{name}"), count)
            for name, count in (
                ("drawn", tally.drawn),
                ("served", tally.served),
                ("no_shows", tally.no_shows),
                ("withdrawn", tally.withdrawn),
            )
        ],
    }


def duration(seconds: float | None) -> str:
    """12:30 for twelve and a half minutes, 1:05:00 from an hour on; nothing for what isn't known."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes_of_hour = divmod(minutes, 60)
    return f"{hours}:{minutes_of_hour:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _line(place: Place, names: Names, service: str) -> dict[str, Any]:
    joined = [place.hall.turns[ticket].joined_at for _due_at, _seq, ticket in place.hall.lines.get(service, ())]
    return {
        "name": names.service(service),
        "waiting": len(joined),
        "longest": duration((place.at - min(joined)).total_seconds() if joined else None),
        "counters_open": halls.counters_open(place.hall, service),
    }


def _counter(place: Place, names: Names, shift: Shift) -> dict[str, Any]:
    turn = halls.turn_at(place.hall, shift.counter)
    return {
        "id": shift.counter,
        "label": names.counter(shift.counter),
        "agent": names.agents.get(shift.agent, shift.agent),
        "code": shift.agent,
        "since": _time(place, shift.opened_at),
        "number": None if turn is None else turn.number,
        "attended": "" if turn is None or turn.called_at is None else _passed(place, turn.called_at),
        "paused": _paused(place, names, shift),
    }


def _paused(place: Place, names: Names, shift: Shift) -> Text | None:
    if shift.paused_at is None or shift.pause_reason is None:
        return None
    reason = names.words.t(f"pause.{shift.pause_reason}")
    return names.words.t("counter.paused_since", time=_time(place, shift.paused_at), reason=reason)


def _passed(place: Place, since: datetime) -> str:
    return duration((place.at - since).total_seconds())


def _time(place: Place, at: datetime) -> datetime:
    return calendar.local(at, place.setup.timezone)
