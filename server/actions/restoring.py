"""Putting a backup in the place of the database: by two people, without giving a number twice, and never in silence.

1. The backup is read whole: digests, chains, heads. A damaged one changes nothing.
2. Two different people of the backup, administrators or managers, each give their own pass phrase.
3. The database that is there, if it can be read, says how far its chains went and which numbers it gave today. What
   went on from the backup, or tells another story, is lost only where its last entry is named.
4. Numbers that no database knows have to be said. Where nobody says them nothing is restored.
5. Each site's journal goes on with `journal.restored`, above every number that is known. What was there is put aside.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Connection

from server.actions import days, people
from server.clock import Clock
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.story import Pen
from server.store import halls, journal, replacing, revision, tables
from server.store.backup_file import Backup
from server.store.halls import Halls
from server.store.journal import Head
from server.store.transact import Command, Done, prepare

#: Roles of which each of the two people holds one.
WITNESSES = ("admin", "manager")
#: Where whoever restores says that he knows a site to have given no number since the backup.
NOTHING: Mapping[str, int] = {}


class NotRestored(Exception):  # noqa: N818 - reads as what it says
    """Why nothing was changed."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody who says who he is."""

    name: str
    password: str


@dataclass(frozen=True, slots=True)
class Wish:
    by: Claim
    confirmed_by: Claim
    #: By site, the number of the last entry of the chain that may be lost.
    losing: Mapping[str, int] = field(default_factory=dict)
    #: By site, the highest number of each series as people know it from paper.
    highest: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    #: Nobody has drawn anywhere since the backup was made.
    nothing_since: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the database that is there says of a site."""

    head: Head
    day: str | None
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Restored:
    site: str
    #: Number of the entry that says so.
    seq: int
    backup: Head
    lost: Head | None
    series: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    sites: tuple[Restored, ...]
    #: Where the database that was there is now.
    aside: str | None


def restore(url: str, backup: Backup, wish: Wish, clock: Clock) -> Outcome:
    """Raises NotRestored, InUse, BackupError: nothing was changed."""
    if backup.manifest.revision > revision.newest():
        raise NotRestored(f"A newer program made this backup, {backup.manifest.program}")
    actor, codes = _two_people(backup, wish)
    heads = backup.manifest.heads
    with replacing.held(url) as place:
        known = place.ask(_known) or {}
        stories = _stories(backup, known)
        lost = _lost(stories, known, wish)
        _require_numbers(stories, known, wish)
        actions = {
            site: Note(
                backup=head,
                lost=lost.get(site),
                there=known.get(site),
                said=wish.highest.get(site, NOTHING),
                by=codes[0],
                confirmed_by=codes[1],
            )
            for site, head in heads.items()
            if head.seq
        }
        stamp = clock.now().strftime("%Y%m%d_%H%M%S_%f")
        done, aside = place.replace(
            revision=backup.manifest.revision,
            load=partial(_load, backup=backup),
            work=partial(_write, actions=actions, actor=actor, clock=clock),
            stamp=stamp,
        )
    return Outcome(sites=done, aside=aside)


@dataclass(frozen=True, slots=True)
class Note:
    """What the entry says; called with the pen of a restored journal."""

    backup: Head
    lost: Head | None
    there: Known | None
    said: Mapping[str, int]
    by: str
    confirmed_by: str

    def __call__(self, pen: Pen) -> Restored:
        """The day is the present one by now: numbers of another day are no matter."""
        series = self._series(pen.hall)
        lost = self.lost
        entry = pen.write(
            "journal.restored",
            {
                "backup_seq": self.backup.seq,
                "backup_hash": self.backup.hash,
                "lost_seq": None if lost is None else lost.seq,
                "lost_hash": None if lost is None else lost.hash,
                "series": [{"series": code, "n": n} for code, n in sorted(series.items())],
                "by": self.by,
                "confirmed_by": self.confirmed_by,
            },
        )
        return Restored(site=pen.hall.site, seq=entry.seq, backup=self.backup, lost=lost, series=series)

    def _series(self, hall: Hall) -> dict[str, int]:
        today = self.there is not None and hall.day is not None and hall.day.on == self.there.day
        sources = [hall.numbers, self.said, self.there.numbers if self.there is not None and today else NOTHING]
        codes = {*(hall.setup.series if hall.setup else ()), *(code for source in sources for code in source)}
        return {code: max(source.get(code, 0) for source in sources) for code in codes}


def _two_people(backup: Backup, wish: Wish) -> tuple[str, tuple[str, str]]:
    """The actor of the entries, and the codes of the two."""
    persons = {row["name"]: row for row in backup.facts("people")}
    roles: dict[str, set[str]] = {}
    for row in backup.facts("person_roles"):
        roles.setdefault(row["person"], set()).add(row["role"])
    found = []
    for claim in (wish.by, wish.confirmed_by):
        person = persons.get(claim.name)
        if person is None or not people.fits(person["password"], claim.password):
            raise NotRestored(f"The backup knows nobody called {claim.name} with this pass phrase")
        if person["disabled"] or not roles.get(person["code"], set()) & set(WITNESSES):
            raise NotRestored(f"{claim.name} is neither an administrator nor a manager in the backup")
        found.append(person["code"])
    if found[0] == found[1]:
        raise NotRestored("A second person has to confirm it")
    role = next(role for role in WITNESSES if role in roles[found[0]])
    return f"{role}:{found[0]}", (found[0], found[1])


def _known(conn: Connection) -> dict[str, Known]:
    found = {}
    for site in journal.heads(conn):
        head, hall = journal.head(conn, site), halls.rebuilt(conn, site)
        assert head is not None
        if (hall.seq, hall.hash) != (head.seq, head.hash) and head.seq:
            raise ValueError(f"the journal of {site} is damaged")
        day = None if hall.day is None else hall.day.on
        found[site] = Known(head=head, day=day, numbers=hall.numbers)
    return found


@dataclass(frozen=True, slots=True)
class _Story:
    """What the backup's journal of a site says, as far as it is asked."""

    #: Letters of its tickets, by the set-up in force.
    series: tuple[str, ...]
    #: Hash of the entry at which the journal that is there ends; None where the backup doesn't go as far.
    at_their_end: str | None


def _stories(backup: Backup, known: Mapping[str, Known]) -> dict[str, _Story]:
    """One walk through the backup's journals."""
    names = backup.manifest.part("journal").columns
    site_at, seq_at, kind_at, text_at, hash_at = (names.index(one) for one in ("site", "seq", "kind", "text", "hash"))
    series: dict[str, tuple[str, ...]] = {}
    hashes: dict[str, str] = {}
    for row in backup.rows("journal"):
        site = row[site_at]
        if row[kind_at] == "setup.changed":
            series[site] = tuple(json.loads(row[text_at])["body"]["setup"]["series"])
        if site in known and known[site].head.seq == row[seq_at]:
            hashes[site] = row[hash_at]
    return {site: _Story(series=series.get(site, ()), at_their_end=hashes.get(site)) for site in backup.manifest.heads}


def _lost(stories: Mapping[str, _Story], known: Mapping[str, Known], wish: Wish) -> dict[str, Head]:
    """The chains that are longer than the backup, or other ones; each has to be named by its last entry."""
    lost = {
        site: there.head
        for site, there in known.items()
        if there.head.seq and (site not in stories or stories[site].at_their_end != there.head.hash)
    }
    for site, head in lost.items():
        if wish.losing.get(site) != head.seq:
            raise NotRestored(
                f"The journal of {site} goes up to entry {head.seq} ({head.hash}), which the backup has not;"
                f" if that may be lost, say --losing {site}={head.seq}"
            )
    return lost


def _require_numbers(stories: Mapping[str, _Story], known: Mapping[str, Known], wish: Wish) -> None:
    """Raises NotRestored where a number could be given twice because nobody says which ones were given."""
    for site, story in stories.items():
        unsaid = [code for code in story.series if code not in wish.highest.get(site, NOTHING)]
        if site in known or wish.nothing_since or not unsaid:
            continue
        raise NotRestored(
            f"No database says which numbers {site} has given since the backup. Say the highest of each series,"
            f" --highest {site}:{','.join(f'{code}=0' for code in unsaid)}, or --nothing-since where none was drawn"
        )


def _load(conn: Connection, *, backup: Backup) -> None:
    for part in backup.manifest.parts:
        tables.fill(conn, part.name, part.columns, backup.rows(part.name))
    tables.count_on(conn)


def _write(conn: Connection, *, actions: Mapping[str, Note], actor: str, clock: Clock) -> tuple[Restored, ...]:
    commands = [Command(site=site, actor=actor, action=action) for site, action in actions.items()]
    prepared = prepare(conn, Halls(), commands, now=clock.now, prelude=days.turn_the_page)
    restored: list[Restored] = []
    for outcome in prepared.outcomes:
        if isinstance(outcome, Refusal):
            raise NotRestored(f"It was refused: {outcome.code}")
        if not isinstance(outcome, Done):
            raise outcome
        restored.append(outcome.did)
    return tuple(restored)
