"""`idarati demo`: four pilot sites with a month of past and living halls, in one folder and with one command.

The first start makes the demonstration, a later one continues it as it is. Its database is always SQLite in that
folder, whatever else is set: a demonstration must not end up in a real installation. This module imports little, so
that the process that watches over the server stays small.
"""

from dataclasses import replace
from functools import partial

from server import hosting
from server.actions.house import House
from server.config import Settings
from server.demo import announcing
from server.demo.folder import check_folder
from server.hosting import Stoppable


def demo(settings: Settings, *, fresh: bool = False, quiet_hall: bool = False, print_tokens: bool = False) -> None:
    """Make or continue the demonstration and serve it until stopped. Raises folder.NotADemo."""
    settings = replace(
        settings,
        demo=True,
        database_url="",
        redis_url="",
        workers=1,
        # A printed login is worth nothing where it asks for somebody else's phone.
        second_factor="optional",
        # So that the QR leads to the ticket's page on this machine; a phone in the hall needs a real address here.
        public_url=announcing.address(settings),
    )
    check_folder(settings.data_dir)
    hosting.serve(
        settings,
        before_fork=partial(_make_ready, settings, fresh=fresh, print_tokens=print_tokens),
        in_worker=partial(_go_backstage, quiet=quiet_hall),
    )


def _make_ready(settings: Settings, *, fresh: bool, print_tokens: bool) -> None:
    from server.demo.readying import make_ready  # noqa: PLC0415 - imported in the process that does it and ends

    make_ready(settings, fresh=fresh, print_tokens=print_tokens)


def _go_backstage(house: House, *, quiet: bool) -> Stoppable:
    from server.demo.backstage import begin  # noqa: PLC0415 - imported in the process that serves, after the fork

    return begin(house, quiet=quiet)
