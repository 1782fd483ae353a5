"""A small host for the pages under test: a house on a fresh database with two pilot sites, and the whole application on it."""

import threading
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from flask import Flask
from werkzeug.serving import make_server

from server.actions import devices, shifts
from server.actions import setup as setups
from server.actions.house import House, open_house
from server.app import create_app
from server.config import Settings
from server.domain.sites import ServiceCode
from server.packs.pack import Pack
from server.packs.parts import Words
from server.packs.shipped import shipped_packs
from server.store import sites
from server.web import access


def furnished(settings: Settings, clock, codes=("rabat", "eljadida")) -> House:
    """Sites as they are shipped, each with every counter open."""
    house = open_house(settings, clock)
    for pack in shipped_packs():
        if pack.site not in codes:
            continue
        add_pack(house, pack)
        for n, counter in enumerate(pack.counters):
            house.submit(pack.site, f"agent:a{n}", partial(shifts.open_shift, counter=counter.id, agent=f"a{n}"))
    return house


def make_app(house: House) -> Flask:
    return create_app(house.settings, house.clock, house)


def device_token(house: House, site: str, kind: str = "kiosk") -> str:
    added = devices.add_device(house, site=site, kind=kind, name=f"{kind} of {site}")
    return devices.create_device_token(house, device=added.code, unlimited=True)


def enrolled_client(app: Flask, house: House, site: str, kind: str = "kiosk"):
    client = app.test_client()
    client.set_cookie(access.device_cookie(kind, site), device_token(house, site, kind))
    return client


@contextmanager
def served(app: Flask):
    """The app on a port of this machine; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def crowded_pack() -> Pack:
    """The first pilot site with sixty services, the longest names that anybody might give them, in all five languages."""
    pack = next(one for one in shipped_packs() if one.site == "rabat")
    long = Words(
        ar="طلب تسجيل مركبة مستوردة من الخارج من طرف مغاربة العالم العائدين نهائيا إلى أرض الوطن",
        fr="Demande d'immatriculation d'un véhicule importé par des Marocains résidant à l'étranger, retour définitif",
        en="Application for the registration of a vehicle imported by Moroccans living abroad who come home for good",
        es="Solicitud de matriculación de un vehículo importado por marroquíes residentes en el extranjero que vuelven",
        zgh="ⵜⵉⵏⵓⴼⴰ ⵜⵉⴳⴷⵓⴷⴰⵏⵉⵏ ⵜⵓⵜⵍⴰⵢⵜ ⵜⴰⵎⴰⵣⵉⵖⵜ ⵜⵉⵖⴷⵉⵡⵉⵏ ⵜⵉⵎⵙⵙⴰⴳⵓⵔⵉⵏ ⵜⵉⵏⵓⴼⴰ ⵜⵉⴳⴷⵓⴷⴰⵏⵉⵏ",
    )
    model = pack.service("mut")
    assert model is not None
    more = [
        replace(model, code=ServiceCode(f"more_{n}"), names=long, direct_desk=n == 0)
        for n in range(60 - len(pack.services))
    ]
    first, *others = pack.counters
    first = replace(first, serves=(*first.serves, *(service.code for service in more)))
    return replace(
        pack,
        languages=("ar", "fr", "zgh", "es", "en"),
        services=(*pack.services, *more),
        counters=(first, *others),
        demo_load=replace(pack.demo_load, mix=((pack.services[0].code, 100),)),
    )


def add_pack(house: House, pack: Pack) -> None:
    house.writer.run(
        partial(sites.add_site, code=pack.site, pack=pack.text, public_key=f"key of {pack.site}", demo=True)
    )
    house.submit(pack.site, "test:1", partial(setups.put_in_force, setup=pack.setup()))


def put_pack(house: House, pack: Pack) -> None:
    """Another pack in the place of the site's own."""
    house.writer.run(partial(sites.keep_pack, site=pack.site, text=pack.text))
    house.submit(pack.site, "test:1", partial(setups.put_in_force, setup=pack.setup()))
