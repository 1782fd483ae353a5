"""`idarati backup` and `idarati restore`: everything that the database holds as one file, and that file put back."""

import re
import sys
from importlib.metadata import version
from pathlib import Path

import click

from server.actions import restoring
from server.actions.restoring import Claim, NotRestored, Wish
from server.clock import SystemClock
from server.commands.opening import answer, data_option, opened, say, settings_from, told_plainly
from server.domain.entries import instant_text
from server.store import backup_file, revision
from server.store.backup_file import BackupError
from server.store.engine import snapshot
from server.store.replacing import InUse

_SERIES = re.compile(r"([A-Z])=([0-9]{1,6})")


@click.command()
@data_option
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(data: Path | None, file: Path) -> None:
    """Write everything that the database holds into FILE, while the server runs, and check what was written.

    The file holds secrets and people's pass phrase hashes: keep it like the database itself.
    """
    with opened(data) as house:
        made_at = instant_text(house.clock.now())
        schema = revision.current(house.engine) or ""
        try:
            with snapshot(house.engine) as conn:
                made = backup_file.write(
                    conn, file, program=version("idarati-reception"), revision=schema, made_at=made_at
                )
        except BackupError as error:
            raise click.ClickException(str(error)) from error
    rows = sum(part.rows for part in made.parts)
    heads = {site: {"seq": head.seq, "hash": head.hash} for site, head in made.heads.items()}
    answer({"file": str(file), "sha256": backup_file.digest_of(file), "rows": rows, "heads": heads})
    say(f"{file}: {rows} rows; the journals of {len(heads)} sites hold.")


@click.command()
@data_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, metavar="NAME", help="Administrator or manager who restores …")
@click.option("--confirmed-by", required=True, metavar="NAME", help="… and the one who confirms it.")
@click.option("--losing", multiple=True, metavar="SITE=SEQ", help="The longer journal of SITE, up to SEQ, may be lost.")
@click.option("--highest", multiple=True, metavar="SITE:A=57,B=12", help="Highest numbers that were given, from paper.")
@click.option("--nothing-since", is_flag=True, help="No ticket was drawn since the backup was made.")
@click.option("--password-stdin", is_flag=True, help="Read both pass phrases from standard input, a line each.")
def restore(
    data: Path | None,
    file: Path,
    *,
    by: str,
    confirmed_by: str,
    losing: tuple[str, ...],
    highest: tuple[str, ...],
    nothing_since: bool,
    password_stdin: bool,
) -> None:
    """Put the backup in FILE in the place of the database, or where there is none yet. Stop the server first.

    Two people of the backup are asked for their pass phrases. What was there is put aside, not deleted. Each journal
    goes on with an entry that says so, and every series of numbers above the highest that is known.
    """
    settings = settings_from(data)
    try:
        manifest = backup_file.check(file)
        wish = Wish(
            by=_claim(by, from_stdin=password_stdin),
            confirmed_by=_claim(confirmed_by, from_stdin=password_stdin),
            losing=_losing(losing, list(manifest.heads)),
            highest=_highest(highest, list(manifest.heads)),
            nothing_since=nothing_since,
        )
        with told_plainly(), backup_file.opened(file) as packed:
            outcome = restoring.restore(settings.database, packed, wish, SystemClock())
    except (BackupError, NotRestored) as error:
        raise click.ClickException(f"{error}. Nothing was changed.") from error
    except InUse as error:
        raise click.ClickException(f"Stop the server first: {error}. Nothing was changed.") from error
    for site in outcome.sites:
        lost = None if site.lost is None else {"seq": site.lost.seq, "hash": site.lost.hash}
        answer({"site": site.site, "seq": site.seq, "backup_seq": site.backup.seq, "lost": lost, "series": site.series})
    say(f"Restored from {file}." + (f" What was there is in {outcome.aside}." if outcome.aside else ""))


def _claim(name: str, *, from_stdin: bool) -> Claim:
    if from_stdin:
        return Claim(name=name, password=sys.stdin.readline().rstrip("\n"))
    return Claim(name=name, password=click.prompt(f"Pass phrase of {name}", hide_input=True, err=True))


def _losing(words: tuple[str, ...], sites: list[str]) -> dict[str, int]:
    """`rabat=812`; at an installation with one site `812` alone."""
    found = {}
    for word in words:
        site, _, seq = word.rpartition("=")
        if not seq.isdigit():
            raise click.UsageError(f"--losing {word}: expected SITE=SEQ, such as rabat=812.")
        found[_site(site, sites, word)] = int(seq)
    return found


def _highest(words: tuple[str, ...], sites: list[str]) -> dict[str, dict[str, int]]:
    """`rabat:A=57,B=12`; at an installation with one site `A=57` alone."""
    found: dict[str, dict[str, int]] = {}
    for word in words:
        site, _, series = word.rpartition(":")
        for one in series.split(","):
            named = _SERIES.fullmatch(one)
            if named is None:
                raise click.UsageError(f"--highest {word}: expected SITE:A=57,B=12.")
            found.setdefault(_site(site, sites, word), {})[named[1]] = int(named[2])
    return found


def _site(site: str, sites: list[str], word: str) -> str:
    if not site and len(sites) == 1:
        return sites[0]
    # A site that the backup doesn't know may still be lost with the database that is there.
    if not site:
        raise click.UsageError(f"{word}: which site? The backup has {', '.join(sites)}.")
    return site
