"""`idarati ticket preview`, `printer set` and `printer check`: paper looked at, aimed and tried, from a terminal."""

from collections.abc import Sequence
from pathlib import Path

import click

from printers import preview as previews
from printers import transports
from printers.errors import PrinterUnreachable, UnknownPrinterError
from printers.layout import WIDTHS
from server.actions import devices
from server.clock import SystemClock
from server.commands.opening import (
    answer,
    data_option,
    database_file,
    fail,
    opened,
    require_site,
    say,
    settings_from,
    site_option,
    unless_refused,
)
from server.packs.pack import Pack
from server.packs.shipped import SITES, shipped_packs
from server.store import devices as kiosks
from server.store.devices import DeviceRow
from server.web import slips

#: Resets a printer and prints nothing.
HELLO = b"\x1b@"
#: Stands in the code of a ticket that nobody drew.
NOBODYS = "a" * 26
FORMS = (".png", ".bin", ".txt")


@click.group()
def ticket() -> None:
    """Paper tickets."""


@ticket.command()
@site_option
@click.option("--service", required=True, metavar="SERVICE", help="Code of the service.")
@click.option("--language", required=True, metavar="LANGUAGE", help="Language of the ticket: ar, zgh, fr, es or en.")
@click.option("--width", type=click.Choice([str(width) for width in WIDTHS]), default="576", help="Dots across.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="FILE.png for a picture, FILE.bin for the printer's bytes, FILE.txt for the words.",
)
@data_option
def preview(*, site: str, service: str, language: str, width: str, output: Path, data: Path | None) -> None:
    """Draw a ticket as it would be printed at this moment. The site may be one that is shipped and not imported."""
    if output.suffix not in FORMS:
        raise click.BadParameter(f"{output.name} ends in none of {', '.join(FORMS)}", param_hint="--output")
    pack = _pack(site, data)
    if language not in pack.languages:
        raise _none_such("language", language, pack.languages)
    if pack.service(service) is None:
        raise _none_such("service", service, [known.code for known in pack.services])
    public_url = settings_from(data).public_url.rstrip("/")
    facts = slips.specimen(
        pack,
        at=SystemClock().now(),
        service=service,
        language=language,
        follow_url=f"{public_url}/t/{NOBODYS}" if public_url else None,
    )
    drawn = previews.render(slips.ticket_slip(pack, facts), int(width))
    content = {".png": drawn.png, ".bin": drawn.bytes, ".txt": drawn.text.encode()}[output.suffix]
    output.write_bytes(content)
    answer({"file": str(output), "width": int(width), "height": drawn.picture.height, "bytes": len(content)})
    if not public_url:
        say("Without IDARATI_PUBLIC_URL no code to follow the ticket is printed.")


@click.group()
def printer() -> None:
    """The printers of kiosks."""


@printer.command(name="set")
@site_option
@click.option("--device", required=True, metavar="KIOSK", help="Name or code of the kiosk.")
@click.argument("url")
@data_option
def set_printer(site: str, device: str, url: str, data: Path | None) -> None:
    """Print a kiosk's tickets at URL from now on: tcp://host:9100 or virtual:. A running server takes it over at once."""
    _address(url)
    with opened(data) as house:
        require_site(house, site)
        with house.read() as conn:
            known = [row for row in kiosks.devices_of(conn, site) if row.kind == "kiosk" and row.revoked_at is None]
        kiosk = _kiosk(known, device)
        unless_refused(devices.set_printer(house, device=kiosk.code, printer=url))
    answer({"site": site, "device": kiosk.code, "name": kiosk.name, "printer": url})
    say(f"Kiosk {kiosk.name} of {site} prints at {url}.")


@printer.command()
@click.argument("url")
@data_option
def check(url: str, data: Path | None) -> None:
    """Talk to the printer at URL and say whether it can be reached. Nothing is printed. Ends with 0 or 1."""
    del data
    if _address(url).scheme == "tcp":
        try:
            transports.open_transport(url).send(HELLO)
        except PrinterUnreachable as unreachable:
            fail({"printer": url, "reachable": False, "code": unreachable.code}, f"{unreachable}.")
    answer({"printer": url, "reachable": True, "code": None})
    say(f"The printer at {url} can be reached. Whether it has paper it does not say.")


def _pack(site: str, data: Path | None) -> Pack:
    """The site's pack in the database; without a database the shipped one."""
    settings = settings_from(data)
    if settings.on_sqlite and not database_file(settings).is_file():
        if site not in SITES:
            raise _none_such("site", site, SITES)
        return next(pack for pack in shipped_packs() if pack.site == site)
    with opened(data) as house:
        require_site(house, site)
        pack = house.pack(site)
    if pack is None:
        raise click.ClickException(f"Site {site} has no set-up in force yet.")
    return pack


def _kiosk(known: list[DeviceRow], wanted: str) -> DeviceRow:
    found = [row for row in known if wanted in (row.code, row.name)]
    if len(found) > 1:
        raise click.ClickException(f"Several kiosks are named {wanted!r}: {', '.join(row.code for row in found)}.")
    if not found:
        raise _none_such("kiosk", wanted, [f"{row.name} ({row.code})" for row in known])
    return found[0]


def _address(url: str) -> transports.Address:
    try:
        return transports.parse(url)
    except UnknownPrinterError as unknown:
        raise click.ClickException(f"{unknown}.") from unknown


def _none_such(what: str, wanted: str, known: Sequence[str]) -> click.ClickException:
    return click.ClickException(f"There is no {what} {wanted!r}. Known: {', '.join(known) or 'none yet'}.")
