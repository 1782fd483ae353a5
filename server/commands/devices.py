"""`idarati device …`: kiosks, displays, counters' machines and relays."""

from pathlib import Path

import click

from server.actions import devices
from server.commands.opening import answer, data_option, opened, require_site, say, site_option, unless_refused
from server.domain.entries import instant_text
from server.domain.roles import DEVICE_KINDS
from server.store import devices as stored
from server.store.schema import from_ms


@click.group()
def device() -> None:
    """Add, list and revoke devices."""


@device.command()
@data_option
@site_option
@click.option("--kind", type=click.Choice(DEVICE_KINDS), required=True)
@click.option("--name", required=True, help="What people call the machine: Hall, left.")
@click.option("--token", "as_token", is_flag=True, help="Print a token instead: for a program that stands in for it.")
@click.option(
    "--unlimited", is_flag=True, help="With --token: a kiosk's token that draws as fast as the program likes."
)
def add(data: Path | None, site: str, kind: str, name: str, *, as_token: bool, unlimited: bool) -> None:
    """Add a device and print its enrolment address, or with --token its token, once."""
    with opened(data) as house:
        require_site(house, site)
        added = unless_refused(devices.add_device(house, site=site, kind=kind, name=name))
        facts = {"device": added.code, "site": site, "kind": kind, "name": name}
        if as_token:
            token = unless_refused(devices.create_device_token(house, device=added.code, unlimited=unlimited))
            answer({**facts, "token": token})
            say("The token is shown this once and kept nowhere.")
            return
        base = house.settings.public_url.rstrip("/") or f"http://{house.settings.host}:{house.settings.port}"
    answer({**facts, "code": added.enrol_code, "url": f"{base}/enrol/{added.enrol_code}"})
    minutes = int(devices.ENROL_FOR.total_seconds() // 60)
    say(f"Open the address on the machine itself within {minutes} minutes; it works once.")


@device.command(name="list")
@data_option
@click.option("--site", metavar="SITE", help="Only the devices of this site.")
def list_(data: Path | None, site: str | None) -> None:
    """List devices, one line each."""
    with opened(data) as house:
        if site is not None:
            require_site(house, site)
        with house.read() as conn:
            rows = stored.devices_of(conn, site)
    for row in rows:
        revoked_at = None if row.revoked_at is None else instant_text(from_ms(row.revoked_at))
        answer(
            {
                "device": row.code,
                "site": row.site,
                "kind": row.kind,
                "name": row.name,
                "printer": row.printer or None,
                "revoked_at": revoked_at,
            }
        )


@device.command()
@data_option
@click.argument("device")
def revoke(data: Path | None, device: str) -> None:
    """Take a device's rights away: its token and its enrolment count no more."""
    with opened(data) as house:
        row = unless_refused(devices.revoke_device(house, device=device))
    answer({"device": row.code, "site": row.site, "kind": row.kind, "revoked": True})
