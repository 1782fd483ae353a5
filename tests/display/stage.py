"""Two pilot sites with their real packs behind the whole application, and a browser's way in."""

import shutil
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from threading import Thread

from werkzeug.serving import make_server

from server.actions import calling, devices, reception, serving, shifts, turns
from server.actions import setup as setups
from server.actions.house import House, open_house
from server.app import create_app
from server.clock import FakeClock
from server.config import Settings
from server.domain.errors import Refusal
from server.domain.notices import Message, Suspension
from server.packs.shipped import shipped_packs
from server.store import sites
from server.web.access import device_cookie
from tests.world import MORNING

SITES = ("rabat", "eljadida")


def furnished(tmp_path, template) -> House:
    shutil.copy(template, tmp_path / "idarati.db")
    house = open_house(Settings(data_dir=tmp_path), FakeClock(MORNING))
    for pack in shipped_packs():
        if pack.site in SITES:
            key = f"key of {pack.site}"
            house.writer.run(partial(sites.add_site, code=pack.site, pack=pack.text, public_key=key, demo=True))
            does(house, pack.site, setups.put_in_force, setup=pack.setup())
    return house


def does(house, site, action, **facts):
    done = house.submit(site, "test:1", partial(action, **facts))
    assert not isinstance(done, Refusal), done
    return done.did


def draws(house, service="mut", site="rabat", language="fr"):
    return does(house, site, reception.draw, service=service, language=language).turn


def opens(house, counter, site="rabat"):
    return does(house, site, shifts.open_shift, counter=counter, agent=counter)


def calls(house, counter, ending=None, site="rabat"):
    return does(house, site, calling.call_next, counter=counter, agent=counter, ending=ending)


def starts(house, ticket, counter, site="rabat"):
    return does(house, site, serving.start, ticket=ticket, agent=counter)


def finishes(house, ticket, counter, site="rabat"):
    return does(house, site, serving.finish, ticket=ticket, agent=counter)


def misses(house, counter, service="acc", site="rabat"):
    """Somebody is called twice and does not come."""
    if counter not in house.hall(site).shifts:
        opens(house, counter, site)
    draws(house, service, site)
    turn = calls(house, counter, site=site).turn
    house.clock.advance(seconds=61)
    recalls(house, turn.ticket, counter, site)
    return no_show(house, turn.ticket, counter, site)


def recalls(house, ticket, counter, site="rabat"):
    return does(house, site, calling.recall, ticket=ticket, agent=counter)


def no_show(house, ticket, counter, site="rabat"):
    return does(house, site, serving.no_show, ticket=ticket, agent=counter)


def undoes(house, ticket, counter, site="rabat"):
    """The agent takes the last key back."""
    return does(house, site, turns.undo, ticket=ticket, agent=counter)


def puts_back(house, ticket, counter, site="rabat"):
    return does(house, site, turns.put_back, ticket=ticket, agent=counter)


def changes(house, site="rabat", **facts):
    """Another set-up comes into force."""
    return does(house, site, setups.put_in_force, setup=replace(house.hall(site).setup, **facts))


def posts(house, *texts, site="rabat"):
    """A message in one or more languages hangs in the hall."""
    return changes(house, site, messages=(Message(id="m1", texts=texts),))


def suspends(house, service, site="rabat"):
    return changes(house, site, suspended=(Suspension(service=service, reason="system_down"),))


def without_a_service(house, site="rabat"):
    """The last service of the set-up is gone, from the counters too."""
    setup = house.hall(site).setup
    gone = setup.services[-1].code
    counters = tuple(
        replace(
            one,
            serves=tuple(code for code in one.serves if code != gone),
            helps=tuple(helped for helped in one.helps if helped.service != gone),
        )
        for one in setup.counters
    )
    return changes(house, site, services=setup.services[:-1], counters=counters)


def display_token(house, site="rabat"):
    added = devices.add_device(house, site=site, kind="display", name=f"display of {site}")
    return devices.create_device_token(house, device=added.code, unlimited=True)


def enrolled(app, house, site="rabat"):
    client = app.test_client()
    client.set_cookie(device_cookie("display", site), display_token(house, site))
    return client


@contextmanager
def serving_app(house, *, port=0, **pace):
    """The whole application on a port; `pace` may hurry the publisher."""
    app = create_app(house.settings, house=house)
    live = app.extensions["socketio"]
    for name, value in pace.items():
        setattr(live.publisher, name, value)
    server = make_server("127.0.0.1", port, app, threaded=True)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    live.publisher.start()
    try:
        yield server.server_port
    finally:
        live.publisher.stop()
        live.channel.close_all()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
