"""Making a demonstration in its folder: database, the four pilot sites, people and devices, a month of past.

No person in it is real and no pass phrase is fixed: all are made up afresh.
"""

import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from server.actions import devices, people
from server.actions.house import House, open_house
from server.actions.people import Added
from server.config import Settings
from server.demo import names
from server.demo.living import free_counter
from server.demo.load import dice_for, load_of
from server.demo.past import DAYS, Cast, PastSite, make_pasts
from server.domain.errors import Refusal
from server.packs.pack import Pack
from server.packs.shipped import shipped_packs
from server.store import migrate, revision, sites
from server.store.engine import open_engine
from server.web import demo_facts
from server.web.demo_facts import DemoAgent, DemoDevice, DemoFacts, DemoSite, Login

T = TypeVar("T")

#: A demonstration's enrolment addresses are good until the next start, which makes new ones.
ENROL_FOR = timedelta(days=400)


def make_demo(settings: Settings, *, days_back: int = DAYS) -> DemoFacts:
    demo_facts.claim(settings.data_dir)
    bring_up_to_date(settings)
    packs = shipped_packs()
    house = open_house(settings)
    try:
        facts = populate(house, packs)
        now = house.clock.now()
    finally:
        house.close()
    pasts = [_past_site(pack, facts.sites[pack.site]) for pack in packs]
    make_pasts(settings.database, pasts, until=now, days_back=days_back)
    demo_facts.write_demo(settings.data_dir, facts)
    return facts


def populate(house: House, packs: Sequence[Pack]) -> DemoFacts:
    """Sites without a story, everybody who works there, and their devices."""
    house.writer.run(partial(_add_sites, packs=packs))
    at_site = ("manager", "orienter")
    wanted = [(role, str(pack.site)) for pack in packs for role in (*at_site, *("agent" for _ in pack.counters))]
    wanted += [("programme", ""), ("admin", "")]
    called = names.people(dice_for(secrets.token_hex(8)))
    # Hashing a pass phrase is slow on purpose and holds no lock: two cores do it in half the time.
    with ThreadPoolExecutor(4) as pool:
        *staff, programme, admin = pool.map(partial(_hire, house), called, wanted)
    coming = iter(staff)
    return DemoFacts(
        sites={pack.site: _site(house, pack, coming) for pack in packs},
        programme=_login(programme),
        programme_token=_token(house, programme, "programme"),
        admin=_login(admin),
        admin_token=_token(house, admin, "admin"),
    )


def bring_up_to_date(settings: Settings) -> None:
    engine = open_engine(settings.database)
    try:
        if not revision.is_current(engine):
            migrate.upgrade(engine)
    finally:
        engine.dispose()


def cast_of(site: DemoSite) -> Cast:
    return Cast(
        kiosks=tuple(device.code for device in site.devices if device.kind == "kiosk"),
        agents={agent.counter: agent.code for agent in site.agents},
    )


def _past_site(pack: Pack, site: DemoSite) -> PastSite:
    return PastSite(setup=pack.setup(), load=load_of(pack), cast=cast_of(site))


def _add_sites(conn: Connection, *, packs: Sequence[Pack]) -> None:
    for pack in packs:
        sites.add_site(conn, code=pack.site, pack=pack.text, public_key=secrets.token_hex(32), demo=True)


def _hire(house: House, name: str, post: tuple[str, str]) -> Added:
    role, site = post
    return _surely(people.add_person(house, name=name, role=role, site=site))


def _site(house: House, pack: Pack, coming: Iterator[Added]) -> DemoSite:
    """The site with its people, who come in the order in which they were hired."""
    manager, orienter = next(coming), next(coming)
    posts = [(counter, next(coming)) for counter in pack.counters]
    return DemoSite(
        manager=_login(manager),
        manager_token=_token(house, manager, "manager", site=pack.site),
        orienter=_login(orienter),
        orienter_token=_token(house, orienter, "orienter", site=pack.site),
        agents=tuple(
            DemoAgent(
                counter=counter.id,
                code=agent.code,
                login=_login(agent),
                token=_token(house, agent, "agent", site=pack.site, counter=counter.id),
            )
            for counter, agent in posts
        ),
        devices=tuple(_devices(house, pack)),
        free_counter=free_counter(pack.setup(), load_of(pack)),
    )


def renew_enrolment(house: House, facts: DemoFacts) -> DemoFacts:
    """The same demonstration with enrolment codes that nobody has used."""
    return replace(
        facts,
        sites={
            code: replace(site, devices=tuple(_renewed(house, device) for device in site.devices))
            for code, site in facts.sites.items()
        },
    )


def _renewed(house: House, device: DemoDevice) -> DemoDevice:
    renewed = devices.renew_enrolment(house, device=device.code, enrol_for=ENROL_FOR)
    # A device that was revoked meanwhile stays revoked, and so does its address.
    return device if isinstance(renewed, Refusal) else replace(device, enrol_code=renewed)


def _devices(house: House, pack: Pack) -> Iterator[DemoDevice]:
    printers = {kiosk.name: kiosk.printer for kiosk in pack.kiosks}
    for kind, name in [*(("kiosk", name) for name in printers), ("display", "hall"), ("counter", "hall")]:
        printer = printers.get(name) or "virtual:"
        added = _surely(
            devices.add_device(house, site=pack.site, kind=kind, name=name, printer=printer, enrol_for=ENROL_FOR)
        )
        token = _surely(devices.create_device_token(house, device=added.code, unlimited=True))
        yield DemoDevice(kind=kind, name=name, code=added.code, token=token, enrol_code=added.enrol_code)


def _token(house: House, person: Added, role: str, *, site: str = "", counter: str | None = None) -> str:
    return _surely(people.create_token(house, role=role, site=site, agent=person.name, counter=counter))


def _login(person: Added) -> Login:
    return Login(name=person.name, password=person.password)


def _surely(did: T | Refusal) -> T:
    assert not isinstance(did, Refusal), did
    return did
