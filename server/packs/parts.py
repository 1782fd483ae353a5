"""What a site pack is made of: names in five languages, procedure cards, services, counters' surroundings, demo load.

Frozen values without behaviour of their own beyond looking themselves up. They invent nothing: a name that nobody
has written is None, a fee that nobody has confirmed is None, and every fact can say on what it rests.
"""

from dataclasses import dataclass, field

from server.domain.calendar import Span
from server.domain.sites import SeriesCode, ServiceCode, ServiceTarget, ZoneCode

#: The languages a citizen can be served in, in the order in which Morocco writes them.
LANGUAGES = ("ar", "zgh", "fr", "es", "en")

#: What is shown, side by side and marked, where a text has no translation yet.
FALLBACK_LANGUAGES = ("fr", "ar")

#: Pictures that the kiosk can draw; a pack picks from these, so that one picture means one thing in every hall.
PICTURES = (
    "welcome",
    "vehicle",
    "vehicle_new",
    "vehicle_card",
    "licence",
    "exam",
    "duplicate",
    "collect",
    "complaint",
    "calendar",
    "doctor",
    "cash",
    "bed",
    "cover",
    "laboratory",
    "radiology",
    "birth",
    "certificate",
    "passport",
    "id_card",
    "register",
    "signature",
    "mandate",
    "visa",
    "permit",
    "visit",
    "lawyer",
    "money",
    "parcel",
    "registry",
)

#: How an appointment stands to a service; `external` means booked elsewhere and only checked in here.
APPOINTMENTS = ("none", "optional", "required", "external")

#: S a source that was read · G general knowledge · D plausible demonstration data · T our own translation.
MARKS = ("S", "G", "D", "T")

#: What Law 55-19 wants published about a procedure, beside its name.
CARD_FACTS = (
    "documents",
    "fee",
    "deadline",
    "legal_text",
    "filed_at",
    "delivered_by",
    "forms",
    "appeal",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A text and the language it is in, which is not always the one that was asked for."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """One text in five languages. None is "not translated yet", never "the same"."""

    ar: str | None = None
    fr: str | None = None
    en: str | None = None
    es: str | None = None
    zgh: str | None = None

    def own(self, language: str) -> str | None:
        text: str | None = getattr(self, language) if language in LANGUAGES else None
        return text

    def shown(self, language: str) -> tuple[Shown, ...]:
        """The text in this language, else what stands in for it; more than one, or another language, is marked."""
        text = self.own(language)
        if text is not None:
            return (Shown(language=language, text=text),)
        stand_ins = ((other, self.own(other)) for other in FALLBACK_LANGUAGES)
        return tuple(Shown(language=other, text=text) for other, text in stand_ins if text is not None)


@dataclass(frozen=True, slots=True)
class Provenance:
    mark: str
    #: Keys of the pack's `sources`.
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """A working note for those who check the pack, in one language; no screen for the public shows it."""

    about: str
    text: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    names: Words


@dataclass(frozen=True, slots=True)
class RequiredDocument:
    """A document as a card asks for it; with `only_if` it is asked for in that case alone."""

    id: str
    names: Words
    only_if: Words | None
    provenance: Provenance | None


@dataclass(frozen=True, slots=True)
class Card:
    """The procedure as Law 55-19 wants it published. None is unknown; empty and 0 are "nothing", "free"."""

    documents: tuple[str, ...] | None = None
    #: Document id → the case in which alone it is asked for.
    conditions: tuple[tuple[str, Words], ...] = ()
    fee_mad: int | None = None
    fee_note: Words | None = None
    deadline_days: int | None = None
    #: The law's own longest delay, which holds where the procedure names none.
    cap_days: int = 60
    #: What the citizen has to do in time.
    citizens_deadline: Words | None = None
    legal_text: Words | None = None
    filed_at: Words | None = None
    delivered_by: Words | None = None
    forms: tuple[Words, ...] | None = None
    appeal: Words | None = None
    #: Fact (or `documents.<id>`) → what it rests on.
    provenance: tuple[tuple[str, Provenance], ...] = ()
    #: Who at the administration has checked the card. Empty: it is a demonstration and says so.
    confirmed_by: str = ""

    @property
    def demo(self) -> bool:
        return not self.confirmed_by

    def missing(self) -> tuple[str, ...]:
        """What a complete card lacks, in the order in which the law names it."""
        known = {
            "documents": self.documents,
            "fee": self.fee_mad,
            "deadline": self.deadline_days,
            "legal_text": self.legal_text,
            "filed_at": self.filed_at,
            "delivered_by": self.delivered_by,
            "forms": self.forms,
            "appeal": self.appeal,
        }
        return tuple(fact for fact in CARD_FACTS if known[fact] is None)

    def provenance_of(self, fact: str) -> Provenance | None:
        """A document's own mark where it has one, else that of `documents`."""
        marks = dict(self.provenance)
        return marks.get(fact) or marks.get(fact.partition(".")[0])


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a visit takes at the counter, as the demonstration plays it; the product measures its own."""

    p50_min: int
    p90_min: int


@dataclass(frozen=True, slots=True)
class PackService:
    code: ServiceCode
    #: The code that stands in journal, display and voice at a discreet site ("s3"); None elsewhere.
    neutral: ServiceCode | None
    group: str
    picture: str
    names: Words
    series: SeriesCode
    zone: ZoneCode
    target: ServiceTarget | None
    last_ticket_before_min: int
    appointment: str
    #: The public may go straight to the desk; a ticket is possible and nobody is sent back for one.
    direct_desk: bool
    duration: Duration
    card: Card
    remarks: tuple[Remark, ...] = ()
    #: At most so many tickets a day; None: as many as come.
    quota: int | None = None
    #: Codes that a visit may end with; none: the usual ones.
    outcomes: tuple[str, ...] = ()
    #: No more tickets once whoever joins is likely to be still waiting at closing.
    last_ticket_by_forecast: bool = False

    @property
    def public_code(self) -> ServiceCode:
        return self.neutral or self.code

    @property
    def ordinal(self) -> int | None:
        """The 3 of "Service 3", where that is what the hall reads."""
        return int(self.neutral[1:]) if self.neutral else None


@dataclass(frozen=True, slots=True)
class PublicName:
    """What hall, display and voice call a service: its ordinal at a discreet site, else its name."""

    ordinal: int | None
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Zone:
    code: ZoneCode
    names: Words


@dataclass(frozen=True, slots=True)
class ServiceGroup:
    code: str
    names: Words
    picture: str


@dataclass(frozen=True, slots=True)
class PriorityGround:
    """One line of the published priority list. The ground stays outside the journal, which knows only the class."""

    id: str
    names: Words
    #: Who checks it: agent or manager.
    checked_by: str


@dataclass(frozen=True, slots=True)
class Kiosk:
    name: str
    zone: ZoneCode
    #: `tcp://host:9100`, `virtual:` …; None is the default, a virtual printer.
    printer: str | None = None


@dataclass(frozen=True, slots=True)
class DemoLoad:
    """How busy the simulated hall is. Invented, and never shown as a figure of the site."""

    visits_per_day: int
    #: Service → percent of the visits; together 100.
    mix: tuple[tuple[ServiceCode, int], ...]
    peak_hours: tuple[Span, ...]
    no_show_percent: int
    provenance: Provenance = field(default_factory=lambda: Provenance(mark="D"))
