"""`migrate`, `journal export`, `verify` and `replay` as they are typed."""

import json

import pytest

from server.domain import heads
from server.store import migrate, triggers
from server.store.engine import open_engine
from tests.stored import small_day, store


@pytest.fixture
def story(run, data):
    run("migrate")
    engine = open_engine(f"sqlite:///{data}/idarati.db")
    story = store(engine, small_day())
    engine.dispose()
    return story


def head_of(story):
    return {"site": "hall", "seq": 29, "hash": story.hall.hash, "short": heads.short(story.hall.hash)}


def tamper(data, statement):
    engine = open_engine(f"sqlite:///{data}/idarati.db")
    with engine.begin() as conn:
        triggers.drop(conn)
        conn.exec_driver_sql(statement)
    engine.dispose()


def test_migrate_makes_the_folder_and_the_database_and_may_be_repeated(run, data):
    (newest,) = migrate.heads()
    assert json.loads(run("migrate").stdout) == {"from": None, "to": newest}
    assert (data / "idarati.db").is_file()
    assert json.loads(run("migrate").stdout) == {"from": newest, "to": newest}


def test_without_a_database_it_says_what_to_run_and_makes_nothing(run, data):
    assert f"Run: idarati migrate --data {data}" in run("verify", "--site", "hall", exit_code=1).stderr
    assert not data.exists()


def test_a_database_without_tables_is_told_what_to_run(run, data):
    data.mkdir()
    (data / "idarati.db").touch()
    assert "Run: idarati migrate" in run("verify", "--site", "hall", exit_code=1).stderr


def test_a_file_that_is_no_database_is_a_message_and_no_traceback(run, data):
    data.mkdir()
    (data / "idarati.db").write_text("no database" * 100)
    result = run("verify", "--site", "hall", exit_code=1)
    assert result.stderr == "Error: The database does not answer: file is not a database\n"


def test_a_wrong_setting_is_named(run, data, monkeypatch):
    monkeypatch.setattr("os.environ", {"IDARATI_PORT": "many"})
    assert "IDARATI_PORT: expected a whole number, found 'many'" in run("migrate", exit_code=2).stderr


def test_verify_gives_the_head(run, story):
    result = run("verify", "--site", "hall")
    assert json.loads(result.stdout) == head_of(story)
    assert "holds up to entry 29" in result.stderr
    run("verify", "--site", "hall", "--head", story.hall.hash)


def test_verify_names_an_altered_entry(run, story, data):
    tamper(data, "UPDATE journal SET text = replace(text, 'test:1', 'test:2') WHERE seq = 9")
    result = run("verify", "--site", "hall", exit_code=1)
    assert json.loads(result.stdout) == {"site": "hall", "entry": 9, "why": "its text does not have its hash"}
    assert "does not hold at entry 9" in result.stderr


def test_verify_misses_a_tail_that_was_cut_off(run, story, data):
    tamper(data, "DELETE FROM journal WHERE seq = 29")
    assert json.loads(run("verify", "--site", "hall", exit_code=1).stdout)["entry"] == 29
    tamper(data, f"UPDATE site_heads SET last_seq = 28, last_hash = '{story.entries[27].hash}'")
    run("verify", "--site", "hall")
    result = run("verify", "--site", "hall", "--head", story.hall.hash, exit_code=1)
    assert json.loads(result.stdout)["entry"] == 29


def test_the_head_may_be_the_code_that_was_printed(run, story, tmp_path):
    file = tmp_path / "hall.jsonl"
    file.write_text(run("journal", "export", "--site", "hall").stdout)
    for head in (heads.grouped(story.hall.hash), heads.short(story.hall.hash).lower()):
        run("verify", "--site", "hall", "--head", head)
        run("verify", str(file), "--head", head)
    earlier = heads.short(story.entries[9].hash)
    assert json.loads(run("verify", "--site", "hall", "--head", earlier, exit_code=1).stdout)["entry"] == 11
    assert json.loads(run("verify", str(file), "--head", earlier, exit_code=1).stdout)["entry"] == 11
    assert "16 characters of a code" in run("verify", "--site", "hall", "--head", "ABCD", exit_code=2).stderr


def test_verify_names_the_first_entry_after_the_head(run, story):
    result = run("verify", "--site", "hall", "--head", story.entries[9].hash, exit_code=1)
    assert json.loads(result.stdout)["entry"] == 11


def test_verify_reads_what_export_wrote(run, story, tmp_path):
    file = tmp_path / "hall.jsonl"
    file.write_text(run("journal", "export", "--site", "hall").stdout)
    assert json.loads(run("verify", str(file)).stdout) == head_of(story)
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join([*lines[:4], *lines[5:]]))
    assert json.loads(run("verify", str(file), exit_code=1).stdout)["entry"] == 5


def test_a_later_part_of_the_journal_goes_on_from_a_head(run, story, tmp_path):
    file = tmp_path / "later.jsonl"
    file.write_text(run("journal", "export", "--site", "hall", "--after", "10").stdout)
    assert len(file.read_text().splitlines()) == 19
    run("verify", str(file), exit_code=1)
    run("verify", str(file), "--after", story.entries[9].hash)
    run("verify", str(file), "--after", heads.short(story.entries[9].hash))


def test_verify_needs_one_thing_to_verify(run, story):
    assert "Name either --site or a file" in run("verify", exit_code=2).stderr
    assert "There is no site 'nowhere'. Sites: hall." in run("verify", "--site", "nowhere", exit_code=1).stderr


def test_replay_is_content_or_names_the_differences(run, story, data):
    assert run("replay", "--site", "hall").stdout == ""
    tamper(data, "UPDATE tickets SET ahead = 7 WHERE drawn_seq = 5")
    result = run("replay", "--site", "hall", exit_code=1)
    assert json.loads(result.stdout) == {
        "table": "tickets",
        "key": 5,
        "what": "different",
        "column": "ahead",
        "journal": 0,
        "stored": 7,
    }
    assert "ahead is 7, the journal says 0" in result.stderr


def test_replay_of_the_calls_makes_each_once_more_or_names_those_that_differ(run, story, data):
    calls = sum(entry.kind == "ticket.called" for entry in story.entries)
    assert json.loads(run("replay", "--site", "hall", "--calls").stdout)["calls"] == calls > 0
    called = next(entry for entry in story.entries if entry.kind == "ticket.called")
    tamper(
        data,
        f"""UPDATE journal SET text = replace(text, '"line":"serves"', '"line":"helps"') WHERE seq = {called.seq}""",
    )
    result = run("replay", "--site", "hall", "--calls", exit_code=1)
    assert (json.loads(result.stdout)["entry"], json.loads(result.stdout)["what"]) == (called.seq, "reason")
    assert f"1 differences in {calls} calls" in result.stderr


def test_replay_of_the_calls_of_some_days_reads_only_those(run, story):
    first, second = (entry for entry in story.entries if entry.kind == "day.opened")
    of_the_first = sum(entry.kind == "ticket.called" and entry.seq < second.seq for entry in story.entries)
    days = ("--from", first.body["day"], "--to", first.body["day"])
    assert json.loads(run("replay", "--site", "hall", "--calls", *days).stdout)["calls"] == of_the_first > 0
    assert json.loads(run("replay", "--site", "hall", "--calls", "--from", "2031-01-01").stdout)["calls"] == 0
