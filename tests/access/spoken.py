"""What a screen reader finds at the kiosk, step by step, as text: roles, names and states in the order in which they are read.
`python -m tests.access.spoken` writes it anew into spoken/; the difference is then for people to read.
"""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.access import hall as halls
from tests.access.hall import Hall
from tests.access.tours import TOURS
from tests.browser import chromium

FOLDER = Path(__file__).parent / "spoken"
LANGUAGES = ("ar", "fr")
STEPS = ("kiosk", "kiosk, troubles")
#: What differs from one run to the next.
CHANGING = (
    (re.compile(r"\b[A-Z]\d{3}\b"), "A000"),
    (re.compile(r"\b\d\d:\d\d\b"), "00:00"),
    (re.compile(r"\b[12]\d(?= (?:secondes|ثانية))"), "20"),
)
ISOLATES = re.compile("[\u2066-\u2069\u200e\u200f]")


def read_out(hall: Hall, lang: str) -> str:
    parts = [
        f"== {tour}: {name}\n{page.locator('body').aria_snapshot()}\n"
        for tour in STEPS
        for name, page in TOURS[tour](hall, lang)
    ]
    text = ISOLATES.sub("", "\n".join(parts))
    for pattern, instead in CHANGING:
        text = pattern.sub(instead, text)
    return text


def kept(lang: str) -> Path:
    return FOLDER / f"kiosk-{lang}.txt"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with chromium.browsing() as browser:
        for lang in LANGUAGES:
            with TemporaryDirectory() as folder, halls.opened(Path(folder), browser) as hall:
                kept(lang).write_text(read_out(hall, lang), encoding="utf-8")


if __name__ == "__main__":
    main()
