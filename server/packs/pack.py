"""A site pack: everything that makes a site, in one value that can be exported, sent and imported.

The pack knows the names, pictures and procedure cards; of it, `Pack.setup` is what decides and goes into the
journal. At a discreet site no real service code or name gets past `setup` and `public_name`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

import yaml

from server.domain.calendar import Hours
from server.domain.sites import Counter, Helps, Rule, SeriesCode, Service, ServiceCode, Setup, SiteId
from server.packs import bodies
from server.packs.parts import (
    DemoLoad,
    Document,
    Kiosk,
    PackService,
    PriorityGround,
    Provenance,
    PublicName,
    Remark,
    RequiredDocument,
    ServiceGroup,
    Words,
    Zone,
)

#: The format of the file; a reader refuses one that it doesn't know.
FORMAT = 1
HEADER = "# Site pack of Idarati reception. docs/site-packs.md says what each key means.\n"


@dataclass(frozen=True)
class Pack:
    site: SiteId
    names: Words
    sector: Words
    city: Words
    timezone: str
    languages: tuple[str, ...]
    discreet: bool
    change_over_min: int
    #: Fact of the site → what it rests on.
    provenance: tuple[tuple[str, Provenance], ...]
    #: Key → where it was read.
    sources: tuple[tuple[str, str], ...]
    remarks: tuple[Remark, ...]
    hours: Hours
    zones: tuple[Zone, ...]
    series: tuple[SeriesCode, ...]
    groups: tuple[ServiceGroup, ...]
    documents: tuple[Document, ...]
    services: tuple[PackService, ...]
    counters: tuple[Counter, ...]
    rule: Rule
    priority: tuple[PriorityGround, ...]
    #: What needs no ticket at all, said first ("Emergencies: no ticket").
    not_queued: tuple[Words, ...]
    kiosks: tuple[Kiosk, ...]
    demo_load: DemoLoad
    #: Why somebody may be called before others here; none: the usual reasons.
    call_reasons: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        """The canonical file: the same pack always gives the same bytes."""
        return HEADER + _canonical_yaml(_body(self))

    @cached_property
    def digest(self) -> str:
        return sha256(self.text.encode()).hexdigest()

    @cached_property
    def _service_by_code(self) -> Mapping[str, PackService]:
        return {code: service for service in self.services for code in (service.code, service.public_code)}

    def service(self, code: str) -> PackService | None:
        """By its real code or by its neutral one."""
        return self._service_by_code.get(code)

    def public_name(self, service: PackService, language: str) -> PublicName:
        shown = () if self.discreet else service.names.shown(language)
        return PublicName(ordinal=service.ordinal, shown=shown)

    def documents_of(self, service: PackService) -> tuple[RequiredDocument, ...]:
        names = {document.id: document.names for document in self.documents}
        conditions, card = dict(service.card.conditions), service.card
        return tuple(
            RequiredDocument(
                id=document,
                names=names[document],
                only_if=conditions.get(document),
                provenance=card.provenance_of(f"documents.{document}"),
            )
            for document in card.documents or ()
        )

    def setup(self) -> Setup:
        """What decides, as it goes into the journal; neutral codes in place of real ones at a discreet site."""
        public = {service.code: service.public_code for service in self.services}
        return Setup(
            site=self.site,
            timezone=self.timezone,
            languages=self.languages,
            discreet=self.discreet,
            change_over_min=self.change_over_min,
            hours=self.hours,
            series=self.series,
            zones=tuple(zone.code for zone in self.zones),
            services=tuple(_deciding(service) for service in self.services),
            counters=tuple(_with_codes(counter, public) for counter in self.counters),
            rule=self.rule,
            pack=self.digest,
            call_reasons=self.call_reasons,
        )


def _deciding(service: PackService) -> Service:
    return Service(
        code=service.public_code,
        series=service.series,
        zone=service.zone,
        target=service.target,
        last_ticket_before_s=service.last_ticket_before_min * 60,
        appointments=service.appointment != "none",
        quota=service.quota,
        outcomes=service.outcomes,
        last_ticket_by_forecast=service.last_ticket_by_forecast,
    )


def _with_codes(counter: Counter, codes: Mapping[ServiceCode, ServiceCode]) -> Counter:
    return replace(
        counter,
        serves=tuple(codes[service] for service in counter.serves),
        helps=tuple(Helps(service=codes[helped.service], after_s=helped.after_s) for helped in counter.helps),
    )


def _body(pack: Pack) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "site": pack.site,
        "names": bodies.words_body(pack.names),
        "sector": bodies.words_body(pack.sector),
        "city": bodies.words_body(pack.city),
        "timezone": pack.timezone,
        "languages": list(pack.languages),
        "discreet": pack.discreet,
        "change_over": bodies.clock_text(pack.change_over_min),
        "provenance": _Lines((fact, bodies.provenance_text(provenance)) for fact, provenance in pack.provenance),
        "sources": _Lines(pack.sources),
        "remarks": [bodies.remark_body(remark) for remark in pack.remarks],
        "hours": bodies.hours_body(pack.hours),
        "zones": [bodies.zone_body(zone) for zone in pack.zones],
        "series": list(pack.series),
        "groups": [bodies.group_body(group) for group in pack.groups],
        "documents": bodies.documents_body(pack.documents),
        "services": [bodies.service_body(service) for service in pack.services],
        "counters": [bodies.counter_body(counter) for counter in pack.counters],
        "rule": bodies.rule_body(pack.rule),
        **bodies.where_used(call_reasons=list(pack.call_reasons)),
        "priority": [bodies.ground_body(ground) for ground in pack.priority],
        "not_queued": [bodies.words_body(words) for words in pack.not_queued],
        "kiosks": [bodies.kiosk_body(kiosk) for kiosk in pack.kiosks],
        "demo_load": bodies.load_body(pack.demo_load),
    }


class _Lines(dict[str, str]):
    """Long values under short keys: each on a line of its own."""


class _Dumper(yaml.SafeDumper):
    """The emitter in Python even where libyaml is there: the two don't agree on every line, and the digest must."""

    def ignore_aliases(self, _data: Any) -> bool:
        """The same list at two places is written twice; the reader takes no aliases."""
        return True


def _represent_lines(dumper: yaml.SafeDumper, lines: _Lines) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", lines, flow_style=not lines)


_Dumper.add_representer(_Lines, _represent_lines)


def _canonical_yaml(body: dict[str, Any]) -> str:
    # Without a default flow style, what holds only plain values stands on one line; the width keeps it there.
    text: str = yaml.dump(
        body, Dumper=_Dumper, default_flow_style=None, sort_keys=False, allow_unicode=True, width=1_000_000
    )
    return text
