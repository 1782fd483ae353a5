"""`idarati site …`: a site's set-up as one file, in and out."""

from pathlib import Path

import click

from server.actions import sites
from server.commands.opening import answer, data_option, opened, require_site, say, unless_refused
from server.packs.places import PackError
from server.packs.reader import read_pack

#: A pack is refused beyond 1 MB; a little more is read, so that the refusal is the reader's own.
READ_MOST = 2_000_000


@click.group()
def site() -> None:
    """Import and export site packs."""


@site.command(name="import")
@data_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(data: Path | None, file: Path) -> None:
    """Set a site up by the pack in FILE. Importing the same file again changes nothing."""
    with file.open("rb") as opened_file:
        raw = opened_file.read(READ_MOST)
    try:
        pack = read_pack(raw.decode(), filename=file.name)
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file.name}: expected UTF-8 text (pack_invalid)") from error
    except PackError as error:
        raise click.ClickException(f"{error} ({error.code})") from error
    with opened(data) as house:
        done = unless_refused(sites.import_pack(house, pack))
    answer({"site": done.site, "new": done.new, "seq": done.seq})
    say(f"{done.site}: nothing to change." if done.seq is None else f"{done.site}: set up by entry {done.seq}.")


@site.command()
@data_option
@click.argument("site")
def export(data: Path | None, site: str) -> None:
    """Print the pack that SITE was set up by: the same file that was imported."""
    with opened(data) as house:
        require_site(house, site)
        hall = house.hall(site)
        text = None if hall is None or hall.setup is None else house.pack_text(hall.setup.pack)
    if text is None:
        raise click.ClickException(f"{site} has not been set up.")
    click.echo(text, nl=False)
