"""An office to test in: the whole application on a real database in a folder, with a clock that stands still.

office = Office(folder)
amina = office.agent("rabat", "Amina")
office.api(office.kiosk("rabat")).post("/sites/rabat/tickets", ...)
"""

import re
from functools import partial
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.actions import devices, people
from server.actions import setup as setups
from server.actions.house import open_house
from server.app import create_app
from server.clock import FakeClock
from server.config import Settings
from server.packs.shipped import shipped_packs
from server.store import migrate
from server.store.sites import add_site
from tests.world import MORNING

PASSWORD = "one-pass-phrase-2026"


class Api:
    """Calls below /api/v1 with one token; every POST that has no key of its own gets a fresh one."""

    def __init__(self, client: FlaskClient, token: str | None) -> None:
        self._client = client
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._count = 0

    def get(self, path: str, **more: Any) -> TestResponse:
        return self._client.get(f"/api/v1{path}", headers=self._headers, **more)

    def post(self, path: str, body: Any = None, *, key: str | None = None, **more: Any) -> TestResponse:
        self._count += 1
        headers = {**self._headers, "Idempotency-Key": key or f"{id(self)}-{self._count}"}
        if "data" not in more:
            more["json"] = {} if body is None else body
        return self._client.post(f"/api/v1{path}", headers={**headers, **more.pop("headers", {})}, **more)

    def delete(self, path: str) -> TestResponse:
        return self._client.delete(f"/api/v1{path}", headers=self._headers)


class Office:
    def __init__(self, folder: Path, *, sites: tuple[str, ...] = ("rabat", "eljadida"), **settings: Any) -> None:
        self.clock = FakeClock(MORNING)
        self.settings = Settings(
            **{
                "data_dir": folder,
                "public_url": "http://hall.example",
                "secret_key": "s" * 32,
                # Pages of managers are tested by the hundred; the second factor has tests of its own.
                "second_factor": "optional",
                **settings,
            }
        )
        self.house = open_house(self.settings, self.clock)
        migrate.upgrade(self.house.engine)
        self.packs = {pack.site: pack for pack in shipped_packs() if pack.site in sites}
        for pack in self.packs.values():
            add = partial(add_site, code=pack.site, pack=pack.text, public_key="k" * 64, demo=False)
            self.house.writer.run(add)
            self.house.submit(pack.site, "system:test", partial(setups.put_in_force, setup=pack.setup()))
        self.app = create_app(self.settings, self.clock, self.house)

    def close(self) -> None:
        self.house.close()

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def api(self, token: str | None) -> Api:
        return Api(self.client(), token)

    def device(self, site: str, kind: str, *, unlimited: bool = True) -> str:
        """A device's token; a kiosk's is exempt from the limit on draws unless the test is about that limit."""
        added = devices.add_device(self.house, site=site, kind=kind, name=f"{kind} of {site}")
        assert isinstance(added, devices.AddedDevice)
        token = devices.create_device_token(self.house, device=added.code, unlimited=unlimited)
        assert isinstance(token, str)
        return token

    def kiosk(self, site: str = "rabat") -> Api:
        return self.api(self.device(site, "kiosk"))

    def person(self, role: str, site: str = "", name: str | None = None) -> str:
        """A person's token."""
        name = name or f"{role} {site}"
        people.add_person(self.house, name=name, role=role, site=site, password=PASSWORD)
        token = people.create_token(self.house, role=role, site=site, agent=name)
        assert isinstance(token, str)
        return token

    def agent(self, site: str = "rabat", name: str = "Amina") -> Api:
        return self.api(self.person("agent", site, name))

    def logged_in(self, name: str) -> FlaskClient:
        client = self.client()
        page = client.get("/login").text
        csrf = csrf_of(page)
        answer = client.post("/login", data={"name": name, "password": PASSWORD, "csrf_token": csrf})
        assert answer.status_code == 303, answer.text
        return client


def csrf_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)
