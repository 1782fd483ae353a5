"""Backups made while everybody writes, programs killed in the middle, and what is put back: no number twice, a chain that
holds, and nothing lost but what somebody has named.
"""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from server.actions import restoring
from server.actions.restoring import Claim, NotRestored, Wish
from server.clock import SystemClock
from server.store import backup_file, journal
from server.store import people as known_people
from server.store.replacing import InUse
from tests.faults.driver import SITE
from tests.faults.putting_back import PASSWORDS, Office, Place
from tests.faults.test_processes import ROOT, killed_after, started

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


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
        "from tests.faults.putting_back import Opened, revision\n"
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
    moved = Place(elsewhere)
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
    fresh = Place(f"sqlite:///{tmp_path}/fresh/idarati.db")
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
    aside = Place(f"sqlite:///{office.restores(file, losing={SITE: before[-1].seq}).aside}")
    assert aside.proved() == before
