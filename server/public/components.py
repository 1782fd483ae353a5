"""All components of the screens on one page: what each looks like in light, on dark displays and in high contrast, and in
both directions of writing. It stands in the demonstration alone and shows no fact of any site.

Whoever changes a colour or a button looks here first; the tests of accessibility do so in each language. A specimen is
named by its class or variable, as one would look for it in the style sheets, and not by a word of ours.
"""

from dataclasses import dataclass

from flask import render_template

from server.domain.errors import Refusal
from server.web import i18n, language
from server.web.access import public
from server.web.context import house
from server.web.errors import Refused

#: As in tokens.css; a test holds the two together.
COLOURS = (
    *("ground", "surface", "surface-quiet", "ink", "ink-quiet", "line", "line-strong"),
    *("accent", "accent-strong", "accent-soft", "on-accent"),
    *("attention", "attention-fill", "attention-soft", "on-attention"),
    *("alarm", "alarm-fill", "alarm-soft", "on-alarm"),
    *("focus", "focus-halo"),
)
SPACES = (1, 2, 3, 4, 6, 8, 12)
TEXTS = ("text-small", "text", "text-large", "text-title", "text-number")
LOOKS = ("light", "dark", "contrast")
#: What stands beside the page's own language, so that both directions are seen.
OTHER_DIRECTION = {"ltr": "ar", "rtl": "fr"}


@dataclass(frozen=True, slots=True)
class Panel:
    """One look in one direction."""

    id: str
    words: i18n.Words


@public
def components() -> str:
    if not house().settings.demo:
        raise Refused(Refusal("not_found"))
    lang = language.of_request()
    return render_template(
        "public/components.html",
        looks=[(look, _panels(look, lang)) for look in LOOKS],
        colours=COLOURS,
        spaces=SPACES,
        texts=TEXTS,
        **language.for_template(lang),
    )


def _panels(look: str, lang: str) -> list[Panel]:
    both = (lang, OTHER_DIRECTION[i18n.direction(lang)])
    return [Panel(id=f"{look}-{one}", words=i18n.words(one)) for one in both]
