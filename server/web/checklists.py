"""The list of documents as a piece of paper, so that somebody goes home with it and comes back with everything.

It is printed beside the journal: nobody has drawn anything, and who asked for it is not known. A print job says by its
name which card is meant. At a discreet site the paper has the service's neutral number and never its name.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from printers.slip import UNTRANSLATED_MARK, Block, Language, Ornament, Qr, Rule, Size, Slip, Space, Text
from server.packs.pack import Pack
from server.packs.parts import Card, PackService
from server.packs.parts import Words as Names
from server.web import i18n, slips

#: What the name of such a print job begins with; a ticket's begins with its site.
MARK = "card:"
#: To be ticked; the paper's face has no such sign of its own.
BOX = "[\u00a0\u00a0]"


@dataclass(frozen=True, slots=True)
class Wanted:
    service: str
    language: Language


def job_name(service: PackService, language: str, key: str) -> str:
    """The same wish under the same key has the same name, so that it is printed once."""
    return f"{MARK}{service.public_code}:{language}:{sha256(key.encode()).hexdigest()[:12]}"


def wanted(job: str) -> Wanted:
    _mark, service, language, _key = job.split(":")
    return Wanted(service=service, language=slips.language_of(language))


def address(pack: Pack, service: PackService, lang: str, public_url: str) -> str:
    """Where a phone reads the card."""
    return f"{public_url.rstrip('/')}/c/{pack.site}/{service.public_code}?lang={lang}"


def title(service: PackService, words: i18n.Words) -> i18n.Text:
    """What may be read by everybody: at a discreet site the number of the service."""
    if service.ordinal is not None:
        return words.t("display.neutral_service", code=str(service.ordinal))
    return words.name(_names(service.names))


def slip(pack: Pack, service: PackService, language: Language, *, read_at: str | None) -> Slip:
    return Slip(language=language, blocks=tuple(_blocks(pack, service, i18n.words(language), read_at)))


def _blocks(pack: Pack, service: PackService, words: i18n.Words, read_at: str | None) -> Iterator[Block]:
    yield Ornament()
    yield from _lines(words.name(_names(pack.names)), centred=True)
    yield Space(0.25)
    yield from _lines(title(service, words), size="large", centred=True)
    yield from _lines(words.t("card.documents"), centred=True)
    yield Rule()
    yield from _documents(pack, service, words)
    yield Rule()
    yield from _fee(service.card, words)
    yield Space(0.25)
    yield from _standing(service.card, words)
    if read_at is not None:
        yield Qr(read_at, tuple(_lines(words.t("kiosk.checklist_phone"), size="small", centred=True)))
    if words.lang == "zgh":
        for line in _lines(words.t("common.not_translated"), size="small"):
            yield replace(line, text=f"{UNTRANSLATED_MARK} {line.text}", untranslated=False)
    yield Space(0.5)


def _documents(pack: Pack, service: PackService, words: i18n.Words) -> Iterator[Block]:
    for document in pack.documents_of(service):
        yield from _lines(words.name(_names(document.names)), before=f"{BOX} ")
        if document.only_if is not None:
            yield from _lines(words.name(_names(document.only_if)), size="small")
        yield Space(0.25)
    if not service.card.documents:
        yield from _lines(words.t("common.unknown" if service.card.documents is None else "card.no_documents"))


def _fee(card: Card, words: i18n.Words) -> Iterator[Block]:
    yield from _lines(words.t("card.fee"), size="small")
    if card.fee_mad is not None or card.fee_note is None:
        yield from _lines(fee(card.fee_mad, words))
    if card.fee_note is not None:
        yield from _lines(words.name(_names(card.fee_note)), size="small")


def _standing(card: Card, words: i18n.Words) -> Iterator[Block]:
    """What the card may claim: nothing while it is a demonstration, nothing more may be asked once it is complete."""
    if card.demo:
        yield from _lines(words.t("card.demo"), size="small")
    elif not card.missing():
        yield from _lines(words.t("card.nothing_more"), size="small")


def fee(fee_mad: int | None, words: i18n.Words) -> i18n.Text:
    if fee_mad is None:
        return words.t("common.unknown")
    return words.t("card.free") if fee_mad == 0 else words.t("card.fee_amount", amount=fee_mad)


def _lines(text: i18n.Text, *, size: Size = "body", centred: bool = False, before: str = "") -> Iterator[Text]:
    """One line for each language that a text is shown in; the last one carries the mark of a missing translation."""
    for place, (lang, part) in enumerate(text.parts, start=1):
        yield Text(
            f"{before}{part}",
            slips.language_of(lang),
            size=size,
            align="center" if centred else "start",
            untranslated=not text.translated and place == len(text.parts),
        )


def _names(words: Names) -> dict[str, str | None]:
    return {lang: words.own(lang) for lang in i18n.LANGUAGES}
