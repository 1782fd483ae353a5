"""Opens the compiled catalogues, one per language and only when asked for, and answers with the template of a message.
It knows plural forms by the catalogue's own header and nothing of screens. It refuses a key that no catalogue has,
and never fills a gap: whether a missing text is shown in other languages is decided by whoever shows it.
"""

from functools import cache
from gettext import GNUTranslations
from pathlib import Path

HOME = Path(__file__).parent
COMPLETE = "fr"  # the build lets no message pass without its French

# Messages about the catalogue itself, written by the build. They are not for translation.
COUNTED = "catalogue.counted"  # which placeholder counts, for each message that has plural forms
SAMPLES = "catalogue.samples"  # one number for each plural category of the language
SPOKEN = "spoken"  # context of the vowelled Arabic for a voice


def plural_id(key: str) -> str:
    return f"{key}[plural]"


class Catalogue:
    def __init__(self, lang: str) -> None:
        with (HOME / lang / "LC_MESSAGES" / "messages.mo").open("rb") as compiled:
            self._gettext = GNUTranslations(compiled)
        self.lang = lang
        self.counted = _pairs(self._gettext.gettext(COUNTED))
        self.samples = {name: int(number) for name, number in _pairs(self._gettext.gettext(SAMPLES)).items()}

    def template(self, key: str, *, number: int | None = None) -> str | None:
        """The text of the key, in the plural form for `number` where it counts; None where this language has no text."""
        if key not in self.counted:
            text = self._gettext.gettext(key)
            return None if text == key else text
        if number is None:
            raise TypeError(f"{key} counts {{{self.counted[key]}}}: give it a number")
        plural = plural_id(key)
        text = self._gettext.ngettext(key, plural, number)
        return None if text in (key, plural) else text

    def spoken(self, key: str, *, number: int | None = None) -> str | None:
        """The vowelled text for a voice; only Arabic has any."""
        plural = plural_id(key)
        text = (
            self._gettext.pgettext(SPOKEN, key)
            if number is None
            else self._gettext.npgettext(SPOKEN, key, plural, number)
        )
        return None if text in (key, plural) else text

    def forms(self, key: str) -> dict[str, str] | None:
        """All plural forms by category, for a screen that chooses by itself; None where this language has no text."""
        forms = {category: self.template(key, number=number) for category, number in self.samples.items()}
        return {category: text for category, text in forms.items() if text is not None} or None


@cache
def catalogue(lang: str) -> Catalogue:
    return Catalogue(lang)


def exists(key: str) -> bool:
    complete = catalogue(COMPLETE)
    return key in complete.counted or complete.template(key) is not None


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split() if "=" in pair)
