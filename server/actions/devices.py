"""Devices: added with a one-time enrolment code, enrolled by it, revoked. A device is never a person."""

import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from server.actions.house import House
from server.actions.people import fresh_code, fresh_token, token_hash
from server.domain.errors import Refusal
from server.domain.roles import DEVICE_KINDS
from server.store import devices, sites, tokens
from server.store.devices import DeviceRow
from server.store.schema import to_ms

log = logging.getLogger(__name__)

#: Ten letters and digits that can be told apart when read aloud: about 49 bits for a quarter of an hour.
_CLEAR = "ABCDEFGHKMNPQRSTUVWXYZ23456789"
ENROL_LENGTH = 10
ENROL_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class AddedDevice:
    code: str
    enrol_code: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    device: DeviceRow
    token: str


def add_device(
    house: House,
    *,
    site: str,
    kind: str,
    name: str,
    printer: str | None = None,
    enrol_for: timedelta = ENROL_FOR,
) -> AddedDevice | Refusal:
    """A device and its enrolment code, shown once. A kiosk prints where the pack's kiosk of that name does, if it says.

    Refused as: invalid_input, no_such_site.
    """
    if kind not in DEVICE_KINDS or not name.strip() or len(name) > 80:
        return Refusal("invalid_input")
    code, enrol_code, now = fresh_code(), fresh_enrol_code(), house.clock.now()
    if printer is None:
        printer = _printer_by_pack(house, site, name)

    def write(conn: Connection) -> Refusal | None:
        if sites.site_row(conn, site) is None:
            return Refusal("no_such_site")
        devices.add_device(
            conn,
            code=code,
            site=site,
            kind=kind,
            name=name,
            printer=printer if kind == "kiosk" else "",
            enrol_hash=token_hash(enrol_code),
            enrol_until=to_ms(now + enrol_for),
            at_ms=to_ms(now),
        )
        return None

    return house.writer.run(write) or AddedDevice(code=code, enrol_code=enrol_code)


def enrol(house: House, *, enrol_code: str) -> Enrolled | Refusal:
    """Use an enrolment code up: the device and its token, shown once. Refused as: enrolment_code_unknown."""
    token, at_ms = fresh_token(), to_ms(house.clock.now())

    def write(conn: Connection) -> Enrolled | Refusal:
        device = devices.take_enrolment(conn, enrol_hash=token_hash(enrol_code.upper()), at_ms=at_ms)
        if device is None:
            return Refusal("enrolment_code_unknown")
        _add_token(conn, device, token, at_ms)
        return Enrolled(device=device, token=token)

    return house.writer.run(write)


def renew_enrolment(
    house: House, *, device: str, site: str | None = None, enrol_for: timedelta = ENROL_FOR
) -> str | Refusal:
    """A new enrolment code for a known device. Refused as: no_such_device, device_revoked."""
    enrol_code, until = fresh_enrol_code(), to_ms(house.clock.now() + enrol_for)

    def write(conn: Connection) -> Refusal | None:
        row = _known(conn, device, site)
        if isinstance(row, Refusal):
            return row
        if row.revoked_at is not None:
            return Refusal("device_revoked")
        devices.set_enrolment(conn, code=device, enrol_hash=token_hash(enrol_code), enrol_until=until)
        return None

    return house.writer.run(write) or enrol_code


def rename_device(house: House, *, device: str, site: str, name: str) -> DeviceRow | Refusal:
    """What people call the machine from now on. Refused as: invalid_input, no_such_device."""
    name = " ".join(name.split())
    if not name or len(name) > 80:
        return Refusal("invalid_input")

    def write(conn: Connection) -> DeviceRow | Refusal:
        row = _known(conn, device, site)
        if not isinstance(row, Refusal):
            devices.rename(conn, code=device, name=name)
        return row

    return house.writer.run(write)


def create_device_token(house: House, *, device: str, unlimited: bool = False) -> str | Refusal:
    """A further token for a device that a program stands in for; `unlimited` exempts it from a kiosk's limit on draws.

    Refused as: no_such_device.
    """
    token, at_ms = fresh_token(), to_ms(house.clock.now())

    def write(conn: Connection) -> Refusal | None:
        row = devices.device(conn, device)
        if row is None or row.revoked_at is not None:
            return Refusal("no_such_device")
        _add_token(conn, row, token, at_ms, unlimited=unlimited)
        return None

    return house.writer.run(write) or token


def revoke_device(house: House, *, device: str, site: str | None = None) -> DeviceRow | Refusal:
    """The device's tokens count no more. Refused as: no_such_device."""
    at_ms = to_ms(house.clock.now())

    def write(conn: Connection) -> DeviceRow | Refusal:
        row = _known(conn, device, site)
        if not isinstance(row, Refusal):
            devices.revoke(conn, code=device, at_ms=at_ms)
            tokens.revoke_tokens_of(conn, code=device, at_ms=at_ms)
        return row

    revoked = house.writer.run(write)
    if not isinstance(revoked, Refusal):
        log.info("%s: %s %s revoked", revoked.site, revoked.kind, device)
    return revoked


def set_printer(house: House, *, device: str, printer: str) -> DeviceRow | Refusal:
    """Where a kiosk's tickets are printed from now on. Refused as: no_such_device."""

    def write(conn: Connection) -> DeviceRow | Refusal:
        row = devices.device(conn, device)
        if row is None or row.kind != "kiosk":
            return Refusal("no_such_device")
        devices.set_printer(conn, code=device, printer=printer)
        return row

    return house.writer.run(write)


def devices_of(house: House, site: str) -> list[DeviceRow]:
    with house.read() as conn:
        return devices.devices_of(conn, site)


def fresh_enrol_code() -> str:
    return "".join(secrets.choice(_CLEAR) for _ in range(ENROL_LENGTH))


def _known(conn: Connection, device: str, site: str | None) -> DeviceRow | Refusal:
    """The device, if it is one of this site; None: of any."""
    row = devices.device(conn, device)
    return Refusal("no_such_device") if row is None or site not in {None, row.site} else row


def _printer_by_pack(house: House, site: str, name: str) -> str:
    pack = house.pack(site)
    named = {} if pack is None else {kiosk.name: kiosk.printer for kiosk in pack.kiosks}
    return named.get(name) or "virtual:"


def _add_token(conn: Connection, device: DeviceRow, token: str, at_ms: int, *, unlimited: bool = False) -> None:
    tokens.add_token(
        conn,
        token_hash=token_hash(token),
        kind=device.kind,
        site=device.site,
        code=device.code,
        counter=None,
        at_ms=at_ms,
        unlimited=unlimited,
    )
