"""Settings: everything that can be set from outside, read once from the environment, frozen.

Each field's metadata says what docs/settings.md says; a test holds the two together. Nothing else in the house reads
the environment.
"""

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

PREFIX = "IDARATI_"


class SettingError(ValueError):
    """A setting that can't be read; the message names it and what was expected."""


def _setting(default: Any, about: str, *, choices: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"about": about, "choices": choices})


@dataclass(frozen=True, slots=True)
class Settings:
    data_dir: Path = _setting(Path("data"), "Folder of the SQLite database and of the virtual printer's paper.")
    database_url: str = _setting("", "SQLAlchemy address of the database; empty: SQLite in the data folder.")
    redis_url: str = _setting("", "Redis or Valkey that wakes the other processes; empty: one process.")
    secret_key: str = _setting("", "Signs logins; empty: made once and kept in the database.")
    public_url: str = _setting("", "Address under which phones reach this server; empty: no follow QR is printed.")
    trusted_proxies: int = _setting(0, "How many proxies in front of the server may name the client's address.")
    secure_cookies: bool = _setting(False, "Send cookies over HTTPS only; on whenever `PUBLIC_URL` begins with https.")  # noqa: FBT003 - a default, not a flag argument
    host: str = _setting("127.0.0.1", "Address the server listens on.")
    port: int = _setting(5000, "Port the server listens on.")
    workers: int = _setting(1, "Server processes; more than one needs PostgreSQL and Redis.")
    sockets: int = _setting(400, "Most live sockets one threaded process holds; further ones are refused with a word.")
    second_factor: str = _setting(
        "required",
        "Second factor of managers and above at login: required, optional, off.",
        choices=("required", "optional", "off"),
    )
    oidc_issuer: str = _setting("", "OpenID Connect provider by which known people may log in; empty: none.")
    oidc_client_id: str = _setting("", "Our name at the OpenID Connect provider.")
    oidc_client_secret: str = _setting("", "Our secret at the OpenID Connect provider.")
    oidc_claim: str = _setting("preferred_username", "Claim of the provider's token that holds a person's name here.")
    heads_webhooks: str = _setting(
        "", "Addresses outside that each closed day's head is posted to, one after the other."
    )
    heads_key: str = _setting("", "Key by which posted heads are signed; empty: they are not.")
    heads_mail: str = _setting(
        "", "Mail addresses outside that each closed day's head is sent to, one after the other."
    )
    smtp_url: str = _setting("", "Mail server: `smtp://user:password@host:587` or `smtps://…`; empty: no mail.")
    mail_from: str = _setting("", "Address that mail comes from.")
    notes_days: int = _setting(90, "For how many days notes and remarks are kept that the journal only seals.")
    voice: str = _setting(
        "synthesiser",
        "What kiosks read aloud with, beside recorded clips: synthesiser, recordings, off.",
        choices=("synthesiser", "recordings", "off"),
    )
    log_level: str = _setting("INFO", "How much is logged: DEBUG, INFO, WARNING, ERROR.")
    demo: bool = _setting(False, "Demonstration: shows logins and paper on pages. Set by `idarati demo`, not by hand.")  # noqa: FBT003 - a default, not a flag argument

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'idarati.db'}"

    @property
    def on_sqlite(self) -> bool:
        return self.database.startswith("sqlite")

    @property
    def cookies_secure(self) -> bool:
        return self.secure_cookies or self.public_url.startswith("https:")


def read_settings(environ: Mapping[str, str] | None = None, **changes: Any) -> Settings:
    """Settings from `IDARATI_…`, then what the command line says. Raises SettingError."""
    environ = os.environ if environ is None else environ
    found = {
        setting.name: _read(setting, environ[PREFIX + setting.name.upper()])
        for setting in fields(Settings)
        if PREFIX + setting.name.upper() in environ
    }
    return replace(Settings(), **{**found, **{name: value for name, value in changes.items() if value is not None}})


def _read(setting: "Field[Any]", text: str) -> Any:
    default, choices = setting.default, setting.metadata["choices"]
    if choices and text not in choices:
        raise SettingError(f"{PREFIX}{setting.name.upper()}: expected one of {', '.join(choices)}, found {text!r}")
    if isinstance(default, bool):
        if text.lower() not in {"0", "1", "true", "false", "yes", "no"}:
            raise SettingError(f"{PREFIX}{setting.name.upper()}: expected yes or no, found {text!r}")
        return text.lower() in {"1", "true", "yes"}
    if isinstance(default, int):
        if not text.isascii() or not text.isdigit():
            raise SettingError(f"{PREFIX}{setting.name.upper()}: expected a whole number, found {text!r}")
        return int(text)
    return Path(text) if isinstance(default, Path) else text
