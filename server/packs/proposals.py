"""Proposes holidays and Ramadan dates for a year, from the `holidays` library. It proposes; a person confirms.

The moon decides, not arithmetic: for 2026 the library puts 1 Moharram a day before the Moroccan list. So nothing
here ever reaches the calendar as confirmed.
"""

from dataclasses import dataclass
from datetime import date, timedelta

#: How the library marks, in English, a date that it reckoned.
_RECKONED = "(estimated)"
#: In which of the library's languages a country's names are written down.
_LANGUAGES = {"MA": "fr", "ES": "es"}


@dataclass(frozen=True, slots=True)
class Proposal:
    on: date
    name: str
    #: Fixed by law rather than by the moon. Even these are only proposed.
    certain: bool


@dataclass(frozen=True, slots=True)
class RamadanProposal:
    from_on: date
    to_on: date


def propose(country: str, subdiv: str | None, year: int, *, language: str | None = None) -> tuple[Proposal, ...]:
    """An unknown country or subdivision raises NotImplementedError, as the library does. `language` is one of its own."""
    # The library takes longer to load than the rest of a command together; only a manager planning a year needs it.
    import holidays  # noqa: PLC0415

    language = language or _LANGUAGES.get(country)
    marked = holidays.country_holidays(country, subdiv=subdiv, years=year, language="en_US")
    named = holidays.country_holidays(country, subdiv=subdiv, years=year, language=language)
    return tuple(
        Proposal(on=on, name=name.rpartition(" (")[0], certain=False)
        if _RECKONED in mark
        else Proposal(on=on, name=name, certain=True)
        for on in sorted(named)
        for name, mark in zip(named.get_list(on), marked.get_list(on), strict=True)
    )


def propose_ramadan(year: int) -> tuple[RamadanProposal, ...]:
    """The months of fasting that begin in the year: in 2030 there are two."""
    # Heavy, and private in the library, which offers the dates only as some countries' holidays.
    from holidays.calendars.islamic import _IslamicLunar  # noqa: PLC0415

    moon = _IslamicLunar()
    begins = sorted(on for on, _ in moon.ramadan_beginning_dates(year) if on.year == year)
    feasts = sorted({on for y in (year, year + 1) for on, _ in moon.eid_al_fitr_dates(y)})
    return tuple(
        RamadanProposal(from_on=on, to_on=next(feast for feast in feasts if feast > on) - timedelta(days=1))
        for on in begins
    )
