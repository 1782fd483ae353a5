"""`idarati journal export`, `verify` and `replay`: the journal handed out, its chain and its tables checked.

All three only read, and work while the server runs.
"""

from itertools import islice
from pathlib import Path
from typing import IO

import click

from server.commands.opening import answer, data_option, fail, opened, require_site, say, site_option
from server.domain import heads
from server.reports import explanations, journal_file
from server.reports import replay as replays
from server.store import journal as journals
from server.store.engine import snapshot
from server.store.journal import Broken, Head

#: Differences that are shown to a person; programs get all of them.
SHOWN = 20


class HashOrCode(click.ParamType[str]):
    """A hash as it was published, or as much of it as there is on paper."""

    name = "hash"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        prefix = heads.prefix_of(value)
        if prefix is None:
            self.fail("neither 64 hexadecimal digits nor the 16 characters of a code", param, ctx)
        return prefix


@click.group()
def journal() -> None:
    """The journal of a site."""


@journal.command()
@site_option
@click.option("--after", type=click.IntRange(min=0), default=0, metavar="SEQ", help="Only entries after this number.")
@data_option
def export(site: str, after: int, data: Path | None) -> None:
    """Write the entries to standard output, one JSON document per line."""
    with opened(data) as house:
        require_site(house, site)
        with snapshot(house.engine) as conn:
            for line in journal_file.lines(conn, site, after=after):
                click.echo(line)


@click.command()
@click.option("--site", metavar="SITE", help="Check this site's journal in the database …")
@click.argument("file", required=False, type=click.File("rb"))
@click.option("--head", type=HashOrCode(), metavar="HASH", help="The hash, or its code, that the chain must end at.")
@click.option("--after", type=HashOrCode(), metavar="HASH", help="FILE goes on from the entry with this hash or code.")
@data_option
def verify(site: str | None, file: IO[bytes] | None, head: str | None, after: str | None, data: Path | None) -> None:
    """Check that the chain of a journal holds: in the database with --site, or in FILE as `journal export` wrote it.

    Prints the head and ends with 0, or names the first entry that doesn't hold and ends with 1. That nothing was cut
    off at the end can only be seen with --head, the hash that was published or the sixteen characters that were printed.
    """
    if (site is None) == (file is None):
        raise click.UsageError("Name either --site or a file.")
    if file is not None:
        found_site, found = journal_file.verify(file, head=head, after=after)
    else:
        if after is not None:
            raise click.UsageError("--after is for a file.")
        found_site, found = site, _verify_site(str(site), head, data)
    _conclude(found_site, found)


@click.command()
@site_option
@click.option("--calls", is_flag=True, help="Make every call once more by the rule, and list those that differ.")
@click.option("--from", "from_on", metavar="DAY", help="With --calls: from this business day (2026-11-24) …")
@click.option("--to", "to_on", metavar="DAY", help="… up to this one.")
@data_option
def replay(site: str, calls: bool, from_on: str | None, to_on: str | None, data: Path | None) -> None:  # noqa: FBT001 - click's way
    """Make the tables and the hall once more from the journal and compare them with what the database holds.

    With --calls the journal alone is read: each call is made once more by the rule that was in force, in the hall as it
    was, and compared with the call that was made.
    """
    if calls:
        _replay_calls(site, from_on, to_on, data)
        return
    with opened(data) as house:
        require_site(house, site)
        with snapshot(house.engine) as conn:
            found = replays.replay(conn, site)
    for difference in found:
        answer(difference.to_json())
    for difference in islice(found, SHOWN):
        say(str(difference))
    if found:
        raise click.ClickException(f"{len(found)} differences between the journal of {site} and the tables.")
    say(f"The tables say what the journal of {site} says.")


def _replay_calls(site: str, from_on: str | None, to_on: str | None, data: Path | None) -> None:
    count = different = 0
    with opened(data) as house:
        require_site(house, site)
        with snapshot(house.engine) as conn:
            after, until = journals.seqs_of_days(conn, site, from_on, to_on)
            for found in explanations.recalled(conn, site, after=after, until=until):
                if isinstance(found, int):
                    count = found
                    continue
                different += 1
                answer(found.to_json())
                if different <= SHOWN:
                    say(str(found))
    if different:
        raise click.ClickException(f"{different} differences in {count} calls of {site}.")
    answer({"site": site, "calls": count, "differences": 0})
    say(f"The rule makes all {count} calls of {site} once more.")


def _verify_site(site: str, head: str | None, data: Path | None) -> Head | Broken:
    with opened(data) as house:
        require_site(house, site)
        # One transaction, so that a running server can't move the head between the two questions.
        with snapshot(house.engine) as conn:
            stored_head = journals.head(conn, site)
            assert stored_head is not None
            found = journals.verify(site, journals.rows_after(conn, site), head=stored_head.hash)
            if head is None or stored_head.hash.startswith(head) or isinstance(found, Broken):
                return found
            return journals.verify(site, journals.rows_after(conn, site), head=head)


def _conclude(site: str | None, found: Head | Broken) -> None:
    if isinstance(found, Broken):
        fail(
            {"site": site, "entry": found.seq, "why": found.why},
            f"The journal of {site} does not hold at entry {found.seq}: {found.why}.",
        )
    answer(
        {"site": site, "seq": found.seq, "hash": found.hash, "short": heads.short(found.hash) if found.seq else None}
    )
    say(f"The journal of {site} holds up to entry {found.seq}.")
