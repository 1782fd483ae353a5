"""Reads what a pack says of the hall: counters, the calling rule, the priority list, kiosks, the demo's load."""

import re
from collections.abc import Collection, Mapping, Sequence

from server.domain.sites import CLASSES, Counter, CounterId, Helps, Rule, ServiceCode, SiteId, ZoneCode
from server.packs.parts import DemoLoad, Kiosk, PriorityGround
from server.packs.places import Place, maybe
from server.packs.reading_hours import read_spans
from server.packs.reading_words import CODE, CODE_SHAPE, distinct, read_provenance, read_words

#: The newest algorithm that the calling code knows.
ALGORITHM = 1

_LABEL = re.compile(r"[0-9A-Z]{1,4}")
_KIOSK = re.compile(r"[a-z][a-z0-9-]{0,19}")
_PRINTER = re.compile(r"virtual:|(?:tcp|usb|serial|cups|file):[\x21-\x7e]{1,200}")


def read_counters(
    place: Place, *, site: SiteId, zones: Collection[str], services: Sequence[ServiceCode]
) -> tuple[Counter, ...]:
    counters = tuple(_counter(item, site=site, zones=zones, services=services) for item in place.items())
    if not counters:
        place.wrong("at least one counter", "an empty list")
    distinct(place, [counter.id for counter in counters], "each counter id once", key="id")
    distinct(place, [counter.label for counter in counters], "each counter label once", key="label")
    return counters


def _counter(place: Place, *, site: SiteId, zones: Collection[str], services: Sequence[ServiceCode]) -> Counter:
    at = place.fields(needed=("id", "label", "zone", "serves"), optional=("helps",))
    serves = tuple(ServiceCode(item.one_of(services, "a service of this site")) for item in at["serves"].items())
    if not serves:
        at["serves"].wrong("at least one service", "an empty list")
    distinct(at["serves"], serves, "each service once")
    shape = re.compile(re.escape(site) + "-[1-9][0-9]{0,2}")
    return Counter(
        id=CounterId(at["id"].matching(shape, f"a counter id: {site}-1, {site}-2 …")),
        label=at["label"].matching(_LABEL, "a label in quotes: one to four digits or capital letters"),
        zone=ZoneCode(at["zone"].one_of(zones, "a zone of this site")),
        serves=serves,
        helps=_helps(at.get("helps"), others=[service for service in services if service not in serves]),
    )


def _helps(place: Place | None, *, others: Sequence[ServiceCode]) -> tuple[Helps, ...]:
    """A counter helps only with what it does not serve anyway."""
    if place is None:
        return ()
    at = place.fields(needed=(), optional=others)
    return tuple(
        Helps(service=ServiceCode(service), after_s=minutes.integer(0, 240) * 60) for service, minutes in at.items()
    )


def read_rule(place: Place) -> Rule:
    at = place.fields(
        needed=("version", "algorithm", "head_starts_min", "no_show_min_calls", "no_show_min_s"),
        optional=("put_back_head_start_min", "put_backs_max"),
    )
    head_starts = at["head_starts_min"].fields(needed=CLASSES)
    # What the pack leaves out is as usual.
    usual, head_start, most = Rule(), at.get("put_back_head_start_min"), at.get("put_backs_max")
    return Rule(
        version=at["version"].integer(1, 1_000_000),
        algorithm=at["algorithm"].integer(1, ALGORITHM),
        head_starts={klass: minutes.integer(0, 120) * 60 for klass, minutes in head_starts.items()},
        no_show_min_calls=at["no_show_min_calls"].integer(1, 9),
        no_show_min_s=at["no_show_min_s"].integer(0, 900),
        put_back_head_start_s=(usual.put_back_head_start_s if head_start is None else head_start.integer(0, 120) * 60),
        put_backs_max=usual.put_backs_max if most is None else most.integer(0, 9),
    )


def read_priority(place: Place | None) -> tuple[PriorityGround, ...]:
    if place is None:
        return ()
    grounds = tuple(_ground(item) for item in place.items())
    distinct(place, [ground.id for ground in grounds], "each ground once", key="id")
    return grounds


def _ground(place: Place) -> PriorityGround:
    at = place.fields(needed=("id", "checked_by", "names"))
    return PriorityGround(
        id=at["id"].matching(CODE, CODE_SHAPE),
        names=read_words(at["names"]),
        checked_by=at["checked_by"].one_of(("agent", "manager"), "who checks it"),
    )


def read_kiosks(place: Place | None, *, zones: Collection[str]) -> tuple[Kiosk, ...]:
    if place is None:
        return ()
    kiosks = tuple(_kiosk(item, zones=zones) for item in place.items())
    distinct(place, [kiosk.name for kiosk in kiosks], "each kiosk name once", key="name")
    return kiosks


def _kiosk(place: Place, *, zones: Collection[str]) -> Kiosk:
    at = place.fields(needed=("name", "zone"), optional=("printer",))
    return Kiosk(
        name=at["name"].matching(_KIOSK, "a kiosk name: small letters, digits and -, at most 20, a letter first"),
        zone=ZoneCode(at["zone"].one_of(zones, "a zone of this site")),
        printer=maybe(at.get("printer"), _printer),
    )


def _printer(place: Place) -> str:
    return place.matching(_PRINTER, "a printer: virtual:, tcp://host:9100, usb:…, serial:…, cups:… or file:…")


def read_demo_load(place: Place, *, services: Collection[str], sources: Collection[str]) -> DemoLoad:
    at = place.fields(needed=("visits_per_day", "mix", "peak_hours", "no_show_percent", "provenance"))
    return DemoLoad(
        visits_per_day=at["visits_per_day"].integer(1, 20_000),
        mix=_mix(at["mix"], at["mix"].fields(needed=(), optional=services)),
        peak_hours=read_spans(at["peak_hours"]),
        no_show_percent=at["no_show_percent"].integer(0, 90),
        provenance=read_provenance(at["provenance"], sources=sources),
    )


def _mix(place: Place, at: Mapping[str, Place]) -> tuple[tuple[ServiceCode, int], ...]:
    mix = tuple((ServiceCode(service), percent.integer(0, 100)) for service, percent in at.items())
    total = sum(percent for _, percent in mix)
    if total != 100:
        place.wrong("percents that make 100 together", str(total))
    return mix
