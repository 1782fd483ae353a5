"""What a ticket of a real site says on paper, in each language, and what it keeps to itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from printers import typeface
from printers.preview import render
from printers.slip import plain
from server.domain import appointments
from server.domain.tickets import Told
from server.packs.shipped import SITES, shipped_packs
from server.web import slips
from tests.printers import eyes

PACKS = {pack.site: pack for pack in shipped_packs()}
FOLLOW = "https://accueil.example.ma/t/4j7qk2zb5t3n6xwr2mcvhd7lpa"
FACTS = slips.Facts(
    number="A017",
    service="imm",
    language="ar",
    ahead=7,
    drawn_at=datetime(2026, 11, 24, 9, 42, tzinfo=UTC),
    told=Told(low_s=1510, median_s=1800, high_s=2070, level=80),
    follow_url=FOLLOW,
)


def said(site, **changed):
    """The lines of the paper, without the marks that keep numbers in their place."""
    facts = replace(FACTS, **{"service": PACKS[site].services[2].code, **changed})
    lines = plain(slips.ticket_slip(PACKS[site], facts))
    return [line.replace("\u2068", "").replace("\u2069", "") for line in lines.splitlines()]


def test_an_arabic_ticket_says_everything_in_arabic_and_its_service_in_french_too():
    assert said("rabat") == [
        "مركز تسجيل السيارات بالرباط",
        "الرقم / Numéro",
        "A017 (ألف)",
        "التسجيل الأول لمركبة جديدة",
        "Première immatriculation (véhicule neuf)",
        "فضاء المركبات",
        "-" * 32,
        "قبلكم 7 أشخاص",
        "الانتظار المتوقع: من 25 إلى 35 دقيقة",
        "لتتبع دوركم عبر الهاتف، المرجو مسح هذا الرمز",
        FOLLOW,
        "-" * 32,
        "وقت أخذ التذكرة: 09:42 · 24 نونبر 2026",
        "ينادى على الأرقام بالترتيب، ويسجل كل استثناء.",
        "المرجو الاحتفاظ بهذه التذكرة إلى نهاية الخدمة.",
        "التذكرة مجانية ولا يجوز بيعها.",
    ]


def test_a_french_ticket_has_arabic_beside_the_number_and_the_service_alone():
    paper = said("rabat", language="fr")
    assert "Numéro / الرقم" in paper
    assert "A017" in paper
    assert [line for line in paper if "التسجيل" in line] == ["التسجيل الأول لمركبة جديدة"]
    assert "Attente prévue\N{NO-BREAK SPACE}: de 25 à 35 minutes" in paper
    assert not any("قبلكم" in line for line in paper)


@pytest.mark.parametrize("site", ["eljadida", "oukacha"])
@pytest.mark.parametrize("language", ["ar", "fr", "zgh", "en"])
def test_paper_of_a_discreet_site_names_no_service(site, language):
    for service in PACKS[site].services:
        for code in (service.code, service.public_code):
            paper = said(site, language=language, service=code)
            names = {getattr(service.names, one) for one in ("ar", "fr", "es", "en", "zgh")} - {None}
            assert not [line for line in paper for name in names if name in line]
            assert any(line.rstrip("\N{NO-BREAK SPACE}*").endswith(f" {service.ordinal}") for line in paper)


def test_what_is_not_translated_stands_in_french_and_arabic_marked_and_explained():
    paper = said("rabat", language="zgh")
    assert paper[2] == "ⵓⵟⵟⵓⵏ"
    assert paper[4:6] == ["Première immatriculation (véhicule neuf)", "التسجيل الأول لمركبة جديدة\N{NO-BREAK SPACE}*"]
    assert paper[-2:] == ["* Pas encore traduit", "* لم يترجم بعد"]


def test_the_hour_is_the_sites_own():
    assert any("10:42" in line for line in said("algeciras", language="es"))
    assert any("09:42" in line for line in said("rabat", language="fr"))


def test_without_a_range_it_says_why():
    assert "Pas d'estimation\N{NO-BREAK SPACE}: aucun guichet n'est ouvert pour cette démarche." in said(
        "rabat", language="fr", told=None, untold="no_counter_open"
    )


def test_no_code_is_printed_where_phones_do_not_reach_the_server():
    paper = said("rabat", language="fr", follow_url=None)
    assert not any("http" in line or "scannez" in line for line in paper)


def test_a_copy_says_so_in_french_whatever_its_language():
    assert "[DUPLICATA / نظير]" in said("rabat", copy=2)
    assert "[DUPLICATA / نظير]" in said("rabat", language="fr", copy=2)
    assert "[DUPLICATA / DUPLICADO]" in said("algeciras", language="es", copy=2)
    assert "[DUPLICATA / نظير]" in said("rabat", language="zgh", copy=3)
    assert not any("DUPLICATA" in line for line in said("rabat"))


@pytest.mark.parametrize("site", SITES)
def test_every_ticket_of_the_shipped_sites_can_be_drawn_and_its_code_read(site):
    pack = PACKS[site]
    for language in pack.languages:
        for service in pack.services:
            slip = slips.ticket_slip(pack, replace(FACTS, language=language, service=service.code))
            assert typeface.uncovered("".join(slip.texts())) == set()
        assert eyes.codes_in(render(slip, 384).picture) == [FOLLOW]


@pytest.mark.parametrize(
    ("minutes", "line"),
    [
        (0, "Votre arrivée est enregistrée. Rendez-vous à 09:45."),
        (-40, "Votre rendez-vous est à 09:45. Votre rang compte à partir de 09:30."),
    ],
)
def test_an_appointment_stands_on_the_paper_with_the_time_from_which_it_counts(minutes, line):
    drawn_at = FACTS.drawn_at + timedelta(minutes=minutes)
    appointment = appointments.checked_in(FACTS.drawn_at + timedelta(minutes=3), drawn_at)
    assert line in said("rabat", language="fr", drawn_at=drawn_at, appointment=appointment)


def test_whoever_is_too_late_for_an_appointment_has_a_ticket_like_any_other():
    late = appointments.checked_in(FACTS.drawn_at - timedelta(hours=1), FACTS.drawn_at)
    assert said("rabat", appointment=late) == said("rabat")


@pytest.mark.parametrize("language", ["ar", "fr", "es", "en"])
def test_near_closing_the_paper_says_that_the_hall_may_close_first(language):
    closes_at = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
    more = set(said("rabat", language=language, closes_at=closes_at)) - set(said("rabat", language=language))
    (warning,) = more
    assert "15:30" in warning


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("ar", "رمز التحقق: 7777 7777 7777 7777"),
        ("fr", "Code de contrôle\N{NO-BREAK SPACE}: 7777 7777 7777 7777"),
        ("en", "Check code: 7777 7777 7777 7777"),
    ],
)
def test_the_paper_has_the_code_by_which_its_entry_is_found_in_the_journal(language, line):
    assert line in said("rabat", language=language, entry_hash="f" * 64)
    assert not [printed for printed in said("rabat", language=language) if "7777" in printed]


def test_a_specimens_code_is_nobodys():
    facts = slips.specimen(PACKS["rabat"], at=FACTS.drawn_at, language="fr")
    assert "AAAA AAAA AAAA AAAA" in plain(slips.ticket_slip(PACKS["rabat"], facts))
