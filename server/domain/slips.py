"""What a day's overtakes come to for the people in it: how often each was passed, whom each passed, what it cost.

Pure counting on the calls that `server.domain.fairness` has recounted. A call that was taken back within seconds is left
out: nobody was served by it. docs/figures.md defines each figure.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import NamedTuple

from server.domain.overtakes import PASSING, Call


@dataclass(frozen=True, slots=True)
class Served:
    """Somebody who was called, and how that compares with the order in which people came to stand there."""

    call: Call
    #: How often others were called before him at a counter that could have called him.
    slips: int
    #: How many he passed in the same way.
    skips: int
    #: Against the same times of calls given out in the order of coming: above 0 is a wait for the good of others.
    extra_wait: timedelta


class Visit(NamedTuple):
    came_at: datetime
    called_at: datetime
    ended_at: datetime


def served(calls: Iterable[Call]) -> list[Served]:
    stood = [call for call in calls if not call.undone]
    slips = passed(stood)
    extra = extra_waits(stood)
    return [
        Served(call=call, slips=slips[call.stretch], skips=call.skips, extra_wait=extra[call.seq]) for call in stood
    ]


def passed(calls: Iterable[Call]) -> Counter[int]:
    """How often each stretch of standing was passed, those included that no call ever ended."""
    return Counter(overtake.stretch for call in calls for overtake in call.overtakes if overtake.kind in PASSING)


def extra_waits(calls: Iterable[Call]) -> dict[int, timedelta]:
    """By number of the call. Within the people called for one service the sum is always 0: what one wins another loses."""
    by_service: defaultdict[str, list[Call]] = defaultdict(list)
    for call in calls:
        by_service[call.service].append(call)
    extra: dict[int, timedelta] = {}
    for group in by_service.values():
        times = sorted(call.at for call in group)
        in_order = sorted(group, key=lambda call: (call.stood_at, call.stretch))
        extra |= {call.seq: call.at - fair_at for call, fair_at in zip(in_order, times, strict=True)}
    return extra


def discrimination(visits: Mapping[int, Visit]) -> dict[int, float]:
    """RAQFM's D of each visit in seconds: the service it got, less its equal share of the counters at work while it was
    there.

    A measure for analysts (Raz, Levy and Avi-Itzhak 2004): it also rates who came when nobody else was there, so it is
    no sign that anybody cheated. The sum over all visits is 0.
    """
    share_until = _shares(visits.values())
    return {
        name: (visit.ended_at - visit.called_at).total_seconds()
        - (share_until[visit.ended_at] - share_until[visit.came_at])
        for name, visit in visits.items()
    }


def _shares(visits: Collection[Visit]) -> dict[datetime, float]:
    """What a person who had been there from the first moment on would have been given, in equal shares, by each moment."""
    comes, goes = Counter(visit.came_at for visit in visits), Counter(visit.ended_at for visit in visits)
    begins = Counter(visit.called_at for visit in visits)
    moments = sorted({*comes, *begins, *goes})
    given, there, at_counter = 0.0, 0, 0
    shares: dict[datetime, float] = {}
    for moment, next_moment in zip_longest(moments, moments[1:]):
        shares[moment] = given
        there += comes[moment] - goes[moment]
        at_counter += begins[moment] - goes[moment]
        if there and next_moment is not None:
            given += (next_moment - moment).total_seconds() * at_counter / there
    return shares
