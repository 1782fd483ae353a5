"""Handing out what a kiosk loads: its documents and static files, each only once for as long as nothing has changed.

A document is made once per pack and language and kept. Static files and the documents of the other languages have a
version in their address and are kept by the machine; the page itself is asked for again each time and mostly answered
with "not modified", so that a restart of a kiosk costs the network next to nothing. It knows no rule.
"""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from flask import Response, request, send_from_directory

from kiosk import pages, presenters
from server.domain.errors import Refusal
from server.packs.pack import Pack
from server.web.errors import Refused

FOR_EVER = "max-age=31536000, immutable"
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
    response = compressed(text, "text/html")
    response.headers["Cache-Control"] = f"private, {FOR_EVER if for_ever else 'no-cache'}"
    response.set_etag(sha256(text.encode()).hexdigest()[:24], weak=True)
    response.make_conditional(request)
    return response


def compressed(text: str, mimetype: str) -> Response:
    """Compressed where the machine can take it: a document is 50 kB, its compressed form an eighth of that."""
    response = Response(text, mimetype=mimetype)
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(text.encode(), compresslevel=6))
        response.headers["Content-Encoding"] = "gzip"
    return response


def static_file(version: str, part: str, name: str) -> Response:
    """A file under the version that the page knows it by. One of another version is not kept: it is not what was meant."""
    folder = pages.FOLDERS.get(part)
    if folder is None:
        raise Refused(Refusal("not_found"))
    response = send_from_directory(folder, name)
    response.headers["Cache-Control"] = f"public, {FOR_EVER}" if version == pages.files_version() else "no-store"
    return response
