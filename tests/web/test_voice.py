import os
import shutil
import stat
from threading import Thread

import pytest

from server.translations import spoken as arabic
from server.web import voice, voice_texts
from server.web.voice import Clips
from tests.web import sounds

TEXT = "Choisissez un type de démarche"


@pytest.fixture
def clips(tmp_path):
    return Clips(tmp_path)


def record(clips, lang="fr", text=TEXT, *, suffix=".wav", seconds=0.05):
    path = clips.recorded_dir(lang) / f"{voice.recording_name(lang, text)}{suffix}"
    sounds.write_tone(path, seconds=seconds)
    return path


def put_made(clips, lang="fr", text=TEXT):
    path = clips.made(lang, text)
    sounds.write_tone(path)
    return path


def program(folder, body):
    """A synthesiser that does as it is told here."""
    path = folder / "synthesiser"
    path.write_text(f"#!/bin/sh\nfor last; do :; done\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def real(tmp_path):
    if shutil.which(voice.SYNTHESISER) is None and not os.environ.get("CI"):
        pytest.skip(f"{voice.SYNTHESISER} is not installed here; CI installs it")
    return Clips(tmp_path)


def test_a_recorded_clip_goes_before_a_made_one_and_a_made_one_before_silence(clips):
    assert clips.address("fr", TEXT) is None
    made = put_made(clips)
    assert clips.address("fr", TEXT) == f"voice/made/{made.name}"
    recorded = record(clips)
    assert clips.address("fr", TEXT).startswith(f"voice/recorded/fr/{recorded.name}?v=")
    recorded.unlink()
    assert clips.address("fr", TEXT) == f"voice/made/{made.name}"


def test_an_ogg_is_as_good_as_a_wav(clips):
    record(clips, "zgh", suffix=".ogg")
    assert ".ogg?v=" in clips.address("zgh", TEXT)


def test_another_recording_of_the_same_text_has_another_address(clips):
    record(clips)
    first = clips.address("fr", TEXT)
    record(clips, seconds=0.1)
    assert clips.address("fr", TEXT) != first


def test_without_the_synthesiser_only_recordings_are_heard_and_turned_off_nothing_is(clips, tmp_path):
    put_made(clips)
    assert Clips(tmp_path, "recordings").address("fr", TEXT) is None
    record(clips)
    assert Clips(tmp_path, "recordings").address("fr", TEXT) is not None
    assert Clips(tmp_path, "off").address("fr", TEXT) is None


def test_amazigh_is_never_read_by_another_language_s_voice(real):
    assert "zgh" not in voice.VOICES
    assert real.made("zgh", "ⴰⵏⵙⵓⴼ") is None
    assert not real.make("zgh", "ⴰⵏⵙⵓⴼ")
    assert not real.made_dir.exists()


@pytest.mark.parametrize(
    "body",
    [
        "exit 1",
        "exit 0",
        'echo nonsense > "$last"',
        'cat > "$last"; exit 3',
    ],
    ids=["fails", "makes nothing", "makes no sound", "fails in the middle"],
)
def test_a_synthesiser_that_fails_leaves_silence_and_nothing_else(tmp_path, body):
    clips = Clips(tmp_path, synthesiser=program(tmp_path, body))
    assert not clips.make("fr", TEXT)
    assert clips.address("fr", TEXT) is None
    assert list(clips.made_dir.iterdir()) == []


def test_a_synthesiser_that_hangs_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(voice, "PATIENCE_S", 0.2)
    clips = Clips(tmp_path, synthesiser=program(tmp_path, "exec sleep 30"))
    assert not clips.make("fr", TEXT)
    assert list(clips.made_dir.iterdir()) == []


def test_a_synthesiser_that_is_missing_makes_nothing(tmp_path):
    clips = Clips(tmp_path, synthesiser="no-such-program")
    assert not clips.can_make()
    assert not clips.make("fr", TEXT)


def test_mere_silence_is_no_clip(tmp_path):
    quiet = tmp_path / "quiet.wav"
    sounds.write_tone(quiet, hertz=0)
    clips = Clips(tmp_path, synthesiser=program(tmp_path, f'cp "{quiet}" "$last"'))
    assert not clips.make("fr", TEXT)


def test_the_text_goes_by_the_input_and_never_by_the_arguments(tmp_path):
    tone, said, given = tmp_path / "tone.wav", tmp_path / "said", tmp_path / "given"
    sounds.write_tone(tone)
    clips = Clips(
        tmp_path, synthesiser=program(tmp_path, f'cat > "{said}"; echo "$@" > "{given}"; cp "{tone}" "$last"')
    )
    assert clips.make("fr", "--help; $(reboot)")
    assert said.read_text() == "--help; $(reboot)"
    assert "reboot" not in given.read_text()


def test_a_clip_is_whole_from_the_moment_it_is_there(tmp_path):
    tone = tmp_path / "tone.wav"
    sounds.write_tone(tone, seconds=2)
    slowly = f'head -c 1000 "{tone}" > "$last"; sleep 0.3; cp "{tone}" "$last"'
    clips = Clips(tmp_path, synthesiser=program(tmp_path, slowly))
    making = Thread(target=clips.make, args=("fr", TEXT))
    making.start()
    seen = set()
    while making.is_alive():
        seen |= {path.stat().st_size for path in clips.made_dir.glob("*.wav")} if clips.made_dir.exists() else set()
    assert clips.made("fr", TEXT).stat().st_size == tone.stat().st_size
    assert seen <= {tone.stat().st_size}


def test_two_who_make_the_same_clip_at_once_don_t_disturb_each_other(tmp_path):
    tone = tmp_path / "tone.wav"
    sounds.write_tone(tone)
    clips = Clips(tmp_path, synthesiser=program(tmp_path, f'sleep 0.1; cp "{tone}" "$last"'))
    makers = [Thread(target=clips.make, args=("fr", TEXT)) for _ in range(4)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert [path.name for path in clips.made_dir.iterdir()] == [clips.made("fr", TEXT).name]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "Carte nationale d'identité électronique, original et copie"),
        ("es", "Certificado de inscripción consular"),
        ("en", "Proof of address"),
        ("ar", "المرجو اختيار نوع الخدمة"),
    ],
)
def test_the_real_synthesiser_says_it_audibly_and_in_a_sensible_time(real, lang, text):
    assert real.make(lang, text)
    path = real.made(lang, text)
    per_letter = sounds.length_s(path) / len(text)
    assert 0.03 < per_letter < 0.2
    assert sounds.loudest(path) > 3000
    assert path.stat().st_size < 60_000 * sounds.length_s(path)


def test_the_real_synthesiser_speaks_the_languages_differently(real):
    texts = {lang: real.made(lang, "17") for lang in voice.VOICES}
    for lang in voice.VOICES:
        assert real.make(lang, "17")
    assert len({path.read_bytes() for path in texts.values()}) == len(voice.VOICES)


@pytest.mark.parametrize("name", ["../../idarati.db", "a.wav", "0123456789abcdef01234567.ogg", ".x.part", ""])
def test_nothing_but_a_clip_has_the_name_of_a_clip(clips, name):
    assert clips.made_file(name) is None
    assert clips.recorded_file("fr", name) is None
    assert clips.recorded_file("..", name) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("B", "بَاء"),
        ("17", "سَبْعَةَ عَشَر"),
        ("+17", "وَسَبْعَةَ عَشَر"),
        ("200+", "مِئَتَان"),
        ("مرحبا بكم", "مَرْحَبًا بِكُم"),
    ],
)
def test_arabic_is_said_with_its_vowels_and_numbers_as_words(text, said):
    assert voice_texts.spoken("ar", text) == said


def test_no_digit_of_an_arabic_text_reaches_the_synthesiser():
    assert voice_texts.spoken("ar", "داخل 30 يوما، الفضاء D") == "دَاخِلَ ثَلَاثُون يوما، الفضاء دَال"


def test_hundreds_are_said_as_the_language_says_them_before_more():
    assert voice_texts.spoken("es", "100+") == "ciento"
    assert voice_texts.spoken("es", "100") == "100"
    assert voice_texts.spoken("fr", "200+") == "200"
    assert voice_texts.spoken("en", "+17") == "and 17"


def test_a_text_can_t_speak_in_the_synthesiser_s_own_phonemes():
    assert "[[" not in voice_texts.spoken("fr", "a [[hE'loU]] b")
    assert "[[" not in voice_texts.spoken("ar", "مرحبا [[hE'loU]]")


def test_sentences_are_cut_around_their_numbers():
    assert voice_texts.literals("Attente : {low} à {high} minutes.") == ["Attente", "à", "minutes"]
    assert voice_texts.literals("{ahead} personnes avant vous") == ["personnes avant vous"]
    assert voice_texts.literals("B017") == []


def test_a_vowelled_text_has_vowels_and_no_digits():
    for plain, vowelled in arabic.vowelled_texts().items():
        assert len(vowelled) > len(plain) or "(" in plain, plain
        assert not set(vowelled) & set("0123456789[]"), plain
