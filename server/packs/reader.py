"""Reads a site pack from its file and refuses, with line and reason, whatever would not make a working site.

What is checked is what the format and the pack itself can tell: shapes, ranges, names that point nowhere. Whether a
fee or a document is right, only the administration knows; that is what the provenance marks are for.
"""

import re
from collections.abc import Iterable, Mapping

from server.domain.calendar import is_timezone
from server.domain.sites import CALL_REASONS, Counter, SeriesCode, SiteId, ZoneCode
from server.packs.pack import FORMAT, Pack
from server.packs.parts import LANGUAGES, PICTURES, Document, PackService, ServiceGroup, Zone
from server.packs.places import PackError, Place, maybe, root_of
from server.packs.reading_halls import read_counters, read_demo_load, read_kiosks, read_priority, read_rule
from server.packs.reading_hours import read_hours
from server.packs.reading_services import ServiceReader
from server.packs.reading_words import (
    CODE,
    CODE_SHAPE,
    distinct,
    read_codes,
    read_provenances,
    read_remarks,
    read_words,
)

__all__ = ["PackError", "dump_pack", "read_pack"]

#: Facts of the site that carry a provenance mark.
SITE_FACTS = (
    "existence",
    "names",
    "sector",
    "city",
    "hours",
    "friday",
    "ramadan",
    "holidays",
    "zones",
    "series",
    "groups",
    "targets",
    "last_ticket",
    "counters",
    "helps",
    "rule",
    "priority",
    "not_queued",
    "kiosks",
    "wording",
)

_NEEDED = (
    "format",
    "site",
    "names",
    "sector",
    "city",
    "timezone",
    "languages",
    "discreet",
    "change_over",
    "hours",
    "zones",
    "series",
    "groups",
    "documents",
    "services",
    "counters",
    "rule",
    "demo_load",
)
_OPTIONAL = ("provenance", "sources", "remarks", "call_reasons", "priority", "not_queued", "kiosks")

_SITE = re.compile(r"[a-z][a-z0-9]{1,19}")
_SERIES = re.compile(r"[A-HJ-NP-Z]")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def read_pack(text: str, *, filename: str) -> Pack:
    root = root_of(text, filename=filename)
    at = root.fields(needed=_NEEDED, optional=_OPTIONAL)
    at["format"].integer(FORMAT, FORMAT)
    site = SiteId(at["site"].matching(_SITE, "a site id: 2 to 20 small letters and digits, a letter first"))
    discreet = at["discreet"].boolean()
    sources = tuple((key, place.text()) for key, place in (maybe(at.get("sources"), Place.entries) or {}).items())
    known_sources = tuple(key for key, _ in sources)
    zones, series, groups = _zones(at["zones"]), _all_series(at["series"]), _groups(at["groups"])
    documents = tuple(_document(key, place) for key, place in at["documents"].entries().items())
    zone_codes = [zone.code for zone in zones]
    services = ServiceReader(
        discreet=discreet,
        groups=[group.code for group in groups],
        documents=[document.id for document in documents],
        zones=zone_codes,
        series=series,
        sources=known_sources,
    ).read(at["services"])
    codes = [service.code for service in services]
    counters = read_counters(at["counters"], site=site, zones=zone_codes, services=codes)
    _check_nothing_is_left_over(at, services)
    _check_every_service_is_served(at["services"], services, counters)
    return Pack(
        site=site,
        names=read_words(at["names"]),
        sector=read_words(at["sector"]),
        city=read_words(at["city"]),
        timezone=_timezone(at["timezone"]),
        languages=_languages(at["languages"]),
        discreet=discreet,
        change_over_min=_change_over_min(at["change_over"]),
        provenance=read_provenances(at.get("provenance"), facts=SITE_FACTS, sources=known_sources),
        sources=sources,
        remarks=read_remarks(at.get("remarks"), sources=known_sources),
        hours=read_hours(at["hours"]),
        zones=zones,
        series=series,
        groups=groups,
        documents=documents,
        services=services,
        counters=counters,
        rule=read_rule(at["rule"]),
        priority=read_priority(at.get("priority")),
        not_queued=tuple(read_words(place) for place in maybe(at.get("not_queued"), Place.items) or ()),
        kiosks=read_kiosks(at.get("kiosks"), zones=zone_codes),
        demo_load=read_demo_load(at["demo_load"], services=codes, sources=known_sources),
        call_reasons=read_codes(at.get("call_reasons"), CALL_REASONS, "a reason for a call out of order"),
    )


def dump_pack(pack: Pack) -> str:
    return pack.text


def _timezone(place: Place) -> str:
    name = place.text()
    if not is_timezone(name):
        place.wrong("a time zone of the IANA data, such as Africa/Casablanca")
    return name


def _languages(place: Place) -> tuple[str, ...]:
    languages = tuple(item.one_of(LANGUAGES, "one of the five languages") for item in place.items())
    if not languages:
        place.wrong("at least one language", "an empty list")
    distinct(place, languages, "each language once")
    return languages


def _change_over_min(place: Place) -> int:
    hours, minutes = place.matching(_CLOCK, "a time of day in quotes, such as '04:00'").split(":")
    return int(hours) * 60 + int(minutes)


def _zones(place: Place) -> tuple[Zone, ...]:
    zones = tuple(_zone(item) for item in place.items())
    distinct(place, [zone.code for zone in zones], "each zone code once", key="code")
    return zones


def _zone(place: Place) -> Zone:
    at = place.fields(needed=("code", "names"))
    return Zone(code=ZoneCode(at["code"].matching(CODE, CODE_SHAPE)), names=read_words(at["names"]))


def _all_series(place: Place) -> tuple[SeriesCode, ...]:
    expected = "a capital letter, but neither I nor O, which are read as 1 and 0"
    series = tuple(SeriesCode(item.matching(_SERIES, expected)) for item in place.items())
    distinct(place, series, "each series once")
    return series


def _groups(place: Place) -> tuple[ServiceGroup, ...]:
    groups = tuple(_group(item) for item in place.items())
    distinct(place, [group.code for group in groups], "each group code once", key="code")
    return groups


def _group(place: Place) -> ServiceGroup:
    at = place.fields(needed=("code", "picture", "names"))
    return ServiceGroup(
        code=at["code"].matching(CODE, CODE_SHAPE),
        names=read_words(at["names"]),
        picture=at["picture"].one_of(PICTURES, "a picture that the kiosk has"),
    )


def _document(key: str, place: Place) -> Document:
    if not CODE.fullmatch(key):
        place.wrong(CODE_SHAPE, repr(key))
    return Document(id=key, names=read_words(place))


def _check_nothing_is_left_over(at: Mapping[str, Place], services: Iterable[PackService]) -> None:
    """A series or group without a service would show an empty menu; a document that no card asks for is a mistake."""
    series, groups = {service.series for service in services}, {service.group for service in services}
    documents = {document for service in services for document in service.card.documents or ()}
    for item in at["series"].items():
        if item.node.value not in series:
            item.wrong("a series that a service uses")
    for item in at["groups"].items():
        code = item.entries()["code"]
        if code.node.value not in groups:
            code.wrong("a group that a service is in")
    for key, place in at["documents"].entries().items():
        if key not in documents:
            place.wrong("a document that a card asks for", repr(key))


def _check_every_service_is_served(place: Place, services: Iterable[PackService], counters: Iterable[Counter]) -> None:
    served = {service for counter in counters for service in counter.serves}
    for item, service in zip(place.items(), services, strict=True):
        if service.code not in served:
            item.wrong(f"a counter that serves {service.code!r}", "none")
