"""`idarati migrate`: the one command, beside the demo, that makes or changes tables."""

from pathlib import Path

import click

from server.commands.opening import answer, data_option, say, settings_from, told_plainly
from server.store import migrate as migrations
from server.store import revision
from server.store.engine import open_engine


@click.command()
@data_option
def migrate(data: Path | None) -> None:
    """Bring the database to the current schema. Doing it twice is harmless."""
    settings = settings_from(data)
    if settings.on_sqlite:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    with told_plainly():
        before = revision.current(engine)
        migrations.upgrade(engine)
        after = revision.current(engine)
    engine.dispose()
    answer({"from": before, "to": after})
    say("The database was current already." if before == after else f"The database is at {after} now.")
