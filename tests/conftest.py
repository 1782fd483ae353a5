"""Fixtures that every test may ask for: a migrated database, on SQLite and on PostgreSQL, and a browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine

from server.actions import people
from server.store import migrate
from server.store.engine import open_engine
from tests import postgres as embedded

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session", autouse=True)
def _each_thing_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What hundreds of tests would do anew at a tenth of a second each: templates are compiled once for a process, and a
    password costs as little as argon2 can; what it really costs is held by the tests of people.
    """
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))}
    people.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[embedded.Postgres]:
    """The PostgreSQL of this run; a test that asks for it is marked `postgres`."""
    with embedded.running() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "idarati.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database: the test runs once on each kind."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copy(template, tmp_path / "idarati.db")
        yield f"sqlite:///{tmp_path}/idarati.db"
        return
    server: embedded.Postgres = request.getfixturevalue("postgres")
    url = server.clone()
    yield url
    server.drop(url)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One browser for all tests of pages: a process can drive no second one. Each test opens contexts of its own."""
    from tests.browser import chromium  # most tests need none

    chromium.require_chromium()
    with chromium.browsing() as browser:
        yield browser


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()
