"""A backup as one file: every table as JSON lines in a zip, with a manifest that says what is in it and by which digest.

The same file for both databases, so that one can be restored on the other. It holds what the database holds, secrets too,
and nobody but its owner may read it. A backup counts only once it was read again from the file and every chain in it
held; until then it has another name.
"""

import json
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection

from server.store import journal, tables
from server.store.journal import Broken, Head, StoredEntry
from server.store.tables import Row

#: The format of the file; a reader refuses one that it doesn't know.
FORMAT = 1
MANIFEST = "manifest.json"
#: Lines are packed in pieces of about this many bytes.
PIECE = 1 << 16


class BackupError(Exception):
    """A file that is no whole backup; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Part:
    """What the manifest says of one table."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    #: Version of the program that wrote it, and the schema that its tables have.
    program: str
    revision: str
    made_at: str
    parts: tuple[Part, ...]
    #: Where the journal of each site ends.
    heads: Mapping[str, Head]

    def part(self, name: str) -> Part:
        found = next((part for part in self.parts if part.name == name), None)
        if found is None:
            raise BackupError(f"it has no table {name}")
        return found


class Backup:
    """A backup that is open for reading."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self.manifest = _manifest(packed)

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of a table, from the file; BackupError at the end if they are not those of the manifest."""
        part, count, digest = self.manifest.part(name), 0, sha256()
        try:
            with self._packed.open(_member(name)) as lines:
                for line in lines:
                    digest.update(line)
                    count += 1
                    yield json.loads(line)
        except (KeyError, ValueError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
            raise BackupError(f"table {name} can't be read after row {count}: {error}") from error
        if (count, digest.hexdigest()) != (part.rows, part.sha256):
            raise BackupError(f"table {name} is not the one that the backup's manifest tells of")

    def facts(self, name: str) -> list[dict[str, Any]]:
        """The rows of a small table, by the names of its columns."""
        names = self.manifest.part(name).columns
        return [dict(zip(names, row, strict=True)) for row in self.rows(name)]


@contextmanager
def opened(path: Path) -> Iterator[Backup]:
    try:
        packed = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise BackupError(f"{path} is no backup: {error}") from error
    with packed:
        yield Backup(packed)


def write(conn: Connection, path: Path, *, program: str, revision: str, made_at: str) -> Manifest:
    """All that `conn` sees, which must be one moment, into `path`. Whatever is there is never written over."""
    partial = path.with_name(path.name + ".partial")
    if path.exists():
        raise BackupError(f"{path} is there already")
    partial.unlink(missing_ok=True)
    with _private(partial) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as packed:
            heads = {site: journal.head(conn, site) for site in sorted(journal.heads(conn))}
            manifest = Manifest(
                program=program,
                revision=revision,
                made_at=made_at,
                parts=tuple(_pack(conn, packed, table.name) for table in tables.all_tables()),
                heads={site: head for site, head in heads.items() if head is not None},
            )
            packed.writestr(MANIFEST, json.dumps(_manifest_body(manifest), indent=1))
        file.flush()
        os.fsync(file.fileno())
    check(partial)
    partial.rename(path)
    sync_folder(path.parent)
    return manifest


def check(path: Path) -> Manifest:
    """The manifest, once every table has its digest and every chain holds up to its head. Raises BackupError."""
    with opened(path) as backup:
        manifest = backup.manifest
        for part in manifest.parts:
            if part.name == "journal":
                _check_chains(backup)
            else:
                for _row in backup.rows(part.name):
                    pass
        kept = {row["site"]: Head(seq=row["last_seq"], hash=row["last_hash"]) for row in backup.facts("site_heads")}
        if kept != manifest.heads:
            raise BackupError("the heads of its journals are not those of its manifest")
    return manifest


def sync_folder(folder: Path) -> None:
    """What was renamed in it keeps its new name over a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def digest_of(path: Path) -> str:
    """SHA-256 of the whole file, to be noted beside it."""
    with path.open("rb") as file:
        digest = sha256()
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _check_chains(backup: Backup) -> None:
    names = backup.manifest.part("journal").columns
    at = [names.index(name) for name in ("site", *StoredEntry._fields)]
    found: dict[str, Head] = {}
    rows = ([row[n] for n in at] for row in backup.rows("journal"))
    for site, entries in groupby(rows, key=lambda row: str(row[0])):
        walked = journal.verify(site, (StoredEntry(*row[1:]) for row in entries))
        if isinstance(walked, Broken):
            raise BackupError(f"the journal of {site} does not hold at entry {walked.seq}: {walked.why}")
        found[site] = walked
    for site, head in backup.manifest.heads.items():
        if head.seq and found.get(site) != head:
            raise BackupError(f"the journal of {site} does not end at entry {head.seq} with {head.hash}")


def _pack(conn: Connection, packed: zipfile.ZipFile, name: str) -> Part:
    table = next(one for one in tables.all_tables() if one.name == name)
    count, digest, piece = 0, sha256(), bytearray()
    with packed.open(_member(name), "w", force_zip64=True) as member:
        for row in tables.rows(conn, table):
            piece += json.dumps(row, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
            count += 1
            if len(piece) >= PIECE:
                _put(member, digest, piece)
        _put(member, digest, piece)
    return Part(name=name, columns=tuple(tables.columns(table)), rows=count, sha256=digest.hexdigest())


def _put(member: IO[bytes], digest: Any, piece: bytearray) -> None:
    digest.update(piece)
    member.write(piece)
    piece.clear()


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """A new file that its owner alone may read."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    except OSError as error:
        raise BackupError(f"{path} can't be written: {error}") from error
    with os.fdopen(descriptor, "w+b") as file:
        yield file


def _member(name: str) -> str:
    return f"tables/{name}.jsonl"


def _manifest_body(manifest: Manifest) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "program": manifest.program,
        "revision": manifest.revision,
        "made_at": manifest.made_at,
        "tables": [
            {"name": part.name, "columns": list(part.columns), "rows": part.rows, "sha256": part.sha256}
            for part in manifest.parts
        ],
        "heads": {site: {"seq": head.seq, "hash": head.hash} for site, head in manifest.heads.items()},
    }


def _manifest(packed: zipfile.ZipFile) -> Manifest:
    try:
        body = json.loads(packed.read(MANIFEST))
        if body["format"] != FORMAT:
            raise BackupError(f"its format is {body['format']!r}; this program reads {FORMAT}")
        return Manifest(
            program=body["program"],
            revision=body["revision"],
            made_at=body["made_at"],
            parts=tuple(
                Part(name=one["name"], columns=tuple(one["columns"]), rows=one["rows"], sha256=one["sha256"])
                for one in body["tables"]
            ),
            heads={site: Head(seq=head["seq"], hash=head["hash"]) for site, head in body["heads"].items()},
        )
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise BackupError(f"it has no manifest that can be read: {error!r}") from error
