"""The four packs that come with the program: whole, honest about what they rest on, and silent where they must be."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from server.domain import calendar
from server.domain.sites import setup_from_body, setup_to_body
from server.packs.pack import Pack
from server.packs.parts import LANGUAGES
from server.packs.reader import dump_pack, read_pack
from server.packs.shipped import SITES, shipped_packs, shipped_text


@pytest.fixture(params=shipped_packs(), ids=SITES)
def pack(request: pytest.FixtureRequest) -> Pack:
    assert isinstance(request.param, Pack)
    return request.param


def by_site(site: str) -> Pack:
    return next(pack for pack in shipped_packs() if pack.site == site)


def strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_in(inner)


def test_there_are_four_sites_with_forty_two_services() -> None:
    assert [pack.site for pack in shipped_packs()] == ["rabat", "eljadida", "algeciras", "oukacha"]
    assert [len(pack.services) for pack in shipped_packs()] == [10, 12, 12, 8]
    assert [len(pack.counters) for pack in shipped_packs()] == [10, 13, 8, 7]


def test_each_file_is_its_own_dump_byte_for_byte(pack: Pack) -> None:
    text = shipped_text(pack.site)
    assert dump_pack(pack) == text
    assert dump_pack(read_pack(text, filename="again.yaml")) == text


def test_a_site_that_is_not_shipped_is_no_file() -> None:
    with pytest.raises(KeyError):
        shipped_text("../__init__")


def test_no_text_is_empty_and_tamazight_stands_only_where_it_was_attested(pack: Pack) -> None:
    named = [pack.names, pack.sector, pack.city]
    named += [zone.names for zone in pack.zones] + [group.names for group in pack.groups]
    named += [document.names for document in pack.documents] + [service.names for service in pack.services]
    named += [ground.names for ground in pack.priority]
    for words in named:
        assert all((words.ar, words.fr, words.en, words.es))
    attested = {words.zgh for words in named} - {None}
    assert attested == ({"ⴰⵏⴼⴰ"} if pack.site == "oukacha" else set())


def test_every_service_is_a_demonstration_with_its_provenance(pack: Pack) -> None:
    for service in pack.services:
        assert service.card.demo
        marks = dict(service.card.provenance)
        assert {"documents", "duration"} <= set(marks)
        assert ("fee" in marks) == (service.card.fee_mad is not None or service.card.fee_note is not None)
        assert ("deadline" in marks) == (service.card.deadline_days is not None)
        assert {"filed_at", "delivered_by", "forms", "appeal"} <= set(service.card.missing())
        assert marks["duration"].mark == "D"


def test_groups_are_few_and_every_zone_has_counters(pack: Pack) -> None:
    assert 2 <= len(pack.groups) <= 5
    assert 2 <= len(pack.zones) <= 3
    assert {counter.zone for counter in pack.counters} == {zone.code for zone in pack.zones}
    assert set(pack.languages) <= set(LANGUAGES)


def test_the_setup_comes_back_from_its_body(pack: Pack) -> None:
    setup = pack.setup()
    body = json.loads(json.dumps(setup_to_body(setup)))
    assert setup_from_body(body) == setup
    assert setup.pack == pack.digest
    assert all(key == key.lower() and key.isascii() for key in body)


@pytest.mark.parametrize("site", ["eljadida", "oukacha"])
def test_no_real_code_or_name_of_a_discreet_site_gets_into_its_setup(site: str) -> None:
    pack = by_site(site)
    said = list(strings_in(setup_to_body(pack.setup())))
    names = [words.own(language) for words in (s.names for s in pack.services) for language in LANGUAGES]
    groups = [group.code for group in pack.groups]
    for secret in (*(service.code for service in pack.services), *groups):
        assert secret not in said
    for name in filter(None, names):
        assert not any(name in text for text in said)
    assert {service.code for service in pack.setup().services} == {f"s{n + 1}" for n in range(len(pack.services))}
    # The letters on the tickets say which zone, not which service.
    assert len(pack.series) == len(pack.zones)


@pytest.mark.parametrize("site", ["eljadida", "oukacha"])
def test_a_discreet_site_says_service_3_in_public(site: str) -> None:
    pack = by_site(site)
    service = pack.service("s3")
    assert service is not None
    assert pack.service(service.code) is service
    for language in LANGUAGES:
        assert pack.public_name(service, language).ordinal == 3
        assert pack.public_name(service, language).shown == ()


def test_an_open_site_says_its_services_names_and_marks_what_stands_in() -> None:
    pack = by_site("rabat")
    service = pack.service("ret")
    assert service is not None
    assert pack.service("s9") is None
    assert pack.public_name(service, "fr").ordinal is None
    assert [shown.text for shown in pack.public_name(service, "fr").shown] == ["Retrait de documents prêts"]
    assert [shown.language for shown in pack.public_name(service, "zgh").shown] == ["fr", "ar"]


def test_documents_come_with_name_case_and_mark() -> None:
    pack = by_site("rabat")
    service = pack.service("mut")
    assert service is not None
    documents = {document.id: document for document in pack.documents_of(service)}
    assert list(documents)[:2] == ["cnie", "appt_ticket"]
    release, cnie = documents["release"], documents["cnie"]
    assert release.only_if is not None
    assert release.only_if.fr == "Seulement en cas d'opposition ou de crédit"
    assert cnie.only_if is None
    assert cnie.provenance is not None
    assert cnie.provenance.mark == "G"
    assert release.provenance is not None
    assert release.provenance.sources == ("narsa_mut", "narsa_gen")


def test_an_unknown_fee_is_not_a_free_service() -> None:
    pack = by_site("rabat")
    fees = {str(service.code): service.card.fee_mad for service in pack.services}
    assert (fees["mut"], fees["ret"], fees["rpc"]) == (None, 0, 400)


def test_rabat_opens_as_its_hours_say() -> None:
    hours = by_site("rabat").hours
    friday, ramadan = date(2026, 11, 27), date(2027, 2, 10)
    assert calendar.spans_to_text(calendar.spans_on(hours, friday)) == ["08:30-11:30", "13:00-16:30"]
    assert calendar.spans_to_text(calendar.spans_on(hours, ramadan)) == ["09:00-15:00"]
    assert calendar.spans_on(hours, date(2026, 11, 18)) == ()
    eid_2027 = next(holiday for holiday in hours.holidays if holiday.on == date(2027, 3, 10))
    assert eid_2027.confirmed_by == ""
    assert calendar.spans_on(hours, eid_2027.on) != ()
    at = datetime(2026, 11, 24, 16, 29, tzinfo=UTC)
    assert calendar.opening_at(hours, "Africa/Casablanca", at) is not None


def test_nothing_closes_algeciras_before_the_post_confirms_it() -> None:
    holidays = by_site("algeciras").hours.holidays
    assert {holiday.name for holiday in holidays} >= {"Fête du Trône", "Día de Andalucía"}
    assert not any(holiday.confirmed_by for holiday in holidays)


def test_a_changed_pack_has_another_digest() -> None:
    text = shipped_text("rabat")
    other = read_pack(text.replace("within_min: 10", "within_min: 11", 1), filename="rabat.yaml")
    assert other.digest != by_site("rabat").digest
