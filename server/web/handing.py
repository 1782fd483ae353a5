"""Handing out what a screen loads, each thing only once for as long as nothing has changed.

A file is kept for ever under the version in its address, so that opening a screen again costs the network next to
nothing and an upgrade reaches every screen at its next page. A page is asked for again each time and mostly answered
with "not modified". What is text goes compressed. It knows no rule and no hall.
"""

import gzip
from collections.abc import Callable
from functools import cache
from hashlib import sha256

from flask import Response, request

from server.domain.errors import Refusal
from server.web import static_files
from server.web.errors import Refused

FOR_EVER = "max-age=31536000, immutable"

_COMPRESSED = {
    "text/css",
    "text/javascript",
    "image/svg+xml",
    "text/plain",
    "text/html",
    "application/json",
    "application/jsonl",
}


def file(version: str, part: str, name: str) -> Response:
    """A file under the version that a page knows it by. One of another version is not what was meant: it is not kept.

    Refused as: not_found.
    """
    found = static_files.content(part, name)
    if found is None:
        raise Refused(Refusal("not_found"))
    response = _response(*found, _packed_file)
    response.headers["Cache-Control"] = f"public, {FOR_EVER}" if version == static_files.version() else "no-store"
    return response


def page(text: str, *, keep: str = "no-cache") -> Response:
    """A page that is not sent again while it is the same; `keep` says for how long it need not even be asked for."""
    response = compressed(text, "text/html")
    response.headers["Cache-Control"] = f"private, {keep}"
    response.set_etag(sha256(text.encode()).hexdigest()[:24], weak=True)
    response.make_conditional(request)
    return response


def compressed(text: str, mimetype: str) -> Response:
    """A fraction of the bytes, for a screen that can take them so and stands at the end of a slow line."""
    return _response(text.encode(), mimetype, _packed)


def _response(content: bytes, mimetype: str, pack: Callable[[bytes], bytes]) -> Response:
    response = Response(mimetype=mimetype)
    if mimetype in _COMPRESSED:
        response.vary.add("Accept-Encoding")
        if request.accept_encodings.quality("gzip") > 0:
            content = pack(content)
            response.headers["Content-Encoding"] = "gzip"
    response.set_data(content)
    return response


def _packed(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=6, mtime=0)


#: Compressed once: there are far fewer files than requests.
_packed_file = cache(_packed)
