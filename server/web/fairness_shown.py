"""What no rule prevents, in plain words with its figure: the same on the manager's page and on the public one.

Also how a count is told to the public: small ones not at all, since a reason and a day can be enough to know a person.
At a discreet site counts are rounded, so that what is left out can't be reckoned back from a sum.
"""

from collections.abc import Callable, Mapping
from typing import Any

from server.reports.closed_days import ROUNDED_TO
from server.reports.fairness import Row
from server.web.i18n import Text, Words

#: Each trick, its words under `fair.hole_<name>`, and the figure that is published of it.
HOLES: Mapping[str, str] = {
    "no_show": "quick_no_shows",
    "transfer": "transfers_to_longer",
    "parking": "parked_long",
    "peek": "undone",
    "bulk": "most_draws",
    "priority": "drawn_priority",
}
#: Counts below this are not told to the public; none at all is.
LEAST_TOLD = 5

#: How a count of people or calls is told.
Tell = Callable[[int], Text | str]
TellData = Callable[[int], int | None]


def holes(total: Row, words: Words, tell: Tell = str) -> list[dict[str, Any]]:
    return [
        {
            "title": words.t(f"fair.hole_{hole}"),
            "text": words.t(f"fair.hole_{hole}_text"),
            "figure": words.t(f"fair.{figure}"),
            "value": _value(total, figure, words, tell),
        }
        for hole, figure in HOLES.items()
    ]


def of_100(percent: float | None, words: Words) -> Text | str:
    """Nothing where nobody knows."""
    return "" if percent is None else words.t("common.out_of_100", percent=decimal(percent, words))


def decimal(value: float, words: Words) -> str:
    text = f"{value:g}"
    return text if words.lang == "en" else text.replace(".", ",")


def told_to_public(words: Words, *, discreet: bool) -> Tell:
    tell = told_to_programs(discreet=discreet)

    def told(count: int) -> Text | str:
        shown = tell(count)
        return words.t("fair.fewer_than", count=LEAST_TOLD) if shown is None else str(shown)

    return told


def told_to_programs(*, discreet: bool) -> TellData:
    """None for a small number."""
    if discreet:
        return lambda count: (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
    return lambda count: None if 0 < count < LEAST_TOLD else count


def _value(total: Row, figure: str, words: Words, tell: Tell) -> Text | str:
    """A share for priorities, the bare number for a most, a count as counts are told."""
    count, drawn = total.counted(figure), total.counted("drawn")
    if figure == "drawn_priority":
        return of_100(round(100 * count / drawn, 1) if drawn else None, words)
    return str(count) if figure == "most_draws" else tell(count)
