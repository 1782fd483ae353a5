"""The documents of a pack, each made once per pack and language and kept for as long as the pack is in force."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, request

from kiosk import pages, presenters
from server.packs.pack import Pack
from server.web import handing

#: Packs whose documents are kept: those in force, and some before them.
KEPT = 32


@dataclass(frozen=True, slots=True)
class Documents:
    version: str
    by_language: Mapping[str, str]


_kept: dict[str, Documents] = {}


def documents_of(pack: Pack) -> Documents:
    made = _kept.get(pack.digest)
    if made is None:
        made = Documents(*pages.documents(presenters.catalogue(pack)))
        if len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[pack.digest] = made
    return made


def document(pack: Pack, lang: str, *, csrf_token: str) -> Response:
    """The page of one language. Asked for with its version it holds no session's token and may be kept for ever."""
    documents = documents_of(pack)
    for_ever = request.args.get("v") == documents.version
    text = documents.by_language[lang].replace(pages.CSRF_MARK, "" if for_ever else csrf_token)
    return handing.page(text, keep=handing.FOR_EVER if for_ever else "no-cache")
