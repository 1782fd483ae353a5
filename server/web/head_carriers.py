"""How a head leaves the house: posted to an address, or mailed. One attempt each, with short deadlines.

A post carries an HMAC of its body where a key is set, so that the receiver knows whom it is from; it follows no redirect and
believes only an answer of 2xx. Neither knows of days or of what was sent before, and neither tries twice.
"""

import hmac
import json
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from hashlib import sha256
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

DEADLINE_S = 10.0
SIGNATURE = "X-Idarati-Signature"

Facts = Mapping[str, Any]


class CarrierError(Exception):
    """It did not arrive, as far as we know; the text is for the operator and names no secret."""


class Carrier(Protocol):
    """Where heads go. `address` names it in the log and in the cursor."""

    @property
    def address(self) -> str: ...

    def carry(self, facts: Facts) -> None:
        """Raises CarrierError."""


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """The head goes where it was meant to go, or nowhere."""


@dataclass(frozen=True, slots=True)
class Webhook:
    address: str
    #: Empty: not signed.
    key: str = ""
    deadline_s: float = DEADLINE_S

    def carry(self, facts: Facts) -> None:
        body = json.dumps(dict(facts), sort_keys=True, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", "User-Agent": "idarati-heads"}
        if self.key:
            headers[SIGNATURE] = signature(self.key, body)
        # The scheme was checked when the setting was read: http and https alone.
        request = Request(self.address, data=body, headers=headers, method="POST")  # noqa: S310
        try:
            with build_opener(_NoRedirect).open(request, timeout=self.deadline_s) as answer:
                status = answer.status
        except HTTPError as error:
            raise CarrierError(f"it answered {error.code}") from error
        except (OSError, ValueError) as error:
            raise CarrierError(f"it can't be reached ({type(error).__name__})") from error
        if not 200 <= status < 300:
            raise CarrierError(f"it answered {status}")


@dataclass(frozen=True, slots=True)
class Mail:
    """`server` as `smtp://user:password@host:587` or `smtps://…`; TLS is used wherever the server offers it."""

    address: str
    server: str
    sender: str
    deadline_s: float = DEADLINE_S

    def carry(self, facts: Facts) -> None:
        message = EmailMessage()
        message["From"], message["To"] = self.sender, self.address
        message["Subject"] = f"{facts['site']} {facts['day']} · {facts['short']}"
        message.set_content("".join(f"{name}: {held}\n" for name, held in facts.items()))
        try:
            with self._connected() as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise CarrierError(f"the mail server does not take it ({type(error).__name__})") from error

    def _connected(self) -> smtplib.SMTP:
        parts = urlsplit(self.server)
        host, secure = parts.hostname or "", parts.scheme == "smtps"
        context = ssl.create_default_context()
        server = (
            smtplib.SMTP_SSL(host, parts.port or 465, timeout=self.deadline_s, context=context)
            if secure
            else smtplib.SMTP(host, parts.port or 25, timeout=self.deadline_s)
        )
        server.ehlo()
        if not secure and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server


def signature(key: str, body: bytes) -> str:
    return f"sha256={hmac.new(key.encode(), body, sha256).hexdigest()}"
