"""A call's explanation in words and as JSON: what the manager's page and the API tell of it.

Whoever reads it is staff or an inspector: services have their real names here, also at a discreet site, and nobody who
waited has another name than his number.
"""

from collections import Counter as Counting
from collections.abc import Iterator
from typing import Any

from server.domain import calendar
from server.domain.entries import instant_text, whole_seconds
from server.domain.explaining import Candidate, Earlier, Explanation
from server.domain.tickets import Turn
from server.packs.pack import Pack
from server.web import i18n
from server.web.i18n import Text, Words
from server.web.presenters import real_code


def sentences(found: Explanation, words: Words, timezone: str, counter: str) -> list[Text]:
    """The reason, as one says it to the person who asks."""
    return list(_sentences(found, words, timezone, counter))


def to_json(found: Explanation, pack: Pack) -> dict[str, Any]:
    counters = {counter.id: counter.label for counter in pack.counters}
    label = counters.get(found.counter, found.counter)
    return {
        "seq": found.entry.seq,
        "kind": found.entry.kind,
        "at": instant_text(found.entry.at),
        "counter": found.counter,
        "rule": found.rule.version,
        "by_the_rule": found.by_the_rule,
        "called": _turn(found.called, pack, found),
        "waited_s": found.waited_s,
        "reason": found.entry.body.get("reason") or {"why": found.entry.body["why"]},
        "overtaken": list(found.entry.body.get("overtaken", ())),
        "candidates": [{**_turn(one.turn, pack, found), "line": one.line} for one in found.candidates],
        "earlier": [{"seq": one.seq, "why": one.why, **_turn(one.turn, pack, found)} for one in found.earlier],
        "told": {
            lang: [str(text) for text in sentences(found, i18n.words(lang), pack.timezone, label)]
            for lang in pack.languages
        },
    }


def minutes(seconds: int) -> int:
    return seconds // 60


def _sentences(found: Explanation, words: Words, timezone: str, counter: str) -> Iterator[Text]:
    t, entry, called = words.t, found.entry, found.called

    def clock(at: Any) -> str:
        return words.time(calendar.local(at, timezone))

    yield t("explain.called", number=called.number, counter=counter, time=clock(entry.at))
    yield t("explain.waited", minutes=minutes(found.waited_s))
    yield t("explain.due", time=clock(called.arrived_at), opens=clock(called.due_at))
    head_start = minutes(whole_seconds(called.due_at, called.arrived_at))
    if head_start:
        yield t("explain.head_start", minutes=head_start)
    if entry.kind == "ticket.called_out_of_order":
        yield t("explain.out_of_order", reason=t(f"reason.{entry.body['why']}"))
        yield t("counter.overtakes", count=len(entry.body["overtaken"]))
    elif found.by_the_rule:
        yield t("explain.first", count=len(found.candidates), version=found.rule.version)
        line = entry.body["reason"]["line"]
        if line != "serves":
            yield t(f"explain.{line}")
    else:
        yield t("explain.not_by_the_rule")
    yield from _earlier(found, words)


def _earlier(found: Explanation, words: Words) -> Iterator[Text]:
    """Who came later and was called before, counted by why."""
    if not found.earlier:
        yield words.t("explain.nobody_before")
        return
    counted = Counting((one.why, _class(one), _head_start_min(one)) for one in found.earlier)
    for (why, klass, head_start_min), count in counted.items():
        if why == "class":
            what = words.t(f"class.{klass}")
            yield words.t("explain.before_class", count=count, name=what, minutes=head_start_min)
        else:
            yield words.t(f"explain.before_{why}", count=count)


def _class(one: Earlier) -> str:
    return one.turn.klass if one.why == "class" else ""


def _head_start_min(one: Earlier) -> int:
    return minutes(whole_seconds(one.turn.due_at, one.turn.joined_at)) if one.why == "class" else 0


def _turn(turn: Turn, pack: Pack, found: Explanation) -> dict[str, Any]:
    return {
        "ticket": turn.ticket,
        "number": turn.number,
        "service": real_code(pack, turn.service),
        "class": turn.klass,
        "joined_at": instant_text(turn.joined_at),
        "arrived_at": instant_text(turn.arrived_at),
        "due_at": instant_text(turn.due_at),
        "is_called": turn.ticket == found.called.ticket,
    }


def candidate_row(
    one: Candidate, found: Explanation, words: Words, timezone: str, service: Text | str
) -> dict[str, Any]:
    """A line of the page's table."""
    turn = one.turn
    return {
        "number": turn.number,
        "service": service,
        "class": words.t(f"class.{turn.klass}"),
        "came": words.time(calendar.local(turn.arrived_at, timezone)),
        "head_start": minutes(whole_seconds(turn.due_at, turn.arrived_at)),
        "due": words.time(calendar.local(turn.due_at, timezone)),
        "line": words.t(f"explain.line_{one.line}"),
        "is_called": turn.ticket == found.called.ticket,
    }
