"""What every command begins and ends with: the data folder, the settings, an open house; answers and refusals.

A command that finds no database, or one of an older schema, says what to run. Nothing but `migrate` and `demo` makes
or changes tables.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from server.actions.house import House, open_house
from server.config import SettingError, Settings, read_settings
from server.domain.errors import Refusal
from server.store import revision
from server.store.writer import Busy

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Data folder; the same as IDARATI_DATA_DIR.",
)
site_option = click.option("--site", required=True, metavar="SITE", help="Code of the site.")


def settings_from(data: Path | None, **changes: Any) -> Settings:
    try:
        return read_settings(data_dir=data, **changes)
    except SettingError as error:
        raise click.UsageError(str(error)) from error


@contextmanager
def opened(data: Path | None) -> Iterator[House]:
    """The house over a database that is there and current; it works beside a running server."""
    settings = settings_from(data)
    if settings.on_sqlite and not database_file(settings).is_file():
        raise click.ClickException(f"There is no database yet. {_what_to_run(settings)}")
    with told_plainly():
        house = open_house(settings)
        try:
            require_current(house.engine, settings)
            yield house
        finally:
            house.close()


@contextmanager
def told_plainly() -> Iterator[None]:
    """What the database can't do becomes a message instead of a traceback."""
    try:
        yield
    except Busy as error:
        raise click.ClickException(f"The database is busy: {error}. Try again.") from error
    except SQLAlchemyError as error:
        reason = getattr(error, "orig", None) or error
        raise click.ClickException(f"The database does not answer: {str(reason).strip()}") from error


def require_current(engine: Engine, settings: Settings) -> None:
    if not revision.is_current(engine):
        raise click.ClickException(f"The database has not the schema of this version. {_what_to_run(settings)}")


def database_file(settings: Settings) -> Path:
    return Path(settings.database.removeprefix("sqlite:///"))


def answer(facts: dict[str, Any]) -> None:
    """One line that a program may read."""
    click.echo(json.dumps(facts, ensure_ascii=False))


def say(text: str) -> None:
    """For the person at the terminal."""
    click.echo(text, err=True)


def unless_refused(did: T | Refusal) -> T:
    """What was done; a refusal ends the command with its code and message."""
    if isinstance(did, Refusal):
        refused(did)
    return did


def refused(refusal: Refusal) -> NoReturn:
    # Kept out of the module's head: most commands refuse nothing, and the words of five languages take a while to read.
    from server.web.i18n import words  # noqa: PLC0415

    message = words("en").t(f"error.{refusal.code}", **refusal.params)
    raise click.ClickException(f"{message} ({refusal.code})")


def require_site(house: House, site: str) -> None:
    if site not in house.site_codes():
        known = ", ".join(house.site_codes()) or "none yet"
        raise click.ClickException(f"There is no site {site!r}. Sites: {known}.")


def fail(facts: dict[str, Any], message: str) -> NoReturn:
    """The answer is no: said to programs and to people, and by exit code 1."""
    answer(facts)
    say(message)
    sys.exit(1)


def _what_to_run(settings: Settings) -> str:
    where = "" if settings.database_url else f" --data {settings.data_dir}"
    return f"Run: idarati migrate{where}"
