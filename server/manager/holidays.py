"""The holidays that a site's manager is asked about: those of its pack and what the library reckons, still to come.

It only proposes. Where both name the same date, the pack's name stands: somebody wrote it for this site.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from server.domain.calendar import Holiday
from server.packs import proposals
from server.packs.proposals import Proposal

#: A Moroccan office keeps Moroccan days; one abroad may keep those of its country as well.
ABROAD: Mapping[str, str] = {"Europe/Madrid": "ES"}
HOME = "MA"
#: Languages of our pages that the library knows, beside the French in which Moroccan days are written down.
LANGUAGES: Mapping[str, str] = {"ar": "ar", "en": "en_US"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A date that a person may confirm, or has confirmed."""

    on: date
    name: str
    #: Set by the moon: known for sure only on the eve.
    moon: bool
    confirmed_by: str


def asked(known: Iterable[Holiday], timezone: str, today: date) -> list[Asked]:
    """From today to the end of next year, by date."""
    reckoned = [one for year in (today.year, today.year + 1) for one in _proposed(timezone, year)]
    # Where a fixed day and one of the moon meet, only the date of the pack that nobody is sure of is the moon's.
    fixed, by_moon = {one.on for one in reckoned if one.certain}, {one.on for one in reckoned if not one.certain}
    listed = [Asked(one.on, one.name, _moon(one, fixed, by_moon), one.confirmed_by) for one in known]
    dates = {one.on for one in listed}
    others = [Asked(one.on, one.name, not one.certain, "") for one in reckoned if one.on not in dates]
    return sorted((one for one in [*listed, *others] if one.on >= today), key=lambda one: (one.on, one.name))


def name_in(asked: Asked, timezone: str, lang: str) -> str | None:
    """What the library calls the day in this language; None where it doesn't say, or might mean another day."""
    if timezone in ABROAD or lang not in LANGUAGES:
        return None
    names = [one.name for one in _proposed_in(asked.on.year, LANGUAGES[lang]) if one.on == asked.on]
    return names[0] if len(names) == 1 else None


def _moon(known: Holiday, fixed: set[date], by_moon: set[date]) -> bool:
    return known.on in by_moon and not (known.on in fixed and known.confirmed_by)


@lru_cache(maxsize=64)
def _proposed_in(year: int, language: str) -> tuple[Proposal, ...]:
    return proposals.propose(HOME, None, year, language=language)


@lru_cache(maxsize=64)
def _proposed(timezone: str, year: int) -> tuple[Proposal, ...]:
    countries = [HOME, *([ABROAD[timezone]] if timezone in ABROAD else [])]
    return tuple(one for country in countries for one in proposals.propose(country, None, year))
