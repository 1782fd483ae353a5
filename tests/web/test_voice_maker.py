"""Clips made ahead: all that is missing, each once, and no harm where that fails."""

import os
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from server.actions import sites
from server.web import voice_maker
from server.web.voice import Clips
from server.web.voice_maker import VoiceMaker
from tests.office import Office
from tests.web import sounds

pytestmark = pytest.mark.slow


def texts_of(pack):
    return [("fr", pack.names.fr), ("fr", "Bienvenue"), ("zgh", "ⴰⵏⵙⵓⴼ")]


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path / "data")
    yield office
    office.close()


@pytest.fixture
def tone(tmp_path):
    path = tmp_path / "tone.wav"
    sounds.write_tone(path)
    return path


@pytest.fixture
def clips(tmp_path, tone):
    """A synthesiser that says everything with the same tone, and counts how often it was asked."""
    program = tmp_path / "synthesiser"
    program.write_text(f'#!/bin/sh\nfor last; do :; done\necho >> "{tmp_path}/asked"\ncp "{tone}" "$last"\n')
    program.chmod(0o755)
    return Clips(tmp_path / "data", synthesiser=str(program))


@pytest.fixture
def maker(office, clips):
    return VoiceMaker(office.house, texts_of, clips=clips, first_after_s=0)


def made(clips):
    return sorted(path.name for path in clips.made_dir.glob("*"))


def asked(tmp_path):
    return (tmp_path / "asked").read_text().count("\n")


def test_what_several_sites_say_is_made_once_and_amazigh_not_at_all(maker, clips, tmp_path):
    assert maker.make_missing() == 3
    assert len(made(clips)) == asked(tmp_path) == 3


def test_what_is_there_is_not_made_again_by_another_process_or_after_a_start(maker, office, clips, tmp_path):
    maker.make_missing()
    assert maker.make_missing() == 0
    assert VoiceMaker(office.house, texts_of, clips=clips).make_missing() == 0
    assert asked(tmp_path) == 3


def test_a_pack_that_comes_into_force_is_spoken_without_a_restart(maker, office, clips):
    maker.make_missing()
    pack = office.packs["rabat"]
    sites.import_pack(office.house, replace(pack, names=replace(pack.names, fr="Un autre centre")))
    assert maker.make_missing() == 1
    assert clips.made("fr", "Un autre centre").name in made(clips)


def test_what_no_site_says_any_more_goes_after_a_day(maker, clips):
    old, fresh = clips.made_dir / f"{'0' * 24}.wav", clips.made_dir / f"{'1' * 24}.wav"
    for path in (old, fresh):
        sounds.write_tone(path)
    long_ago = maker._house.clock.now().timestamp() - 2 * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    os.utime(fresh, (long_ago + 3 * 24 * 3600, long_ago + 3 * 24 * 3600))
    maker.make_missing()
    assert old.name not in made(clips)
    assert fresh.name in made(clips)


def test_a_text_that_fails_costs_the_others_nothing_and_is_tried_again_after_an_hour(office, clips, tmp_path):
    program = tmp_path / "synthesiser"
    working = program.read_text()
    program.write_text(working.replace("cp ", "grep -q Bienvenue && exit 1; cp "))
    maker = VoiceMaker(office.house, texts_of, clips=clips)
    assert maker.make_missing() == 2
    program.write_text(working)
    assert maker.make_missing() == 0
    office.clock.advance(minutes=61)
    assert maker.make_missing() == 1


def test_the_folder_stays_within_its_bounds(maker, clips, monkeypatch, tone):
    monkeypatch.setattr(voice_maker, "MOST_BYTES", tone.stat().st_size)
    assert maker.make_missing() == 2
    assert len(made(clips)) == 2


def test_a_folder_that_can_t_be_written_ends_nothing(office, clips):
    died = []
    clips.data_dir.mkdir(exist_ok=True)
    clips.made_dir.write_text("a file where the folder should be")
    maker = VoiceMaker(office.house, texts_of, clips=clips, first_after_s=0, on_death=lambda *told: died.append(told))
    maker.start()
    time.sleep(0.3)
    maker.stop()
    assert died == []


def test_it_works_beside_and_stops_at_once(office, clips, tmp_path):
    program = tmp_path / "synthesiser"
    program.write_text(program.read_text().replace("cp ", "sleep 0.2; cp "))
    many = VoiceMaker(
        office.house, lambda _pack: [("fr", f"Phrase {n}") for n in range(200)], clips=clips, first_after_s=0
    )
    many.start()
    until = time.monotonic() + 10
    while not (clips.made_dir.exists() and made(clips)) and time.monotonic() < until:
        time.sleep(0.05)
    began = time.monotonic()
    many.stop()
    assert time.monotonic() - began < timedelta(seconds=3).total_seconds()
    assert 0 < len([name for name in made(clips) if name.endswith(".wav")]) < 50


def test_without_a_synthesiser_nothing_is_made(office, tmp_path):
    silent = VoiceMaker(office.house, texts_of, clips=Clips(tmp_path / "data", synthesiser="no-such-program"))
    assert silent.make_missing() == 0
