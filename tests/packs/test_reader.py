"""A pack's file: what is refused, at which line, in which words; and that any pack comes back from its own file."""

import dataclasses
import json
import re
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.domain.calendar import DatedHours, Holiday, Hours, Span, SpecialOpening
from server.domain.sites import (
    CALL_REASONS,
    CLASSES,
    OUTCOMES,
    Helps,
    Rule,
    ServiceTarget,
    setup_from_body,
    setup_to_body,
)
from server.packs.pack import Pack
from server.packs.parts import LANGUAGES, Card, DemoLoad, Duration, Kiosk, Provenance, Remark, Words
from server.packs.reader import PackError, dump_pack, read_pack
from server.packs.shipped import shipped_packs, shipped_text

RABAT = shipped_text("rabat")
OUKACHA = shipped_text("oukacha")


def refusal(text: str) -> PackError:
    with pytest.raises(PackError) as caught:
        read_pack(text, filename="site.yaml")
    return caught.value


def changed(text: str, old: str, new: str) -> tuple[str, int]:
    """The text with its first `old` replaced, and the line where the replacement begins."""
    assert old in text, old
    return text.replace(old, new, 1), text[: text.index(old)].count("\n") + 1


WRONG_PLACES = [
    # what is written → what instead, path, words of what was expected
    ("format: 1", "format: 2", "format", "a whole number from 1 to 1"),
    ("site: rabat", "site: Rabat", "site", "a site id"),
    ("site: rabat", "town: rabat", "town", "one of the keys format, site"),
    ("timezone: Africa/Casablanca", "timezone: Africa/Rabat", "timezone", "a time zone of the IANA data"),
    ("timezone: Africa/Casablanca", "timezone: ../../etc/passwd", "timezone", "a time zone of the IANA data"),
    ("[ar, fr, zgh, en]", "[ar, fr, zgh, de]", "languages[4]", "one of the five languages"),
    ("[ar, fr, zgh, en]", "[ar, fr, zgh, ar]", "languages[4]", "each language once"),
    ("[ar, fr, zgh, en]", "[]", "languages", "at least one language"),
    ("[ar, fr, zgh, en]", "fr", "languages", "a list"),
    ("discreet: false", "discreet: no", "discreet", "true or false"),
    ("discreet: false", "discreet: 'false'", "discreet", "true or false"),
    ("change_over: 04:00", "change_over: 4h", "change_over", "a time of day in quotes"),
    ("change_over: 04:00", "change_over: 14:00", "change_over", "a time of day in quotes"),
    ("existence: S ogp_mo0009", "existence: X ogp_mo0009", "provenance.existence", "one mark (S, G, D, T)"),
    ("existence: S ogp_mo0009", "existence: S hearsay", "provenance.existence", "keys of `sources`"),
    ("  hours: S hours_2005", "  weather: S hours_2005", "provenance.weather", "one of the keys existence"),
    ("monday: ['08:30-16:30']", "monday: ['16:30-08:30']", "hours.weekly.monday[1]", "opening hours such as"),
    ("monday: ['08:30-16:30']", "monday: [8]", "hours.weekly.monday[1]", "opening hours such as"),
    ("monday: ['08:30-16:30']", "monday: 08:30-16:30", "hours.weekly.monday", "a list"),
    ("'13:00-16:30'", "'11:00-16:30'", "hours.weekly.friday[2]", "hours that begin after the ones before"),
    ("from: 2026-02-19", "from: 2026-02-30", "hours.dated[1].from", "a date that exists"),
    ("from: 2026-02-19", "from: 19/02/2026", "hours.dated[1].from", "a date that exists"),
    ("to: 2026-03-19", "to: 2026-01-19", "hours.dated[1].to", "a date not before 2026-02-19"),
    ("weekdays: [monday, ", "weekdays: [lundi, ", "hours.dated[1].weekdays[1]", "a day of the week"),
    ("weekdays: [monday, ", "weekdays: [tuesday, ", "hours.dated[1].weekdays[2]", "each day once"),
    ("{date: 2026-01-01, name: Jour de l'an,", "{date: 2026-01-01, name: 1,", "hours.holidays[1].name", "text (in quotes"),
    ("- code: vehicles", "- code: reception", "zones[2].code", "each zone code once"),
    ("- code: vehicles", "- code: Véhicules", "zones[2].code", "a code: small letters"),
    ("series: [A, B,", "series: [A, O,", "series[2]", "neither I nor O"),
    ("series: [A, B,", "series: [A, A,", "series[2]", "each series once"),
    ("series: [A, B,", "series: [Y, A, B,", "series[1]", "a series that a service uses"),
    ("- code: licence\n", "- code: vehicle\n", "groups[2].code", "each group code once"),
    ("picture: vehicle\n", "picture: rocket\n", "groups[1].picture", "a picture that the kiosk has"),
    ("  group: info\n", "  group: empty\n", "services[1].group", "a service group of this site"),
    ("  cnie: {", "  CNIE: {", "documents.CNIE", "a code: small letters"),
    ("- code: mut\n", "- code: acc\n", "services[2].code", "each service code once"),
    ("- code: mut\n", "- code: m-u-t\n", "services[2].code", "a code: small letters"),
    ("neutral: null", "neutral: s1", "services[1].neutral", "no neutral code"),
    ("picture: complaint", "picture: angry", "services[10].picture", "a picture that the kiosk has"),
    ("  series: B\n", "  series: Y\n", "services[2].series", "a series of this site"),
    ("  zone: vehicles\n", "  zone: cellar\n", "services[2].zone", "a zone of this site"),
    ("{percent: 90, within_min: 10}", "{percent: 0, within_min: 10}", "services[1].target.percent", "a whole number from 1 to 100"),
    ("{percent: 90, within_min: 10}", "{percent: 101, within_min: 10}", "services[1].target.percent", "a whole number from 1 to 100"),
    ("{percent: 90, within_min: 10}", "{percent: 90, within_min: 0}", "services[1].target.within_min", "a whole number from 1 to 480"),
    ("{percent: 90, within_min: 10}", "{percent: 90.5, within_min: 10}", "services[1].target.percent", "a whole number"),
    ("{percent: 90, within_min: 10}", "{percent: 90}", "services[1].target", "the key 'within_min'"),
    ("last_ticket_before_min: 45", "last_ticket_before_min: 1000", "services[1].last_ticket_before_min", "from 0 to 480"),
    ("appointment: external", "appointment: perhaps", "services[2].appointment", "how an appointment stands to it"),
    ("{p50_min: 11, p90_min: 22}", "{p50_min: 11, p90_min: 5}", "services[2].duration.p90_min", "from 11 to 480"),
    ("documents: [cnie, appt_ticket,", "documents: [cnie, horoscope,", "services[2].card.documents[2]", "a key of `documents`"),
    ("documents: [cnie, appt_ticket,", "documents: [cnie, cnie,", "services[2].card.documents[2]", "each document once"),
    ("      release: {", "      horoscope: {", "services[2].card.conditions.horoscope", "one of the keys cnie"),
    ("fee_mad: 400", "fee_mad: -400", "services[6].card.fee_mad", "a whole number from 0"),
    ("fee_mad: 400", "fee_mad: 0400", "services[6].card.fee_mad", "a whole number from 0"),
    ("fee_mad: 400", "fee_mad: 6:40", "services[6].card.fee_mad", "a whole number from 0"),
    ("cap_days: 60", "cap_days: 6000", "services[1].card.cap_days", "a whole number from 1 to 365"),
    ("- id: rabat-2\n", "- id: rabat-1\n", "counters[2].id", "each counter id once"),
    ("- id: rabat-2\n", "- id: sale-2\n", "counters[2].id", "a counter id: rabat-1"),
    ("  label: '2'", "  label: '1'", "counters[2].label", "each counter label once"),
    ("  label: '2'", "  label: 2", "counters[2].label", "a label in quotes"),
    ("serves: [mut]", "serves: [fly]", "counters[2].serves[1]", "a service of this site"),
    ("serves: [mut]", "serves: []", "counters[2].serves", "at least one service"),
    ("serves: [mut]", "serves: [mut, mut]", "counters[2].serves[2]", "each service once"),
    ("helps: {ret: 20}", "helps: {acc: 20}", "counters[1].helps.acc", "one of the keys mut"),
    ("helps: {ret: 20}", "helps: {ret: 999}", "counters[1].helps.ret", "a whole number from 0 to 240"),
    ("algorithm: 1", "algorithm: 9", "rule.algorithm", "a whole number from 1 to 1"),
    ("priority: 20,", "priority: 500,", "rule.head_starts_min.priority", "a whole number from 0 to 120"),
    ("priority: 20, ", "", "rule.head_starts_min", "the key 'priority'"),
    ("- id: pregnant", "- id: disability", "priority[2].id", "each ground once"),
    ("checked_by: agent", "checked_by: guard", "priority[1].checked_by", "who checks it"),
    ("{name: k2,", "{name: k1,", "kiosks[2].name", "each kiosk name once"),
    ("{name: k2, zone: vehicles, printer: null}", "{name: k2, zone: vehicles, printer: 'http://x'}", "kiosks[2].printer", "a printer: virtual:"),
    ("visits_per_day: 420", "visits_per_day: many", "demo_load.visits_per_day", "a whole number from 1"),
    ("mix: {acc: 10,", "mix: {acc: 11,", "demo_load.mix", "percents that make 100"),
    ("  series: B\n", "  quota: 0\n  series: B\n", "services[2].quota", "a whole number from 1 to 9999"),
    ("  series: B\n", "  outcomes: [gone]\n  series: B\n", "services[2].outcomes[1]", "how a visit can end (done, "),
    ("  series: B\n", "  outcomes: [done, done]\n  series: B\n", "services[2].outcomes[2]", "each code once"),
    ("priority:\n", "call_reasons: [friend]\npriority:\n", "call_reasons[1]", "a reason for a call out of order (priority_seen, "),
    ("  no_show_min_calls: 2\n", "  put_backs_max: 10\n  no_show_min_calls: 2\n", "rule.put_backs_max", "a whole number from 0 to 9"),
    ("  no_show_min_calls: 2\n", "  put_back_head_start_min: 121\n  no_show_min_calls: 2\n", "rule.put_back_head_start_min", "a whole number from 0 to 120"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "path", "expected"), WRONG_PLACES)
def test_a_mistake_is_told_with_file_line_place_and_what_was_expected(
    old: str, new: str, path: str, expected: str
) -> None:
    text, line = changed(RABAT, old, new)
    error = refusal(text)
    assert (error.file, error.path) == ("site.yaml", path)
    assert expected in error.expected
    assert error.line == line
    assert str(error).startswith(f"site.yaml:{line}: {path}: expected ")
    assert error.code == "pack_invalid"


def test_it_refuses_a_service_that_no_counter_serves() -> None:
    error = refusal(
        RABAT.replace("serves: [rpc, dpc, cand]", "serves: [rpc, dpc]").replace("serves: [cand]", "serves: [acc]")
    )
    assert error.path == "services[8]"
    assert error.line == RABAT[: RABAT.index("- code: cand")].count("\n") + 1
    assert "a counter that serves 'cand'" in error.expected


def test_it_refuses_a_group_without_services_and_a_document_that_no_card_asks_for() -> None:
    group = "groups:\n- code: spare\n  picture: welcome\n  names: {ar: ا, fr: a}\n"
    assert refusal(RABAT.replace("groups:\n", group, 1)).path == "groups[1].code"
    error = refusal(RABAT.replace("documents:\n  cnie", "documents:\n  spare: {ar: ا, fr: a}\n  cnie", 1))
    assert (error.path, error.found) == ("documents.spare", "'spare'")


def test_a_discreet_site_needs_neutral_codes_and_one_series_per_zone() -> None:
    assert refusal(OUKACHA.replace("neutral: s2\n", "neutral: null\n")).path == "services[2]"
    assert refusal(OUKACHA.replace("neutral: s2\n", "neutral: permit\n")).path == "services[2].neutral"
    assert "each neutral code once" in refusal(OUKACHA.replace("neutral: s2\n", "neutral: s1\n")).expected
    assert "no service's real code" in refusal(re.sub(r"\bgrf\b", "s1", OUKACHA)).expected
    text, line = changed(OUKACHA, "  series: A\n", "  series: B\n")
    error = refusal(text)
    assert (error.path, error.line) == ("services[2].series", text[: text.index("- code: per")].count("\n") + 6)
    assert error.line > line


def test_a_name_is_one_printable_line_and_always_there_in_french_and_arabic() -> None:
    for wrong in ("''", "' Rabat'", "'Ra\\u202Ebat'", '"Ra\\nbat"', '"Ra\\u202Ebat"', "[Rabat]", "null", "2026-01-01"):
        text, line = changed(RABAT, "fr: Rabat,", f"fr: {wrong},")
        if wrong == "'Ra\\u202Ebat'":  # in single quotes these are seven plain characters
            assert read_pack(text, filename="x").city.fr == "Ra\\u202Ebat"
            continue
        error = refusal(text)
        assert (error.path, error.line) == ("city.fr", line)
    error = refusal(RABAT.replace("fr: Rabat,", "", 1))
    assert (error.path, error.expected) == ("city", "the key 'fr'")


def test_no_key_stands_twice() -> None:
    text, line = changed(RABAT, "timezone: Africa/Casablanca", "timezone: Africa/Casablanca\ntimezone: Europe/Madrid")
    error = refusal(text)
    assert (error.line, error.expected, error.found) == (line + 1, "each key once", "'timezone' a second time")


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("site: rabat", "site: &a rabat", "the alias or anchor 'a'"),
        ("timezone: Africa/Casablanca", "timezone: *a", "the alias or anchor 'a'"),
        ("site: rabat", "site: !!python/name:os.system rabat", "the tag"),
        ("[ar, fr, zgh, en]", "[" * 30 + "]" * 30, "more than 20 levels"),
    ],
)
def test_yaml_is_taken_as_plain_data_alone(old: str, new: str, found: str) -> None:
    text, line = changed(RABAT, old, new)
    error = refusal(text)
    assert (error.line, error.expected) == (line, "plain values")
    assert found in error.found


def test_what_is_not_yaml_is_told_with_its_line() -> None:
    text, line = changed(RABAT, "names: {", "names: {{")
    error = refusal(text)
    assert error.expected == "YAML"
    assert error.line in {line, line + 1}
    assert refusal("a: b\x07").expected == "YAML"
    assert refusal("site: rabat\n---\nsite: sale\n").expected == "YAML"


def test_nothing_a_list_and_half_a_character_are_no_pack() -> None:
    assert refusal("").expected == "a site pack"
    assert refusal("# only a comment\n").expected == "a site pack"
    assert refusal("- rabat\n").expected == "keys with values"
    assert refusal("site: rabat").expected == "the key 'format'"
    error = refusal("format: 1\nsite: \ud800\n")
    assert (error.line, error.expected) == (2, "text in UTF-8")


def test_a_pack_is_at_most_a_megabyte() -> None:
    assert "at most 1000000 bytes" in refusal(RABAT + "#" * 1_000_000).expected
    assert "at most 1000000 bytes" in refusal("é" * 500_001).expected


def test_optional_keys_may_be_left_out() -> None:
    pack = read_pack(re.sub(r"  remarks: \[\]\n|    [a-z_]+: null\n", "", RABAT), filename="site.yaml")
    assert pack == read_pack(RABAT, filename="site.yaml")


#: What came after the first packs were written: it stands in a file only where it is used.
LATER = ("last_ticket_by_forecast", "quota", "outcomes", "call_reasons", "put_back_head_start_min", "put_backs_max")


def test_a_pack_that_does_without_the_later_keys_keeps_its_text() -> None:
    for pack in shipped_packs():
        assert not any(f"{key}:" in pack.text for key in LATER)
    said = RABAT.replace("algorithm: 1\n", "algorithm: 1\n  put_back_head_start_min: 10\n  put_backs_max: 2\n", 1)
    assert read_pack(said, filename="x").digest == read_pack(RABAT, filename="x").digest


def test_quota_endings_reasons_and_the_way_back_into_the_line_go_into_the_set_up() -> None:
    text = RABAT.replace(
        "  series: B\n",
        "  series: B\n  last_ticket_by_forecast: true\n  quota: 40\n  outcomes: [done, document_missing]\n",
        1,
    )
    text = text.replace("priority:\n- id", "call_reasons: [medical, other]\npriority:\n- id", 1)
    text = text.replace("algorithm: 1\n", "algorithm: 1\n  put_back_head_start_min: 5\n  put_backs_max: 0\n", 1)
    pack = read_pack(text, filename="x")
    setup = pack.setup()
    service = setup.services[1]
    assert (service.quota, service.possible_outcomes) == (40, ("done", "document_missing"))
    assert setup.possible_call_reasons == ("medical", "other")
    assert (setup.rule.put_back_head_start_s, setup.rule.put_backs_max) == (300, 0)
    assert [one.last_ticket_by_forecast for one in setup.services] == [one is service for one in setup.services]
    assert [other.quota for other in setup.services if other is not service] == [None] * 9
    assert read_pack(dump_pack(pack), filename="again") == pack
    assert setup_from_body(json.loads(json.dumps(setup_to_body(setup)))) == setup


junk = st.sampled_from(["", "null", "[]", "{}", "x", "1", "-1", "1e9", "true", "'", '"', "- ", ": ", "&a", "*a", "!!", "\t", "2026-13-01", "ⵣ", "[[", "? x", "<<: {}", "%", "|"])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_however_a_file_is_damaged_the_answer_is_a_pack_or_a_refusal(data: st.DataObject) -> None:
    lines = OUKACHA.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        n = data.draw(st.integers(0, len(lines) - 1))
        words = re.split(r"(\W)", lines[n])
        words[data.draw(st.integers(0, len(words) - 1))] = data.draw(junk)
        lines[n] = "".join(words)
    try:
        pack = read_pack("\n".join(lines) + "\n", filename="damaged.yaml")
    except PackError:
        return
    assert read_pack(dump_pack(pack), filename="again.yaml") == pack


printable = st.characters(
    exclude_categories=("Cs", "Cc", "Zl", "Zp"),
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff",
)
lines_of_text = st.one_of(
    st.sampled_from(["yes", "null", "~", "1", "1.5", "04:00", "2026-01-01", "a: b", "# no", "- x", "'", '"', "{", "[a]", "&a", "*a", "!t", "%", "@", "`", "\\", "👍", "ⵣ", "=", "<<", "؟ نعم"]),
    st.text(printable, min_size=1, max_size=30).map(str.strip).filter(bool),
)  # fmt: skip
some_words = st.builds(
    Words, ar=lines_of_text, fr=lines_of_text, en=st.none() | lines_of_text, es=st.none(), zgh=st.none() | lines_of_text
)
minutes = st.integers(0, 120).map(lambda minute: minute * 60)
days = st.dates(date(2025, 1, 1), date(2030, 1, 1))
weeks = st.tuples(*[st.sampled_from([(), (Span(0, 1440),), (Span(1, 2), Span(2, 600))])] * 7)


@st.composite
def packs(draw: st.DrawFn) -> Pack:
    pack = draw(st.sampled_from(shipped_packs()))
    begins = draw(days)
    provenance = Provenance(mark=draw(st.sampled_from("SGDT")), sources=(pack.sources[0][0],))
    card = Card(
        documents=draw(st.sampled_from([None, ()])),
        fee_mad=draw(st.none() | st.integers(0, 9_999)),
        fee_note=draw(st.none() | some_words),
        deadline_days=draw(st.none() | st.integers(0, 60)),
        cap_days=draw(st.integers(1, 60)),
        legal_text=draw(st.none() | some_words),
        forms=draw(st.none() | st.lists(some_words, max_size=2).map(tuple)),
        appeal=draw(st.none() | some_words),
        provenance=(("fee", provenance),),
        confirmed_by=draw(st.just("") | lines_of_text),
    )
    service = dataclasses.replace(
        pack.services[0],  # "reception" asks for no document, so none is left over
        names=draw(some_words),
        card=card,
        target=draw(st.none() | st.builds(ServiceTarget, percent=st.integers(1, 100), within_s=st.integers(1, 480).map(lambda m: m * 60))),
        duration=Duration(p50_min=1, p90_min=draw(st.integers(1, 480))),
        remarks=(Remark(about="x", text=draw(lines_of_text), provenance=provenance),),
        last_ticket_by_forecast=draw(st.booleans()),
        quota=draw(st.none() | st.integers(1, 9_999)),
        outcomes=tuple(draw(st.lists(st.sampled_from(OUTCOMES), unique=True))),
    )  # fmt: skip
    unserved = [other.code for other in pack.services if other.code not in pack.counters[0].serves]
    counter = dataclasses.replace(pack.counters[0], helps=(Helps(service=unserved[0], after_s=draw(minutes)),))
    return dataclasses.replace(
        pack,
        names=draw(some_words),
        languages=tuple(draw(st.permutations(LANGUAGES)))[: draw(st.integers(1, 5))],
        change_over_min=draw(st.integers(0, 1439)),
        sources=(*pack.sources, ("extra", draw(lines_of_text))),
        hours=Hours(
            weekly=draw(weeks),
            dated=(
                DatedHours(
                    name=draw(lines_of_text),
                    from_on=begins,
                    to_on=begins + timedelta(days=draw(st.integers(0, 40))),
                    weekly=draw(weeks),
                    source=draw(lines_of_text),
                    weekdays=tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1)))),
                ),
            ),
            holidays=(Holiday(on=draw(days), name=draw(lines_of_text), confirmed_by=draw(st.just("") | lines_of_text)),),
            specials=(SpecialOpening(on=draw(days), spans=(), reason=draw(lines_of_text)),),
        ),
        services=(service, *pack.services[1:]),
        counters=(counter, *pack.counters[1:]),
        rule=Rule(
            version=draw(st.integers(1, 999)),
            head_starts={klass: draw(minutes) for klass in CLASSES},
            no_show_min_calls=draw(st.integers(1, 9)),
            no_show_min_s=draw(st.integers(0, 900)),
            put_back_head_start_s=draw(minutes),
            put_backs_max=draw(st.integers(0, 9)),
        ),
        call_reasons=tuple(draw(st.lists(st.sampled_from(CALL_REASONS), unique=True))),
        not_queued=tuple(draw(st.lists(some_words, max_size=2))),
        kiosks=(Kiosk(name="k1", zone=pack.zones[0].code, printer=draw(st.sampled_from([None, "virtual:", "tcp://10.0.0.9:9100"]))),),
        demo_load=DemoLoad(visits_per_day=1, mix=((service.code, 100),), peak_hours=(), no_show_percent=0),
    )  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(packs())
@pytest.mark.slow
def test_every_pack_comes_back_from_its_own_file(pack: Pack) -> None:
    again = read_pack(dump_pack(pack), filename="x.yaml")
    assert again == pack
    assert dump_pack(again) == dump_pack(pack)
