import json
import subprocess
import sys
from datetime import UTC, date, datetime, time

import pytest
from jinja2 import Environment

from server.web import i18n

NUMBERS = (0, 1, 2, 3, 10, 11, 15, 99, 100, 101, 102, 103, 111)


def test_a_message_is_said_in_the_language_asked_for() -> None:
    assert str(i18n.words("es").t("kiosk.choose_service")) == "Elija su trámite"


def test_html_escapes_what_people_typed_and_isolates_numbers() -> None:
    text = i18n.words("ar").t("kiosk.your_number", number="<b>A017")
    assert text.__html__() == "رقمكم هو <bdi>&lt;b&gt;A017</bdi>"


def test_jinja_takes_a_text_as_html_without_escaping_it_twice() -> None:
    template = Environment(autoescape=True).from_string("<p>{{ t('kiosk.your_number', number='A&B') }}</p>")
    shown = template.render(t=i18n.words("en").t)
    assert shown == "<p>Your number is <bdi>A&amp;B</bdi></p>"


def test_plain_arabic_isolates_with_unicode_and_plain_french_does_not() -> None:
    assert i18n.plain("kiosk.your_number", "ar", number="A017") == "رقمكم هو \u2068A017\u2069"
    assert i18n.plain("kiosk.your_number", "fr", number="A017") == "Votre numéro est le A017"


def test_a_missing_amazigh_text_is_shown_in_french_and_arabic_and_marked() -> None:
    text = i18n.words("zgh").t("kiosk.take_ticket")
    assert not text.translated
    assert text.parts == [("fr", "Prenez votre ticket"), ("ar", "المرجو أخذ التذكرة")]
    assert text.html == (
        '<span class="untranslated"><span lang="fr" dir="ltr">Prenez votre ticket</span> '
        '<span lang="ar" dir="rtl">المرجو أخذ التذكرة<sup class="untranslated__mark" aria-hidden="true">*</sup></span></span>'
    )
    assert str(text) == "Prenez votre ticket · \u2068المرجو أخذ التذكرة\u2069"


def test_an_attested_amazigh_text_stands_alone_and_unmarked() -> None:
    text = i18n.words("zgh").t("common.thanks")
    assert text.translated
    assert text.html == "ⵜⴰⵏⵎⵎⵉⵔⵜ"


def test_a_text_for_a_page_in_another_language_carries_its_language() -> None:
    assert i18n.words("ar").t("common.yes").tagged == '<span lang="ar" dir="rtl">نعم</span>'


def test_the_parts_for_paper_say_which_language_each_is_in() -> None:
    assert i18n.plain_parts("common.yes", "fr") == [("fr", "Oui")]
    assert [lang for lang, _ in i18n.plain_parts("ticket.keep", "zgh")] == ["fr", "ar"]


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(KeyError, match="no message has the key"):
        i18n.words("zgh").t("kiosk.no_such_thing")


def test_a_forgotten_parameter_is_refused() -> None:
    with pytest.raises(KeyError, match="needs the parameter number"):
        i18n.words("fr").t("kiosk.your_number")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="no such language"):
        i18n.words("de")


def test_a_reason_inside_a_sentence_follows_the_language_of_the_sentence() -> None:
    reason = i18n.words("en").t("suspend.safety")
    assert (
        str(i18n.words("fr").error("suspended", reason=reason))
        == "Ce service est suspendu\u00a0: sécurité des personnes."
    )


def test_a_name_inside_a_sentence_follows_the_language_of_the_sentence() -> None:
    service = {"ar": "التأشيرة", "fr": "Visa", "zgh": None}
    parts = i18n.words("zgh").t("display.suspended", service=service, reason={"ar": "عطب", "fr": "panne"}).parts
    assert parts[0] == ("fr", "Visa\u00a0: service suspendu (panne)")
    assert "التأشيرة" in parts[1][1]


def test_a_name_without_amazigh_is_shown_like_any_missing_text() -> None:
    name = i18n.words("zgh").name({"ar": "التأشيرة", "fr": "Visa", "zgh": None})
    assert name.parts == [("fr", "Visa"), ("ar", "التأشيرة")]
    assert not name.translated


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_nobody_ahead_has_its_own_words(lang: str) -> None:
    words = i18n.words(lang)
    assert words.people_ahead(0).key == "ticket.nobody_ahead"
    assert words.people_ahead(4).key == "ticket.people_ahead"
    assert words.card_deadline(0).key == "card.on_the_spot"


def test_a_range_takes_its_plural_from_its_upper_end() -> None:
    assert str(i18n.words("ar").wait_range(5, 10)) == "الانتظار المتوقع: من 5 إلى 10 دقائق"
    assert str(i18n.words("ar").wait_range(10, 15)) == "الانتظار المتوقع: من 10 إلى 15 دقيقة"
    assert str(i18n.words("ar").wait_range(1, 2)) == "الانتظار المتوقع: دقيقتان على الأكثر"


def test_a_range_from_nothing_says_only_its_upper_end() -> None:
    assert str(i18n.words("fr").wait_range(0, 5)) == "Attente prévue\u00a0: moins de 5 minutes"
    assert str(i18n.words("fr").wait_range(0, 0)) == "Attente prévue\u00a0: moins de 1 minute"


def test_a_range_without_width_gets_a_minute_of_it() -> None:
    assert str(i18n.words("en").wait_range(5, 5)) == "Expected wait: 4 to 5 minutes"


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="not a range"):
        i18n.words("en").wait_range(6, 5)


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("ar", "الثلاثاء 1 شتنبر 2026"),
        ("zgh", "ⴰⵙⵉⵏⴰⵙ 1 ⵛⵓⵜⴰⵏⴱⵉⵔ 2026"),
        ("fr", "mardi 1er septembre 2026"),
        ("es", "martes, 1 de septiembre de 2026"),
        ("en", "Tuesday 1 September 2026"),
    ],
)
def test_a_date_is_said_as_in_morocco(lang: str, expected: str) -> None:
    assert i18n.words(lang).full_date(date(2026, 9, 1)) == expected


@pytest.mark.parametrize(
    ("month", "name"),
    [(5, "ماي"), (7, "يوليوز"), (8, "غشت"), (9, "شتنبر"), (11, "نونبر"), (12, "دجنبر")],
)
def test_arabic_months_have_their_moroccan_names(month: int, name: str) -> None:
    assert i18n.words("ar").date(date(2026, month, 24)) == f"24 {name} 2026"


def test_a_time_is_said_in_24_hours_with_western_digits() -> None:
    assert i18n.words("ar").time(datetime(2026, 11, 24, 15, 5, tzinfo=UTC)) == "15:05"
    assert i18n.plain("hint.opens_on", "ar", date=date(2026, 5, 4), time=time(8, 30)) == (
        "تفتح الخدمة يوم \u20684 ماي 2026\u2069 على الساعة \u206808:30\u2069."
    )


@pytest.mark.parametrize(
    ("query", "cookie", "accepted", "expected"),
    [
        ("es", "fr", "en", "es"),
        (None, "fr", "en", "fr"),
        ("de", "fr", "en", "fr"),
        (None, None, "de, en;q=0.5, fr;q=0.8", "fr"),
        (None, None, "en-GB,en;q=0.9", "en"),
        (None, None, "ary", "ar"),
        (None, None, "tzm-MA, fr;q=0.5", "zgh"),
        (None, None, "fr;q=0, *", "ar"),
        (None, None, "fr;q=high", "ar"),
        (None, None, ",;=,,", "ar"),
        (None, None, None, "ar"),
    ],
)
def test_the_language_is_chosen_by_address_then_memory_then_browser(
    query: str | None, cookie: str | None, accepted: str | None, expected: str
) -> None:
    assert i18n.choose(query, cookie, accepted, i18n.LANGUAGES) == expected


def test_a_language_that_the_site_does_not_offer_is_not_chosen() -> None:
    assert i18n.choose("es", "en", "es, fr;q=0.1", ["ar", "fr"]) == "fr"


def test_the_catalogue_for_a_page_holds_the_keys_asked_for_with_all_their_forms() -> None:
    given = i18n.catalogue("ar", ["ticket.people_ahead", "common.yes"])
    assert given["counted"] == {"ticket.people_ahead": "ahead"}
    assert given["messages"]["common.yes"] == [["ar", "نعم"]]
    [[lang, forms]] = given["messages"]["ticket.people_ahead"]
    assert lang == "ar"
    assert set(forms) == {"zero", "one", "two", "few", "many", "other"}
    assert json.loads(json.dumps(given)) == given


def test_the_catalogue_for_an_amazigh_page_brings_french_and_arabic_where_amazigh_is_missing() -> None:
    given = i18n.catalogue("zgh", ["ticket.people_ahead", "common.yes"])
    assert [lang for lang, _ in given["messages"]["ticket.people_ahead"]] == ["fr", "ar"]
    assert [lang for lang, _ in given["messages"]["common.yes"]] == ["zgh"]


def test_the_catalogue_for_a_page_refuses_an_unknown_key() -> None:
    with pytest.raises(KeyError):
        i18n.catalogue("fr", ["no.such"])


def test_all_catalogues_load_at_once_in_less_than_30_ms_and_without_babel() -> None:
    program = (
        "import sys, time; from server.web import i18n; start = time.perf_counter();"
        "[i18n.words(lang).t('common.yes') for lang in i18n.LANGUAGES];"
        "print(time.perf_counter() - start, 'babel' in sys.modules, 'flask' in sys.modules)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True) for _ in range(3)
    ]
    spent = min(float(run.stdout.split()[0]) for run in runs)
    assert spent < 0.03
    assert runs[0].stdout.split()[1:] == ["False", "False"]
