"""Tickets as the kiosk would word them, in the reviewed words of the interface, for the tests of paper."""

from printers.slip import Language
from printers.ticket import Said, TicketWords, Words

FOLLOW = "https://accueil.example.ma/t/4J7QK2ZB5T3N6XWR2MCVHD7LPA"

TEXTS: dict[str, dict[Language, str]] = {
    "site": {
        "ar": "المستشفى الإقليمي محمد الخامس بالجديدة",
        "fr": "Hôpital provincial Mohammed V d'El Jadida",
        "es": "Hospital provincial Mohammed V de El Yadida",
        "en": "Mohammed V provincial hospital, El Jadida",
    },
    "number": {"ar": "الرقم", "fr": "Numéro", "es": "Número", "en": "Number", "zgh": "ⵓⵟⵟⵓⵏ"},
    "service": {
        "ar": "الأداء والفوترة (الصندوق)",
        "fr": "Caisse et facturation",
        "es": "Caja y facturación",
        "en": "Cash desk and billing",
    },
    "zone": {
        "ar": "الفضاء \u2068B\u2069، الطابق \u20681\u2069",
        "fr": "Espace B, 1er étage",
        "es": "Zona B, 1.ª planta",
        "en": "Zone B, first floor",
    },
    "ahead": {
        "ar": "قبلكم \u20687\u2069 أشخاص",
        "fr": "7 personnes avant vous",
        "es": "7 personas delante de usted",
        "en": "7 people ahead of you",
    },
    "wait": {
        "ar": "الانتظار المتوقع: من \u206825\u2069 إلى \u206835\u2069 دقيقة",
        "fr": "Attente prévue\N{NO-BREAK SPACE}: de 25 à 35 minutes",
        "es": "Espera prevista: de 25 a 35 minutos",
        "en": "Expected wait: 25 to 35 minutes",
    },
    "drawn_at": {
        "ar": "وقت أخذ التذكرة: \u206810:42\u2069",
        "fr": "Ticket pris à 10:42",
        "es": "Tique emitido a las 10:42",
        "en": "Ticket drawn at 10:42",
    },
    "promise": {
        "ar": "ينادى على الأرقام بالترتيب، ويسجل كل استثناء.",
        "fr": "Les numéros sont appelés dans l'ordre\N{NO-BREAK SPACE}; toute exception est enregistrée.",
        "es": "Los números se llaman por orden; toda excepción queda registrada.",
        "en": "Numbers are called in order; every exception is recorded.",
    },
    "keep": {
        "ar": "المرجو الاحتفاظ بهذه التذكرة إلى نهاية الخدمة.",
        "fr": "Gardez ce ticket jusqu'à la fin de votre démarche.",
        "es": "Conserve este tique hasta el final del trámite.",
        "en": "Keep this ticket until you have been served.",
    },
    "follow": {
        "ar": "لتتبع دوركم عبر الهاتف، المرجو مسح هذا الرمز",
        "fr": "Pour suivre votre tour sur votre téléphone, scannez ce code",
        "es": "Para seguir su turno en el teléfono, escanee este código",
        "en": "To follow your turn on your phone, scan this code",
    },
    "duplicate": {"ar": "نظير", "fr": "DUPLICATA", "es": "DUPLICADO", "en": "DUPLICATE"},
    "not_translated": {"ar": "لم يترجم بعد", "fr": "Pas encore traduit"},
}

SHOWN: dict[Language, tuple[Language, ...]] = {
    "ar": ("ar", "fr"),
    "fr": ("fr", "ar"),
    "zgh": ("zgh",),
    "es": ("es", "ar"),
    "en": ("en", "ar"),
}


def said(key: str, language: Language) -> Words:
    """The text in the ticket's languages; where Tamazight is missing, Arabic and French, marked."""
    known = TEXTS[key]
    if language == "zgh" and "zgh" not in known:
        return (Said(known["ar"], "ar", translated=False), Said(known["fr"], "fr", translated=False))
    return tuple(Said(known[one], one) for one in SHOWN[language])


def ticket(language: Language = "ar", **changed: object) -> TicketWords:
    facts: dict[str, object] = {
        "language": language,
        "site": said("site", language),
        "number": "A017",
        "number_label": said("number", language),
        "letter_word": "ألف" if language in ("ar", "zgh") else None,
        "service": said("service", language),
        "zone": said("zone", language),
        "ahead": said("ahead", language),
        "wait": said("wait", language),
        "drawn_at": said("drawn_at", language),
        "notes": (said("promise", language)[:1], said("keep", language)[:1]),
        "qr": FOLLOW,
        "qr_caption": said("follow", language)[:1],
        "untranslated_note": (Said(TEXTS["not_translated"]["ar"], "ar"), Said(TEXTS["not_translated"]["fr"], "fr")),
    }
    return TicketWords(**{**facts, **changed})  # type: ignore[arg-type]  # facts by name, so that a test changes one


def duplicate(language: Language) -> TicketWords:
    both = (Said(TEXTS["duplicate"]["fr"], "fr"), Said(TEXTS["duplicate"]["ar"], "ar"))
    return ticket(language, duplicate=both)
