"""What a manager types into the set-up page, as values. Whatever is no date, time or list is refused as invalid_input."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from server.domain import calendar
from server.domain.calendar import DAY_MIN, Span, Spans, SpecialOpening, Week
from server.domain.draw_limits import DrawLimits
from server.domain.errors import Refusal
from server.domain.sites import QUOTA_MOST, Helps, ServiceCode
from server.web.errors import Refused

Form = Mapping[str, str]

#: Openings a day that the forms have fields for.
SPANS_A_DAY = 2
#: Longest lateness after which a counter can begin to help.
HELPS_AFTER_MOST_MIN = 240

#: Fields of the limits of a kiosk, with the highest number that each takes.
LIMITS: Mapping[str, int] = {"gap_s": 60, "most": 100, "within_s": 3600}

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def week(form: Form) -> Week:
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (spans(form, f"day{n}-") for n in range(7))
    return monday, tuesday, wednesday, thursday, friday, saturday, sunday


def special_opening(form: Form) -> SpecialOpening:
    return SpecialOpening(on=day(form.get("on", "")), spans=spans(form, ""), reason=form.get("reason", "")[:40])


def spans(form: Form, prefix: str) -> Spans:
    """Fields `opens1`, `closes1` and so on; a pair that is empty is no opening. Later ones begin after earlier ones."""
    found: list[Span] = []
    for n in range(1, SPANS_A_DAY + 1):
        opens, closes = form.get(f"{prefix}opens{n}", ""), form.get(f"{prefix}closes{n}", "")
        if not opens and not closes:
            continue
        span = _span(opens, closes)
        if found and span.opens_min < found[-1].closes_min:
            raise Refused(Refusal("invalid_hours"))
        found.append(span)
    return tuple(found)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(Refusal("invalid_input")) from error


def texts(form: Form, languages: Iterable[str]) -> dict[str, str]:
    return {lang: form.get(f"text-{lang}", "") for lang in languages}


def moment(text: str, timezone: str) -> datetime | None:
    """A local date and time as the browser sends them; nothing where nothing was typed."""
    if not text:
        return None
    on, _, clock = text.partition("T")
    try:
        return calendar.at_local(day(on), _minute(clock[:5]), timezone)
    except OverflowError as error:
        raise Refused(Refusal("invalid_input")) from error


def lines(form: Form, services: Iterable[str]) -> tuple[tuple[str, ...], tuple[Helps, ...]]:
    """What a counter serves and what it helps with, from one choice per service."""
    chosen = {service: form.get(f"line-{service}", "") for service in services}
    serves = tuple(service for service, choice in chosen.items() if choice == "serves")
    helps = tuple(
        Helps(
            service=ServiceCode(service), after_s=_number(form.get(f"after-{service}", ""), HELPS_AFTER_MOST_MIN) * 60
        )
        for service, choice in chosen.items()
        if choice == "helps"
    )
    return serves, helps


def quota(text: str) -> int | None:
    """Nothing typed is no limit."""
    return _number(text, QUOTA_MOST) if text.strip() else None


def draw_limits(form: Form) -> DrawLimits:
    gap_s, most, within_s = (_number(form.get(name, ""), highest) for name, highest in LIMITS.items())
    return DrawLimits(gap_s=gap_s, most=most, within_s=within_s)


def _span(opens: str, closes: str) -> Span:
    """A day that closes at 00:00 goes on until midnight: no field of a browser can say 24:00."""
    try:
        return Span(opens_min=_minute(opens), closes_min=_minute(closes) or DAY_MIN)
    except ValueError as error:
        raise Refused(Refusal("invalid_hours")) from error


def _minute(text: str) -> int:
    found = _TIME.fullmatch(text)
    if found is None:
        raise Refused(Refusal("invalid_hours"))
    return int(found[1]) * 60 + int(found[2])


def _number(text: str, highest: int) -> int:
    """A whole number; nothing typed is 0."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or len(text) > 4 or int(text) > highest:
        raise Refused(Refusal("invalid_input"))
    return int(text)
