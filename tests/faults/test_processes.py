"""Real processes: one that is killed in the middle of its work, two that write at once, connections that are cut."""

import json
import random
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from server.actions import setup as setups
from server.actions.house import open_house
from server.domain.entries import GENESIS
from server.reports.replay import replay
from server.store import journal
from server.store.engine import snapshot
from server.store.sites import add_site
from tests.faults.driver import SETUP, SITE, THREADS, draw, settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def house(database_url):
    house = open_house(settings(database_url))
    house.writer.run(partial(add_site, code=SITE, pack="", public_key="k", demo=False))
    house.submit(SITE, "test:1", partial(setups.put_in_force, setup=SETUP))
    yield house
    house.close()


def started(url, name, threads=THREADS, *stop):
    words = [sys.executable, "-m", "tests.faults.driver", url, name, str(threads), *map(str, stop)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def killed_after(process, answers):
    """What the process said until it was killed; a line that was cut off by the kill was never said."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        answers -= '"answer"' in line
        if answers <= 0:
            break
    process.send_signal(signal.SIGKILL)
    # From the same reader: `communicate` would pass over the lines that lie in its buffer already.
    rest = process.stdout.read()
    process.wait(timeout=30)
    return [json.loads(line) for line in [*lines, *rest.splitlines(keepends=True)] if line.endswith("\n")]


def all_said(process):
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return [json.loads(line) for line in out.splitlines()]


def assert_the_story_is_whole(house):
    with snapshot(house.engine) as conn:
        head = journal.head(conn, SITE)
        assert head.hash != GENESIS
        assert journal.verify(SITE, journal.rows_after(conn, SITE), head=head.hash) == head
        assert replay(conn, SITE) == []
        entries = list(journal.all_after(conn, SITE))
    assert_numbers_have_no_gap(entries)
    return {entry.seq: entry.body["number"] for entry in entries if entry.kind == "ticket.drawn"}


def assert_numbers_have_no_gap(entries):
    last = 0
    for entry in entries:
        if entry.kind == "day.opened":
            last = 0
        elif entry.kind == "ticket.drawn":
            last += 1
            assert entry.body["n"] == last


def kill_and_look(house, url, name, answers):
    """One round: load, kill -9, and a look from a process that was not there."""
    said = killed_after(started(url, name), answers)
    answered = {one["answer"]: one for one in said if "answer" in one}
    asked = [one["ask"] for one in said if "ask" in one]
    assert len(answered) >= answers
    drawn = assert_the_story_is_whole(house)
    for one in answered.values():
        assert drawn[one["seq"]] == one["number"]
    assert_called_once(house)
    before = len(drawn)
    for key, one in answered.items():
        assert draw(house, key).answer[1] == {name: one[name] for name in ("number", "ticket", "seq")}
    assert len(assert_the_story_is_whole(house)) == before
    # Asked and not answered: it happened or not, and asking again is one ticket either way.
    for key in asked:
        assert draw(house, key).answer == draw(house, key).answer
    return len(asked)


def assert_called_once(house):
    with house.read() as conn:
        called = [entry.body["ticket"] for entry in journal.all_after(conn, SITE) if entry.kind == "ticket.called"]
    assert len(called) == len(set(called))


@pytest.mark.slow
@pytest.mark.parametrize("rounds", [1, pytest.param(20, marks=pytest.mark.long)])
def test_a_process_killed_under_load_loses_nothing_that_it_answered(house, database_url, rounds):
    rng = random.Random(rounds)
    tickets = 0
    for n in range(rounds):
        tickets += kill_and_look(house, database_url, f"round{n}", rng.randrange(20, 200))
        assert len(assert_the_story_is_whole(house)) == tickets


@pytest.mark.slow
@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_two_processes_on_one_database_make_one_story(house, database_url):
    processes = [started(database_url, name, 8, 40) for name in ("one", "two")]
    said = [one for process in processes for one in all_said(process)]
    answered = {one["answer"]: one for one in said if "answer" in one}
    assert len(answered) == 2 * 8 * 40
    assert sorted(one["number"] for one in answered.values()) == [f"A{n:03d}" for n in range(1, 641)]
    called = [one["called"] for one in said if "called" in one]
    assert len(called) == len(set(called)) > 0
    drawn = assert_the_story_is_whole(house)
    assert {one["seq"]: one["number"] for one in answered.values()} == drawn
    assert_called_once(house)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_command_line_tool_may_write_beside_a_server_on_sqlite(house, database_url):
    process = started(database_url, "server", 4, 60)
    numbers = [draw(house, f"tool-{n}").answer[1]["number"] for n in range(60)]
    said = [one["number"] for one in all_said(process) if "answer" in one]
    assert sorted(numbers + said) == [f"A{n:03d}" for n in range(1, 301)]
    assert_the_story_is_whole(house)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_connections_cut_under_load_lose_nothing_and_double_nothing(house, database_url):
    process = started(database_url, "cut", 8, 60)
    cut = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query NOT LIKE '%pg_stat_activity%'"
    )
    cuts = rounds = 0
    with house.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
        while process.poll() is None and rounds < 10:
            cut_now = conn.execute(cut).scalar()
            cuts, rounds = cuts + cut_now, rounds + bool(cut_now)
            time.sleep(0.2)
    said = all_said(process)
    assert cuts
    answered = {one["answer"]: one for one in said if "answer" in one}
    assert len(answered) == 8 * 60
    drawn = assert_the_story_is_whole(house)
    assert {one["seq"]: one["number"] for one in answered.values()} == drawn
    assert_called_once(house)
