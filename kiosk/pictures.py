"""Which picture stands beside a document of a card, so that somebody who can't read knows what to bring.

A document's picture follows from its code in the pack. What no rule knows gets a sheet of paper, which is never wrong.
It looks at codes alone and never at names.
"""

import re

PAPER = "doc_paper"

#: The first that fits holds: a form for a passport is a form.
_RULES = (
    (re.compile(r"form"), "doc_form"),
    (re.compile(r"photo"), "doc_photo"),
    (re.compile(r"residence"), "doc_home"),
    (re.compile(r"receipt|payment|stamp"), "doc_receipt"),
    (re.compile(r"appt"), "calendar"),
    (re.compile(r"cnie|^id_|_id$|insurance_card"), "id_card"),
    (re.compile(r"passport"), "passport"),
    (re.compile(r"medical|doctor|admission|lab_order|pli_"), "doctor"),
    (re.compile(r"licence"), "licence"),
    (re.compile(r"carte_grise|inspection|^ww$|customs"), "vehicle_card"),
    (re.compile(r"birth|livret|extract"), "birth"),
)


def of_document(code: str) -> str:
    return next((picture for rule, picture in _RULES if rule.search(code)), PAPER)
