"""The file of a backup: cut, altered, of another format, of an older or a newer program."""

import json
import shutil
import zipfile

import pytest

from server.actions.restoring import NotRestored
from server.store import backup_file
from server.store.backup_file import BackupError
from tests.faults.putting_back import Office, revision

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(database_url):
    return Office(database_url)


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
