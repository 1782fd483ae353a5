"""What a site is set up to do: services, series, counters, zones, hours and the calling rule.

These are the facts that *decide*. They stand whole in every `setup.changed` entry, so that the journal alone says by
which set-up a person was called. Names, pictures and procedure cards don't decide anything and stay outside, in the
site's pack; at a discreet site the codes here are the neutral ones ("s3"), because the journal is written to be
published.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NewType

from server.domain import notices
from server.domain.calendar import Hours, hours_from_body, hours_to_body
from server.domain.draw_limits import DrawLimits, limits_from_body, limits_to_body
from server.domain.notices import Message, Suspension

SiteId = NewType("SiteId", str)
ServiceCode = NewType("ServiceCode", str)
CounterId = NewType("CounterId", str)
ZoneCode = NewType("ZoneCode", str)
SeriesCode = NewType("SeriesCode", str)

#: Classes of a ticket as the journal names them; the ground of a priority stays outside.
CLASSES = ("ordinary", "priority", "appointment")

#: Reasons an agent can give for a pause.
PAUSE_REASONS = ("rest", "meal", "prayer", "file_search", "back_office", "meeting", "technical", "handover")

#: Why an agent may call somebody before others; a site may have a list of its own. Words stand under `reason.<code>`.
CALL_REASONS = (
    "priority_seen",
    "medical",
    "bereavement",
    "back_with_document",
    "our_error",
    "language",
    "urgent_travel",
    "escort",
    "manager",
    "other",
)
#: These say too little by themselves: somebody has to write a word.
NEED_A_NOTE = frozenset({"manager", "other"})

#: How a turn can end at a counter; a service may have a list of its own. Words stand under `ending.<code>`.
OUTCOMES = ("done", "document_missing", "redirected", "to_return", "refused", "other")

#: Why a rule was changed while a day ran; words stand under `rule_reason.<code>`.
RULE_REASONS = ("error", "safety", "crowd", "decision")

#: Why a date has other hours than the rules say; words stand under `opening.<reason>`.
OPENING_REASONS = ("backlog", "season", "event", "works", "weather", "decision", "demonstration")

#: More tickets of a service than any hall gives in a day.
QUOTA_MOST = 9_999


@dataclass(frozen=True, slots=True)
class ServiceTarget:
    """`percent` of 100 turns are called within `within_s` seconds of joining: the promise made to the public."""

    percent: int
    within_s: int


@dataclass(frozen=True, slots=True)
class Service:
    code: ServiceCode
    series: SeriesCode
    zone: ZoneCode
    target: ServiceTarget | None = None
    #: Tickets stop this long before the site closes.
    last_ticket_before_s: int = 0
    #: People may check in here for an appointment.
    appointments: bool = False
    #: At most so many tickets a day; None: as many as come.
    quota: int | None = None
    #: Codes that a turn may end with; none: the usual ones.
    outcomes: tuple[str, ...] = ()
    #: No more tickets once whoever joins is likely to be still waiting at closing.
    last_ticket_by_forecast: bool = False

    @property
    def possible_outcomes(self) -> tuple[str, ...]:
        return self.outcomes or OUTCOMES


@dataclass(frozen=True, slots=True)
class Helps:
    """A counter that helps with a service may call from its line once a turn is `after_s` seconds past due."""

    service: ServiceCode
    after_s: int


@dataclass(frozen=True, slots=True)
class Counter:
    id: CounterId
    #: What the hall reads and hears: "1", "12".
    label: str
    zone: ZoneCode
    serves: tuple[ServiceCode, ...]
    helps: tuple[Helps, ...] = ()

    def may_call(self, service: ServiceCode) -> bool:
        return service in self.serves or any(helped.service == service for helped in self.helps)


@dataclass(frozen=True, slots=True)
class Rule:
    """The published calling rule. A change of it is a new version; `algorithm` names the code that reads it."""

    version: int = 1
    algorithm: int = 1
    #: Head start in seconds by class; a class that is not named has none.
    head_starts: Mapping[str, int] = field(
        default_factory=lambda: {"ordinary": 0, "priority": 1200, "appointment": 600}
    )
    no_show_min_calls: int = 2
    no_show_min_s: int = 60
    #: Whoever is put back after a no-show joins again now, with this head start, and so many times at most.
    put_back_head_start_s: int = 600
    put_backs_max: int = 2
    #: Why this version took effect in the middle of a day; empty for one that came with a day's opening.
    reason: str = ""

    def head_start_s(self, klass: str) -> int:
        return self.head_starts.get(klass, 0)

    @property
    def bound_s(self) -> int:
        """Nobody who joined more than this many seconds after you is called before you in your line."""
        head_starts = [self.head_start_s(klass) for klass in CLASSES]
        return max(head_starts) - min(head_starts)


@dataclass(frozen=True)
class Setup:
    site: SiteId
    timezone: str
    languages: tuple[str, ...]
    discreet: bool
    #: Minutes after local midnight at which one business day ends and the next begins.
    change_over_min: int
    hours: Hours
    series: tuple[SeriesCode, ...]
    zones: tuple[ZoneCode, ...]
    services: tuple[Service, ...]
    counters: tuple[Counter, ...]
    rule: Rule = field(default_factory=Rule)
    #: SHA-256 of the pack this set-up was made from: binds the names and cards that stand outside the journal.
    pack: str = ""
    suspended: tuple[Suspension, ...] = ()
    messages: tuple[Message, ...] = ()
    draw_limits: DrawLimits = field(default_factory=DrawLimits)
    #: Why somebody may be called before others here; none: the usual reasons.
    call_reasons: tuple[str, ...] = ()
    #: The rule that the next day opens with, and the code of whoever wrote it.
    next_rule: Rule | None = None
    next_rule_by: str = ""

    @property
    def possible_call_reasons(self) -> tuple[str, ...]:
        return self.call_reasons or CALL_REASONS

    @cached_property
    def service_by_code(self) -> Mapping[str, Service]:
        return {service.code: service for service in self.services}

    @cached_property
    def counter_by_id(self) -> Mapping[str, Counter]:
        return {counter.id: counter for counter in self.counters}

    @cached_property
    def zone_codes(self) -> frozenset[str]:
        return frozenset(self.zones)

    @cached_property
    def why_suspended(self) -> Mapping[str, str]:
        """Reason by service, of those that are suspended."""
        return {one.service: one.reason for one in self.suspended}

    @cached_property
    def instead_of(self) -> Mapping[str, str]:
        """Where people of a suspended service may go on, by service; not where that is suspended too."""
        return {
            one.service: one.instead
            for one in self.suspended
            if one.instead in self.service_by_code and one.instead not in self.why_suspended
        }


def setup_to_body(setup: Setup) -> dict[str, Any]:
    """The set-up as it stands in `setup.changed`: strings, integers and lists only, as the journal demands."""
    return {
        "site": setup.site,
        "timezone": setup.timezone,
        "languages": list(setup.languages),
        "discreet": setup.discreet,
        "change_over_min": setup.change_over_min,
        "hours": hours_to_body(setup.hours),
        "series": list(setup.series),
        "zones": list(setup.zones),
        "services": [_service_to_body(service) for service in setup.services],
        "counters": [_counter_to_body(counter) for counter in setup.counters],
        "rule": rule_to_body(setup.rule),
        "pack": setup.pack,
        "suspended": notices.suspended_to_body(setup.suspended),
        "messages": notices.messages_to_body(setup.messages),
        "draw_limits": limits_to_body(setup.draw_limits),
        "call_reasons": list(setup.call_reasons),
        "next_rule": None if setup.next_rule is None else rule_to_body(setup.next_rule),
        "next_rule_by": setup.next_rule_by,
    }


def setup_from_body(body: Mapping[str, Any]) -> Setup:
    next_rule = body.get("next_rule")
    return Setup(
        site=SiteId(body["site"]),
        timezone=body["timezone"],
        languages=tuple(body["languages"]),
        discreet=body["discreet"],
        change_over_min=body["change_over_min"],
        hours=hours_from_body(body["hours"]),
        series=tuple(body["series"]),
        zones=tuple(body["zones"]),
        services=tuple(_service_from_body(service) for service in body["services"]),
        counters=tuple(_counter_from_body(counter) for counter in body["counters"]),
        rule=rule_from_body(body["rule"]),
        pack=body["pack"],
        # Older entries were written before there were these.
        suspended=notices.suspended_from_body(body.get("suspended", ())),
        messages=notices.messages_from_body(body.get("messages", ())),
        draw_limits=limits_from_body(body["draw_limits"]) if "draw_limits" in body else DrawLimits(),
        call_reasons=tuple(body.get("call_reasons", ())),
        next_rule=None if next_rule is None else rule_from_body(next_rule),
        next_rule_by=body.get("next_rule_by", ""),
    )


def rule_to_body(rule: Rule) -> dict[str, Any]:
    return {
        "version": rule.version,
        "algorithm": rule.algorithm,
        "head_starts": dict(rule.head_starts),
        "no_show_min_calls": rule.no_show_min_calls,
        "no_show_min_s": rule.no_show_min_s,
        "put_back_head_start_s": rule.put_back_head_start_s,
        "put_backs_max": rule.put_backs_max,
        "reason": rule.reason,
    }


def rule_from_body(body: Mapping[str, Any]) -> Rule:
    """What an older entry does not say is as it was when the field came: nobody could be put back before."""
    return Rule(
        version=body["version"],
        algorithm=body["algorithm"],
        head_starts=dict(body["head_starts"]),
        no_show_min_calls=body["no_show_min_calls"],
        no_show_min_s=body["no_show_min_s"],
        **{name: body[name] for name in ("put_back_head_start_s", "put_backs_max", "reason") if name in body},
    )


def _service_to_body(service: Service) -> dict[str, Any]:
    target = service.target
    return {
        "code": service.code,
        "series": service.series,
        "zone": service.zone,
        "target": None if target is None else {"percent": target.percent, "within_s": target.within_s},
        "last_ticket_before_s": service.last_ticket_before_s,
        "appointments": service.appointments,
        "quota": service.quota,
        "outcomes": list(service.outcomes),
        "last_ticket_by_forecast": service.last_ticket_by_forecast,
    }


def _service_from_body(body: Mapping[str, Any]) -> Service:
    target = body["target"]
    return Service(
        code=ServiceCode(body["code"]),
        series=SeriesCode(body["series"]),
        zone=ZoneCode(body["zone"]),
        target=None if target is None else ServiceTarget(percent=target["percent"], within_s=target["within_s"]),
        last_ticket_before_s=body["last_ticket_before_s"],
        appointments=body.get("appointments", False),
        quota=body.get("quota"),
        outcomes=tuple(body.get("outcomes", ())),
        last_ticket_by_forecast=body.get("last_ticket_by_forecast", False),
    )


def _counter_to_body(counter: Counter) -> dict[str, Any]:
    return {
        "id": counter.id,
        "label": counter.label,
        "zone": counter.zone,
        "serves": list(counter.serves),
        "helps": [{"service": helped.service, "after_s": helped.after_s} for helped in counter.helps],
    }


def _counter_from_body(body: Mapping[str, Any]) -> Counter:
    return Counter(
        id=CounterId(body["id"]),
        label=body["label"],
        zone=ZoneCode(body["zone"]),
        serves=tuple(body["serves"]),
        helps=tuple(Helps(service=ServiceCode(h["service"]), after_s=h["after_s"]) for h in body["helps"]),
    )
