"""Writes the next migration: what schema.py has that the newest revision has not.

python -m server.store.migrations.new "add the booklets"

Read what it wrote before you commit it: a changed CHECK constraint is not detected, and a migration that rebuilds the
journal must drop and create the triggers itself (server.store.triggers).
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from server.store import migrate
from server.store.engine import open_engine


def main(message: str) -> None:
    folder = Path(__file__).parent
    taken = len(list(ScriptDirectory(str(folder)).walk_revisions()))
    with tempfile.TemporaryDirectory() as scratch:
        engine = open_engine(f"sqlite:///{scratch}/newest.db")
        if taken:
            migrate.upgrade(engine)
        with engine.execution_options(writes=True).begin() as conn:
            command.revision(migrate.config(conn), message=message, autogenerate=True, rev_id=f"{taken + 1:04d}")
        engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
