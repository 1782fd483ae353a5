"""Makes clips ahead, one at a time and at the lowest priority, beside the server that is in use.

It looks every half minute whether a site has texts that nobody has spoken yet: at the start, and after a set-up has
changed. Whatever goes wrong here is silence at a kiosk and nothing else; no request waits for it. What no site needs
any more is thrown away, so the folder holds what is said and not all that ever was.
"""

import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from server.actions.house import House
from server.packs.pack import Pack
from server.web.looping import Looping, OnDeath, die
from server.web.voice import Clips

log = logging.getLogger(__name__)

#: (language, text) of everything that a site's pages may want read.
TextsOf = Callable[[Pack], Iterable[tuple[str, str]]]

EVERY_S = 30.0
#: The server has other things to do while it starts.
FIRST_AFTER_S = 3.0
#: A text that could not be spoken is tried again after so long.
AGAIN_AFTER = timedelta(hours=1)
#: What all clips together may take on the disk.
MOST_BYTES = 500_000_000
UNUSED_KEPT_S = 24 * 3600


class VoiceMaker:
    def __init__(
        self,
        house: House,
        texts_of: TextsOf,
        *,
        clips: Clips | None = None,
        first_after_s: float = FIRST_AFTER_S,
        on_death: OnDeath = die,
    ) -> None:
        self._house = house
        self._texts_of = texts_of
        self._wait_s = first_after_s
        self._clips = clips or Clips(house.settings.data_dir, house.settings.voice)
        self._done_for: tuple[str, ...] = ()
        self._failed: dict[str, datetime] = {}
        self._stopping = False
        self._loop = Looping(name="voice", turn=self._turn, on_death=on_death)

    def start(self) -> None:
        self._stopping = False
        self._loop.start()

    def stop(self) -> None:
        self._stopping = True
        self._loop.stop()

    def make_missing(self) -> int:
        """Makes what isn't there yet; how many clips that were."""
        if not self._clips.can_make():
            return 0
        packs = self._packs()
        digests = tuple(pack.digest for pack in packs)
        if digests == self._done_for and not self._is_time_again():
            return 0
        wanted = self._wanted(packs)
        made = self._make(wanted)
        if not self._stopping:
            self._done_for = digests
            self._throw_away(self._unused(set(wanted)))
        return made

    def _turn(self) -> None:
        self._loop.alarm.wait(timeout=self._wait_s)
        self._wait_s = EVERY_S
        if self._stopping:
            return
        try:
            made = self.make_missing()
        except (OSError, SQLAlchemyError):
            log.warning("no clips could be made; kiosks stay silent where they have none", exc_info=True)
            return
        if made:
            log.info("made %d clips for the kiosks to read aloud", made)

    def _packs(self) -> list[Pack]:
        packs = (self._house.pack(site) for site in self._house.site_codes())
        return [pack for pack in packs if pack is not None]

    def _wanted(self, packs: list[Pack]) -> dict[Path, tuple[str, str]]:
        """Clip → one of the texts that sound so; the same words of several sites are spoken once."""
        texts = dict.fromkeys(text for pack in packs for text in self._texts_of(pack))
        wanted: dict[Path, tuple[str, str]] = {}
        for lang, text in texts:
            path = self._clips.made(lang, text)
            if path is not None:
                wanted.setdefault(path, (lang, text))
        return wanted

    def _make(self, wanted: dict[Path, tuple[str, str]]) -> int:
        there = {path.name: path.stat().st_size for path in _clips_in(self._clips.made_dir)}
        taken, made, now = sum(there.values()), 0, self._house.clock.now()
        for path, (lang, text) in wanted.items():
            if self._stopping:
                break
            if path.name in there or self._failed.get(path.name, now) > now:
                continue
            if taken > MOST_BYTES:
                log.warning("the clips take %d MB, so no more are made", taken // 1_000_000)
                break
            began = time.monotonic()
            if self._clips.make(lang, text):
                made += 1
                taken += path.stat().st_size
                self._failed.pop(path.name, None)
            else:
                self._failed[path.name] = now + AGAIN_AFTER
                log.warning("a text of %d letters (%s) could not be spoken", len(text), lang)
            # As long a rest as it worked.
            self._loop.alarm.wait(timeout=time.monotonic() - began)
        return made

    def _is_time_again(self) -> bool:
        now = self._house.clock.now()
        return any(again_at <= now for again_at in self._failed.values())

    def _unused(self, wanted: set[Path]) -> Iterator[Path]:
        before = self._house.clock.now().timestamp() - UNUSED_KEPT_S
        folder = self._clips.made_dir
        if folder.is_dir():
            yield from (path for path in folder.iterdir() if path not in wanted and path.stat().st_mtime < before)

    def _throw_away(self, paths: Iterable[Path]) -> None:
        for path in list(paths):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _clips_in(folder: Path) -> list[Path]:
    return list(folder.glob("*.wav")) if folder.is_dir() else []
