"""The thread that moves the living halls of all sites on, in the server's own process, and stops them with it."""

import logging
from collections.abc import Callable, Sequence
from threading import Event, Thread

from server.demo.living import LivingSite

log = logging.getLogger(__name__)

BEAT_S = 0.25
#: Longest that a stopping server waits for the simulated agents to close their counters.
FAREWELL_S = 5.0


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
