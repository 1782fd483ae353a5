"""One agent's counter at one moment, and what is needed to say it in words: what all presenters of the console begin with.

Agents are staff: they read real service names also at a discreet site, where the hall reads neutral ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from server.domain import calendar
from server.domain import hall as halls
from server.domain.entries import whole_seconds
from server.domain.hall import Hall, Shift
from server.domain.sites import Setup
from server.packs.pack import Pack
from server.web import i18n
from server.web.i18n import Words


@dataclass(frozen=True, slots=True)
class Desk:
    hall: Hall
    setup: Setup
    pack: Pack
    words: Words
    #: Of the agents who are at a counter, by code.
    names: Mapping[str, str]
    agent: str
    at: datetime
    #: When their logins last gave a sign of life; asked for only where a counter is chosen.
    seen_at: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def shift(self) -> Shift | None:
        return halls.shift_of(self.hall, self.agent)

    def service_name(self, code: str) -> str:
        service = self.pack.service(code)
        if service is None:
            return code
        names = {lang: service.names.own(lang) for lang in i18n.LANGUAGES}
        return self.words.name(names).plain

    def counter_label(self, counter: str) -> str:
        known = self.setup.counter_by_id.get(counter)
        return counter if known is None else known.label

    def clock(self, at: datetime) -> str:
        """As the clock in the hall shows it, whatever the computer of the agent believes."""
        return self.words.time(calendar.local(at, self.setup.timezone))

    def minutes_since(self, at: datetime) -> int:
        return whole_seconds(at, self.at) // 60
