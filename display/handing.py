"""Handing out what a display loads: pages that are asked for again and mostly "not modified", and files kept for ever.

A file has the version of all files in its address, so that a restart in the morning costs the network next to nothing
and an upgrade reaches every screen. It knows no rule and no hall.
"""

import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Response, request, send_from_directory

from display import chime
from server.domain.errors import Refusal
from server.web import i18n
from server.web.errors import Refused

FOR_EVER = "public, max-age=31536000, immutable"
CHIME = "chime.wav"
COMPRESSED = {"text/css", "text/javascript", "application/javascript", "image/svg+xml"}
#: Shared and own static files, by the name that a page calls them by.
FOLDERS = {
    "web": Path(i18n.__file__).parent / "static" / "web",
    "display": Path(__file__).parent / "static" / "display",
}
_TEMPLATES = Path(__file__).parent / "templates"


@cache
def files_version() -> str:
    """Changes with any static file or template."""
    digest = sha256(chime.wav())
    for folder in (*FOLDERS.values(), _TEMPLATES):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def address(part: str, name: str) -> str:
    return f"/display/files/{files_version()}/{part}/{name}"


def static_file(version: str, part: str, name: str) -> Response:
    """A file under the version that the page knows it by. One of another version is not what was meant: never kept."""
    if (part, name) == ("display", CHIME):
        response = Response(chime.wav(), mimetype="audio/wav")
    elif part in FOLDERS:
        response = send_from_directory(FOLDERS[part], name)
        if response.mimetype in COMPRESSED:
            response = _compressed((FOLDERS[part] / name).read_text(encoding="utf-8"), response.mimetype)
    else:
        raise Refused(Refusal("not_found"))
    response.headers["Cache-Control"] = FOR_EVER if version == files_version() else "no-store"
    return response


def page(text: str) -> Response:
    """Not sent again while it is the same."""
    response = _compressed(text, "text/html")
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(sha256(text.encode()).hexdigest()[:24], weak=True)
    response.make_conditional(request)
    return response


def _compressed(text: str, mimetype: str) -> Response:
    """Where the machine can take it: a third of the bytes on the way to a screen at the end of a slow line."""
    response = Response(text, mimetype=mimetype)
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(text.encode(), compresslevel=6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
