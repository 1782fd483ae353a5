"""Who may be somebody here: people's roles and kinds of device. What each may reach is a table in `server.web`.

Guards have no role. A device is not a person and never gets a person's rights.
"""

from collections.abc import Mapping
from typing import Literal

Role = Literal["agent", "orienter", "manager", "programme", "inspector", "admin"]
DeviceKind = Literal["kiosk", "display", "counter", "relay"]

ROLES: tuple[Role, ...] = ("agent", "orienter", "manager", "programme", "inspector", "admin")
DEVICE_KINDS: tuple[DeviceKind, ...] = ("kiosk", "display", "counter", "relay")
#: Roles that are held for all sites at once.
EVERYWHERE: frozenset[Role] = frozenset({"programme", "admin"})
#: Roles that ask for a second factor, where the installation has one.
SECOND_FACTOR_ROLES: frozenset[str] = frozenset({"manager", "programme", "inspector", "admin"})
#: Which roles a person with the role may give and take, and whose people they may help: never their own, so that
#: nobody can raise himself.
GRANTS: Mapping[str, frozenset[str]] = {
    "manager": frozenset({"agent", "orienter"}),
    "admin": frozenset(ROLES),
}
