"""The publisher: reads the journal in order and tells the sockets of this process. The journal is the outbox.

One per process. It is woken by this process's own commits, by Redis where there are several processes, and at worst
each second; a wake carries nothing, so a lost one costs a second and never an entry. Per site it keeps the hall as of
the last entry that it told: a snapshot is made of exactly that hall, so that what follows it is the next entry. It
decides nothing and writes nothing. While the journal can't be read there is no beat, and the screens say so.
"""

import logging
import time
from collections.abc import Callable, Mapping
from threading import Event, RLock
from typing import Any

import redis
from sqlalchemy.exc import SQLAlchemyError

from server.actions.house import House
from server.domain import board as boards
from server.domain import fold
from server.domain.entries import Entry, instant_text
from server.domain.hall import Hall
from server.store import journal
from server.web.looping import Looping, OnDeath, die

log = logging.getLogger(__name__)

#: Tells one event to everybody who joined a site.
Emit = Callable[[str, Mapping[str, Any], str], None]

BEAT_S = 5.0
LOOK_S = 1.0
#: Entries read at once, so that a bulk import does not stand in memory whole.
PAGE = 500
#: As long as nothing happens, whoever joins within this time gets the same snapshot.
SNAPSHOT_S = 1.0


class Publisher:
    def __init__(
        self,
        house: House,
        emit: Emit,
        *,
        beat_s: float = BEAT_S,
        look_s: float = LOOK_S,
        on_death: OnDeath = die,
    ) -> None:
        self._house = house
        self._emit = emit
        self._beat_s = beat_s
        self._look_s = look_s
        self._beat_due = 0.0
        self._told: dict[str, Hall] = {}
        self._snapshots: dict[str, tuple[int, float, dict[str, Any]]] = {}
        #: Held while telling and while somebody joins: that is what keeps snapshot and entries in order.
        self._order = RLock()
        self._blind = False
        self._loop = Looping(name="publisher", turn=self._turn, on_death=on_death)
        self._radio = None if not house.settings.redis_url else Radio(house.settings.redis_url, self._loop.alarm.set)

    def start(self) -> None:
        """The second call changes nothing."""
        if self.wake in self._house.wake:
            return
        self.look()
        self._house.wake.append(self.wake)
        if self._radio is not None:
            self._radio.start()
        self._loop.start()

    def stop(self) -> None:
        if self.wake in self._house.wake:
            self._house.wake.remove(self.wake)
        self._loop.stop()
        if self._radio is not None:
            self._radio.stop()

    def wake(self) -> None:
        """Something was committed in this process. Never blocks: it is called on the way to an answer."""
        self._loop.alarm.set()
        if self._radio is not None:
            self._radio.call()

    def join(self, site: str, greet: Callable[[dict[str, Any]], None]) -> bool:
        """Hand `greet` a snapshot; what it does is done before the next entry is told. False: no such site."""
        with self._order:
            hall = self._told.get(site) or self._adopt(site)
            if hall is None:
                return False
            greet(self._snapshot(hall))
        return True

    def look(self) -> bool:
        """Tell what is new at every site. False when the journal could not be read."""
        try:
            self._tell_all()
        except SQLAlchemyError:
            if not self._blind:
                log.exception("the journal can't be read; the screens get no beat until it can")
            self._blind = True
            return False
        if self._blind:
            log.warning("the journal can be read again")
        self._blind = False
        return True

    def beat(self) -> None:
        """How far each journal is told, what time it is there, and its lines as they are now."""
        with self._order:
            for site, hall in self._told.items():
                now = self._house.clock.now()
                beat = {
                    "site": site,
                    "seq": hall.seq,
                    "at": instant_text(now),
                    "utc_offset_s": boards.utc_offset_s(hall, now),
                    "lines": boards.lines(hall, now),
                }
                self._say("beat", beat, site)

    def _turn(self) -> None:
        self._loop.alarm.wait(timeout=self._look_s)
        self._loop.alarm.clear()
        if self.look() and time.monotonic() >= self._beat_due:
            self._beat_due = time.monotonic() + self._beat_s
            self.beat()

    def _tell_all(self) -> None:
        with self._house.read() as conn:
            heads = journal.heads(conn)
        for site, seq in heads.items():
            known = self._told.get(site)
            if known is None:
                with self._order:
                    self._adopt(site)
            elif known.seq < seq:
                self._tell(site, known, until=seq)

    def _tell(self, site: str, hall: Hall, *, until: int) -> None:
        while hall.seq < until:
            with self._house.read() as conn:
                entries = journal.after(conn, site, hall.seq, limit=PAGE)
            if not entries:
                return
            with self._order:
                for entry in entries:
                    hall = self._tell_one(hall, entry)
            self._house.writer.halls.commit(hall)

    def _tell_one(self, hall: Hall, entry: Entry) -> Hall:
        after = fold.apply(hall, entry)
        self._told[entry.site] = after
        self._say("entry", boards.public_view(entry, after), entry.site)
        return after

    def _say(self, event: str, facts: Mapping[str, Any], site: str) -> None:
        try:
            self._emit(event, facts, site)
        except Exception:
            # A screen that misses it notices by the number and asks for a snapshot.
            log.exception("%s: a live event could not be sent", site)

    def _adopt(self, site: str) -> Hall | None:
        """A site seen for the first time: nobody has joined it, so its past is told by snapshot alone."""
        hall = self._told.get(site) or self._house.hall(site)
        if hall is not None:
            self._told[site] = hall
        return hall

    def _snapshot(self, hall: Hall) -> dict[str, Any]:
        kept = self._snapshots.get(hall.site)
        now = time.monotonic()
        if kept is None or kept[0] != hall.seq or kept[1] < now:
            kept = (hall.seq, now + SNAPSHOT_S, boards.board(hall, self._house.clock.now()))
            self._snapshots[hall.site] = kept
        return kept[2]


class Radio:
    """Wakes the other processes' publishers through Redis, and is woken by them. Says nothing but "look".

    Redis may be away: then each process looks once a second, as it always does.
    """

    CHANNEL = "idarati:look"
    RETRY_S = 1.0

    def __init__(self, url: str, heard: Callable[[], None]) -> None:
        self._redis = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)
        self._heard = heard
        self._pubsub: redis.client.PubSub | None = None
        self._gone = False
        self._speaker = Looping(name="radio-speaker", turn=self._speak)
        self._listener = Looping(name="radio-listener", turn=self._listen)

    def start(self) -> None:
        self._listener.start()
        self._speaker.start()

    def stop(self) -> None:
        self._speaker.stop()
        self._listener.stop()
        self._redis.close()

    def call(self) -> None:
        self._speaker.alarm.set()

    def _speak(self) -> None:
        self._speaker.alarm.wait()
        self._speaker.alarm.clear()
        try:
            self._redis.publish(self.CHANNEL, "")
        except redis.RedisError as error:
            self._lost(error)

    def _listen(self) -> None:
        try:
            if self._pubsub is None:
                self._pubsub = self._redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
                self._pubsub.subscribe(self.CHANNEL)
                self._heard()
            if self._pubsub.get_message(timeout=1.0) is not None:
                self._heard()
            self._back()
        except redis.RedisError as error:
            self._lost(error)
            self._pubsub = None
            Event().wait(self.RETRY_S)

    def _lost(self, error: redis.RedisError) -> None:
        if not self._gone:
            log.warning("Redis is away; entries of other processes are seen once a second: %s", error)
        self._gone = True

    def _back(self) -> None:
        if self._gone:
            log.warning("Redis is back")
        self._gone = False
