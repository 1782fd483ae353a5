"""Backups made while everybody writes, programs killed in the middle, and what is put back: no number twice, a chain that
holds, and nothing lost but what somebody has named.
"""

import json
import shutil
import signal
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path

import pytest

from server.actions import people, restoring
from server.actions import setup as setups
from server.actions.house import open_house
from server.actions.restoring import Claim, NotRestored, Wish
from server.clock import SystemClock
from server.reports.replay import replay
from server.store import backup_file, journal
from server.store import people as known_people
from server.store import revision as revisions
from server.store.backup_file import BackupError
from server.store.engine import snapshot
from server.store.replacing import InUse
from server.store.sites import add_site
from tests.days.auditor import audit
from tests.faults.driver import SETUP, SITE, draw, settings
from tests.faults.test_processes import ROOT, killed_after, started

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PASSWORDS = {"Nadia": "a long pass phrase", "Omar": "another pass phrase", "Amina": "a third pass phrase"}


class Office:
    """A hall on a database of its own that can be opened and closed, backed up and restored."""

    def __init__(self, url):
        self.url = url
        with self.open() as house:
            house.writer.run(partial(add_site, code=SITE, pack="", public_key="k", demo=False))
            house.submit(SITE, "test:1", partial(setups.put_in_force, setup=SETUP))
            for name, role in (("Nadia", "manager"), ("Omar", "admin"), ("Amina", "agent")):
                site = "" if role == "admin" else SITE
                people.add_person(house, name=name, role=role, site=site, password=PASSWORDS[name])

    def open(self):
        return Opened(self.url)

    def draws(self, *keys):
        with self.open() as house:
            return [draw(house, key).answer[1]["number"] for key in keys]

    def backs_up(self, path):
        with self.open() as house, snapshot(house.engine) as conn:
            return backup_file.write(conn, path, program="test", revision=revision(), made_at="now")

    def restores(self, path, *, by="Nadia", confirmed_by="Omar", **wish):
        claims = [Claim(name=name, password=PASSWORDS[name]) for name in (by, confirmed_by)]
        with backup_file.opened(path) as backup:
            return restoring.restore(
                self.url, backup, Wish(by=claims[0], confirmed_by=claims[1], **wish), SystemClock()
            )

    def proved(self):
        """The entries, once the chain, the tables and a stranger have agreed with them."""
        with self.open() as house, snapshot(house.engine) as conn:
            head = journal.head(conn, SITE)
            assert journal.verify(SITE, journal.rows_after(conn, SITE), head=head.hash) == head
            assert replay(conn, SITE) == []
            entries = list(journal.all_after(conn, SITE))
        audit(entries)
        return entries


class Opened:
    def __init__(self, url):
        self._house = open_house(settings(url))

    def __enter__(self):
        return self._house

    def __exit__(self, *_problem):
        self._house.close()


def revision():
    return revisions.newest()


@pytest.fixture
def office(database_url):
    return Office(database_url)


def drawn(entries):
    return [entry.body["number"] for entry in entries if entry.kind == "ticket.drawn"]


@pytest.mark.slow
def test_a_backup_made_while_a_hall_works_and_is_killed_is_put_back_without_a_number_twice(
    office, database_url, tmp_path
):
    file = tmp_path / "hall.backup"
    process = started(database_url, "load")
    for _ in range(30):
        process.stdout.readline()
    made = office.backs_up(file)
    said = killed_after(process, 60)
    answered = {one["number"] for one in said if "number" in one}
    before = office.proved()
    assert before[made.heads[SITE].seq - 1].hash == made.heads[SITE].hash
    assert made.heads[SITE].seq < before[-1].seq
    outcome = office.restores(file, losing={SITE: before[-1].seq})
    (restored,) = outcome.sites
    assert restored.lost == journal.Head(seq=before[-1].seq, hash=before[-1].hash)
    entries = office.proved()
    assert entries[: made.heads[SITE].seq] == before[: made.heads[SITE].seq]
    assert entries[-1].kind == "journal.restored"
    fresh = office.draws(*(f"later-{n}" for n in range(20)))
    assert len(set(fresh)) == 20
    assert not set(fresh) & (answered | set(drawn(before)))
    assert min(fresh) > max(drawn(before))
    assert drawn(office.proved())[-20:] == fresh


@pytest.mark.slow
def test_a_backup_that_is_killed_leaves_no_file_of_that_name(office, database_url, tmp_path):
    office.draws(*(f"k{n}" for n in range(40)))
    file = tmp_path / "hall.backup"
    code = (
        "import sys, time\n"
        "from server.store import backup_file, tables\n"
        "real = tables.rows\n"
        "def slow(conn, table):\n"
        "    if table.name == 'turns':\n"
        "        print('half', flush=True); time.sleep(60)\n"
        "    return real(conn, table)\n"
        "tables.rows = slow\n"
        "from tests.faults.test_backups import Opened, revision\n"
        "from server.store.engine import snapshot\n"
        "from pathlib import Path\n"
        "with Opened(sys.argv[1]) as house, snapshot(house.engine) as conn:\n"
        "    backup_file.write(conn, Path(sys.argv[2]), program='t', revision=revision(), made_at='now')\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, database_url, str(file)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "half\n"
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    assert not file.exists()
    office.backs_up(file)
    assert [path.name for path in tmp_path.glob("hall.*")] == ["hall.backup"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_database_in_use_is_left_alone(office, tmp_path):
    file = tmp_path / "hall.backup"
    office.backs_up(file)
    with office.open() as house:
        house.hall(SITE)
        with pytest.raises(InUse):
            office.restores(file)
    assert office.restores(file).sites[0].lost is None


def test_a_longer_journal_is_lost_only_where_its_last_entry_is_named(office, tmp_path):
    file = tmp_path / "hall.backup"
    office.draws("one")
    office.backs_up(file)
    office.draws("two", "three")
    before = office.proved()
    for losing in ({}, {SITE: before[-1].seq - 1}, {"elsewhere": before[-1].seq}):
        with pytest.raises(NotRestored, match=f"--losing {SITE}={before[-1].seq}"):
            office.restores(file, losing=losing)
    assert office.proved() == before
    outcome = office.restores(file, losing={SITE: before[-1].seq})
    assert outcome.sites[0].series == {"A": 3, "B": 0}
    assert outcome.aside is not None
    body = office.proved()[-1].body
    assert (body["lost_seq"], body["lost_hash"]) == (before[-1].seq, before[-1].hash)
    assert office.draws("two") == ["A004"]


def test_a_restored_journal_is_another_one_than_a_later_backup_of_the_old(office, tmp_path):
    early, late = tmp_path / "early", tmp_path / "late"
    office.draws("one")
    office.backs_up(early)
    office.draws("two")
    office.backs_up(late)
    last = office.proved()[-1].seq
    office.restores(early, losing={SITE: last})
    # It has an entry of its own in the place of the last one of that backup.
    with pytest.raises(NotRestored, match=f"--losing {SITE}={last}"):
        office.restores(late)
    outcome = office.restores(late, losing={SITE: last})
    assert outcome.sites[0].series == {"A": 2, "B": 0}
    assert office.draws("three") == ["A003"]
    office.proved()


@on_sqlite
def test_a_backup_that_goes_on_where_the_journal_ends_loses_nothing(office, tmp_path):
    database = Path(office.url.removeprefix("sqlite:///"))
    office.draws("one")
    shutil.copy(database, tmp_path / "earlier")
    office.draws("two")
    office.backs_up(tmp_path / "hall.backup")
    shutil.copy(tmp_path / "earlier", database)
    assert office.restores(tmp_path / "hall.backup").sites[0].lost is None
    assert office.draws("three") == ["A003"]
    office.proved()


def test_a_restore_that_breaks_in_the_middle_changes_nothing(office, tmp_path, monkeypatch):
    file = tmp_path / "hall.backup"
    office.draws("one")
    office.backs_up(file)
    office.draws("two")
    before = office.proved()

    def breaks(_conn):
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("server.store.tables.count_on", breaks)
        with pytest.raises(ZeroDivisionError):
            office.restores(file, losing={SITE: before[-1].seq})
    assert office.proved() == before
    assert office.restores(file, losing={SITE: before[-1].seq}).sites[0].series == {"A": 2, "B": 0}
    assert office.draws("three") == ["A003"]


@pytest.mark.parametrize(
    ("by", "confirmed_by", "why"),
    [
        ("Nadia", "Nadia", "A second person"),
        ("Nadia", "Amina", "neither an administrator nor a manager"),
        ("Amina", "Nadia", "neither an administrator nor a manager"),
    ],
)
def test_it_takes_two_people_who_may(office, tmp_path, by, confirmed_by, why):
    file = tmp_path / "hall.backup"
    office.backs_up(file)
    before = office.proved()
    with pytest.raises(NotRestored, match=why):
        office.restores(file, by=by, confirmed_by=confirmed_by)
    claims = [Claim(name="Nadia", password=PASSWORDS["Nadia"]), Claim(name="Omar", password=PASSWORDS["Nadia"])]
    with backup_file.opened(file) as backup, pytest.raises(NotRestored, match="nobody called Omar"):
        restoring.restore(office.url, backup, Wish(by=claims[0], confirmed_by=claims[1]), SystemClock())
    assert office.proved() == before
    office.restores(file)
    with office.open() as house, house.read() as conn:
        codes = {name: known_people.person_named(conn, name).code for name in ("Nadia", "Omar")}
    entry = office.proved()[-1]
    assert entry.actor == f"manager:{codes['Nadia']}"
    assert (entry.body["by"], entry.body["confirmed_by"]) == (codes["Nadia"], codes["Omar"])


@pytest.fixture
def elsewhere(request, database_url, tmp_path):
    """The address of the other kind of database, with nothing in it."""
    if database_url.startswith("sqlite"):
        server = request.getfixturevalue("postgres")
        url = server.empty()
        yield url
        server.drop(url)
    else:
        yield f"sqlite:///{tmp_path}/new/idarati.db"


@pytest.mark.postgres
def test_it_can_be_restored_on_the_other_kind_of_database_once_somebody_says_the_numbers(office, elsewhere, tmp_path):
    file = tmp_path / "hall.backup"
    office.draws("one", "two")
    office.backs_up(file)
    before = office.proved()
    moved = Office.__new__(Office)
    moved.url = elsewhere
    for highest in ({}, {SITE: {"A": 57}}):
        with pytest.raises(NotRestored, match=f"--highest {SITE}:"):
            moved.restores(file, highest=highest)
    outcome = moved.restores(file, highest={SITE: {"A": 57, "B": 0}})
    assert (outcome.aside, outcome.sites[0].lost) == (None, None)
    entries = moved.proved()
    assert entries[:-1] == before
    assert moved.draws("three", "one") == ["A058", "A001"]
    moved.backs_up(tmp_path / "again")
    assert moved.restores(tmp_path / "again").sites[0].series == {"A": 58, "B": 0}
    assert moved.draws("four") == ["A059"]


def test_where_nothing_was_drawn_since_that_is_enough(office, tmp_path):
    file = tmp_path / "hall.backup"
    office.draws("one")
    office.backs_up(file)
    fresh = Office.__new__(Office)
    fresh.url = f"sqlite:///{tmp_path}/fresh/idarati.db"
    fresh.restores(file, nothing_since=True)
    assert fresh.draws("two") == ["A002"]
    fresh.proved()


@on_sqlite
def test_a_database_that_is_damaged_is_put_aside_and_its_numbers_have_to_be_said(office, tmp_path):
    file, database = tmp_path / "hall.backup", Path(office.url.removeprefix("sqlite:///"))
    office.draws("one")
    office.backs_up(file)
    database.write_bytes(b"no database any more" * 500)
    with pytest.raises(NotRestored, match="--highest"):
        office.restores(file)
    outcome = office.restores(file, highest={SITE: {"A": 9, "B": 0}})
    assert Path(outcome.aside).read_bytes().startswith(b"no database")
    assert office.draws("two") == ["A010"]
    office.proved()


@on_sqlite
def test_what_was_there_can_be_read_after_it_was_put_aside(office, tmp_path):
    file = tmp_path / "hall.backup"
    office.backs_up(file)
    office.draws("one")
    before = office.proved()
    aside = Office.__new__(Office)
    aside.url = f"sqlite:///{office.restores(file, losing={SITE: before[-1].seq}).aside}"
    assert aside.proved() == before


# ---------------------------------------------------------------- the file


@pytest.fixture
def file(office, tmp_path):
    office.draws("one", "two")
    office.backs_up(tmp_path / "hall.backup")
    return tmp_path / "hall.backup"


def repacked(file, change, to):
    """The file with other members: `change(name, text)` gives the new text, or None to leave it out."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            text = change(name, old.read(name).decode())
            if text is not None:
                new.writestr(name, text)
    return to


@on_sqlite
def test_a_file_is_never_written_over(office, file):
    with pytest.raises(BackupError, match="there already"):
        office.backs_up(file)


@on_sqlite
def test_a_backup_that_was_cut_or_altered_is_found(office, file, tmp_path):
    raw = file.read_bytes()
    (tmp_path / "cut").write_bytes(raw[:-40])
    with pytest.raises(BackupError):
        backup_file.check(tmp_path / "cut")
    altered = bytearray(raw)
    altered[len(raw) // 3] ^= 1
    (tmp_path / "altered").write_bytes(altered)
    with pytest.raises(BackupError):
        backup_file.check(tmp_path / "altered")
    (tmp_path / "text").write_text("no zip")
    with pytest.raises(BackupError, match="is no backup"):
        backup_file.check(tmp_path / "text")


@on_sqlite
def test_an_entry_that_was_altered_with_its_digest_is_found_by_the_chain(file, tmp_path):
    def change(name, text):
        if name == "tables/journal.jsonl":
            return text.replace("A002", "A003")
        if name == "manifest.json":
            body = json.loads(text)
            for part in body["tables"]:
                if part["name"] == "journal":
                    with zipfile.ZipFile(file) as packed:
                        journal_text = packed.read("tables/journal.jsonl").decode().replace("A002", "A003")
                    part["sha256"] = backup_file.sha256(journal_text.encode()).hexdigest()
            return json.dumps(body)
        return text

    with pytest.raises(BackupError, match="does not hold at entry"):
        backup_file.check(repacked(file, change, tmp_path / "changed"))


@on_sqlite
def test_a_backup_without_a_table_or_of_another_format_is_refused(file, tmp_path):
    def without(name, text):
        return None if name == "tables/tickets.jsonl" else text

    def newer(name, text):
        return text.replace('"format": 1', '"format": 2') if name == "manifest.json" else text

    with pytest.raises(BackupError, match="tickets"):
        backup_file.check(repacked(file, without, tmp_path / "without"))
    with pytest.raises(BackupError, match="format"):
        backup_file.check(repacked(file, newer, tmp_path / "newer"))


def test_a_backup_of_an_older_schema_is_brought_to_the_present_one(office, file, tmp_path):
    def older(name, text):
        if name == "tables/fairness_days.jsonl":
            return None
        if name == "manifest.json":
            body = json.loads(text)
            body["tables"] = [part for part in body["tables"] if part["name"] != "fairness_days"]
            return json.dumps({**body, "revision": "0004"})
        return text

    old = repacked(file, older, tmp_path / "old")
    office.restores(old)
    assert office.draws("three") == ["A003"]
    office.proved()


@on_sqlite
def test_a_backup_of_a_newer_program_is_refused(office, file, tmp_path):
    def newer(name, text):
        return text.replace(f'"revision": "{revision()}"', '"revision": "9999"') if name == "manifest.json" else text

    with pytest.raises(NotRestored, match="newer program"):
        office.restores(repacked(file, newer, tmp_path / "newer"))
    shutil.copy(file, tmp_path / "copy")
    office.restores(tmp_path / "copy")
