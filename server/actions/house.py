"""What every host of the actions holds: settings, clock, database, writer. Web server, command line and demo open one.

Here a verb meets the writer: `house.submit(site, actor, action)`. Reading goes by `house.hall(site)`, which is always
as new as the journal, and by questions to `house.read`.
"""

import secrets as randomness
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine

from server.actions import days
from server.clock import Clock, SystemClock
from server.config import Settings
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.packs.pack import Pack
from server.packs.reader import read_pack
from server.store import secrets, sites
from server.store.engine import open_engine
from server.store.transact import Action, Answer, Command, Done, Key
from server.store.writer import BatchWriter, RowLockWriter, Writer


@dataclass(slots=True)
class House:
    settings: Settings
    clock: Clock
    engine: Engine
    writer: Writer
    #: Called after each commit of this process; the publisher puts its alarm clock here.
    wake: list[Callable[[], None]] = field(default_factory=list)
    _packs: dict[str, tuple[str, Pack]] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)

    def submit(
        self,
        site: str,
        actor: str,
        action: Action,
        *,
        key: Key | None = None,
        present: Callable[[Any, Hall], Answer] | None = None,
        beside: Callable[[Connection, Any], None] | None = None,
    ) -> Done | Refusal:
        return self.writer.submit(
            Command(site=site, actor=actor, action=action, key=key, present=present, beside=beside)
        )

    def hall(self, site: str) -> Hall | None:
        """The hall as of the journal's end; None if there is no such site."""
        with self.read() as conn:
            return self.writer.halls.caught_up(conn, site)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self.engine.connect() as conn:
            yield conn

    def site_codes(self) -> list[str]:
        with self.read() as conn:
            return [row.code for row in sites.all_sites(conn)]

    def recent_hall(self, site: str) -> Hall | None:
        """The hall as this process last saw it, at most a second old: for what changes rarely, without a question."""
        return self.writer.halls.committed(site) or self.hall(site)

    def pack(self, site: str) -> Pack | None:
        """The site's pack: names, cards, pictures. Read again when the set-up in force names another one."""
        hall = self.recent_hall(site)
        if hall is None or hall.setup is None:
            return None
        kept = self._packs.get(site)
        if kept is None or kept[0] != hall.setup.pack:
            text = self.pack_text(hall.setup.pack)
            assert text is not None
            kept = (hall.setup.pack, read_pack(text, filename=f"{site}.yaml"))
            self._packs[site] = kept
        return kept[1]

    def pack_text(self, digest: str) -> str | None:
        """The file that was imported, as it was."""
        with self.read() as conn:
            return sites.pack_text(conn, digest)

    def public_key(self, site: str) -> str:
        """Key of the HMAC that makes public ticket ids. Never logged, never in the journal."""
        if site not in self._keys:
            with self.read() as conn:
                row = sites.site_row(conn, site)
            assert row is not None
            self._keys[site] = row.public_key
        return self._keys[site]

    def secret(self, name: str) -> str:
        """A random secret of the installation, made once: what signs the logins, for instance."""
        return self.writer.run(partial(secrets.get_or_make, name=name, fresh=randomness.token_hex(32)))

    def close(self) -> None:
        self.writer.close()
        self.engine.dispose()


def open_house(settings: Settings, clock: Clock | None = None) -> House:
    clock = clock or SystemClock()
    if settings.on_sqlite:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    wake: list[Callable[[], None]] = []

    def told() -> None:
        for alarm in wake:
            alarm()

    make = BatchWriter if settings.on_sqlite else RowLockWriter
    writer = make(engine, now=clock.now, prelude=days.turn_the_page, told=told)
    return House(settings=settings, clock=clock, engine=engine, writer=writer, wake=wake)
