"""What a display loads, and what it need not load again."""

import wave
from io import BytesIO

from display import chime, presenters
from server.web import static_files
from tests.display import stage


def test_a_page_that_is_the_same_is_not_sent_again(display):
    first = display.get("/display/rabat?lang=ar", headers={"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    assert len(first.data) < 15_000
    again = display.get("/display/rabat?lang=ar", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_chime_is_a_small_sound_that_begins_and_ends_in_silence():
    sound = chime.wav()
    assert len(sound) < 40_000
    with wave.open(BytesIO(sound)) as read:
        assert (read.getnchannels(), read.getframerate()) == (1, chime.RATE)
        frames = read.readframes(read.getnframes())
    samples = [int.from_bytes(frames[at : at + 2], "little", signed=True) for at in range(0, len(frames), 2)]
    assert samples[0] == 0
    assert abs(samples[-1]) < 200
    assert 5_000 < max(samples) < 32_000


def test_the_chime_is_handed_out(display):
    answer = display.get(static_files.address("display", presenters.CHIME))
    assert (answer.mimetype, answer.data[:4]) == ("audio/wav", b"RIFF")


def test_the_version_of_a_page_changes_with_what_it_is_made_of_and_not_with_a_message(display, house):
    def asked():
        return display.get("/display/rabat/version").json["version"]

    before = asked()
    assert f'"version": "{before}"' in display.get("/display/rabat?lang=fr").text
    stage.posts(house, ("fr", "Bonjour"))
    assert asked() == before
    stage.without_a_service(house)
    assert asked() != before
