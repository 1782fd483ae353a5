"""The house of the request being answered. Views ask here; nothing else knows where it is kept."""

from typing import cast

from flask import current_app

from server.actions.house import House


def house() -> House:
    return cast(House, current_app.extensions["house"])
