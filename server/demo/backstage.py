"""The thread that moves the living halls of all sites on, in the server's own process, and stops them with it."""

import logging
from collections.abc import Callable, Sequence
from threading import Event, Thread

from server.actions.house import House
from server.demo.living import LivingSite
from server.demo.load import load_of
from server.demo.making import cast_of
from server.web.demo_facts import read_demo

log = logging.getLogger(__name__)

BEAT_S = 0.25
#: Longest that a stopping server waits for the simulated agents to close their counters.
FAREWELL_S = 5.0


def begin(house: House, *, quiet: bool = False) -> "Backstage":
    """Start the living halls of the demonstration in the house's folder; `stop` ends them."""
    facts = read_demo(house.settings.data_dir)
    assert facts is not None
    halls = []
    for code, site in facts.sites.items():
        pack = house.pack(code)
        assert pack is not None
        halls.append(LivingSite(house, site=code, load=load_of(pack), cast=cast_of(site), quiet=quiet))
    backstage = Backstage(halls)
    backstage.start()
    return backstage


class Backstage:
    def __init__(self, sites: Sequence[LivingSite]) -> None:
        self._sites = sites
        self._stopping = Event()
        self._thread = Thread(target=self._live, name="living-halls", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=FAREWELL_S)

    def _live(self) -> None:
        while not self._stopping.wait(BEAT_S):
            for site in self._sites:
                _survive(site, LivingSite.tick)
        for site in self._sites:
            _survive(site, LivingSite.end)


def _survive(site: LivingSite, what: Callable[[LivingSite], None]) -> None:
    """A simulation that breaks is said in the log and harms nobody: neither the server nor the other sites."""
    try:
        what(site)
    except Exception:
        log.exception("%s: the living hall stumbled", site.stage.site)
