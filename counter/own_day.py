"""An agent's own day in three figures, for the agent alone: nobody is compared with anybody here.

Counts are those of docs/figures.md over the turns that this agent called, of the business day that is open.
"""

from typing import Any

from server.reports import waits
from server.web import reporting
from server.web.context import house
from server.web.errors import Refused
from server.web.reporting import Place


def of(site: str, agent: str) -> dict[str, Any]:
    """Raises Refused: no_such_site."""
    place = reporting.place_of(site)
    if not isinstance(place, Place):
        raise Refused(place)
    with house().read() as conn:
        turns = waits.read_turns(conn, site=site, from_on=place.today, to_on=place.today)
    own = waits.row_of(agent, [turn for turn in turns.rows if turn.agent == agent], targets={})
    median_s = own.times["service_time"].median_s
    return {
        "served": own.counts["served"],
        "no_shows": own.counts["no_shows"],
        "median_s": None if median_s is None else round(median_s),
    }
