"""What makes a message fit to be shown: every language that must have it has it, placeholders agree, plural forms are
complete, typography is right. It reports all problems of all messages at once and corrects none of them.
"""

import string
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LANGUAGES = ("ar", "zgh", "fr", "es", "en")
MAY_LACK_WORDS = "zgh"  # only attested words are used, so most messages have none yet
CATEGORIES = {
    "ar": ("zero", "one", "two", "few", "many", "other"),
    "fr": ("one", "other"),
    "es": ("one", "other"),
    "en": ("one", "other"),
    "zgh": ("one", "other"),
}
SAID_IN_WORDS = {"zero", "one", "two"}  # these may leave the counting placeholder out
LEFT_OUT_OF_WORDS = {"low"}  # "two minutes at most" has no lower end
PLAIN = ""  # the form of a message that does not count

Texts = str | Mapping[str, str] | None


@dataclass(frozen=True, kw_only=True)
class Message:
    key: str
    texts: Mapping[str, Texts]
    given: frozenset[str]
    counts: str | None
    spoken: Texts
    note: str | None
    file: str
    reviewed: bool
    allowed: frozenset[str]

    def forms(self, lang: str) -> dict[str, str]:
        """The texts of one language by plural category; one form without a category where nothing is counted."""
        return _forms(self.texts[lang])

    def spoken_forms(self) -> dict[str, str]:
        return _forms(self.spoken)


def problems(messages: list[Message]) -> Iterator[str]:
    for key, times in Counter(message.key for message in messages).items():
        if times > 1:
            yield f"{key}: stands in the words files {times} times"
    for message in messages:
        for problem in _problems_of(message):
            yield f"{message.file}: {message.key}: {problem}"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _forms(texts: Texts) -> dict[str, str]:
    if texts is None:
        return {}
    return {PLAIN: texts} if isinstance(texts, str) else dict(texts)


def _problems_of(message: Message) -> Iterator[str]:
    unknown = message.given - {*LANGUAGES, "plural", "ar_spoken", "note"}
    if unknown:
        yield f"unknown fields: {', '.join(sorted(unknown))}"
    if missing := [lang for lang in LANGUAGES if lang not in message.given]:
        yield f"say something for {', '.join(missing)} (null only for {MAY_LACK_WORDS})"
        return
    expected = {name for form in message.forms("fr").values() for name in placeholders(form)}
    if strangers := expected - message.allowed:
        yield f"placeholders that meta.placeholders does not list: {', '.join(sorted(strangers))}"
    if message.counts and message.counts not in expected:
        yield f"counts {{{message.counts}}}, which it does not show"
    for lang in LANGUAGES:
        forms = message.forms(lang)
        if not forms and lang != MAY_LACK_WORDS:
            yield f"{lang} is empty"
        yield from (f"{lang}: {problem}" for problem in _problems_of_forms(message, lang, forms, expected))
    yield from (
        f"ar_spoken: {problem}" for problem in _problems_of_forms(message, "ar", message.spoken_forms(), expected)
    )


def _problems_of_forms(message: Message, lang: str, forms: Mapping[str, str], expected: set[str]) -> Iterator[str]:
    categories = set(CATEGORIES[lang]) if message.counts else {PLAIN}
    if forms and set(forms) != categories:
        yield f"has the forms {sorted(forms)}, needs {sorted(categories)}"
    for category, text in forms.items():
        found = placeholders(text)
        may_leave_out = {*LEFT_OUT_OF_WORDS, message.counts} if category in SAID_IN_WORDS else set()
        if found - expected or (expected - found) - may_leave_out:
            yield f"{category or 'text'} has the placeholders {sorted(found)}, French has {sorted(expected)}"
        yield from _problems_of_typography(lang, text)


def _problems_of_typography(lang: str, text: str) -> Iterator[str]:
    if "%" in text:
        yield "has a percent sign, which gettext tools take for a format"
    if any(digit in text for digit in "٠١٢٣٤٥٦٧٨٩"):
        yield "has eastern Arabic digits"
    if text != text.strip():
        yield "begins or ends with a space"
    if lang == "fr":
        for sign in ":;?!»":
            at = text.find(sign)
            if at > 0 and text[at - 1] != "\u00a0":
                yield f"needs a no-break space before {sign}"
        if "« " in text or "’" in text:
            yield "needs a no-break space after « and the straight apostrophe"
