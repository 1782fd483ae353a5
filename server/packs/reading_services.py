"""Reads a pack's services and their procedure cards, and holds what they point at against what the pack has."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.domain.sites import OUTCOMES, QUOTA_MOST, SeriesCode, ServiceCode, ServiceTarget, ZoneCode
from server.packs.parts import APPOINTMENTS, CARD_FACTS, PICTURES, Card, Duration, PackService, Provenance, Words
from server.packs.places import Place, maybe
from server.packs.reading_words import (
    CODE,
    CODE_SHAPE,
    distinct,
    read_codes,
    read_provenances,
    read_remarks,
    read_words,
)

_NEUTRAL = re.compile(r"s[1-9][0-9]{0,2}")
_SERVICE_FACTS = (*CARD_FACTS, "citizens_deadline", "duration", "last_ticket", "direct_desk")
_NEEDED = ("code", "group", "picture", "names", "series", "zone", "duration", "card")
_OPTIONAL = (
    "neutral",
    "target",
    "last_ticket_before_min",
    "last_ticket_by_forecast",
    "quota",
    "outcomes",
    "appointment",
    "direct_desk",
    "remarks",
)
_CARD_KEYS = (
    "documents",
    "conditions",
    "fee_mad",
    "fee_note",
    "deadline_days",
    "cap_days",
    "citizens_deadline",
    "legal_text",
    "filed_at",
    "delivered_by",
    "forms",
    "appeal",
    "provenance",
    "confirmed_by",
)


@dataclass(frozen=True, slots=True)
class ServiceReader:
    """What the rest of the pack has, for a service to point at."""

    discreet: bool
    groups: Sequence[str]
    documents: Sequence[str]
    zones: Sequence[str]
    series: Sequence[str]
    sources: Sequence[str]

    def read(self, place: Place) -> tuple[PackService, ...]:
        services = tuple(self._service(item) for item in place.items())
        if not services:
            place.wrong("at least one service", "an empty list")
        distinct(place, [service.code for service in services], "each service code once", key="code")
        if self.discreet:
            self._check_discretion(place, services)
        return services

    def _service(self, place: Place) -> PackService:
        at = place.fields(needed=_NEEDED, optional=_OPTIONAL)
        return PackService(
            code=ServiceCode(at["code"].matching(CODE, CODE_SHAPE)),
            neutral=self._neutral(place, at),
            group=at["group"].one_of(self.groups, "a service group of this site"),
            picture=at["picture"].one_of(PICTURES, "a picture that the kiosk has"),
            names=read_words(at["names"]),
            series=SeriesCode(at["series"].one_of(self.series, "a series of this site")),
            zone=ZoneCode(at["zone"].one_of(self.zones, "a zone of this site")),
            target=maybe(at.get("target"), _target),
            last_ticket_before_min=maybe(at.get("last_ticket_before_min"), lambda minutes: minutes.integer(0, 480))
            or 0,
            appointment=maybe(at.get("appointment"), _appointment) or "none",
            direct_desk=maybe(at.get("direct_desk"), Place.boolean) or False,
            duration=_duration(at["duration"]),
            card=self._card(at["card"]),
            remarks=read_remarks(at.get("remarks"), sources=self.sources),
            last_ticket_by_forecast=maybe(at.get("last_ticket_by_forecast"), Place.boolean) or False,
            quota=maybe(at.get("quota"), lambda tickets: tickets.integer(1, QUOTA_MOST)),
            outcomes=read_codes(at.get("outcomes"), OUTCOMES, "how a visit can end"),
        )

    def _neutral(self, place: Place, at: Mapping[str, Place]) -> ServiceCode | None:
        neutral = at.get("neutral")
        if neutral is None:
            if self.discreet:
                place.wrong("the key 'neutral' (s1, s2 …), because the site is discreet", "none")
            return None
        if not self.discreet:
            neutral.wrong("no neutral code, because the site is not discreet")
        return ServiceCode(neutral.matching(_NEUTRAL, "a neutral code: s1, s2 …"))

    def _check_discretion(self, place: Place, services: Sequence[PackService]) -> None:
        """A letter per service would say in the hall what the neutral code keeps quiet, so it is one per zone."""
        distinct(place, [service.neutral for service in services], "each neutral code once", key="neutral")
        real, letters = {service.code for service in services}, dict[str, str]()
        for item, service in zip(place.items(), services, strict=True):
            at = item.entries()
            if service.neutral in real:
                at["neutral"].wrong("a neutral code that is no service's real code")
            if letters.setdefault(service.zone, service.series) != service.series:
                at["series"].wrong(f"{letters[service.zone]!r}, one series per zone, because the site is discreet")

    def _card(self, place: Place) -> Card:
        at = place.fields(needed=(), optional=_CARD_KEYS)
        documents = maybe(at.get("documents"), self._documents)
        return Card(
            documents=documents,
            conditions=self._conditions(at.get("conditions"), documents or ()),
            fee_mad=maybe(at.get("fee_mad"), lambda fee: fee.integer(0, 1_000_000)),
            fee_note=maybe(at.get("fee_note"), read_words),
            deadline_days=maybe(at.get("deadline_days"), lambda days: days.integer(0, 365)),
            cap_days=_cap_days(at.get("cap_days")),
            citizens_deadline=maybe(at.get("citizens_deadline"), read_words),
            legal_text=maybe(at.get("legal_text"), read_words),
            filed_at=maybe(at.get("filed_at"), read_words),
            delivered_by=maybe(at.get("delivered_by"), read_words),
            forms=maybe(at.get("forms"), _forms),
            appeal=maybe(at.get("appeal"), read_words),
            provenance=self._provenance(at.get("provenance"), documents or ()),
            confirmed_by=maybe(at.get("confirmed_by"), Place.text) or "",
        )

    def _documents(self, place: Place) -> tuple[str, ...]:
        documents = tuple(item.one_of(self.documents, "a key of `documents`") for item in place.items())
        distinct(place, documents, "each document once")
        return documents

    def _conditions(self, place: Place | None, documents: Sequence[str]) -> tuple[tuple[str, Words], ...]:
        if place is None:
            return ()
        at = place.fields(needed=(), optional=documents)
        return tuple((document, read_words(words)) for document, words in at.items())

    def _provenance(self, place: Place | None, documents: Sequence[str]) -> tuple[tuple[str, Provenance], ...]:
        facts = (*_SERVICE_FACTS, *(f"documents.{document}" for document in documents))
        return read_provenances(place, facts=facts, sources=self.sources)


def _target(place: Place) -> ServiceTarget:
    at = place.fields(needed=("percent", "within_min"))
    return ServiceTarget(percent=at["percent"].integer(1, 100), within_s=at["within_min"].integer(1, 480) * 60)


def _appointment(place: Place) -> str:
    return place.one_of(APPOINTMENTS, "how an appointment stands to it")


def _duration(place: Place) -> Duration:
    at = place.fields(needed=("p50_min", "p90_min"))
    p50_min = at["p50_min"].integer(1, 240)
    return Duration(p50_min=p50_min, p90_min=at["p90_min"].integer(p50_min, 480))


def _cap_days(place: Place | None) -> int:
    return 60 if place is None else place.integer(1, 365)


def _forms(place: Place) -> tuple[Words, ...]:
    return tuple(read_words(item) for item in place.items())
