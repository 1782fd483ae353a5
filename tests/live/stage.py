"""A small hall behind a real live channel: a house on a database, a server on a free port, and listening clients."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from queue import Empty, Queue
from threading import Event, Thread
from time import monotonic

import socketio
from flask import Flask
from werkzeug.serving import make_server

from server.actions import calling, reception, serving, shifts
from server.actions import setup as setups
from server.actions.house import House, open_house
from server.actions.people import token_hash
from server.clock import FakeClock
from server.config import Settings
from server.domain.calendar import Hours, Span
from server.domain.errors import Refusal
from server.store import tokens
from server.store.sites import add_site
from server.web.live import LiveSocketIO, make_socketio
from tests.world import MORNING, small_setup


def settings_on(tmp_path, template=None, **changes):
    if template is not None:
        shutil.copy(template, tmp_path / "idarati.db")
    return Settings(data_dir=tmp_path, **changes)


def furnished(settings, *, sites=("hall", "other")) -> House:
    """A house with small halls on a clock that stands still, and a display's token for each: `display-<site>`."""
    house = open_house(settings, FakeClock(MORNING))
    for site in sites:
        add_hall(house, site)
    return house


def furnished_now(settings) -> House:
    """The same hall for a server in another process: today, and open at whatever hour the tests are run."""
    house = open_house(settings)
    add_hall(house, "hall", hours=Hours(weekly=((Span(opens_min=0, closes_min=24 * 60),),) * 7))
    add_token(house, "agent1", kind="agent", site="hall")
    opens(house)
    return house


def add_hall(house, site, **changes):
    house.writer.run(partial(add_site, code=site, pack="", public_key="k", demo=False))
    add_token(house, f"display-{site}", kind="display", site=site)
    does(house, site, setups.put_in_force, setup=small_setup(site, **changes))


def add_token(house, token, *, kind, site):
    house.writer.run(
        partial(
            tokens.add_token, token_hash=token_hash(token), kind=kind, site=site, code=token[:20], counter=None, at_ms=0
        )
    )


def does(house, site, action, **facts):
    done = house.submit(site, "test:1", partial(action, **facts))
    assert not isinstance(done, Refusal), done
    return done.did


def draws(house, site="hall", service="a"):
    return does(house, site, reception.draw, service=service, language="fr")


def opens(house, n=1, site="hall"):
    return does(house, site, shifts.open_shift, counter=f"{site}-{n}", agent=f"agent{n}")


def calls(house, n=1, site="hall", ending=None):
    return does(house, site, calling.call_next, counter=f"{site}-{n}", agent=f"agent{n}", ending=ending)


def starts(house, ticket, n=1, site="hall"):
    return does(house, site, serving.start, ticket=ticket, agent=f"agent{n}")


def small_app(house, **pace) -> tuple[Flask, LiveSocketIO]:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "test"
    app.extensions["house"] = house
    return app, make_socketio(app, house, house.settings, **pace)


@contextmanager
def serving_live(house, **pace) -> Iterator[tuple[str, LiveSocketIO]]:
    """The address of a running server, and its live channel."""
    app, live = small_app(house, **pace)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    live.publisher.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", live
    finally:
        live.publisher.stop()
        live.channel.close_all()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


class Screen:
    """A client of the live channel that keeps what it hears, in the order in which it heard it."""

    def __init__(self, address, *, token=None, headers=None):
        self.heard = Queue()
        self._gone = Event()
        self.client = socketio.Client(reconnection=False)
        self.client.on("disconnect", lambda *_why: self._gone.set(), namespace="/live")
        for event in ("snapshot", "entry", "beat", "refused"):
            self.client.on(event, partial(self._hear, event), namespace="/live")
        self.client.connect(
            address,
            transports=["websocket"],
            namespaces=["/live"],
            auth=None if token is None else {"token": token},
            headers=headers or {},
            wait_timeout=20,
        )

    def join(self, site="hall"):
        self.client.emit("join", {"site": site}, namespace="/live")
        return self

    def next(self, event=None, *, within=5.0):
        """What is heard next, or the next of one kind."""
        deadline = monotonic() + within
        while True:
            name, facts = self.heard.get(timeout=max(0.0, deadline - monotonic()))
            if event in {None, name}:
                return facts if event else (name, facts)

    def hears_nothing(self, within=0.3):
        try:
            heard = self.heard.get(timeout=within)
        except Empty:
            return True
        raise AssertionError(f"heard {heard}")

    def until(self, seq, *, within=30.0):
        """Everything heard up to the entry `seq`: the snapshot's seq and the seqs of the entries after it."""
        begins, seqs = None, []
        while begins is None or (seqs[-1] if seqs else begins) < seq:
            name, facts = self.heard.get(timeout=within)
            if name == "snapshot" and begins is None:
                begins = facts["seq"]
            if name == "entry":
                seqs.append(facts["seq"])
        return begins, seqs

    def is_cut(self, *, within=5.0):
        """Was it sent away from the channel? The connection below it may live a little longer."""
        return self._gone.wait(timeout=within)

    @property
    def port(self):
        """Its own end of the connection."""
        return self.client.eio.ws.sock.getsockname()[1]

    def leave(self):
        if self.client.eio.ws is not None:
            # Its own wait for the closing frame always runs out: the reading thread takes the frame.
            self.client.eio.ws.close = partial(self.client.eio.ws.close, timeout=0)
        self.client.disconnect()

    def _hear(self, event, facts):
        self.heard.put((event, facts))
