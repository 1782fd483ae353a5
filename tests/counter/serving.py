"""An office on a port with its live channel, and a browser in which agents sit before it."""

from contextlib import contextmanager
from functools import partial
from threading import Thread

from werkzeug.serving import make_server

from server.actions import reception, shifts
from server.actions import setup as setups
from server.app import start_parts, stop_parts
from server.domain.errors import Refusal
from server.store.sites import add_site
from tests.browser.chromium import Watch
from tests.office import PASSWORD, Office


def office_of(folder, pack):
    """An office with this one site."""
    office = Office(folder, sites=())
    office.house.writer.run(partial(add_site, code=pack.site, pack=pack.text, public_key="k" * 64, demo=False))
    done = office.house.submit(pack.site, "system:test", partial(setups.put_in_force, setup=pack.setup()))
    assert not isinstance(done, Refusal), done
    return office


@contextmanager
def served(office):
    """The office's application at an address of this machine."""
    server = make_server("127.0.0.1", 0, office.app, threaded=True)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    start_parts(office.app)
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        stop_parts(office.app)
        office.app.extensions["socketio"].channel.close_all()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


class BrowsedHall:
    def __init__(self, office, browser, address):
        self.office = office
        self.address = address
        self._browser = browser
        self._watch = Watch(address)
        self._contexts = []

    @property
    def complaints(self):
        return self._watch.complaints

    def close(self):
        for context in self._contexts:
            context.close()

    def draws(self, service, *, site="rabat", **facts):
        return self._does(site, reception.draw, service=service, **{"language": "ar", **facts}).turn

    def turn(self, ticket, site="rabat"):
        return self.office.house.hall(site).turns[ticket]

    def manager_closes(self, counter, site="rabat"):
        self._does(site, shifts.close_for_agent, counter=counter)

    def blank(self, size=(1024, 768)):
        context = self._browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="fr-MA")
        context.set_default_timeout(10_000)
        self._watch.over(context)
        self._contexts.append(context)
        return context.new_page()

    def chooses(self, *, name="Amina", site="rabat", lang="fr", size=(1024, 768)):
        """The page of an agent who has not opened a counter yet."""
        self.office.person("agent", site, name)
        page = self.blank(size)
        page.goto(f"{self.address}/counter/{site}?lang={lang}")
        self.fills_in(page, name)
        page.locator("#choose").wait_for()
        return page

    def desk(self, counter, **facts):
        """The page of an agent at this counter, who follows the hall."""
        page = self.chooses(**facts)
        page.locator(f'[data-counter="{counter}"]').click()
        page.locator("#work").wait_for()
        return page

    def logs_in(self, page, name, site="rabat"):
        self.office.person("agent", site, name)
        self.fills_in(page, name)

    @staticmethod
    def fills_in(page, name):
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")

    def away(self, page, only="**/*"):
        self._watch.expect_away()
        page.route(only, lambda route: route.abort())

    @staticmethod
    def back(page):
        page.unroute_all()

    def loses_one_answer(self, page):
        """The next key reaches the server, but its answer does not come back."""
        self._watch.expect_away()

        def lose(route):
            route.fetch()
            route.abort()

        page.route("**/calls", lose, times=1)

    def _does(self, site, action, **facts):
        done = self.office.house.submit(site, "test:1", partial(action, **facts))
        assert not isinstance(done, Refusal), done
        return done.did
