"""What a kiosk reads aloud: the texts of its own document, and the pieces that sentences with numbers are joined from.

An element with `data-say` is read; nothing else ever is, so nobody can make a kiosk say what isn't on its page. The
page's script asks for the list of what has a clip and leaves out what has none.
"""

from collections.abc import Iterator
from html.parser import HTMLParser

from kiosk import documents
from server.packs.pack import Pack
from server.translations.catalogues import catalogue
from server.web import voice_texts
from server.web.voice import Clips

#: Sentences that the page's script completes with numbers or chooses between.
MESSAGES = (
    "error.appointment_too_late",
    "estimate.appointment",
    "estimate.learning",
    "estimate.no_counter_open",
    "estimate.suspended",
    "kiosk.appointment_early",
    "kiosk.checked_in",
    "kiosk.may_not_be_served",
    "kiosk.number_kept_without_paper",
    "kiosk.printing",
    "kiosk.take_ticket",
    "ticket.nobody_ahead",
    "ticket.people_ahead",
    "ticket.wait_range",
    "ticket.wait_under",
)

Said = tuple[str, str]

_kept: dict[str, tuple[Said, ...]] = {}


def texts(pack: Pack) -> tuple[Said, ...]:
    """(language, text) of all that the kiosks of a site may read, in the order of its languages."""
    found = _kept.get(pack.digest)
    if found is None:
        by_language = documents.documents_of(pack).by_language
        found = tuple(dict.fromkeys(said for lang, text in by_language.items() for said in _said(pack, lang, text)))
        if len(_kept) >= documents.KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[pack.digest] = found
    return found


def clips(pack: Pack, lang: str, there: Clips) -> dict[str, str]:
    """Text → address of its clip, of all texts of a language that have one."""
    found = {text: there.address(lang, text) for spoken_in, text in texts(pack) if spoken_in == lang}
    doing = {text: found.get(text) or found.get(voice_texts.instead(text)) for text in found}
    return {text: address for text, address in doing.items() if address is not None}


def languages(pack: Pack, there: Clips) -> list[str]:
    """The languages of a site in which anything can be heard."""
    heard: set[str] = set()
    silent = {lang for lang in pack.languages if not there.may_speak(lang)}
    for lang, text in texts(pack):
        if lang not in heard | silent and there.address(lang, text) is not None:
            heard.add(lang)
    return [lang for lang in pack.languages if lang in heard]


def said_in(document: str) -> list[tuple[str | None, str]]:
    """The texts of a document's elements with `data-say`, each with the language of its own if it says one."""
    reader = _Reader()
    reader.feed(document)
    return [(lang, text) for lang, pieces in reader.said if (text := voice_texts.plain("".join(pieces)))]


def _said(pack: Pack, lang: str, document: str) -> Iterator[Said]:
    # The first screen speaks all languages; each text of it is in the list of its own.
    yield from ((own or lang, text) for own, text in said_in(document))
    for key in MESSAGES:
        yield from ((lang, piece) for template in _templates(key, lang) for piece in _pieces(template))
    yield from ((lang, piece) for piece in voice_texts.number_pieces(pack.series))


def _pieces(template: str) -> list[str]:
    whole = voice_texts.plain(template)
    return [whole] if voice_texts.literals(template) and "{" not in whole else voice_texts.literals(template)


def _templates(key: str, lang: str) -> list[str]:
    there = catalogue(lang)
    if key in there.counted:
        return list((there.forms(key) or {}).values())
    text = there.template(key)
    return [] if text is None else [text]


class _Reader(HTMLParser):
    """Collects what stands inside the elements that are read."""

    #: Elements without an end.
    _EMPTY = frozenset(("img", "input", "link", "meta", "br", "use", "path"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[tuple[str | None, list[str]]] = []
        #: For each open element the pieces that its text goes to; None outside of what is read.
        self._open: list[list[str] | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._EMPTY:
            return
        given = dict(attrs)
        into = self._open[-1] if self._open else None
        if "data-say" in given:
            into = []
            self.said.append((given.get("lang"), into))
        self._open.append(into)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._EMPTY and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] is not None:
            self._open[-1].append(data)
