"""What a screen, a ticket or a voice says, in the language of the person: `words("ar").t("kiosk.your_number", number="A017")`.
A text knows its languages, so that a missing Amazigh text is shown in French and Arabic, marked, and never invented;
it can be put into HTML (escaped, with <bdi> around numbers and names) or on paper (with Unicode isolates in Arabic).
It chooses plural forms by the message's counting placeholder. It refuses an unknown key or a forgotten parameter:
those are mistakes of the programmer and must not reach a screen as half a sentence.
"""

import datetime as dt
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from markupsafe import Markup, escape

from server.translations import catalogues, dates

LANGUAGES = ("ar", "zgh", "fr", "es", "en")
AUTONYMS = {"ar": "العربية", "zgh": "ⵜⴰⵎⴰⵣⵉⵖⵜ", "fr": "Français", "es": "Español", "en": "English"}
SHOWN_WHEN_MISSING = ("fr", "ar")
MARK = "*"  # explained once per page by common.not_translated

# Set apart from the direction of the sentence around them.
ISOLATED = frozenset(
    ("number", "counter", "time", "opens", "closes", "date", "code", "version", "amount", "service", "document", "zone")
)
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"

# Language tags of browsers that ask for a language we speak under another name.
_SPOKEN_AS = {"ary": "ar", "arb": "ar", "tzm": "zgh", "ber": "zgh", "ca": "es", "gl": "es"}
_LONGEST_HEADER = 1000

Segment = tuple[str, str | None]


def direction(lang: str) -> str:
    return "rtl" if lang == "ar" else "ltr"


@dataclass(frozen=True, slots=True)
class Text:
    """One message with its parameters, in the languages it can be shown in.

    `str()` gives plain text, Jinja and Markup take it as HTML. A parameter may be a Text or a map of names by language
    (both follow the language of the sentence), a date, or a time in local time.
    """

    key: str
    lang: str
    params: Mapping[str, Any]
    templates: tuple[tuple[str, tuple[Segment, ...]], ...]

    @property
    def translated(self) -> bool:
        return self.templates[0][0] == self.lang

    @property
    def html(self) -> Markup:
        """The text where the page is in its language: only what is shown in another language carries a tag."""
        if self.translated:
            return Markup("").join(html for _, html in self._html_parts())
        return self.tagged

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Plain text by language: one part, or French and Arabic where the language has no text."""
        return [(lang, "".join(self._plain(lang, segments))) for lang, segments in self.templates]

    @property
    def tagged(self) -> Markup:
        """HTML that carries its language even where it is the one asked for: for a page in another language."""
        if self.translated:
            return Markup(" ").join(_span(lang, html) for lang, html in self._html_parts())
        *first, (last_lang, last) = self._html_parts()
        marked = last + Markup('<sup class="untranslated__mark" aria-hidden="true">{}</sup>').format(MARK)
        spans = Markup(" ").join(_span(lang, html) for lang, html in (*first, (last_lang, marked)))
        return Markup('<span class="untranslated">{}</span>').format(spans)

    @property
    def plain(self) -> str:
        """For attributes, titles and paper: no markup, isolates in Arabic."""
        return str(self)

    def __str__(self) -> str:
        (first_lang, first), *others = self.parts
        outer = direction(first_lang)
        return " · ".join([first, *(_isolated(text, inside=outer, of=lang) for lang, text in others)])

    def __html__(self) -> str:
        return self.html

    def _html_parts(self) -> Iterator[tuple[str, Markup]]:
        for lang, segments in self.templates:
            yield lang, Markup("").join(self._html(lang, segments))

    def _html(self, lang: str, segments: Iterable[Segment]) -> Iterator[Markup]:
        for literal, name in segments:
            yield escape(literal)
            if name is not None:
                value = escape(said(self.params[name], name, lang))
                yield Markup("<bdi>{}</bdi>").format(value) if name in ISOLATED else value

    def _plain(self, lang: str, segments: Iterable[Segment]) -> Iterator[str]:
        isolating = direction(lang) == "rtl"
        for literal, name in segments:
            yield literal
            if name is not None:
                value = said(self.params[name], name, lang)
                yield f"{FIRST_STRONG_ISOLATE}{value}{POP_ISOLATE}" if isolating and name in ISOLATED else value


class Words:
    """All messages in one language. Made by `words(lang)`, once per process."""

    autonyms = AUTONYMS
    direction = staticmethod(direction)

    def __init__(self, lang: str) -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"no such language: {lang}")
        self.lang = lang
        self.dir = direction(lang)

    def t(self, key: str, **params: Any) -> Text:
        counted = catalogues.catalogue(catalogues.COMPLETE).counted.get(key)
        number = None if counted is None else int(params[counted])
        templates = []
        for lang in (self.lang, *SHOWN_WHEN_MISSING):
            template = catalogues.catalogue(lang).template(key, number=number)
            if template is not None:
                templates.append((lang, segments(template)))
            if lang == self.lang and templates:
                break
        if not templates:
            raise KeyError(f"no message has the key {key}")
        for _, parsed in templates:
            for _, name in parsed:
                if name is not None and name not in params:
                    raise KeyError(f"{key} needs the parameter {name}")
        return Text(key, self.lang, params, tuple(templates))

    def error(self, code: str, /, **params: Any) -> Text:
        """The message of a stable refusal code."""
        return self.t(f"error.{code}", **params)

    def name(self, names: Mapping[str, str | None]) -> Text:
        """A name that a site has in several languages, shown like any other text."""
        langs = [self.lang] if names.get(self.lang) else [lang for lang in SHOWN_WHEN_MISSING if names.get(lang)]
        return Text("", self.lang, {}, tuple((lang, ((str(names[lang]), None),)) for lang in langs or ["fr"]))

    def people_ahead(self, ahead: int) -> Text:
        return self.t("ticket.nobody_ahead") if ahead == 0 else self.t("ticket.people_ahead", ahead=ahead)

    def wait_range(self, low_min: int, high_min: int) -> Text:
        """The expected wait. A range that starts at 0 has only an upper end; one without width gets a minute of it."""
        if not 0 <= low_min <= high_min:
            raise ValueError(f"not a range of minutes: {low_min} to {high_min}")
        low = min(low_min, max(high_min - 1, 0))
        if low == 0:
            return self.t("ticket.wait_under", high=max(high_min, 1))
        return self.t("ticket.wait_range", low=low, high=high_min)

    def card_deadline(self, days: int) -> Text:
        return self.t("card.on_the_spot") if days == 0 else self.t("card.deadline", days=days)

    def date(self, on: dt.date) -> str:
        return dates.long_date(on, self.lang)

    def full_date(self, on: dt.date) -> str:
        return dates.full_date(on, self.lang)

    def time(self, at: dt.datetime | dt.time) -> str:
        return dates.clock_time(at)


@cache
def words(lang: str) -> Words:
    return Words(lang)


@lru_cache(maxsize=4096)
def segments(template: str) -> tuple[Segment, ...]:
    return tuple((literal, name) for literal, name, _, _ in string.Formatter().parse(template))


def said(value: Any, name: str, lang: str) -> str:
    """A parameter as it stands in a sentence of this language."""
    match value:
        case Text():
            (_, text), *_ = [part for part in value.parts if part[0] == lang] or _again(value, lang).parts
            return text
        case dt.datetime() if name != "date":
            return dates.clock_time(value)
        case dt.time():
            return dates.clock_time(value)
        case dt.date():
            return dates.long_date(value, lang)
        case Mapping():
            return next((str(value[one]) for one in (lang, "fr", "ar") if value.get(one)), "")
        case str() | int():
            return str(value)
    raise TypeError(f"{{{name}}} cannot be said: {value!r}")


def plain(key: str, lang: str, **params: Any) -> str:
    """For paper and for attributes: no markup, isolates in Arabic."""
    return str(words(lang).t(key, **params))


def plain_parts(key: str, lang: str, **params: Any) -> list[tuple[str, str]]:
    return words(lang).t(key, **params).parts


def choose(query: str | None, cookie: str | None, accept_language: str | None, offered: Sequence[str]) -> str:
    """The language of a page: what the address says, else what was chosen before, else what the browser asks for."""
    for wanted in (query, cookie):
        if wanted in offered:
            return str(wanted)
    for tag in _by_preference(accept_language or ""):
        base = tag.split("-")[0].lower()
        lang = _SPOKEN_AS.get(base, base)
        if lang in offered:
            return lang
    return offered[0]


def catalogue(lang: str, keys: Iterable[str]) -> dict[str, Any]:
    """The messages that a page's own script shows, for <script type="application/json"> and static/web/words.js."""
    return {
        "lang": lang,
        "isolated": sorted(ISOLATED),
        "mark": MARK,
        "counted": {key: counted for key in keys if (counted := catalogues.catalogue("fr").counted.get(key))},
        "messages": {key: _forms(key, lang) for key in keys},
    }


def _again(text: Text, lang: str) -> Text:
    return words(lang).t(text.key, **text.params) if text.key else text


def _span(lang: str, html: Markup) -> Markup:
    return Markup('<span lang="{}" dir="{}">{}</span>').format(lang, direction(lang), html)


def _isolated(text: str, *, inside: str, of: str) -> str:
    return text if direction(of) == inside else f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"


def _by_preference(header: str) -> list[str]:
    wanted: list[tuple[float, int, str]] = []
    for place, item in enumerate(header[:_LONGEST_HEADER].split(",")):
        tag, _, weight = item.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            quality = 0.0
        if quality > 0 and tag.strip():
            wanted.append((-quality, place, tag.strip()))
    return [tag for _, _, tag in sorted(wanted)]


def _forms(key: str, lang: str) -> list[list[Any]]:
    """[language, text or forms by category] for each language that the message is shown in."""
    found = [(one, _entry(key, one)) for one in (lang, *SHOWN_WHEN_MISSING)]
    if found[0][1] is not None:
        found = found[:1]
    shown = [[one, entry] for one, entry in found if entry is not None]
    if not shown:
        raise KeyError(f"no message has the key {key}")
    return shown


def _entry(key: str, lang: str) -> str | dict[str, str] | None:
    there = catalogues.catalogue(lang)
    return there.forms(key) if key in there.counted else there.template(key)
