"""Which texts of a kiosk can be read aloud, and how a page gets their clips."""

import gzip

import pytest

from kiosk import documents, reading
from server.packs.shipped import SITES, shipped_packs
from server.translations import spoken as arabic
from server.web import access, voice, voice_texts
from server.web.voice import Clips
from tests.kiosk import hosting
from tests.web import sounds

PACKS = {pack.site: pack for pack in shipped_packs()}


def texts(site, lang):
    return [text for spoken_in, text in reading.texts(PACKS[site]) if spoken_in == lang]


def record(settings, lang, text):
    path = settings.data_dir / "voice" / lang / f"{voice.recording_name(lang, text)}.wav"
    sounds.write_tone(path)
    return path


def test_a_document_says_what_it_marks_and_nothing_else():
    page = '<main lang="fr"><h1 data-say>Bon&nbsp;<b>jour</b> *</h1><p>non</p><p data-say lang="ar">\u2068مرحبا\u2069</p></main>'
    assert reading.said_in(page) == [(None, "Bon jour"), ("ar", "مرحبا")]


@pytest.mark.parametrize("site", SITES)
def test_every_choice_document_and_fee_of_a_site_can_be_said(site):
    french = set(texts(site, "fr"))
    for service in PACKS[site].services:
        assert service.names.fr in french
        assert {document.names.fr for document in PACKS[site].documents_of(service)} <= french
    assert {ground.names.fr for ground in PACKS[site].priority} <= french


@pytest.mark.parametrize("site", SITES)
def test_nothing_is_too_long_to_be_said(site):
    for page in documents.documents_of(PACKS[site]).by_language.values():
        said = [text for _lang, text in reading.said_in(page)]
        assert all(len(text) <= voice.LONGEST_TEXT for text in said)


def test_no_vowel_of_a_shipped_site_s_arabic_is_left_to_be_guessed():
    said = {text for site in SITES for text in texts(site, "ar")}
    assert sorted(text for text in said if not voice_texts.is_vowelled(text)) == []


def test_no_vowelled_text_stands_there_that_nobody_says_any_more():
    said = {text for site in SITES for text in texts(site, "ar")}
    needed = {piece for text in said for piece in (text, *voice_texts.arabic_pieces(text))}
    assert sorted(text for text in arabic.vowelled_texts() if text not in needed) == []


def test_the_list_names_what_has_a_clip(kiosk, settings):
    assert kiosk.get("/kiosk/rabat/voice/fr.json").json == {}
    record(settings, "fr", "Véhicules")
    answer = kiosk.get("/kiosk/rabat/voice/fr.json")
    assert list(answer.json) == ["Véhicules"]
    clip = kiosk.get(f"/kiosk/rabat/{answer.json['Véhicules']}")
    assert (clip.status_code, clip.mimetype) == (200, "audio/wav")
    assert "immutable" in clip.headers["Cache-Control"]
    assert clip.data[:4] == b"RIFF"


def test_the_state_says_which_languages_have_a_voice(kiosk, settings):
    assert kiosk.get("/kiosk/rabat/fr.json").json["voices"] == []
    record(settings, "zgh", "ⴰⵏⵙⵓⴼ")
    assert kiosk.get("/kiosk/rabat/fr.json").json["voices"] == ["zgh"]


def test_a_joined_form_that_is_missing_is_replaced_by_the_plain_one(settings):
    record(settings, "zgh", "17")
    found = reading.clips(PACKS["rabat"], "zgh", Clips(settings.data_dir))
    assert found["+17"] == found["17"]
    assert "200+" not in found


def test_a_clip_that_isn_t_made_yet_is_refused_at_once(kiosk):
    assert kiosk.get(f"/kiosk/rabat/voice/made/{'0' * 24}.wav").status_code == 404
    assert kiosk.get(f"/kiosk/rabat/voice/recorded/fr/{'0' * 16}.wav").status_code == 404
    assert kiosk.get("/kiosk/rabat/voice/es.json").status_code == 422


def test_a_recording_under_an_old_address_isn_t_kept(kiosk, settings):
    path = record(settings, "fr", "Véhicules")
    assert kiosk.get(f"/kiosk/rabat/voice/recorded/fr/{path.name}?v=old").headers["Cache-Control"] == "no-store"


def test_only_the_site_s_own_kiosks_listen(app, house):
    assert app.test_client().get("/kiosk/rabat/voice/fr.json").status_code == 401
    display = app.test_client()
    display.set_cookie(access.device_cookie("display", "rabat"), hosting.device_token(house, "rabat", "display"))
    assert display.get("/kiosk/rabat/voice/fr.json").status_code == 401


def test_the_list_is_short_enough_to_be_asked_for_at_a_touch(kiosk, settings):
    pack = PACKS["rabat"]
    for lang, text in reading.texts(pack):
        if lang == "ar":
            record(settings, lang, text)
    answer = kiosk.get("/kiosk/rabat/voice/ar.json", headers={"Accept-Encoding": "gzip"})
    assert len(gzip.decompress(answer.data)) > len(answer.data)
    assert len(answer.data) < 15_000
