"""A small site with a load of its own, for pasts and living halls that are over in a moment."""

from server.demo.load import Load, Took
from server.demo.past import Cast, PastSite
from server.domain.calendar import Span
from tests.world import small_setup

CAST = Cast(kiosks=("kiosk1", "kiosk2"), agents={"hall-1": "agent1", "hall-2": "agent2", "hall-3": "agent3"})


def small_load(**changes):
    facts = {
        "visits_per_day": 90,
        "mix": {"a": 60, "b": 40},
        "peak_hours": (Span(opens_min=9 * 60, closes_min=11 * 60),),
        "no_show_percent": 12,
        "took": {"a": Took(p50_s=420, p90_s=780), "b": Took(p50_s=540, p90_s=900)},
    }
    return Load(**{**facts, **changes})


def small_site(**changes):
    return PastSite(setup=small_setup(**changes), load=small_load(), cast=CAST)
