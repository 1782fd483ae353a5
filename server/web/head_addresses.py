"""Where heads are to go, as the settings say: looked at before anything starts, so that a slip of the pen is told at once.

It imports nothing that talks to a network, because it is asked before a serving process is prepared for that.
"""

from urllib.parse import urlsplit

from server.config import SettingError, Settings


def webhooks(settings: Settings) -> list[str]:
    """Raises SettingError for what is no http address."""
    addresses = settings.heads_webhooks.split()
    for address in addresses:
        if urlsplit(address).scheme not in {"http", "https"} or not urlsplit(address).hostname:
            raise SettingError(f"IDARATI_HEADS_WEBHOOKS: not an http address: {address}")
    return addresses


def mails(settings: Settings) -> list[str]:
    """Raises SettingError where mail is wanted and nothing can send it."""
    addresses = settings.heads_mail.split()
    if addresses and not (settings.smtp_url and settings.mail_from):
        raise SettingError("IDARATI_HEADS_MAIL needs IDARATI_SMTP_URL and IDARATI_MAIL_FROM")
    if addresses and urlsplit(settings.smtp_url).scheme not in {"smtp", "smtps"}:
        raise SettingError("IDARATI_SMTP_URL: expected smtp://… or smtps://…")
    return addresses
