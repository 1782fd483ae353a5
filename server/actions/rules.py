"""Changing the published rule: for the next day's opening, or at once by a second person and for a reason.

Nobody who waits must find that the rule has changed over his head, so a change waits for the next opening. Where it can't
wait, whoever did not write it puts it in force, with a reason that is published beside the rule. Each step is an entry.
"""

from dataclasses import dataclass, replace

from server.actions.setup import Changed
from server.domain.errors import Refusal
from server.domain.sites import CLASSES, RULE_REASONS, Rule, Setup, setup_to_body
from server.domain.story import Pen

#: The longest head start, and what else a rule may ask for at most.
MOST_HEAD_START_S = 120 * 60
MOST_CALLS = 9
MOST_NO_SHOW_S = 900
MOST_PUT_BACKS = 9


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a manager may decide of the rule; times in seconds."""

    head_starts: dict[str, int]
    no_show_min_calls: int
    no_show_min_s: int
    put_back_head_start_s: int
    put_backs_max: int


def change(pen: Pen, *, wanted: Wanted) -> Changed | Refusal:
    """The rule that the next day opens with. The rule in force, wanted once more, takes a waiting one back.

    Refused as: no_such_site, invalid_rule.
    """
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    if not _possible(wanted):
        return Refusal("invalid_rule")
    rule = _next(setup.rule, wanted)
    waiting = None if same(rule, setup.rule) else rule
    if waiting == setup.next_rule:
        return Changed(seq=None)
    by = "" if waiting is None else pen.actor
    what = "rule_taken_back" if waiting is None else "rule_next"
    return _written(pen, replace(setup, next_rule=waiting, next_rule_by=by), what)


def enforce(pen: Pen, *, reason: str) -> Changed | Refusal:
    """The waiting rule now, by somebody else than whoever wrote it.

    Refused as: no_such_site, no_rule_waits, no_such_reason, second_person_required.
    """
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    if setup.next_rule is None:
        return Refusal("no_rule_waits")
    if reason not in RULE_REASONS:
        return Refusal("no_such_reason")
    if pen.actor == setup.next_rule_by:
        return Refusal("second_person_required")
    rule = replace(setup.next_rule, reason=reason)
    return _written(pen, replace(setup, rule=rule, next_rule=None, next_rule_by=""), "rule_at_once")


def same(one: Rule, other: Rule) -> bool:
    """Do both say the same, whatever their versions?"""
    return replace(one, version=1, reason="") == replace(other, version=1, reason="")


def _possible(wanted: Wanted) -> bool:
    return (
        set(wanted.head_starts) == set(CLASSES)
        and all(0 <= held <= MOST_HEAD_START_S for held in wanted.head_starts.values())
        # Nobody is put behind those who came after him for what he is.
        and wanted.head_starts["ordinary"] == 0
        and 1 <= wanted.no_show_min_calls <= MOST_CALLS
        and 0 <= wanted.no_show_min_s <= MOST_NO_SHOW_S
        and 0 <= wanted.put_back_head_start_s <= MOST_HEAD_START_S
        and 0 <= wanted.put_backs_max <= MOST_PUT_BACKS
    )


def _next(rule: Rule, wanted: Wanted) -> Rule:
    return replace(
        rule,
        version=rule.version + 1,
        reason="",
        head_starts=dict(wanted.head_starts),
        no_show_min_calls=wanted.no_show_min_calls,
        no_show_min_s=wanted.no_show_min_s,
        put_back_head_start_s=wanted.put_back_head_start_s,
        put_backs_max=wanted.put_backs_max,
    )


def _written(pen: Pen, setup: Setup, what: str) -> Changed:
    entry = pen.write("setup.changed", {"what": what, "setup": setup_to_body(setup)})
    return Changed(seq=entry.seq)
