"""Turns words/*.yaml into messages.po and messages.mo, one pair per language: `python -m server.translations.build`.
Each line is checked first, and one that is wrong stops the whole build: a language forgotten, a placeholder that is
not the same in all of them, a plural form missing. Nothing is translated or guessed here.
"""

import io
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from gettext import c2py
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

from server.translations.catalogues import COUNTED, HOME, SAMPLES, SPOKEN, plural_id
from server.translations.check import LANGUAGES, PLAIN, Message, problems

WORDS = HOME / "words"
FILES = ("interface.yaml", "screens.yaml", "fairness.yaml", "outsiders.yaml", "limits.yaml")
SAMPLE_NUMBERS = range(1000)
# A fixed date: the same words give the same bytes, whoever builds them and whenever.
WRITTEN = datetime(2026, 11, 24, tzinfo=UTC)
NOT_FOR_TRANSLATION = "about the catalogue itself, not for translation"


class WordsRefusedError(Exception):
    """One line per thing that is wrong in the words."""


def read(folder: Path = WORDS) -> list[Message]:
    """All messages of the words files, in the order they stand there."""
    messages: list[Message] = []
    for name in FILES:
        content = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
        meta = content["meta"]
        for key, line in content["messages"].items():
            messages.append(_message(key, line, file=name, meta=meta))
    return messages


def compiled(messages: list[Message]) -> dict[Path, bytes]:
    """What each catalogue file must hold, by its path below the translations folder."""
    if wrong := list(problems(messages)):
        raise WordsRefusedError("\n".join(wrong))
    files: dict[Path, bytes] = {}
    for lang in LANGUAGES:
        catalog = _catalog(lang, messages)
        folder = Path(lang) / "LC_MESSAGES"
        po, mo = io.BytesIO(), io.BytesIO()
        write_po(po, catalog, width=0)
        write_mo(mo, catalog)
        files[folder / "messages.po"] = po.getvalue()
        files[folder / "messages.mo"] = mo.getvalue()
    return files


def samples(lang: str, plural_expression: str) -> dict[str, int]:
    """A number for each plural category, in the order of the forms in the catalogue.

    The order comes from the catalogue's own expression, because it isn't the same everywhere: Babel's header for
    Arabic puts `other` before `many`, the usual one of GNU gettext puts it after.
    """
    category_of, index_of = Locale.parse(lang).plural_form, c2py(plural_expression)
    ordered: dict[int, tuple[str, int]] = {}
    for number in SAMPLE_NUMBERS:
        index, category = index_of(number), category_of(number)
        if ordered.setdefault(index, (category, number))[0] != category:
            raise WordsRefusedError(f"{lang}: the catalogue's plural header does not follow CLDR at {number}")
    return dict(ordered[index] for index in sorted(ordered))


def _message(key: str, line: Mapping[str, Any], *, file: str, meta: Mapping[str, Any]) -> Message:
    return Message(
        key=key,
        texts={lang: line.get(lang) for lang in LANGUAGES},
        given=frozenset(line),
        counts=line.get("plural"),
        spoken=line.get("ar_spoken"),
        note=line.get("note"),
        file=file,
        reviewed=bool(meta.get("reviewed", True)),
        allowed=frozenset(meta["placeholders"]),
    )


def _catalog(lang: str, messages: list[Message]) -> Catalog:
    catalog = Catalog(
        lang,
        project="Idarati reception",
        version="1",
        copyright_holder="Idarati reception",
        header_comment=f"# Idarati reception, {lang}. Made from words/*.yaml by `make words`: change the words there.",
        msgid_bugs_address="none",
        creation_date=WRITTEN,
        revision_date=WRITTEN,
        last_translator="none",
        language_team="none",
        fuzzy=False,
    )
    numbers = samples(lang, catalog.plural_expr) if lang in _languages_with_plurals(messages) else {}
    counted = {message.key: message.counts for message in messages if message.counts}
    catalog.add(COUNTED, _pairs(counted), auto_comments=[NOT_FOR_TRANSLATION])
    catalog.add(SAMPLES, _pairs(numbers), auto_comments=[NOT_FOR_TRANSLATION])
    for message in messages:
        _add(catalog, message, message.forms(lang), categories=tuple(numbers))
        if lang == "ar":
            _add(catalog, message, message.spoken_forms(), categories=tuple(numbers), context=SPOKEN)
    return catalog


def _languages_with_plurals(messages: list[Message]) -> set[str]:
    return {lang for lang in LANGUAGES for message in messages if message.counts and message.forms(lang)}


def _add(
    catalog: Catalog,
    message: Message,
    forms: Mapping[str, str],
    *,
    categories: tuple[str, ...],
    context: str | None = None,
) -> None:
    if not forms:
        return
    comments = [message.note] if message.note else []
    if not message.reviewed:
        comments.append("not yet reviewed")
    origin: list[Any] = [(message.file, None)]  # without line numbers, which would change with every message added
    identity: str | tuple[str, str] = message.key
    text: str | tuple[str, ...] = forms.get(PLAIN, "")
    if message.counts:
        identity = (message.key, plural_id(message.key))
        text = tuple(forms[category] for category in categories)
    catalog.add(identity, text, auto_comments=comments, locations=origin, context=context)


def _pairs(values: Mapping[str, object]) -> str:
    return " ".join(f"{name}={value}" for name, value in values.items()) or "-"


def main() -> int:
    try:
        files = compiled(read())
    except WordsRefusedError as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1
    for path, content in files.items():
        (HOME / path).parent.mkdir(parents=True, exist_ok=True)
        (HOME / path).write_bytes(content)
    sys.stdout.write(f"{len(files)} catalogue files written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
