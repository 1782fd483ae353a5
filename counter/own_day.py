"""An agent's own day in a few figures, for the agent alone: nobody is compared with anybody here.

Counts are those of docs/figures.md over the turns that this agent called, of the business day that is open; and how often
the agent did what the site's figures count too: calls out of order, undos, put-backs. Those are counted in the journal, for an
undo takes none of them back.
"""

from typing import Any

from server.reports import waits
from server.store import journal
from server.web import reporting
from server.web.context import house
from server.web.errors import Refused
from server.web.reporting import Place

#: Kinds of entries, and what they are counted as.
COUNTED = {"ticket.called_out_of_order": "out_of_order", "action.undone": "undone", "ticket.put_back": "put_backs"}


def of(site: str, agent: str) -> dict[str, Any]:
    """Raises Refused: no_such_site."""
    place = reporting.place_of(site)
    if not isinstance(place, Place):
        raise Refused(place)
    hall = house().hall(site)
    opened_seq = 0 if hall is None or hall.day is None else hall.day.opened_seq
    with house().read() as conn:
        turns = waits.read_turns(conn, site=site, from_on=place.today, to_on=place.today)
        entries = journal.of_kinds(conn, site, COUNTED, after=opened_seq, until=None)
    own = waits.row_of(agent, [turn for turn in turns.rows if turn.agent == agent], targets={})
    median_s = own.times["service_time"].median_s
    return {
        "served": own.counts["served"],
        "no_shows": own.counts["no_shows"],
        "median_s": None if median_s is None else round(median_s),
        **{
            name: sum(entry.kind == kind and entry.body["agent"] == agent for entry in entries)
            for kind, name in COUNTED.items()
        },
    }
