from gettext import c2py
from pathlib import Path

import pytest
import yaml
from babel import Locale
from babel.messages.pofile import read_po

from server.translations import build, catalogues, check
from server.web import i18n

PLURAL_NUMBERS = (0, 1, 2, 3, 10, 11, 15, 99, 100, 101, 102, 103, 111)
MESSAGES = build.read()


def line(**fields: object) -> dict[str, object]:
    return {"ar": "نعم", "fr": "Oui", "es": "Sí", "en": "Yes", "zgh": None} | fields


def words_folder(tmp_path: Path, messages: dict[str, object]) -> Path:
    meta = {"placeholders": ["count", "number"]}
    for name in build.FILES:
        content = {"meta": meta, "messages": messages if name == "screens.yaml" else {}}
        (tmp_path / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return tmp_path


def refused(tmp_path: Path, messages: dict[str, object]) -> str:
    with pytest.raises(build.WordsRefusedError) as refusal:
        build.compiled(build.read(words_folder(tmp_path, messages)))
    return str(refusal.value)


def test_the_catalogue_files_are_what_the_words_say() -> None:
    for path, content in build.compiled(MESSAGES).items():
        assert (catalogues.HOME / path).read_bytes() == content, f"{path} is stale: make words"


def test_there_is_no_catalogue_file_beyond_those_of_the_words() -> None:
    files = {path.relative_to(catalogues.HOME) for path in catalogues.HOME.glob("*/LC_MESSAGES/*")}
    assert files == set(build.compiled(MESSAGES))


@pytest.mark.parametrize("lang", ["ar", "fr", "es", "en"])
@pytest.mark.parametrize("number", PLURAL_NUMBERS)
def test_every_counted_message_comes_in_the_form_that_cldr_names(lang: str, number: int) -> None:
    category = Locale.parse(lang).plural_form(number)
    for message in MESSAGES:
        if message.counts:
            template = catalogues.catalogue(lang).template(message.key, number=number)
            assert template == message.forms(lang)[category], message.key


def test_the_arabic_forms_of_15_and_100_are_not_exchanged() -> None:
    arabic = i18n.words("ar")
    assert str(arabic.t("ticket.people_ahead", ahead=15)) == "قبلكم 15 شخصا"
    assert str(arabic.t("ticket.people_ahead", ahead=100)) == "قبلكم 100 شخص"


@pytest.mark.parametrize("lang", check.LANGUAGES)
def test_the_po_header_and_the_po_forms_agree(lang: str) -> None:
    with (catalogues.HOME / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalog = read_po(file)
    index_of = c2py(catalog.plural_expr)
    for message in MESSAGES:
        if message.counts and message.forms(lang):
            forms = catalog.get(message.key).string
            for number in PLURAL_NUMBERS:
                assert forms[index_of(number)] == message.forms(lang)[Locale.parse(lang).plural_form(number)]


def test_a_vowelled_text_for_the_voice_is_in_the_arabic_catalogue() -> None:
    arabic = catalogues.catalogue("ar")
    for message in MESSAGES:
        for category, text in message.spoken_forms().items():
            number = arabic.samples[category] if message.counts else None
            assert arabic.spoken(message.key, number=number) == text


def test_amazigh_texts_use_attested_words_alone() -> None:
    attested = yaml.safe_load((build.WORDS / "attested_zgh.yaml").read_text(encoding="utf-8"))["words"]
    known = {word for texts in attested.values() for text in texts for word in text.split()}
    for message in MESSAGES:
        for text in message.forms("zgh").values():
            assert set(text.split()) <= known, message.key


def test_a_forgotten_language_is_refused(tmp_path: Path) -> None:
    incomplete = line()
    del incomplete["es"]
    assert "say something for es" in refused(tmp_path, {"a.b": incomplete})


def test_an_empty_text_is_refused_except_in_amazigh(tmp_path: Path) -> None:
    assert "es is empty" in refused(tmp_path, {"a.b": line(es=None)})


def test_a_placeholder_that_one_language_lacks_is_refused(tmp_path: Path) -> None:
    assert "en: text has the placeholders" in refused(
        tmp_path, {"a.b": line(ar="{number}", fr="{number}", es="{number}")}
    )


def test_a_placeholder_that_nobody_declared_is_refused(tmp_path: Path) -> None:
    assert "does not list: colour" in refused(
        tmp_path, {"a.b": line(ar="{colour}", fr="{colour}", es="{colour}", en="{colour}")}
    )


def test_a_missing_plural_form_is_refused(tmp_path: Path) -> None:
    two = {"one": "{count}", "other": "{count}"}
    assert "ar: has the forms" in refused(tmp_path, {"a.b": line(plural="count", ar=two, fr=two, es=two, en=two)})


def test_a_percent_sign_is_refused(tmp_path: Path) -> None:
    assert "percent sign" in refused(tmp_path, {"a.b": line(en="80 % of")})


def test_french_without_its_no_break_space_is_refused(tmp_path: Path) -> None:
    assert "no-break space before ?" in refused(tmp_path, {"a.b": line(fr="Oui ?")})


def test_a_key_that_stands_twice_is_refused() -> None:
    assert list(check.problems([MESSAGES[0], MESSAGES[0]])) == ["common.yes: stands in the words files 2 times"]
