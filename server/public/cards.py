"""The card of a service on a phone: what to bring, what it costs, how long it takes, and how to appeal. Readable and printable.

Anybody may open it, so at a discreet site it goes by the service's neutral code alone and doesn't say its name: neither
in the page nor in its title or address. It says nothing of tickets and keeps nothing.
"""

from typing import Any

from flask import Response, make_response, render_template

from server.domain.errors import Refusal
from server.packs.pack import Pack
from server.packs.parts import PackService, Words
from server.web import checklists, i18n, language
from server.web.access import public
from server.web.context import house
from server.web.errors import Refused


@public
def card(site: str, service: str) -> Response:
    """The card in the language that the address asks for, else the browser's."""
    pack = house().pack(site)
    found = None if pack is None else pack.service(service)
    if pack is None or found is None or found.public_code != service:
        raise Refused(Refusal("not_found"))
    lang = language.of_request(pack.languages)
    page = render_template(
        "public/card.html",
        card=shown(i18n.words(lang), pack, found),
        discreet=pack.discreet,
        **language.for_template(lang, pack.languages),
    )
    response = make_response(page)
    if pack.discreet:
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def shown(words: i18n.Words, pack: Pack, service: PackService) -> dict[str, Any]:
    facts = service.card
    return {
        "site_name": _text(words, pack.names),
        "title": checklists.title(service, words),
        "documents": None
        if facts.documents is None
        else [
            {"name": _text(words, document.names), "only_if": _text_or_none(words, document.only_if)}
            for document in pack.documents_of(service)
        ],
        "fee": None if facts.fee_mad is None and facts.fee_note else checklists.fee(facts.fee_mad, words),
        "fee_note": _text_or_none(words, facts.fee_note),
        "deadline": words.t("card.law_cap", days=facts.cap_days)
        if facts.deadline_days is None
        else words.card_deadline(facts.deadline_days),
        "citizens_deadline": _text_or_none(words, facts.citizens_deadline),
        "facts": [
            (words.t(f"card.{name}"), _text_or_none(words, known) or words.t("common.unknown"))
            for name, known in (
                ("legal_text", facts.legal_text),
                ("filed_at", facts.filed_at),
                ("delivered_by", facts.delivered_by),
                ("appeal", facts.appeal),
            )
        ],
        "forms": [_text(words, form) for form in facts.forms or ()],
        "complete": not facts.missing() and not facts.demo,
        "demo": facts.demo,
    }


def _text(words: i18n.Words, names: Words) -> i18n.Text:
    return words.name({lang: names.own(lang) for lang in i18n.LANGUAGES})


def _text_or_none(words: i18n.Words, names: Words | None) -> i18n.Text | None:
    return None if names is None else _text(words, names)
