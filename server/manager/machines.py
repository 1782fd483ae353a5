"""The machines of a site on the manager's page: which of them live, since when one is silent, and what is wrong now.

What counts as wrong is decided in `server.reports.alerts`; here it gets a name and a local time. Revoked machines and
relays are no part of the hall.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from server.domain import calendar
from server.domain.entries import instant
from server.manager.presenters import Names
from server.reports.alerts import SILENT_AFTER
from server.store.devices import DeviceRow
from server.store.schema import from_ms
from server.web.i18n import Text
from server.web.reporting import Place

KINDS = ("kiosk", "display", "counter")


def machines_now(devices: Iterable[DeviceRow], place: Place) -> list[dict[str, Any]]:
    found = [row for row in devices if row.kind in KINDS and row.revoked_at is None]
    return [
        {
            "name": row.name,
            "kind": row.kind,
            "seen": None if row.last_seen_at is None else _local(place, from_ms(row.last_seen_at)),
            "online": row.last_seen_at is not None and place.at - from_ms(row.last_seen_at) <= SILENT_AFTER,
            "today": row.last_seen_at is not None and _is_today(place, from_ms(row.last_seen_at)),
        }
        for row in sorted(found, key=lambda row: (KINDS.index(row.kind), row.name, row.code))
    ]


def alerts_now(
    found: Iterable[Mapping[str, Any]], devices: Sequence[DeviceRow], place: Place, names: Names
) -> list[dict[str, Any]]:
    """What `server.reports.alerts` found, the newest first."""
    called = {row.code: row.name for row in devices}
    return [_alert(alert, place, names, called) for alert in sorted(found, key=lambda one: one["since"], reverse=True)]


def _alert(alert: Mapping[str, Any], place: Place, names: Names, called: Mapping[str, str]) -> dict[str, Any]:
    since = _local(place, instant(alert["since"]))
    return {
        "code": alert["code"],
        "text": names.words.t(f"alert.{alert['code']}"),
        "device": _where(alert, names, called),
        "since": names.words.t("manager.alert_since", time=since),
    }


def _where(alert: Mapping[str, Any], names: Names, called: Mapping[str, str]) -> Text | str:
    """The machine or the counter that it is about, if it is about one."""
    if "counter" in alert:
        return names.of("counter", alert["counter"])
    device: str = alert.get("device", "")
    return called.get(device, device)


def _is_today(place: Place, at: datetime) -> bool:
    return _local(place, at).date() == _local(place, place.at).date()


def _local(place: Place, at: datetime) -> datetime:
    return calendar.local(at, place.setup.timezone)
