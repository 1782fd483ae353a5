"""`idarati voice`: what somebody records, and clips made now."""

import json

import pytest

from server.packs.shipped import shipped_text
from server.web import voice
from tests.web import sounds


@pytest.fixture
def site(run, tmp_path):
    run("migrate")
    file = tmp_path / "rabat.yaml"
    file.write_text(shipped_text("rabat"))
    run("site", "import", str(file))


def listed(run, lang):
    return {line["text"]: line for line in map(json.loads, run("voice", "list", "rabat", lang).stdout.splitlines())}


@pytest.mark.usefixtures("site")
def test_each_text_is_listed_with_the_name_of_its_recording_and_where_its_sound_comes_from(run, data):
    line = listed(run, "zgh")["ⴰⵏⵙⵓⴼ"]
    assert line == {"text": "ⴰⵏⵙⵓⴼ", "name": voice.recording_name("zgh", "ⴰⵏⵙⵓⴼ"), "source": None}
    sounds.write_tone(data / "voice" / "zgh" / f"{line['name']}.wav")
    assert listed(run, "zgh")["ⴰⵏⵙⵓⴼ"]["source"] == "recorded"


@pytest.mark.usefixtures("site")
def test_arabic_texts_say_whether_their_vowels_are_known(run):
    assert listed(run, "ar")["مرحبا بكم"]["vowelled"] is True


@pytest.mark.usefixtures("site")
def test_a_language_that_the_site_doesn_t_speak_is_refused(run):
    assert "rabat speaks ar, fr, zgh, en." in run("voice", "list", "rabat", "es", exit_code=1).output


@pytest.mark.usefixtures("site")
def test_without_the_synthesiser_nothing_is_prepared(run, monkeypatch):
    monkeypatch.setattr("os.environ", {"PATH": "/nowhere"})
    assert "isn't installed" in run("voice", "prepare", exit_code=1).output
