"""The closing slip: the head of a day that is over, on paper, for whoever is to keep it out of everybody's reach.

What is printed in the morning after a day can't be made to fit another story later. The slip names nobody; the job that
prints it stands beside the journal, as that of a list of documents does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from printers.slip import Block, Language, Ornament, Qr, Rule, Size, Slip, Space, Text
from server.domain import calendar, heads
from server.packs.pack import Pack
from server.reports.closed_days import COUNTS, ClosedDay
from server.web import i18n, slips

#: What the name of such a print job begins with; a ticket's begins with its site.
MARK = "closing:"


@dataclass(frozen=True, slots=True)
class Wanted:
    day: str
    language: Language


def job_name(day: str, language: str, key: str) -> str:
    """The same wish under the same key has the same name, so that it is printed once."""
    return f"{MARK}{day}:{language}:{sha256(key.encode()).hexdigest()[:12]}"


def wanted(job: str) -> Wanted:
    _mark, day, language, _key = job.split(":")
    return Wanted(day=day, language=slips.language_of(language))


def slip(pack: Pack, day: ClosedDay, language: Language, *, published_at: str | None) -> Slip:
    """`published_at` is the address of the list of closed days, where anybody can compare the head."""
    return Slip(language=language, blocks=tuple(_blocks(pack, day, i18n.words(language), published_at)))


def _blocks(pack: Pack, day: ClosedDay, words: i18n.Words, published_at: str | None) -> Iterator[Block]:
    yield Ornament()
    yield from _lines(words.name({lang: pack.names.own(lang) for lang in i18n.LANGUAGES}))
    yield Space(0.25)
    yield from _lines(words.t("closing.slip"), size="large")
    yield from _lines(words.t("closing.of_day", date=date.fromisoformat(day.day)))
    yield Rule()
    for name in COUNTS:
        yield from _lines(words.t(f"closing.{name}", count=day.counts[name]))
    yield Rule()
    yield from _lines(words.t("closing.last_entry", seq=day.seq))
    closed_at = calendar.local(day.closed_at, pack.timezone)
    yield from _lines(words.t("closing.closed_at", date=closed_at.date(), time=closed_at), size="small")
    yield Space(0.25)
    yield from _lines(words.t("open.code"), size="small")
    yield Text(heads.grouped(day.hash), "en", size="large", align="center")
    yield from _lines(words.t("open.fingerprint"), size="small")
    for at in range(0, 64, 16):
        yield Text(_fours(day.hash[at : at + 16]), "en", size="small", align="center")
    if published_at is not None:
        yield Space(0.25)
        yield Qr(published_at, tuple(_lines(words.t("closing.compare"), size="small")))
    yield Rule()
    yield from _lines(words.t("closing.keep"), size="small")
    yield Space(0.5)


def _fours(text: str) -> str:
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _lines(text: i18n.Text, *, size: Size = "body") -> Iterator[Text]:
    for place, (lang, part) in enumerate(text.parts, start=1):
        untranslated = not text.translated and place == len(text.parts)
        yield Text(part, slips.language_of(lang), size=size, align="center", untranslated=untranslated)
