"""The files that pages load, of all packages together, and the version that stands in their addresses.

It needs no web framework, so that whoever makes a page can name its files. `server.web.handing` hands them out.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

#: What screens are made of; nothing else is handed out, whatever lies in a folder.
MIMETYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wav": "audio/wav",
    ".woff2": "font/woff2",
}

_folders: dict[str, Path] = {}
_made: dict[tuple[str, str], Callable[[], bytes]] = {}


def add(part: str, folder: Path) -> None:
    """Hand out the files of this folder as those of `part`; each package with screens adds its own."""
    _folders[part] = folder
    version.cache_clear()


def add_made(part: str, name: str, make: Callable[[], bytes]) -> None:
    """Hand out what a function makes, the same each time, as if it were a file."""
    _made[part, name] = make
    version.cache_clear()


@cache
def version() -> str:
    """Changes with any file."""
    digest = sha256()
    for part, folder in sorted(_folders.items()):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(f"{part}/{path.relative_to(folder)}\n".encode() + path.read_bytes())
    for (part, name), make in sorted(_made.items()):
        digest.update(f"{part}/{name}\n".encode() + make())
    return digest.hexdigest()[:12]


def address(part: str, name: str) -> str:
    """Where a page finds a file: a file of another version has another address, so this one can be kept for ever."""
    return f"/files/{version()}/{part}/{name}"


@cache
def content(part: str, name: str) -> tuple[bytes, str] | None:
    """A file and its media type; None where a page has no such file."""
    mimetype = MIMETYPES.get(Path(name).suffix)
    if mimetype is None:
        return None
    if (part, name) in _made:
        return _made[part, name](), mimetype
    if part not in _folders:
        return None
    folder = _folders[part].resolve()
    path = (folder / name).resolve()
    return (path.read_bytes(), mimetype) if path.is_relative_to(folder) and path.is_file() else None


add("web", Path(__file__).parent / "static" / "web")
