"""A thread that goes round until it is stopped, and takes the process with it if it dies.

A server that answers but tells nobody anything looks healthy and is not. Whoever watches the process starts it again,
and nothing is lost, since the journal is the outbox.
"""

import logging
import os
from collections.abc import Callable
from threading import Event, Thread

log = logging.getLogger(__name__)

#: The exit code that says "a part died"; gunicorn starts a new worker after it.
PART_DIED = 70

OnDeath = Callable[[str, BaseException], None]


def die(name: str, error: BaseException) -> None:
    log.critical("%s died, so this process ends", name, exc_info=error)
    logging.shutdown()
    os._exit(PART_DIED)


class Looping:
    """Runs `turn` again and again; `turn` waits by itself, on `alarm`."""

    def __init__(self, *, name: str, turn: Callable[[], None], on_death: OnDeath = die) -> None:
        self.alarm = Event()
        self._name = name
        self._turn = turn
        self._on_death = on_death
        self._stopping = False
        self._thread: Thread | None = None

    def start(self) -> None:
        """The second call changes nothing."""
        if self._thread is None:
            self._stopping = False
            self._thread = Thread(target=self._live, name=self._name, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self.alarm.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
            self._thread = None

    def _live(self) -> None:
        try:
            while not self._stopping:
                self._turn()
        except BaseException as error:  # noqa: BLE001 - whatever it was, this thread is gone
            self._on_death(self._name, error)
