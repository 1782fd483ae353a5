"""Entries: one way to write each value, a hash over it, and a chain that a stranger can check with other tools."""

import json
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.actions import desk, remarks
from server.actions import help as help_calls
from server.actions.restoring import Note
from server.domain import entries
from server.store.journal import Head
from tests.world import MORNING, Story

integers = st.integers(-entries.LARGEST, entries.LARGEST)
keys = st.from_regex(r"[a-z][a-z0-9_]{0,11}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
bodies = st.dictionaries(
    keys,
    st.recursive(
        st.none() | st.booleans() | integers | texts,
        lambda held: st.lists(held, max_size=3) | st.dictionaries(keys, held, max_size=3),
        max_leaves=12,
    ),
    max_size=6,
)


def sealed(**changes):
    facts = {
        "site": "hall",
        "seq": 1,
        "at": MORNING,
        "kind": "ticket.drawn",
        "actor": "kiosk:1",
        "body": {"v": 1},
        "prev": entries.GENESIS,
    }
    return entries.seal(**{**facts, **changes})


def ecmascript(value):
    """RFC 8785 written out by hand: what JSON.stringify gives once the keys are sorted by UTF-16 code units."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"' + "".join(_escaped(char) for char in value) + '"'
    if isinstance(value, list):
        return "[" + ",".join(ecmascript(held) for held in value) + "]"
    ordered = sorted(value.items(), key=lambda item: item[0].encode("utf-16-be"))
    return "{" + ",".join(f"{ecmascript(key)}:{ecmascript(held)}" for key, held in ordered) + "}"


def _escaped(char):
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return short.get(char) or (f"\\u{ord(char):04x}" if ord(char) < 0x20 else char)


@given(bodies)
def test_the_canonical_text_is_that_of_rfc_8785(body):
    assert entries.canonical(body) == ecmascript(body)


@given(bodies)
def test_the_text_alone_gives_the_entry_back(body):
    entry, text = sealed(body=body)
    assert entries.entry_from_text(text, entry.hash) == entry
    assert entries.canonical(json.loads(text)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("\x00\x1f\x7f", '"\\u0000\\u001f\x7f"'),
        ("\b\t\n\f\r", '"\\b\\t\\n\\f\\r"'),
        ('"\\/', '"\\"\\\\/"'),
        ("\u2028\u2029", '"\u2028\u2029"'),
        ("رقمكم é ⵜⵓⵜⵍⴰⵢⵜ 😀", '"رقمكم é ⵜⵓⵜⵍⴰⵢⵜ 😀"'),
        (-0, "0"),
        (entries.LARGEST, "9007199254740991"),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_the_corner_cases_of_the_canonical_form(value, text):
    assert entries.canonical({"a": value}) == '{"a":' + text + "}"


@pytest.mark.parametrize(
    "value",
    [1.0, 0.5, float("nan"), entries.LARGEST + 1, -entries.LARGEST - 1, b"a", MORNING, {"Key": 1}, {"clé": 1}, {"": 1}],
)
@pytest.mark.parametrize("wrap", [lambda value: value, lambda value: [value], lambda value: {"a": [value]}])
def test_what_two_programs_could_write_in_two_ways_is_refused(value, wrap):
    with pytest.raises(TypeError):
        sealed(body={"v": 1, "held": wrap(value)})


def test_half_a_surrogate_pair_is_no_text():
    with pytest.raises(UnicodeEncodeError):
        sealed(body={"v": 1, "held": "\ud800"})


def test_the_hash_is_sha_256_over_the_utf_8_text_without_the_hash():
    entry, text = sealed(body={"v": 1, "name": "é"})
    assert entry.hash == sha256(text.encode("utf-8")).hexdigest()
    shown = entries.entry_to_json(entry)
    assert shown.pop("hash") == entry.hash
    assert json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=False) == text


@given(bodies, st.sampled_from(["site", "seq", "at", "kind", "actor", "body", "prev"]))
def test_every_part_of_an_entry_moves_its_hash(body, part):
    other = {
        "site": "hall2",
        "seq": 2,
        "at": MORNING + timedelta(milliseconds=1),
        "kind": "ticket.called",
        "actor": "kiosk:2",
        "body": {**body, "more": 1, "v": 2},
        "prev": "1" * 64,
    }[part]
    assert sealed(body=body)[0].hash != sealed(**{"body": body, part: other})[0].hash


@given(st.integers(0, 10**12 * 3), st.integers(-14, 14))
def test_an_instant_has_one_spelling_whatever_zone_it_came_in(ms, hours):
    at = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
    text = entries.instant_text(at.astimezone(timezone(timedelta(hours=hours))))
    assert text == entries.instant_text(at)
    assert len(text) == len("2026-11-24T09:00:00.000Z")
    assert entries.instant(text) == at


def test_no_field_of_a_body_has_a_key_that_the_contract_forbids():
    for kind, fields in entries.BODIES.items():
        assert len(set(fields)) == len(fields), kind
        entries.canonical(dict.fromkeys(fields, 1))


def test_every_entry_holds_exactly_the_fields_that_its_kind_lists():
    world = Story()
    world.opens(1)
    one, two, three = (world.draws("a").turn.ticket for _ in range(3))
    world.calls(1)
    world.recalls(one, 1)
    world.starts(one, 1)
    world.finishes(one, 1, outcome="done")
    world.calls(1)
    world.clock.advance(seconds=61)
    world.recalls(two, 1)
    world.no_show(two, 1)
    world.withdraws(three)
    ticket = world.draws("a").turn.ticket
    world.does(desk.reclassify, ticket=ticket, klass="priority")
    world.does(desk.reprint, ticket=ticket, kiosk="k1")
    world.does(desk.send_home, service="a", document="photo")
    world.does(desk.lift_limit, kiosk="k1")
    world.calls_out_of_order(ticket, 1)
    world.undoes(ticket, 1)
    called = world.calls(1).turn.ticket
    world.misses(called, 1)
    world.puts_back(called, 1)
    world.calls(1)
    world.parks(called, 1)
    world.takes_up(called, 1)
    world.calls(1)
    world.transfers(called, 1, service="b")
    world.does(remarks.remark, about=1, agent="agent1", sealed="0" * 64)
    world.does(help_calls.call, counter="hall-1", agent="agent1")
    world.does(help_calls.answer, counter="hall-1", agent="agent2")
    world.pauses(1)
    world.resumes(1)
    world.closes(1)
    head = Head(seq=2, hash="0" * 64)
    world.does(Note(backup=head, lost=None, there=None, said={}, by="a", confirmed_by="b"))
    world.clock.advance(hours=24)
    world.ticks()
    assert set(world.kinds) == set(entries.BODIES)
    for entry in world.entries:
        assert set(entry.body) == {"v", *entries.BODIES[entry.kind]}, entry.kind
