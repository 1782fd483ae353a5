"""Dates and times as they are said to the public: 24-hour HH:MM, Western digits, the month names used in Morocco.
It knows no time zone: whoever calls has already put the instant into the site's local time.
"""

from datetime import date, datetime, time

_MONTHS = {
    "ar": "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر",
    "zgh": "ⵉⵏⵏⴰⵢⵔ ⴱⵕⴰⵢⵕ ⵎⴰⵕⵚ ⵉⴱⵔⵉⵔ ⵎⴰⵢⵢⵓ ⵢⵓⵏⵢⵓ ⵢⵓⵍⵢⵓⵣ ⵖⵓⵛⵜ ⵛⵓⵜⴰⵏⴱⵉⵔ ⴽⵜⵓⴱⵔ ⵏⵓⵡⴰⵏⴱⵉⵔ ⴷⵓⵊⴰⵏⴱⵉⵔ",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "en": "January February March April May June July August September October November December",
}
_DAYS = {  # Monday first, as in date.weekday()
    "ar": "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
    "zgh": "ⴰⵢⵏⴰⵙ ⴰⵙⵉⵏⴰⵙ ⴰⴽⵕⴰⵙ ⴰⴽⵡⴰⵙ ⴰⵙⵉⵎⵡⴰⵙ ⴰⵙⵉⴹⵢⴰⵙ ⴰⵙⴰⵎⴰⵙ",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}


def clock_time(at: datetime | time) -> str:
    return f"{at.hour:02}:{at.minute:02}"


def weekday(on: date, lang: str) -> str:
    return _DAYS[lang].split()[on.weekday()]


def month(on: date, lang: str) -> str:
    return _MONTHS[lang].split()[on.month - 1]


def long_date(on: date, lang: str) -> str:
    """24 نونبر 2026, 24 novembre 2026, 24 de noviembre de 2026."""
    of = " de " if lang == "es" else " "
    day = "1er" if lang == "fr" and on.day == 1 else str(on.day)
    return f"{day}{of}{month(on, lang)}{of}{on.year}"


def full_date(on: date, lang: str) -> str:
    """With the day of the week: mardi 24 novembre 2026."""
    comma = {"ar": " ", "zgh": " ", "fr": " ", "es": ", ", "en": " "}[lang]
    return f"{weekday(on, lang)}{comma}{long_date(on, lang)}"
