"""What the address of a display asks for: its layout, when it chimes, and which way each counter lies from it.

It stands in the address because it belongs to the wall on which the screen hangs and to nothing else. What can't be read
is left out: a screen that shows calls without an arrow is better than one that shows an error.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

LAYOUTS = ("small", "large")
CHIMES = ("busy", "always", "never")
WAYS = ("left", "right", "up", "down")
#: A range of counters is not longer than this.
LONGEST = 200
_COUNTERS = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?")


@dataclass(frozen=True, slots=True)
class Wishes:
    #: None leaves it to the number of counters.
    layout: str | None = None
    chime: str = "busy"
    #: Where somebody who looks at this screen has to turn, by the label of the counter.
    ways: Mapping[str, str] = field(default_factory=dict)


def wishes_of(asked: Mapping[str, str]) -> Wishes:
    """`?layout=large&chime=always&left=1-4&right=5-9,12`."""
    layout, chime = asked.get("layout"), asked.get("chime")
    return Wishes(
        layout=layout if layout in LAYOUTS else None,
        chime=chime if chime in CHIMES else "busy",
        ways={label: way for way in WAYS for label in _labels(asked.get(way, ""))},
    )


def _labels(text: str) -> list[str]:
    labels: list[str] = []
    for item in text[:LONGEST].split(","):
        found = _COUNTERS.fullmatch(item.strip())
        if found is None:
            labels += [item.strip()] if item.strip() else []
            continue
        first, last = int(found[1]), int(found[2] or found[1])
        labels += [str(number) for number in range(first, min(last, first + LONGEST) + 1)]
    return labels
