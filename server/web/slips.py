"""A ticket as it is printed: the words of the paper, in the ticket's language, in whole minutes and local time.

What was told at the kiosk stands on the paper and is not worked out again. A second language stands only beside the
number and the service, for whoever helps; at a discreet site the service is its neutral number. It draws nothing and
prints nothing: `printers` does.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from printers.slip import Language, Slip
from printers.ticket import Said, TicketWords, Words, compose
from server.domain import appointments, calendar, heads, numbering
from server.domain.appointments import Appointment
from server.domain.entries import GENESIS
from server.domain.tickets import Told
from server.packs.pack import Pack
from server.packs.parts import Words as Names
from server.store.tickets import TicketRow
from server.translations import spoken
from server.web import i18n, presenters

#: What is read once, at the end of the paper.
NOTES = ("promise.in_order", "ticket.keep", "ticket.not_for_sale")
#: The language beside the reader's own.
SECOND: dict[Language, Language] = {"ar": "fr", "fr": "ar", "es": "ar", "en": "ar"}
#: Those who hear their number in Arabic: they get the letter's word beside it.
HEAR_ARABIC = ("ar", "zgh")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the paper says of one ticket. `service` may be the real or the neutral code."""

    number: str
    service: str
    language: Language
    ahead: int
    drawn_at: datetime
    told: Told | None = None
    #: Why there is no range.
    untold: str | None = None
    appointment: Appointment | None = None
    #: When the site closes, if that may be before this number is called.
    closes_at: datetime | None = None
    #: Hash of the ticket's own entry in the journal, of which the first sixteen characters are printed.
    entry_hash: str | None = None
    #: The address behind the code; None where phones can't reach the server.
    follow_url: str | None = None
    copy: int = 1


def facts_of(
    row: TicketRow,
    *,
    follow_url: str | None,
    appointed_at: datetime | None = None,
    closes_at: datetime | None = None,
    copy: int = 1,
    entry_hash: str | None = None,
) -> Facts:
    """`appointed_at` is the time of the appointment that the person checked in for, `closes_at` when the site closes if
    that was likely to be before the call.
    """
    return Facts(
        number=row.number,
        service=row.service,
        language=language_of(row.language),
        ahead=row.ahead,
        drawn_at=row.drawn_at,
        told=_told(row),
        untold=row.untold,
        appointment=None if appointed_at is None else appointments.checked_in(appointed_at, row.drawn_at),
        closes_at=closes_at,
        entry_hash=entry_hash,
        follow_url=follow_url,
        copy=copy,
    )


def specimen(
    pack: Pack, *, at: datetime, service: str | None = None, language: str | None = None, follow_url: str | None = None
) -> Facts:
    """A ticket that nobody drew, as one would be at this moment: for a preview, and to try a printer's paper."""
    chosen = pack.services[0] if service is None else pack.service(service)
    assert chosen is not None
    return Facts(
        number=numbering.number(chosen.series, 17),
        service=chosen.code,
        language=language_of(language or pack.languages[0]),
        ahead=7,
        drawn_at=at,
        told=Told(low_s=1500, median_s=1800, high_s=2100, level=80),
        entry_hash=GENESIS,
        follow_url=follow_url,
    )


def ticket_slip(pack: Pack, facts: Facts) -> Slip:
    return compose(ticket_words(pack, facts))


def ticket_words(pack: Pack, facts: Facts) -> TicketWords:
    words = i18n.words(facts.language)
    second = _second_words(pack, facts.language)
    label = words.t("ticket.number")
    paper = TicketWords(
        language=facts.language,
        site=_said(_name(words, pack.names)),
        number=facts.number,
        number_label=_said(label) + (_said(second.t("ticket.number")) if second and label.translated else ()),
        letter_word=_letter_word(facts),
        service=_service(pack, facts.service, words, second),
        zone=_zone(pack, facts.service, words),
        ahead=_said(words.people_ahead(facts.ahead)),
        wait=_said(presenters.wait_text(words, presenters.told(facts.told), facts.untold)),
        appointment=_appointment(words, facts.appointment, pack.timezone),
        warning=_warning(words, facts.closes_at, pack.timezone),
        drawn_at=_drawn_at(words, calendar.local(facts.drawn_at, pack.timezone)),
        code=_code(words, facts.entry_hash),
        notes=tuple(_said(words.t(key)) for key in NOTES),
        duplicate=_duplicate(words) if facts.copy > 1 else (),
        untranslated_note=_said(words.t("common.not_translated")),
    )
    if facts.follow_url is None:
        return paper
    return replace(paper, qr=facts.follow_url, qr_caption=_said(words.t("kiosk.scan_to_follow")))


def language_of(code: str) -> Language:
    """The paper's own name of a language; ValueError for one that no ticket is in."""
    for language in ("ar", "zgh", "fr", "es", "en"):
        if language == code:
            return language
    raise ValueError(f"no ticket is in {code!r}")


def _told(row: TicketRow) -> Told | None:
    if row.low_s is None or row.median_s is None or row.high_s is None or row.level is None:
        return None
    return Told(low_s=row.low_s, median_s=row.median_s, high_s=row.high_s, level=row.level)


def _second_words(pack: Pack, language: Language) -> i18n.Words | None:
    second = SECOND.get(language)
    return i18n.words(second) if second in pack.languages else None


def _service(pack: Pack, code: str, words: i18n.Words, second: i18n.Words | None) -> Words:
    """In the reader's language and the second one; what stands in for a missing name is in the second one already."""
    service = pack.service(code)
    assert service is not None
    public = pack.public_name(service, words.lang)

    def named(words: i18n.Words) -> i18n.Text:
        if pack.discreet:
            return words.t("display.neutral_service", code=str(public.ordinal))
        return _name(words, service.names)

    own = named(words)
    return _said(own) + (_said(named(second)) if second and own.translated else ())


def _zone(pack: Pack, code: str, words: i18n.Words) -> Words:
    service = pack.service(code)
    zones = [zone for zone in pack.zones if service is not None and zone.code == service.zone]
    return _said(_name(words, zones[0].names)) if zones else ()


def _appointment(words: i18n.Words, appointment: Appointment | None, timezone: str) -> Words:
    """The ticket of somebody who is late is one like any other."""
    if appointment is None or appointment.standing == "late":
        return ()
    at, joins_at = (calendar.local(one, timezone) for one in (appointment.at, appointment.joins_at))
    if appointment.standing == "early":
        return _said(words.t("kiosk.appointment_early", time=at, opens=joins_at))
    return _said(words.t("kiosk.checked_in", time=at))


def _warning(words: i18n.Words, closes_at: datetime | None, timezone: str) -> Words:
    if closes_at is None:
        return ()
    return _said(words.t("kiosk.may_not_be_served", closes=calendar.local(closes_at, timezone)))


def _drawn_at(words: i18n.Words, at: datetime) -> Words:
    """The hour and the date, so that nobody comes back with it tomorrow."""
    text = words.t("ticket.drawn_at", time=at)
    return tuple(
        replace(said, text=f"{said.text} · {i18n.words(said.language).date(at.date())}") for said in _said(text)
    )


def _code(words: i18n.Words, entry_hash: str | None) -> Words:
    return () if entry_hash is None else _said(words.t("ticket.code", code=heads.grouped(entry_hash)))


def _duplicate(words: i18n.Words) -> Words:
    """The French word stands on every copy, so that any agent knows it."""
    other = i18n.words("ar") if words.lang == "fr" else words
    return _said(i18n.words("fr").t("ticket.duplicate")) + tuple(
        said for said in _said(other.t("ticket.duplicate")) if said.language != "fr"
    )


def _letter_word(facts: Facts) -> str | None:
    series = facts.number.rstrip("0123456789")
    return spoken.letter(series) if facts.language in HEAR_ARABIC and len(series) == 1 else None


def _name(words: i18n.Words, names: Names) -> i18n.Text:
    return words.name({lang: names.own(lang) for lang in i18n.LANGUAGES})


def _said(text: i18n.Text) -> Words:
    return tuple(Said(part, language_of(lang), translated=text.translated) for lang, part in text.parts)
