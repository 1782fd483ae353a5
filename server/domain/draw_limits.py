"""How fast a kiosk may draw, so that no one person takes the numbers of a whole morning.

A kiosk draws once in a few seconds and so many times in two minutes, unless the desk has lifted that for a while. What
this needs to know is folded from the journal like everything else, so two processes can't each allow the tenth draw. It
knows kiosks by the name that the journal gives them ("kiosk:7q2d") and nothing of tokens or people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil

from server.domain.entries import Entry

KIOSK = "kiosk:"
#: The desk lifts the limit for a group or a class of pupils, not for the day.
LIFTED_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class DrawLimits:
    """A site's setting. 0 as a gap, or as the most, means that there is no such limit."""

    gap_s: int = 3
    most: int = 10
    within_s: int = 120


@dataclass(frozen=True, slots=True)
class Draws:
    """What each kiosk has drawn lately, and until when its limit is lifted. Begins empty with each day."""

    recent: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    lifted: Mapping[str, datetime] = field(default_factory=dict)


def after_draw(draws: Draws, drawn: Entry, limits: DrawLimits) -> Draws:
    if not drawn.actor.startswith(KIOSK):
        return draws
    recent = (*draws.recent.get(drawn.actor, ()), drawn.at)
    return replace(draws, recent={**draws.recent, drawn.actor: recent[-max(limits.most, 1) :]})


def after_lift(draws: Draws, kiosk: str, until: datetime) -> Draws:
    return replace(draws, lifted={**draws.lifted, KIOSK + kiosk: until})


def wait_s(draws: Draws, actor: str, at: datetime, limits: DrawLimits) -> int:
    """Seconds until this kiosk may draw again; 0 when it may now."""
    recent = draws.recent.get(actor, ())
    if not recent or at < draws.lifted.get(actor, at):
        return 0
    free_at = recent[-1] + timedelta(seconds=limits.gap_s)
    if limits.most and len(recent) >= limits.most:
        free_at = max(free_at, recent[-limits.most] + timedelta(seconds=limits.within_s))
    return max(0, ceil((free_at - at).total_seconds()))


def limits_to_body(limits: DrawLimits) -> dict[str, int]:
    return {"gap_s": limits.gap_s, "most": limits.most, "within_s": limits.within_s}


def limits_from_body(body: Mapping[str, int]) -> DrawLimits:
    return DrawLimits(gap_s=body["gap_s"], most=body["most"], within_s=body["within_s"])
